//! The life of an order: its states, what moves it from one to the next, and its name.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Status {
    /// Priced and stored; nothing has been asked of Toss.
    Pending,
    /// Stock and coupon are taken and Toss has been, or is about to be, asked for the money.
    /// Whether it was taken is unknown until Toss tells.
    Confirming,
    /// Toss gave the buyer an account number and waits for the money.
    WaitingForDeposit,
    /// Paid.
    Completed,
    /// Toss took the money, the order cannot be completed, and the money is on its way back.
    Canceling,
    /// Not paid, or paid and given back.
    Failed,
}

/// What happened to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The claim matched, stock and coupon were taken: Toss is about to be asked.
    Sent,
    /// Toss has the money, exactly the order's amount.
    Approved,
    /// Toss issued a virtual account.
    DepositAwaited,
    /// Toss will not take the money, for good.
    Refused,
    /// The buyer came back through the fail address.
    Abandoned,
    /// The return address named another amount than the order's.
    Mismatched,
    /// Stock or coupon were gone when the money was about to be asked for.
    Unavailable,
    /// Toss has money that this order cannot keep.
    Unfit,
    /// Toss has given the money back.
    Returned,
}

/// The event does not belong to the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfOrder {
    pub status: Status,
    pub event: Event,
}

impl fmt::Display for OutOfOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} cannot happen to an order that is {}", self.event, self.status)
    }
}

impl std::error::Error for OutOfOrder {}

impl Status {
    pub const ALL: [Status; 6] = [
        Status::Pending,
        Status::Confirming,
        Status::WaitingForDeposit,
        Status::Completed,
        Status::Canceling,
        Status::Failed,
    ];

    /// The order's status after `event`.
    ///
    /// Telling it of one approval, refusal or return twice changes nothing: the return page,
    /// a second tab and the background work may all report it.
    pub fn after(self, event: Event) -> Result<Status, OutOfOrder> {
        use Event::*;
        use Status::*;
        match (self, event) {
            (Pending, Sent) => Ok(Confirming),
            (Pending, Abandoned | Mismatched | Unavailable) => Ok(Failed),
            (Confirming | WaitingForDeposit | Completed, Approved) => Ok(Completed),
            (Confirming | WaitingForDeposit, DepositAwaited) => Ok(WaitingForDeposit),
            (Confirming | WaitingForDeposit | Failed, Refused) => Ok(Failed),
            // Also an order that had failed: a look-up may find money that was taken all the same.
            (Confirming | WaitingForDeposit | Canceling | Failed, Unfit) => Ok(Canceling),
            (Canceling | Failed, Returned) => Ok(Failed),
            (Pending, Approved | DepositAwaited | Refused | Unfit | Returned)
            | (
                Confirming | WaitingForDeposit,
                Sent | Abandoned | Mismatched | Unavailable | Returned,
            )
            | (
                Completed,
                Sent | DepositAwaited | Refused | Abandoned | Mismatched | Unavailable | Unfit
                | Returned,
            )
            | (
                Canceling,
                Sent | Approved | DepositAwaited | Refused | Abandoned | Mismatched | Unavailable,
            )
            | (Failed, Sent | Approved | DepositAwaited | Abandoned | Mismatched | Unavailable) => {
                Err(OutOfOrder { status: self, event })
            }
        }
    }

    /// Whether stock and coupon are held or used by an order in this state.
    pub fn holds(self) -> bool {
        match self {
            Status::Confirming | Status::WaitingForDeposit | Status::Completed => true,
            Status::Pending | Status::Canceling | Status::Failed => false,
        }
    }

    /// As stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Pending => "PENDING",
            Status::Confirming => "CONFIRMING",
            Status::WaitingForDeposit => "WAITING_FOR_DEPOSIT",
            Status::Completed => "COMPLETED",
            Status::Canceling => "CANCELING",
            Status::Failed => "FAILED",
        }
    }

    /// Reads [`Status::as_str`].
    pub fn parse(text: &str) -> Option<Status> {
        Status::ALL.into_iter().find(|status| status.as_str() == text)
    }
}

impl From<Status> for String {
    fn from(status: Status) -> String {
        status.as_str().to_owned()
    }
}

impl TryFrom<String> for Status {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Status, &'static str> {
        Status::parse(&text).ok_or("unknown status")
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Toss's limit for orderName, in characters (Toss: api.md §3).
const NAME_LENGTH_MAX: usize = 100;

/// What the buyer and Toss read: `토스 티셔츠 외 2건`, where 2 counts the other products.
pub fn name(first_product: &str, products: usize) -> String {
    let others = match products.saturating_sub(1) {
        0 => String::new(),
        others => format!(" 외 {others}건"),
    };
    let room = NAME_LENGTH_MAX - others.chars().count();
    let mut name: String = first_product.chars().take(room).collect();
    if first_product.chars().count() > room {
        name.pop();
        name.push('…');
    }
    name + &others
}

#[cfg(test)]
mod tests {
    use super::{Event, Status, name};

    const TABLE: &str = "
PENDING Sent->CONFIRMING Abandoned->FAILED Mismatched->FAILED Unavailable->FAILED
CONFIRMING Approved->COMPLETED DepositAwaited->WAITING_FOR_DEPOSIT Refused->FAILED Unfit->CANCELING
WAITING_FOR_DEPOSIT Approved->COMPLETED DepositAwaited->WAITING_FOR_DEPOSIT Refused->FAILED Unfit->CANCELING
COMPLETED Approved->COMPLETED
CANCELING Unfit->CANCELING Returned->FAILED
FAILED Refused->FAILED Unfit->CANCELING Returned->FAILED
";

    #[test]
    fn the_arrows_are_these() {
        let events = [
            Event::Sent,
            Event::Approved,
            Event::DepositAwaited,
            Event::Refused,
            Event::Abandoned,
            Event::Mismatched,
            Event::Unavailable,
            Event::Unfit,
            Event::Returned,
        ];
        let mut table = String::from("\n");
        for status in Status::ALL {
            table.push_str(status.as_str());
            for event in events {
                if let Ok(next) = status.after(event) {
                    table.push_str(&format!(" {event:?}->{next}"));
                }
            }
            table.push('\n');
        }
        assert_eq!(table, TABLE);
    }

    #[test]
    fn states_are_read_as_written() {
        for status in Status::ALL {
            assert_eq!(Status::parse(status.as_str()), Some(status));
            assert_eq!(serde_json::to_value(status).unwrap(), status.as_str());
        }
    }

    #[test]
    fn an_order_is_named_after_its_first_product() {
        for (first, products, text) in
            [("토스 티셔츠", 3, "토스 티셔츠 외 2건"), ("머그컵", 1, "머그컵")]
        {
            assert_eq!(name(first, products), text);
        }
        let long = name(&"긴".repeat(200), 3);
        assert_eq!(long.chars().count(), 100);
        assert!(long.ends_with("… 외 2건"), "{long}");
    }
}
