//! What Toss is told when the shop itself takes a payment back. Toss's console and its receipts show it.

use std::borrow::Cow;

use crate::domain::language::Language;
use crate::words::{en, ko};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cancel {
    /// The order cannot be completed.
    Unfit,
    /// Nothing was deposited in time.
    Overdue,
    ByBuyer,
    /// More accounts wait for deposits than one may have.
    TooMany,
    /// By staff, who gave no reason of their own.
    ByStaff,
}

impl Cancel {
    pub fn say(self, language: Language) -> Cow<'static, str> {
        match language {
            Language::Ko => ko::cancel::say(self),
            Language::En => en::cancel::say(self),
        }
    }
}
