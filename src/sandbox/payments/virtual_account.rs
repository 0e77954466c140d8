//! Virtual accounts: issued at confirm, paid by a deposit, which the bank may take back
//! (Toss: api.md §2.2, §3.2).

use serde::{Deserialize, Serialize};

use crate::sandbox::clock::Moment;
use crate::sandbox::dice::Dice;
use crate::sandbox::payments::institutions::{Bank, bank_by_code};
use crate::sandbox::payments::receipts::ReceiptWish;

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

    /// Lets time act; `waiting` is whether its money is still to come.
    pub(crate) fn pass_time(&mut self, waiting: bool, now: Moment) {
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
