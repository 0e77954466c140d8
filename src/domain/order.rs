//! The life of an order: its states, and what moves it from one to the next.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Status {
    /// Priced and stored; nothing has been asked of Toss.
    Pending,
    /// Stock and coupon are taken and Toss has been, or is about to be, asked for the money.
    /// Whether it was taken is unknown until Toss tells, or until Toss can take it no more.
    Confirming,
    /// Toss gave the buyer an account number and waits for the money.
    WaitingForDeposit,
    /// Paid.
    Completed,
    /// Toss took the money, the order cannot be completed, and the money is on its way back.
    Canceling,
    /// Paid, and the shop has asked Toss to give some or all of it back.
    Refunding,
    /// Paid, and the shop gives some or all of it back as soon as the buyer has said to which
    /// account. Nothing has been asked of Toss.
    RefundWaiting,
    /// Paid, and part of it given back.
    PartiallyRefunded,
    /// Paid, and all of it given back.
    Refunded,
    /// Not paid, or paid and given back because the order could not be completed.
    Failed,
    /// Not paid in time.
    Expired,
}

/// What happened to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The claim matched, stock and coupon were taken: Toss is about to be asked.
    Sent,
    /// Toss has the money, exactly the order's amount.
    Approved,
    /// Toss has issued a virtual account, or its bank took a deposit back.
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
    /// Toss has given back what the order could not keep.
    Returned,
    /// The time to pay is over, and nothing was paid.
    Lapsed,
    /// The shop gives money back.
    RefundAsked,
    /// The shop gives money back, and only the buyer knows to which account.
    AccountAsked,
    /// Toss has given part of the money back.
    PartlyRefunded,
    /// Toss has given all of the money back.
    WhollyRefunded,
    /// What Toss was giving back it keeps after all: everything is here again.
    Restored,
    /// As [`Event::Restored`], with another part that did go back.
    PartlyRestored,
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
    pub const ALL: [Status; 11] = [
        Status::Pending,
        Status::Confirming,
        Status::WaitingForDeposit,
        Status::Completed,
        Status::Canceling,
        Status::Refunding,
        Status::RefundWaiting,
        Status::PartiallyRefunded,
        Status::Refunded,
        Status::Failed,
        Status::Expired,
    ];

    /// The order's status after `event`.
    ///
    /// Telling it of one approval, refusal or return twice changes nothing: the return page,
    /// a second tab, a webhook and the background work may all report it.
    pub fn after(self, event: Event) -> Result<Status, OutOfOrder> {
        use Event::*;
        use Status::*;
        let out_of_order = Err(OutOfOrder { status: self, event });
        match self {
            Pending => match event {
                Sent => Ok(Confirming),
                Abandoned | Mismatched | Unavailable => Ok(Failed),
                Lapsed => Ok(Expired),
                // Money that came by another way than our own confirm.
                Approved => Ok(Completed),
                Unfit => Ok(Canceling),
                DepositAwaited | Refused | Returned | RefundAsked | AccountAsked
                | PartlyRefunded | WhollyRefunded | Restored | PartlyRestored => out_of_order,
            },
            Confirming | WaitingForDeposit => match event {
                Approved => Ok(Completed),
                DepositAwaited => Ok(WaitingForDeposit),
                Refused => Ok(Failed),
                Lapsed => Ok(Expired),
                Unfit => Ok(Canceling),
                Sent | Abandoned | Mismatched | Unavailable | Returned | RefundAsked
                | AccountAsked | PartlyRefunded | WhollyRefunded | Restored | PartlyRestored => {
                    out_of_order
                }
            },
            Completed => match event {
                Approved => Ok(Completed),
                // A bank has taken a deposit back.
                DepositAwaited => Ok(WaitingForDeposit),
                RefundAsked => Ok(Refunding),
                AccountAsked => Ok(RefundWaiting),
                // In Toss's own console, say.
                PartlyRefunded => Ok(PartiallyRefunded),
                WhollyRefunded => Ok(Refunded),
                Sent | Refused | Abandoned | Mismatched | Unavailable | Unfit | Returned
                | Lapsed | Restored | PartlyRestored => out_of_order,
            },
            Canceling => match event {
                Unfit => Ok(Canceling),
                Returned => Ok(Failed),
                Sent | Approved | DepositAwaited | Refused | Abandoned | Mismatched
                | Unavailable | Lapsed | RefundAsked | AccountAsked | PartlyRefunded
                | WhollyRefunded | Restored | PartlyRestored => out_of_order,
            },
            Refunding => match event {
                // The refund was refused: everything is still here.
                Approved => Ok(Completed),
                // The bank has taken the deposit back, so there is nothing to give back.
                DepositAwaited => Ok(WaitingForDeposit),
                // Toss cannot pay to the account that it was given.
                AccountAsked => Ok(RefundWaiting),
                PartlyRefunded => Ok(PartiallyRefunded),
                WhollyRefunded => Ok(Refunded),
                // As above, and then the account was ended: nothing was ever paid.
                Refused => Ok(Failed),
                Sent | Abandoned | Mismatched | Unavailable | Unfit | Returned | Lapsed
                | RefundAsked | Restored | PartlyRestored => out_of_order,
            },
            RefundWaiting => match event {
                RefundAsked => Ok(Refunding),
                // The refund was withdrawn, or something else has gone back meanwhile.
                Approved => Ok(Completed),
                DepositAwaited => Ok(WaitingForDeposit),
                PartlyRefunded => Ok(PartiallyRefunded),
                WhollyRefunded => Ok(Refunded),
                Sent | Refused | Abandoned | Mismatched | Unavailable | Unfit | Returned
                | Lapsed | AccountAsked | Restored | PartlyRestored => out_of_order,
            },
            PartiallyRefunded => match event {
                PartlyRefunded | PartlyRestored => Ok(PartiallyRefunded),
                WhollyRefunded => Ok(Refunded),
                RefundAsked => Ok(Refunding),
                AccountAsked => Ok(RefundWaiting),
                Restored => Ok(Completed),
                Sent | Approved | DepositAwaited | Refused | Abandoned | Mismatched
                | Unavailable | Unfit | Returned | Lapsed => out_of_order,
            },
            Refunded => match event {
                WhollyRefunded => Ok(Refunded),
                Restored => Ok(Completed),
                PartlyRestored => Ok(PartiallyRefunded),
                Sent | Approved | DepositAwaited | Refused | Abandoned | Mismatched
                | Unavailable | Unfit | Returned | Lapsed | RefundAsked | AccountAsked
                | PartlyRefunded => out_of_order,
            },
            Failed | Expired => match event {
                // Late money: the order takes stock and coupon again, or gives the money back.
                Approved => Ok(Completed),
                Unfit => Ok(Canceling),
                Refused | Lapsed | Returned => Ok(self),
                Sent | DepositAwaited | Abandoned | Mismatched | Unavailable | RefundAsked
                | AccountAsked | PartlyRefunded | WhollyRefunded | Restored | PartlyRestored => {
                    out_of_order
                }
            },
        }
    }

    /// Whether stock and coupon are held or used by an order in this state. A refund puts stock
    /// back only where staff say so: what was sent to the buyer is not on the shelf again.
    pub fn holds(self) -> bool {
        match self {
            Status::Confirming
            | Status::WaitingForDeposit
            | Status::Completed
            | Status::Refunding
            | Status::RefundWaiting
            | Status::PartiallyRefunded
            | Status::Refunded => true,
            Status::Pending | Status::Canceling | Status::Failed | Status::Expired => false,
        }
    }

    /// Whether nothing was paid, and nothing will be but by money that comes late.
    pub fn ended_unpaid(self) -> bool {
        matches!(self, Status::Failed | Status::Expired)
    }

    /// Whether nothing will become of it any more but by money that comes late.
    pub fn is_over(self) -> bool {
        self.ended_unpaid() || self == Status::Refunded
    }

    /// Whether something is still to be heard from Toss.
    pub fn is_open(self) -> bool {
        match self {
            Status::Confirming
            | Status::WaitingForDeposit
            | Status::Canceling
            | Status::Refunding => true,
            Status::Pending
            | Status::Completed
            | Status::RefundWaiting
            | Status::PartiallyRefunded
            | Status::Refunded
            | Status::Failed
            | Status::Expired => false,
        }
    }

    /// Whether the order was paid, whatever was given back since.
    pub fn is_paid(self) -> bool {
        match self {
            Status::Completed
            | Status::Refunding
            | Status::RefundWaiting
            | Status::PartiallyRefunded
            | Status::Refunded => true,
            Status::Pending
            | Status::Confirming
            | Status::WaitingForDeposit
            | Status::Canceling
            | Status::Failed
            | Status::Expired => false,
        }
    }

    /// Whether money is on its way back, or is to be.
    pub fn gives_back(self) -> bool {
        matches!(self, Status::Canceling | Status::Refunding | Status::RefundWaiting)
    }

    /// As stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Pending => "PENDING",
            Status::Confirming => "CONFIRMING",
            Status::WaitingForDeposit => "WAITING_FOR_DEPOSIT",
            Status::Completed => "COMPLETED",
            Status::Canceling => "CANCELING",
            Status::Refunding => "REFUNDING",
            Status::RefundWaiting => "REFUND_WAITING",
            Status::PartiallyRefunded => "PARTIALLY_REFUNDED",
            Status::Refunded => "REFUNDED",
            Status::Failed => "FAILED",
            Status::Expired => "EXPIRED",
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

