//! What is sold, where its payment stands, and the transactions made for it.

use serde::{Deserialize, Serialize};

use crate::sandbox::clock::Moment;
use crate::toss::{self, Amount};

/// No payment is larger: far above any real one, far below what sums could overflow.
pub(crate) const AMOUNT_MAX: i64 = 1_000_000_000_000;

/// Where a payment stands. Unlike the wire's status it has no unknown value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum State {
    Ready,
    InProgress,
    WaitingForDeposit,
    Done,
    Canceled,
    PartialCanceled,
    Aborted,
    Expired,
}

impl State {
    pub(crate) fn status(self) -> toss::Status {
        match self {
            State::Ready => toss::Status::Ready,
            State::InProgress => toss::Status::InProgress,
            State::WaitingForDeposit => toss::Status::WaitingForDeposit,
            State::Done => toss::Status::Done,
            State::Canceled => toss::Status::Canceled,
            State::PartialCanceled => toss::Status::PartialCanceled,
            State::Aborted => toss::Status::Aborted,
            State::Expired => toss::Status::Expired,
        }
    }

    /// Whether money was taken or an account was issued for the order, so that its id is used.
    pub(crate) fn uses_order_id(self) -> bool {
        match self {
            State::WaitingForDeposit | State::Done | State::Canceled | State::PartialCanceled => {
                true
            }
            State::Ready | State::InProgress | State::Aborted | State::Expired => false,
        }
    }
}

/// What the shop asked the window to sell.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Order {
    pub(crate) id: String,
    pub(crate) name: String,
    /// In won, yen or cents, as every amount of a payment but those already written down.
    pub(crate) amount: i64,
    pub(crate) currency: String,
    pub(crate) tax_free: i64,
    pub(crate) tax_exemption: i64,
    pub(crate) metadata: Option<serde_json::Value>,
    pub(crate) customer: Customer,
}

impl Order {
    /// How many hundredths the smallest amount of the currency is: a cent is one, a won a hundred.
    fn unit(&self) -> i64 {
        if self.currency == "USD" { 1 } else { 100 }
    }

    /// So many of the smallest amounts, as Toss writes them.
    pub(crate) fn shown(&self, smallest: i64) -> Amount {
        Amount::of_hundredths(smallest.saturating_mul(self.unit()))
    }

    /// The amount in the smallest ones of the currency, if it comes out.
    pub(crate) fn counted(&self, amount: Amount) -> Option<i64> {
        let hundredths = amount.hundredths();
        (hundredths % self.unit() == 0).then(|| hundredths / self.unit())
    }
}

/// Letters, digits and three signs; the script's documentation allows the last of them.
pub(crate) fn is_order_id(id: &str) -> bool {
    (6..=64).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_=".contains(&byte))
}

/// Who buys, as far as the shop says.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Customer {
    pub(crate) key: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) mobile_phone: Option<String>,
}

/// One issue, approval, deposit, reversal or cancel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Transaction {
    pub(crate) key: String,
    pub(crate) at: Moment,
    /// Its place among all transactions of the book, which tells two of one moment apart.
    pub(crate) number: u64,
    /// Where it led.
    pub(crate) status: State,
    pub(crate) amount: i64,
}
