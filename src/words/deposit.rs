//! Where and until when to deposit.

use std::borrow::Cow;

use crate::domain::language::Language;
use crate::words::{en, ko};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deposit<'a> {
    Title,
    Bank,
    Number,
    Amount,
    Due,
    Until {
        time: &'a str,
    },
    Over,
    /// Behind the days, hours, minutes and seconds that are left, and behind all of it.
    Units,
    Copy,
    Copied,
    NotCopied,
    EndTitle,
    End,
}

impl Deposit<'_> {
    pub fn say(self, language: Language) -> Cow<'static, str> {
        match language {
            Language::Ko => ko::deposit::say(self),
            Language::En => en::deposit::say(self),
        }
    }
}
