//! What of an order went back, and the account that it goes to.

use std::borrow::Cow;

use crate::domain::language::Language;
use crate::domain::won::Won;
use crate::words::{en, ko};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refund<'a> {
    Title,
    AccountNeeded,
    Asked,
    Running,
    Done,
    Refused,
    Line { name: &'a str, pieces: u32 },
    OfAmount,
    Account { account: &'a str },
    Why { reason: &'a str },
    FormTitle,
    FormAsks { amount: Won },
    WasRefused,
    Bank,
    ChooseBank,
    Number,
    DigitsOnly,
    Holder,
    Send,
    KeptShort,
}

impl Refund<'_> {
    pub fn say(self, language: Language) -> Cow<'static, str> {
        match language {
            Language::Ko => ko::refund::say(self),
            Language::En => en::refund::say(self),
        }
    }
}
