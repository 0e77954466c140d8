//! How an order stands, told truthfully: headlines, and what they mean for the buyer.

use std::borrow::Cow;

use crate::domain::language::Language;
use crate::domain::won::Won;
use crate::words::{en, ko};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing<'a> {
    Pending,
    /// Nobody knows yet whether it was paid.
    InDoubt,
    Ending,
    Waiting,
    Completed,
    Canceling,
    Refunding,
    AccountWanted,
    AccountAwaited,
    PartlyRefunded,
    Refunded,
    Expired,
    Failed,
    PendingMeans,
    InDoubtMeans,
    Checking,
    EndingMeans,
    /// Where to deposit is known to another browser.
    WaitingElsewhere,
    /// The bank has taken a deposit back.
    WaitingAgain,
    WaitingMeans,
    /// It was to be cancelled, and the deposit came first.
    TooLateToEnd,
    Approved {
        amount: Won,
    },
    CancelingMeans,
    CancelingLabel,
    RefundingMeans,
    RefundingLabel,
    AccountElsewhere,
    AccountWantedMeans,
    RefundedOf {
        amount: Won,
        refunded: Won,
    },
    /// As it stands in an outcome.
    RefundedPart {
        refunded: Won,
    },
    /// As it stands in an outcome.
    EndingBeforeDeposit,
    DecidedBy {
        time: &'a str,
    },
    /// That time has passed.
    Undecided {
        time: &'a str,
    },
}

impl Standing<'_> {
    pub fn say(self, language: Language) -> Cow<'static, str> {
        match language {
            Language::Ko => ko::standing::say(self),
            Language::En => en::standing::say(self),
        }
    }
}
