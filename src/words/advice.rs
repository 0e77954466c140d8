//! What to do after a failure that was recorded on an order.

use std::borrow::Cow;

use crate::domain::language::Language;
use crate::words::{en, ko};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advice {
    OutOfStock,
    CouponGone,
    OtherAmount,
    MoneyBack,
    NotDeposited,
    TooLate,
    Limit,
    AsYouLike,
    OutOfHours,
    Other,
}

impl Advice {
    pub fn say(self, language: Language) -> Cow<'static, str> {
        match language {
            Language::Ko => ko::advice::say(self),
            Language::En => en::advice::say(self),
        }
    }
}
