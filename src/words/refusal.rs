//! Why a refund is not taken as it is wanted.

use std::borrow::Cow;

use crate::domain::language::Language;
use crate::words::{en, ko};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    NoOrder,
    NotYours,
    NotPaid,
    Underway,
    AccountAwaited,
    AllBack,
    JustChanged,
    NothingWaits,
    /// The money of an order that cannot be completed goes back whatever anybody wants.
    Inevitable,
    NoReason,
    ReasonTooLong {
        length: usize,
    },
    NotADeposit,
    Amount {
        left: i64,
    },
    NoSuchProduct {
        product: String,
        have: Vec<String>,
    },
    Pieces {
        name: String,
        left: i64,
    },
    Worthless,
}

impl Refusal {
    pub fn say(&self, language: Language) -> Cow<'static, str> {
        match language {
            Language::Ko => ko::refusal::say(self),
            Language::En => en::refusal::say(self),
        }
    }
}
