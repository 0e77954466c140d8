//! Why something cannot be: what a buyer, or a program that calls the API, is told.
//!
//! In JSON it is `"reason": "TOO_MANY_LINES", "values": {"most": 20}`, beside the sentence.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::domain::language::Language;
use crate::words::{en, ko};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", content = "values")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum Reason {
    /// Of the buyer's fields, each of which has a rule of its own.
    Buyer,
    Unsold,
    Quantity {
        most: u32,
    },
    TooManyLines {
        most: usize,
    },
    NoLines,
    /// There are fewer pieces than were asked for.
    Short,
    /// A product that is sold no more, or a sum that nobody can pay.
    Lines,
    /// Something costs more than the page said.
    Risen,
    CodeForm,
    CodeTries,
    CodeUnknown,
    CodeNotYet,
    CodeOver,
    CodeAllGone,
    CodeHasIt,
    /// The same person has used it by another browser.
    CodeUsed,
    /// There is a coupon, but not for this order.
    CouponUnusable,
    /// An order is another browser's, or nobody's.
    NotHere,
    PaymentBegun,
    /// Not the HTTP method that is taken there.
    Method,
    /// Anything else that cannot be.
    Refused,
    /// The database takes nothing just now.
    Unavailable,
    /// A fault of the shop's own.
    Failed,
}

impl Reason {
    pub fn say(&self, language: Language) -> Cow<'static, str> {
        match language {
            Language::Ko => ko::reason::say(self),
            Language::En => en::reason::say(self),
        }
    }
}
