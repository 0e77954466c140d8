//! Each row of Toss's `cancels[]` has one row here, whoever asked for it: the shop, its staff, or
//! somebody at Toss.

use crate::domain::order::Status;
use crate::domain::refund::REASON_LENGTH_MAX;
use crate::server::Error;
use crate::server::db::cancels::{self, CancelRow, Kind, State, Wanted};
use crate::server::db::orders::OrderRow;
use crate::server::db::{Tx, catalogue, coupons, refund_lines};
use crate::server::payment::verdict::won;
use crate::server::runtime::clock;
use crate::toss::{self, Cancel, CancelPayment, Payment};

/// What Toss said last of an order's payment.
#[derive(Clone, Debug)]
pub(super) struct Heard {
    pub(super) payment: Payment,
    /// It is the answer to our own cancel, whose row is then the newest.
    pub(super) is_answer: bool,
}

impl Heard {
    /// Whether Toss has refused something that it had taken up.
    pub(super) fn has_undone(&self) -> bool {
        let all = self.payment.cancels.as_deref().unwrap_or_default();
        all.iter().any(|it| state_of(it) == State::Aborted)
    }

    /// The bank waits for the deposit, for the first time or again.
    pub(super) fn awaits_deposit(&self) -> bool {
        self.payment.status == toss::Status::WaitingForDeposit
    }

    /// A deposit that only an account of the buyer's can take back.
    pub(super) fn is_deposited(&self) -> bool {
        self.payment.virtual_account.is_some() && self.payment.approved_at.is_some()
    }
}

/// How far Toss is with one of its cancels. Only easy pay from abroad runs on; a word of next
/// year is taken as done, because the balance has gone down.
fn state_of(cancel: &Cancel) -> State {
    match cancel.cancel_status.as_str() {
        "IN_PROGRESS" => State::Running,
        "ABORTED" => State::Aborted,
        _ => State::Done,
    }
}

/// Toss's row for one of ours that is open. An answer to our own call names it; otherwise it has
/// our reason, our amount, and left the balance that our lock on the balance before leaves.
pub(super) fn entry<'a>(row: &CancelRow, heard: &'a Heard) -> Option<&'a Cancel> {
    let all = heard.payment.cancels.as_deref().unwrap_or_default();
    if heard.is_answer {
        let newest = heard.payment.last_transaction_key.as_deref();
        return all.iter().find(|it| Some(it.transaction_key.as_str()) == newest).or(all.last());
    }
    let sealed: CancelPayment = serde_json::from_str(&row.sealed).ok()?;
    let left = match (row.amount, sealed.refundable_amount) {
        (Some(amount), Some(before)) => before - amount.get(),
        (Some(_), None) | (None, _) => 0,
    };
    all.iter().find(|it| {
        it.cancel_reason == sealed.cancel_reason
            && it.refundable_amount == left
            && row.amount.is_none_or(|amount| it.cancel_amount == amount.get())
    })
}

/// Whether what a row asked for has happened.
pub(super) fn is_back(row: &CancelRow, heard: &Heard) -> bool {
    // What must all go back is back when nothing is left, whoever did it.
    entry(row, heard).is_some() || (row.amount.is_none() && heard.payment.balance_amount == 0)
}

