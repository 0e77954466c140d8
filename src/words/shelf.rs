//! The shelf: products, and how many of each are in the cart.

use std::borrow::Cow;

use crate::domain::language::Language;
use crate::domain::won::Won;
use crate::words::{en, ko};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shelf<'a> {
    Title,
    /// For search engines.
    About {
        name: &'a str,
    },
    Nothing,
    InCart {
        pieces: u32,
        subtotal: Won,
    },
    ToOrder,
    SoldOut,
    FewLeft {
        pieces: u32,
    },
    InStock {
        pieces: u32,
    },
    PutIn,
    /// No more than that may be taken.
    HasMost {
        pieces: u32,
    },
    OneMore {
        pieces: u32,
    },
}

impl Shelf<'_> {
    pub fn say(self, language: Language) -> Cow<'static, str> {
        match language {
            Language::Ko => ko::shelf::say(self),
            Language::En => en::shelf::say(self),
        }
    }
}
