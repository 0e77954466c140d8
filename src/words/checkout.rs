//! The page where an order is paid.

use std::borrow::Cow;

use crate::domain::language::Language;
use crate::words::{en, ko};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checkout<'a> {
    PageTitle {
        order_name: &'a str,
    },
    Title,
    PastTitle,
    ElsewhereTitle,
    /// The same cart is being paid for already.
    Elsewhere,
    SeeElsewhere,
    NotHereTitle,
    NotHere,
    SeeOrder,
    PastPaid,
    PastFailed,
    PastExpired,
    /// The page has waited for a long time.
    Late,
    TryAgain,
    Methods,
    LoadingMethods,
    NeedsScript,
    /// On the button.
    Pay {
        amount: &'a str,
    },
    Loading,
    Pricing,
    Paying,
    Broken,
    Over,
    NeedsAgreement,
    Changed,
    NotRead,
    Unreachable,
}

impl Checkout<'_> {
    pub fn say(self, language: Language) -> Cow<'static, str> {
        match language {
            Language::Ko => ko::checkout::say(self),
            Language::En => en::checkout::say(self),
        }
    }
}