/// Text that names no status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownStatus(String);

impl fmt::Display for UnknownStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no status of an order: ")?;
        f.write_str(&self.0)
    }
}

impl std::error::Error for UnknownStatus {}

impl TryFrom<String> for Status {
    type Error = UnknownStatus;

    fn try_from(text: String) -> Result<Status, UnknownStatus> {
        Status::parse(&text).ok_or(UnknownStatus(text))
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::{Event, Status};

    const TABLE: &str = "
PENDING Sent->CONFIRMING Approved->COMPLETED Abandoned->FAILED Mismatched->FAILED Unavailable->FAILED Unfit->CANCELING Lapsed->EXPIRED
CONFIRMING Approved->COMPLETED DepositAwaited->WAITING_FOR_DEPOSIT Refused->FAILED Unfit->CANCELING Lapsed->EXPIRED
WAITING_FOR_DEPOSIT Approved->COMPLETED DepositAwaited->WAITING_FOR_DEPOSIT Refused->FAILED Unfit->CANCELING Lapsed->EXPIRED
COMPLETED Approved->COMPLETED DepositAwaited->WAITING_FOR_DEPOSIT RefundAsked->REFUNDING AccountAsked->REFUND_WAITING PartlyRefunded->PARTIALLY_REFUNDED WhollyRefunded->REFUNDED
CANCELING Unfit->CANCELING Returned->FAILED
REFUNDING Approved->COMPLETED DepositAwaited->WAITING_FOR_DEPOSIT Refused->FAILED AccountAsked->REFUND_WAITING PartlyRefunded->PARTIALLY_REFUNDED WhollyRefunded->REFUNDED
REFUND_WAITING Approved->COMPLETED DepositAwaited->WAITING_FOR_DEPOSIT RefundAsked->REFUNDING PartlyRefunded->PARTIALLY_REFUNDED WhollyRefunded->REFUNDED
PARTIALLY_REFUNDED RefundAsked->REFUNDING AccountAsked->REFUND_WAITING PartlyRefunded->PARTIALLY_REFUNDED WhollyRefunded->REFUNDED Restored->COMPLETED PartlyRestored->PARTIALLY_REFUNDED
REFUNDED WhollyRefunded->REFUNDED Restored->COMPLETED PartlyRestored->PARTIALLY_REFUNDED
FAILED Approved->COMPLETED Refused->FAILED Unfit->CANCELING Returned->FAILED Lapsed->FAILED
EXPIRED Approved->COMPLETED Refused->EXPIRED Unfit->CANCELING Returned->EXPIRED Lapsed->EXPIRED
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
            Event::Lapsed,
            Event::RefundAsked,
            Event::AccountAsked,
            Event::PartlyRefunded,
            Event::WhollyRefunded,
            Event::Restored,
            Event::PartlyRestored,
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
}
