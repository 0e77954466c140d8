//! The page of one order, around how it stands.

use std::borrow::Cow;

use crate::domain::language::Language;
use crate::domain::won::Won;
use crate::words::{en, ko};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderPage<'a> {
    Lines,
    Title,
    Number,
    Time,
    Buyer,
    Email,
    Mobile,
    Masked,
    NotFound,
    PayNow,
    PayAgain,
    PayAgainFor {
        name: &'a str,
        amount: Won,
    },
    ToCart,
    LookAgain,
    LookByHand,
    ResultTitle,
    FailTitle,
    TossSaid {
        words: &'a str,
    },
    OtherAmount,
    /// The address that Toss led back to.
    BadReturn {
        rule: &'a str,
    },
    DigitsWanted {
        field: &'a str,
    },
    RepeatTitle,
    RepeatWaits,
    RepeatPaid,
    Repeat {
        since: &'a str,
        order_id: &'a str,
    },
    NothingTaken,
    SeeFirst,
    RepeatNow,
}

impl OrderPage<'_> {
    pub fn say(self, language: Language) -> Cow<'static, str> {
        match language {
            Language::Ko => ko::order::say(self),
            Language::En => en::order::say(self),
        }
    }
}
