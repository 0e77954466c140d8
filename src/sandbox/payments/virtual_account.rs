//! Virtual accounts: issued at confirm, paid by a deposit, which the bank may take back
//! (Toss: api.md §2.2, §3.2).

use serde::{Deserialize, Serialize};

use crate::sandbox::clock::Moment;
use crate::sandbox::dice::Dice;
use crate::sandbox::payments::institutions::bank_by_code;
use crate::sandbox::payments::{Bank, Payment, ReceiptWish, State};

/// What `validHours` is unless it is said.
pub(crate) const VALID_HOURS_DEFAULT: i64 = 168;
/// 90 days.
pub(crate) const VALID_HOURS_MAX: i64 = 2_160;
/// After a cancel the bank pays the money out on the second day.
const REFUND_MINUTES: i64 = 2 * 24 * 60;

/// A virtual account as chosen, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct VirtualAccount {
    #[serde(with = "bank_by_code")]
    pub(crate) bank: &'static Bank,
    pub(crate) customer_name: String,
    pub(crate) deadline: Deadline,
    pub(crate) cash_receipt: Option<ReceiptWish>,
    pub(crate) use_escrow: bool,
    pub(crate) is_cultural: bool,
    /// One number for each buyer rather than for each payment.
    pub(crate) is_fixed: bool,
    /// Where the window asked the buyer for it.
    pub(crate) refund_account: Option<RefundAccount>,
    /// Absent until confirm.
    pub(crate) issued: Option<Issued>,
    pub(crate) depositor: Option<String>,
    pub(crate) refund: Refund,
    /// The due date passed without a deposit.
    pub(crate) expired: bool,
}

/// Until when it can be deposited to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Deadline {
    /// After it is issued.
    Hours(i64),
    At(Moment),
}

/// What confirm adds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Issued {
    pub(crate) number: String,
    pub(crate) due_at: Moment,
}

/// How far a refund is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Refund {
    None,
    /// Paid out at this time.
    Pending(Moment),
    Completed,
}

impl Refund {
    /// Toss's own spelling.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Refund::None => "NONE",
            Refund::Pending(_) => "PENDING",
            Refund::Completed => "COMPLETED",
        }
    }
}

/// Where money goes back to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RefundAccount {
    #[serde(with = "bank_by_code")]
    pub(crate) bank: &'static Bank,
    pub(crate) number: String,
    pub(crate) holder: String,
}

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

impl VirtualAccount {
    /// Gives it a number, once.
    pub(crate) fn issue(&mut self, now: Moment, dice: &Dice) {
        let due_at = match self.deadline {
            Deadline::Hours(hours) => now.plus_minutes(hours * 60),
            Deadline::At(at) => at,
        };
        // Begins with an X in the test environment (Toss: api.md §8).
        self.issued = Some(Issued { number: format!("X{}", dice.digits(13)), due_at });
    }

    /// Lets time act. True when nothing more is to come.
    pub(crate) fn settle(&mut self, waiting: bool, now: Moment) {
        if waiting && self.issued.as_ref().is_some_and(|issued| now >= issued.due_at) {
            self.expired = true;
        }
        if let Refund::Pending(until) = self.refund
            && now >= until
        {
            self.refund = Refund::Completed;
        }
    }

    pub(crate) fn refund_begins(&mut self, now: Moment) {
        self.refund = Refund::Pending(now.plus_minutes(REFUND_MINUTES));
    }
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
        self.moves(State::Done, self.order.amount, dice.hex_upper(32), now);
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
        account.settle(true, now);
        self.approved_at = None;
        self.withdraw_receipts(self.order.amount, now);
        self.moves(State::WaitingForDeposit, 0, dice.hex_upper(32), now);
        Ok(())
    }
}
