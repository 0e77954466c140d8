//! Money that comes to a virtual account, and that the bank takes back (Toss: api.md §2.2).

use crate::sandbox::clock::Moment;
use crate::sandbox::dice::Dice;
use crate::sandbox::payments::order::State;
use crate::sandbox::payments::payment::Payment;

/// Why no deposit can be made, or taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DepositRefused {
    /// The payment waits for none, or has none to take back.
    NotWaiting,
    /// The due date has passed.
    Expired,
    /// The bank takes the exact amount and nothing else.
    WrongAmount,
}

impl Payment {
    /// The buyer's money arrives.
    pub(crate) fn deposit(
        &mut self,
        depositor: Option<String>,
        amount: Option<i64>,
        now: Moment,
        dice: &Dice,
    ) -> Result<(), DepositRefused> {
        if self.state != State::WaitingForDeposit {
            return Err(DepositRefused::NotWaiting);
        }
        if amount.is_some_and(|amount| amount != self.order.amount) {
            return Err(DepositRefused::WrongAmount);
        }
        let Some(account) = self.means.as_mut().and_then(|it| it.virtual_account_mut()) else {
            return Err(DepositRefused::NotWaiting);
        };
        if account.expired {
            return Err(DepositRefused::Expired);
        }
        account.depositor = Some(depositor.unwrap_or_else(|| account.customer_name.clone()));
        self.approved_at = Some(now);
        self.issue_receipt(now, dice);
        self.move_to(State::Done, self.order.amount, dice.hex_upper(32), now);
        Ok(())
    }

    /// The bank takes a deposit back: the account waits again (Toss: api.md §2.2).
    pub(crate) fn reverse_deposit(
        &mut self,
        now: Moment,
        dice: &Dice,
    ) -> Result<(), DepositRefused> {
        let account = self.means.as_mut().and_then(|it| it.virtual_account_mut());
        let (State::Done, Some(account)) = (self.state, account) else {
            return Err(DepositRefused::NotWaiting);
        };
        account.depositor = None;
        account.pass_time(true, now);
        self.approved_at = None;
        self.withdraw_receipts(self.order.amount, now);
        self.move_to(State::WaitingForDeposit, 0, dice.hex_upper(32), now);
        Ok(())
    }
}