/// Brings the rows of an order to what Toss has told, with all that goes with a refund that is
/// done. In the transaction in which the order takes its step.
pub(super) async fn bring_up(
    tx: &mut Tx,
    order: &OrderRow,
    heard: &Heard,
    now: i64,
) -> Result<(), Error> {
    let told = heard.payment.cancels.as_deref().unwrap_or_default();
    if told.is_empty() {
        return Ok(());
    }
    // An account that was ended before any deposit is among the cancels too, and no money went back.
    let is_paid = heard.payment.approved_at.is_some();
    let mut rows = cancels::of_order(tx, order.id.as_str()).await?;
    for cancel in told {
        let key = cancel.transaction_key.as_str();
        let (state, is_known) =
            (state_of(cancel), |row: &CancelRow| row.transaction_key.as_deref() == Some(key));
        let at = rows
            .iter()
            .position(is_known)
            .or_else(|| rows.iter().position(|row| is_it(row, cancel, heard)));
        let Some(row) = at.and_then(|at| rows.get_mut(at)) else {
            if is_paid {
                add(tx, order, cancel, state, now).await?;
            }
            continue;
        };
        if !is_paid && row.kind == Kind::Refund {
            continue;
        }
        if row.state != state || row.transaction_key.is_none() {
            cancels::found(tx, &row.id, state, key, now).await?;
            row.state = state;
            row.transaction_key = Some(key.to_owned());
            if state == State::Aborted {
                tracing::warn!(
                    order.id = order.id.as_str(),
                    "a refund that toss had taken up was refused"
                );
            }
        }
        if state == State::Done {
            restock(tx, &row.id).await?;
        }
    }
    Ok(())
}

/// Whether a row of ours that has no key yet is this one of Toss's.
fn is_it(row: &CancelRow, cancel: &Cancel, heard: &Heard) -> bool {
    if row.transaction_key.is_some() {
        return false;
    }
    if row.state == State::Open {
        return entry(row, heard).is_some_and(|it| it.transaction_key == cancel.transaction_key);
    }
    // Done before keys were kept.
    row.state == State::Done
        && row.amount.is_some_and(|amount| cancel.cancel_amount == amount.get())
}

/// Somebody gave money back at Toss.
async fn add(
    tx: &mut Tx,
    order: &OrderRow,
    cancel: &Cancel,
    state: State,
    now: i64,
) -> Result<(), Error> {
    if cancel.cancel_amount < 1 {
        return Ok(());
    }
    let sum = |amount| won(amount).ok_or(Error::Impossible("a sum of Toss's that is no won"));
    let amount = sum(cancel.cancel_amount)?;
    let reason: String = cancel.cancel_reason.chars().take(REASON_LENGTH_MAX).collect();
    let id = clock::row_id();
    let row = Wanted {
        id: &id,
        order_id: order.id.as_str(),
        kind: Kind::Console,
        state,
        amount: Some(amount),
        tax_free: won(cancel.tax_free_amount).unwrap_or_default().min(amount),
        by_amount: amount,
        reason: &reason,
        sealed: "",
        transaction_key: Some(&cancel.transaction_key),
        account_masked: None,
        restores_coupon: false,
        now,
    };
    cancels::insert(tx, row).await?;
    tracing::info!(order.id = order.id.as_str(), "a refund that was made at toss");
    Ok(())
}

/// Puts on the shelf what staff wanted there, once.
async fn restock(tx: &mut Tx, cancel_id: &str) -> Result<(), Error> {
    for line in refund_lines::to_restock(tx, cancel_id).await? {
        catalogue::give_back(tx, &line.product_id, line.pieces).await?;
        refund_lines::restocked(tx, cancel_id, line.line).await?;
    }
    Ok(())
}

/// What follows once an order has taken its step to `to`: rows that nothing came of are closed,
/// and a coupon goes back.
pub(super) async fn close_up(
    tx: &mut Tx,
    order: &OrderRow,
    (from, to): (Status, Status),
    refused_code: Option<&str>,
    now: i64,
) -> Result<(), Error> {
    let is_underway =
        |status| matches!(status, Status::Canceling | Status::Refunding | Status::RefundWaiting);
    if is_underway(from) && !is_underway(to) {
        let state = match to {
            Status::WaitingForDeposit | Status::Refunded | Status::Failed => State::Needless,
            Status::Pending
            | Status::Confirming
            | Status::Completed
            | Status::Canceling
            | Status::Refunding
            | Status::RefundWaiting
            | Status::PartiallyRefunded
            | Status::Expired => State::Refused,
        };
        cancels::close(tx, order.id.as_str(), state, refused_code, now).await?;
    }
    if to == Status::Refunded
        && let Some(coupon) = refund_lines::coupon_to_restore(tx, order.id.as_str(), now).await?
    {
        coupons::restore(tx, &coupon, order.id.as_str()).await?;
    }
    Ok(())
}
