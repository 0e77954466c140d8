//! How a card is charged, in a line: `일시불`.

use std::borrow::Cow;

use crate::domain::language::Language;
use crate::words::{en, ko};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    AtOnce,
    WithoutInterest { months: u32 },
    Months { months: u32 },
}

impl Plan {
    pub fn say(self, language: Language) -> Cow<'static, str> {
        match language {
            Language::Ko => ko::plan::say(self),
            Language::En => en::plan::say(self),
        }
    }
}
