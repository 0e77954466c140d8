//! What is to be paid, and what it is made of.

use std::borrow::Cow;

use crate::domain::language::Language;
use crate::domain::won::Won;
use crate::words::{en, ko};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sums {
    Products,
    Discount,
    /// Of a cart.
    Order,
    /// Of an order.
    Payment,
    Line {
        price: Won,
        pieces: u32,
    },
}

impl Sums {
    pub fn say(self, language: Language) -> Cow<'static, str> {
        match language {
            Language::Ko => ko::sums::say(self),
            Language::En => en::sums::say(self),
        }
    }
}
