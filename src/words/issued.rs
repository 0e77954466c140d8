//! Why a coupon that was given just now is not on the order that it was claimed for.

use std::borrow::Cow;

use crate::domain::language::Language;
use crate::domain::won::Won;
use crate::words::{Reason, en, ko};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Issued {
    /// The one that is on it takes off as much or more.
    NoBetter {
        brings: Won,
        had: Won,
    },
    Unusable {
        why: Reason,
    },
}

impl Issued {
    pub fn say(&self, language: Language) -> Cow<'static, str> {
        match language {
            Language::Ko => ko::issued::say(self),
            Language::En => en::issued::say(self),
        }
    }
}
