//! Choosing a coupon, and entering a code.

use std::borrow::Cow;

use crate::domain::language::Language;
use crate::domain::won::Won;
use crate::words::{en, ko};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coupon {
    Title,
    Unused,
    Code,
    Claim,
    /// Why it may not be used.
    Used,
    NotYet,
    Over,
    BelowMinimum {
        minimum: Won,
    },
    /// Why there is no price.
    TooLittle {
        least: Won,
    },
    TooMuch {
        most: Won,
    },
}

impl Coupon {
    pub fn say(self, language: Language) -> Cow<'static, str> {
        match language {
            Language::Ko => ko::coupon::say(self),
            Language::En => en::coupon::say(self),
        }
    }
}
