//! Giving money back, in full or in part (Toss: api.md §5).

use crate::sandbox::assumptions::Assumptions;
use crate::sandbox::clock::Moment;
use crate::sandbox::codes::Refusal;
use crate::sandbox::payments::{Payment, State};
use crate::toss;

/// What a cancel asks for, already well formed.
#[derive(Clone, Debug, Default)]
pub(crate) struct CancelOrder {
    pub(crate) reason: String,
    /// Absent: everything that is left.
    pub(crate) amount: Option<i64>,
    /// A lock: the balance the caller believes in.
    pub(crate) refundable: Option<i64>,
    pub(crate) currency: Option<String>,
    pub(crate) tax_free: Option<i64>,
    pub(crate) tax_exemption: Option<i64>,
}

/// How much of what goes back.
struct Share {
    amount: i64,
    tax_free: i64,
    tax_exemption: i64,
}

impl Payment {
    /// Cancels, or leaves everything as it is.
    pub(crate) fn cancel(
        &mut self,
        order: &CancelOrder,
        objection: Option<Refusal>,
        transaction_key: String,
        now: Moment,
        assumed: &Assumptions,
    ) -> Result<(), Refusal> {
        match self.state {
            State::Done => {}
            // A payment emptied by parts answers otherwise than one cancelled at once.
            State::PartialCanceled if self.balance == 0 => {
                return Err(Refusal::new("NOT_CANCELABLE_AMOUNT"));
            }
            State::PartialCanceled => {}
            State::Canceled => return Err(Refusal::new("ALREADY_CANCELED_PAYMENT")),
            State::Ready | State::InProgress | State::Aborted | State::Expired => {
                return Err(Refusal::new(assumed.cancel_unpaid));
            }
        }
        if order.refundable.is_some_and(|refundable| refundable != self.balance) {
            return Err(Refusal::new("NOT_MATCHES_REFUNDABLE_AMOUNT"));
        }
        if order.currency.as_ref().is_some_and(|currency| *currency != self.order.currency) {
            return Err(Refusal::new(assumed.cancel_other_currency));
        }
        let share = self.share(order)?;
        if let Some(refusal) = objection {
            return Err(refusal);
        }
        self.give_back(&share, order.reason.clone(), transaction_key, now);
        Ok(())
    }

    fn share(&self, order: &CancelOrder) -> Result<Share, Refusal> {
        let amount = order.amount.unwrap_or(self.balance);
        if amount > self.balance {
            return Err(Refusal::new("NOT_CANCELABLE_AMOUNT"));
        }
        if amount == self.balance {
            return Ok(Share {
                amount,
                tax_free: self.balance_tax_free,
                tax_exemption: self.balance_tax_exemption,
            });
        }
        // A payment with a deposit in it, as for a cup, is cancelled whole or not at all.
        if self.balance_tax_exemption > 0 {
            return Err(Refusal::new("NOT_ALLOWED_PARTIAL_REFUND"));
        }
        let tax_free = order.tax_free.unwrap_or(0);
        let tax_exemption = order.tax_exemption.unwrap_or(0);
        let taxed = amount - tax_free - tax_exemption;
        let taxed_balance = self.balance - self.balance_tax_free - self.balance_tax_exemption;
        let fits = (0..=taxed_balance).contains(&taxed)
            && tax_free <= self.balance_tax_free
            && tax_exemption <= self.balance_tax_exemption;
        if !fits {
            return Err(Refusal::new("NOT_CANCELABLE_AMOUNT"));
        }
        Ok(Share { amount, tax_free, tax_exemption })
    }

    fn give_back(&mut self, share: &Share, reason: String, transaction_key: String, now: Moment) {
        let at_once = self.state == State::Done && share.amount == self.balance;
        self.balance -= share.amount;
        self.balance_tax_free -= share.tax_free;
        self.balance_tax_exemption -= share.tax_exemption;
        // What was emptied by parts stays partial, also at a balance of 0.
        self.state = if at_once { State::Canceled } else { State::PartialCanceled };
        // Points come back last: with the cancel that empties the payment.
        let points = self.means.as_ref().map_or(0, |means| means.points());
        self.cancels.push(toss::Cancel {
            transaction_key: transaction_key.clone(),
            cancel_reason: reason,
            tax_exemption_amount: share.tax_exemption,
            canceled_at: now.iso(),
            easy_pay_discount_amount: if self.balance == 0 { points } else { 0 },
            cancel_amount: share.amount,
            tax_free_amount: share.tax_free,
            refundable_amount: self.balance,
            cancel_status: "DONE".to_owned(),
            ..toss::Cancel::default()
        });
        self.transaction_key = Some(transaction_key);
    }
}
