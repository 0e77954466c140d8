//! What stands around every page, and on the pages for what went wrong.

use std::borrow::Cow;

use crate::domain::language::Language;
use crate::words::{en, ko};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// No real money is taken.
    Sandbox,
    Skip,
    Menu,
    Cart,
    WhoPays,
    /// The name of the choice of language.
    Languages,
    ToShop,
    NotFound,
    BadAddress,
    Impossible,
    Trouble,
    /// No page has this address.
    NoSuchPage,
}

impl Layout {
    pub fn say(self, language: Language) -> Cow<'static, str> {
        match language {
            Language::Ko => ko::layout::say(self),
            Language::En => en::layout::say(self),
        }
    }
}
