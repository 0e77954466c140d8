//! The cart, and who orders.

use std::borrow::Cow;

use crate::domain::language::Language;
use crate::domain::won::Won;
use crate::words::{en, ko};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cart<'a> {
    Title,
    /// For search engines.
    About,
    /// Something became dearer since it was put in.
    Dearer {
        name: &'a str,
        was: Won,
        now: Won,
    },
    Gone {
        name: &'a str,
    },
    GoneNameless,
    TakeOutGone,
    /// There are fewer pieces than were asked for.
    Short {
        name: &'a str,
        pieces: i64,
    },
    ShortOfAll {
        name: &'a str,
    },
    Empty,
    ToShelf,
    Lines,
    Removed,
    Less {
        name: &'a str,
    },
    /// The button was pressed just now.
    LessNow {
        name: &'a str,
        pieces: u32,
    },
    More {
        name: &'a str,
    },
    MoreNow {
        name: &'a str,
        pieces: u32,
    },
    Quantity {
        name: &'a str,
    },
    Remove,
    RemoveLine {
        name: &'a str,
    },
    Buyer,
    Name,
    /// Somebody as an example.
    NameHint,
    Email,
    Mobile,
    CouponsLater,
    Order {
        subtotal: Won,
    },
}

impl Cart<'_> {
    pub fn say(self, language: Language) -> Cow<'static, str> {
        match language {
            Language::Ko => ko::cart::say(self),
            Language::En => en::cart::say(self),
        }
    }
}
