//! What an order's own figures and Toss's are to each other, and why they differ. Pure.
//!
//! Why the payment is read before anything is said: rows of a list mislead. A deposit that a bank
//! took back and the buyer paid again is two approvals, and nobody says which sign the amount of a
//! cancel has (Toss: api.md §6.5).

use crate::domain::order::Status;
use crate::server::db::proofs::Refunds;
use crate::server::db::transactions::Beside;
use crate::server::runtime::clock;
use crate::toss::{self, Payment};

/// Why an order and Toss differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// The shop never heard that Toss had taken, or given back, what was asked for.
    AnswerLost,
    /// Somebody gave money back in Toss's console.
    Console,
    /// A card company or a bank has changed it.
    Bank,
    /// The shop's own ledger was changed beside the one road.
    Ours,
    /// Toss took money for the order under another payment as well.
    PaidTwice,
    /// Paid here, and Toss knows no such payment.
    NotAtToss,
    /// Toss has money for an order that has the shop's form and is not here.
    UnknownHere,
}

impl Cause {
    pub const ALL: [Cause; 7] = [
        Cause::AnswerLost,
        Cause::Console,
        Cause::Bank,
        Cause::Ours,
        Cause::PaidTwice,
        Cause::NotAtToss,
        Cause::UnknownHere,
    ];

    /// As stored, and as a metric's label.
    pub fn as_str(self) -> &'static str {
        match self {
            Cause::AnswerLost => "ANSWER_LOST",
            Cause::Console => "CONSOLE",
            Cause::Bank => "BANK",
            Cause::Ours => "OURS",
            Cause::PaidTwice => "PAID_TWICE",
            Cause::NotAtToss => "NOT_AT_TOSS",
            Cause::UnknownHere => "UNKNOWN_HERE",
        }
    }

    /// Reads [`Cause::as_str`].
    pub fn parse(text: &str) -> Option<Cause> {
        Cause::ALL.into_iter().find(|cause| cause.as_str() == text)
    }

    pub fn sentence(self) -> &'static str {
        match self {
            Cause::AnswerLost => "Toss's answer was lost",
            Cause::Console => "changed in Toss's console",
            Cause::Bank => "changed by the card company or the bank",
            Cause::Ours => "ours: the shop's ledger is not what the shop itself did",
            Cause::PaidTwice => "Toss took money for this order under another payment too",
            Cause::NotAtToss => "paid here, and Toss knows no such payment",
            Cause::UnknownHere => "an order that is not here",
        }
    }

    /// What makes it right, where asking Toss again does not.
    pub fn by_hand(self) -> &'static str {
        match self {
            Cause::AnswerLost | Cause::Console | Cause::Bank => {
                "compare the order's page with Toss's console: what Toss says now contradicts what \
                 it said before"
            }
            Cause::Ours => {
                "compare order_events and questions of the order with Toss's console, and put the \
                 row in orders right by hand"
            }
            Cause::PaidTwice => "give one of the payments back in Toss's console",
            Cause::NotAtToss => {
                "see whether TOSS_SECRET_KEY is of the merchant who took the payment"
            }
            Cause::UnknownHere => {
                "bring the order back from a backup, or give the payment back in Toss's console"
            }
        }
    }
}

/// What a comparison came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Judged {
    /// What Toss has.
    pub kept: i64,
    /// By how much that is more than here.
    pub drift: i64,
    pub cause: Option<Cause>,
    /// Whether settling the order makes it right, and can do no harm.
    pub mends: bool,
    /// What Toss shows, for people.
    pub detail: String,
}

/// What the shop believes Toss to have for an order.
pub(super) fn expected(order: &Beside) -> i64 {
    if is_paid(order) { order.paid - order.refunded } else { 0 }
}

fn is_paid(order: &Beside) -> bool {
    order.status.is_some_and(Status::is_paid)
}

/// Whether Toss's list alone shows that all is well: one approval of what was paid, and cancels of
/// what went back.
pub(super) fn is_plain(order: &Beside) -> bool {
    if order.strange > 0 || order.awaited > 1 {
        return false;
    }
    if !is_paid(order) {
        return order.approvals <= 1 && order.approved == order.cancelled;
    }
    order.approvals == 1 && order.approved == order.paid && order.cancelled == order.refunded
}

