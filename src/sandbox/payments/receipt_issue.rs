//! The cash receipts of one payment: issued when its money comes, withdrawn with what goes back.

use crate::sandbox::clock::Moment;
use crate::sandbox::dice::Dice;
use crate::sandbox::payments::order::State;
use crate::sandbox::payments::payment::Payment;
use crate::sandbox::payments::receipts::{Direction, Receipt, fresh_numbers};

/// For a buyer who does not say who it is.
const ANONYMOUS: &str = "0100001234";

impl Payment {
    /// Issues the cash receipt that the buyer asked for, if any.
    pub(crate) fn issue_receipt(&mut self, now: Moment, dice: &Dice) {
        let Some(wish) = self.means.as_ref().and_then(|means| means.receipt_wish()) else { return };
        let (key, issue_number) = fresh_numbers(dice);
        let receipt = Receipt {
            key,
            m_id: self.account.m_id.clone(),
            order_id: self.order.id.clone(),
            order_name: self.order.name.clone(),
            kind: wish.kind,
            issue_number,
            direction: Direction::Confirm,
            amount: self.order.amount,
            tax_free: self.order.tax_free,
            identity: wish.registration_number.clone().unwrap_or_else(|| ANONYMOUS.to_owned()),
            requested_at: now,
            of_payment: true,
        };
        self.receipts.push(receipt);
    }

    /// Takes back `amount` of the receipt in force and returns the key of the record.
    pub(crate) fn withdraw_receipts(&mut self, amount: i64, now: Moment) -> Option<String> {
        let at = self.receipts.iter().rposition(|it| it.direction == Direction::Confirm)?;
        let given = self.receipts.get(at)?;
        let taken: i64 =
            self.receipts.iter().rev().take(self.receipts.len() - at - 1).map(|it| it.amount).sum();
        let amount = amount.min(given.amount - taken);
        if amount <= 0 {
            return None;
        }
        let record = given.taken_back(amount, now);
        let key = record.key.clone();
        self.receipts.push(record);
        Some(key)
    }

    /// The receipt in force: the last one given, if the money is here.
    pub(crate) fn receipt(&self) -> Option<&Receipt> {
        if self.state == State::WaitingForDeposit {
            return None;
        }
        self.receipts.iter().rfind(|it| it.direction == Direction::Confirm)
    }
}
