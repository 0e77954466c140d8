//! What Toss's script or payment window says no for: what happened, and what to do.

use std::borrow::Cow;

use crate::domain::language::Language;
use crate::words::{en, ko};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    Script,
    Canceled,
    NoMethod,
    NoAgreement,
    NoCard,
    NoRefundAccount,
    DepositLimit,
    DueDate,
    Unhealthy,
    NotInTest,
    Unable,
    Busy,
    Aborted,
    Declined,
    NoWindow,
    NoAmount,
    NotDrawn,
    Settings,
    /// No code was told at all.
    Unfinished,
    Other,
}

impl Trouble {
    pub fn say(self, language: Language) -> Cow<'static, str> {
        match language {
            Language::Ko => ko::trouble::say(self),
            Language::En => en::trouble::say(self),
        }
    }
}