/// Compares an order with the payments that Toss has for it. `None` when one of them stands in a
/// way that this program does not know yet.
pub(super) fn judge(order: &Beside, payments: &[Payment], own: Refunds) -> Option<Judged> {
    let mut kept = 0;
    let mut is_elsewhere = false;
    for payment in payments {
        let money = money(payment)?;
        kept += money;
        is_elsewhere |=
            money > 0 && order.payment_key.as_ref().is_some_and(|key| *key != payment.payment_key);
    }
    let drift = kept - expected(order);
    let shown = match &order.payment_key {
        Some(key) => payments.iter().find(|payment| payment.payment_key == *key),
        None => payments.first(),
    };
    let detail = payments.iter().map(describe).collect::<Vec<_>>().join("; ");
    let (cause, mends) = match (drift, shown) {
        (0, _) => (None, false),
        _ if is_elsewhere => (Some(Cause::PaidTwice), false),
        (1.., _) => more(order, shown),
        (_, None) => (Some(Cause::NotAtToss), false),
        (_, Some(payment)) => less(order, payment, own),
    };
    Some(Judged { kept, drift, cause, mends, detail })
}

/// Toss has more than the shop believes.
fn more(order: &Beside, payment: Option<&Payment>) -> (Option<Cause>, bool) {
    if !is_paid(order) {
        return (Some(Cause::AnswerLost), true);
    }
    let is_undone = payment.is_some_and(|payment| {
        cancels(payment).iter().any(|cancel| cancel.cancel_status == "ABORTED")
    });
    if is_undone { (Some(Cause::Bank), true) } else { (Some(Cause::Ours), false) }
}

/// Toss has less.
fn less(order: &Beside, payment: &Payment, own: Refunds) -> (Option<Cause>, bool) {
    // The one road knows how to go on from here alone.
    let fits = payment.total_amount == order.amount && payment.currency == "KRW";
    if payment.status == toss::Status::WaitingForDeposit {
        let was_whole = order.refunded == 0 && order.status != Some(Status::Refunding);
        return (Some(Cause::Bank), fits && was_whole);
    }
    let total = payment.total_amount.hundredths() / 100;
    let gone = total - payment.balance_amount.hundredths() / 100;
    let mends = fits && order.paid == total && gone > order.refunded;
    let cancelled: i64 = cancels(payment)
        .iter()
        .filter(|cancel| cancel.cancel_status != "ABORTED")
        .map(|cancel| cancel.cancel_amount.hundredths() / 100)
        .sum();
    let cause = if gone <= order.refunded || order.paid != total || cancelled <= own.known {
        match gone > cancelled && gone > order.refunded {
            // Nobody cancelled it, and it is gone.
            true => Cause::Bank,
            false => Cause::Ours,
        }
    } else if cancelled < gone {
        Cause::Bank
    } else if own.refused > 0 && cancelled - order.refunded <= own.refused {
        Cause::AnswerLost
    } else {
        Cause::Console
    };
    (Some(cause), mends)
}

fn cancels(payment: &Payment) -> &[toss::Cancel] {
    payment.cancels.as_deref().unwrap_or_default()
}

/// What Toss has of a payment; `None` for a status of next year.
fn money(payment: &Payment) -> Option<i64> {
    match payment.status {
        toss::Status::Done | toss::Status::PartialCanceled | toss::Status::Canceled => {
            Some(payment.balance_amount.hundredths() / 100)
        }
        toss::Status::Ready
        | toss::Status::InProgress
        | toss::Status::WaitingForDeposit
        | toss::Status::Aborted
        | toss::Status::Expired => Some(0),
        toss::Status::Unknown(_) => None,
    }
}

/// Of the last cancel its reason too: that is what tells staff whose it was.
fn describe(payment: &Payment) -> String {
    const REASON_LENGTH_MAX: usize = 60;
    let (status, total) = (payment.status.as_str(), payment.total_amount);
    let mut told = format!("{status}, {} of {total} left", payment.balance_amount);
    if let Some(last) = cancels(payment).last() {
        let reason: String = last.cancel_reason.chars().take(REASON_LENGTH_MAX).collect();
        let at = clock::korean_of(&last.canceled_at);
        told.push_str(&format!("; {} went back {at} ({reason})", last.cancel_amount));
    }
    told
}

#[cfg(test)]
mod tests;
