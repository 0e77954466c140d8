//! Korean won: whole, never negative, never a floating-point number.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::id::Malformed;
use crate::domain::rule::Rule;

/// An amount of money in won, from 0 to [`Won::MAX`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "i64", try_from = "i64")]
pub struct Won(i64);

impl Won {
    pub const ZERO: Won = Won(0);

    /// A hundred thousand million won: far above any order, far below where JavaScript's
    /// numbers stop being exact (2^53).
    pub const MAX: Won = Won(100_000_000_000);

    /// `None` below zero or above [`Won::MAX`].
    pub const fn new(amount: i64) -> Option<Won> {
        if amount < 0 || amount > Won::MAX.0 { None } else { Some(Won(amount)) }
    }

    pub const fn get(self) -> i64 {
        self.0
    }

    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// `12,000`
    pub fn grouped(self) -> String {
        let digits = self.0.to_string();
        let mut grouped = String::new();
        for (place, digit) in digits.char_indices() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        grouped
    }

    /// `None` above [`Won::MAX`].
    pub fn plus(self, other: Won) -> Option<Won> {
        self.0.checked_add(other.0).and_then(Won::new)
    }

    /// `None` when `other` is more than there is.
    pub fn minus(self, other: Won) -> Option<Won> {
        self.0.checked_sub(other.0).and_then(Won::new)
    }

    /// `None` above [`Won::MAX`].
    pub fn times(self, count: u32) -> Option<Won> {
        self.0.checked_mul(i64::from(count)).and_then(Won::new)
    }

    /// `percent` of it, rounded down to a whole won. More than 100 counts as 100.
    pub fn percent(self, percent: u32) -> Won {
        Won(self.0 * i64::from(percent.min(100)) / 100)
    }
}

/// `12,000원`
impl fmt::Display for Won {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}원", self.grouped())
    }
}

impl From<Won> for i64 {
    fn from(won: Won) -> i64 {
        won.0
    }
}

impl TryFrom<i64> for Won {
    type Error = Malformed;

    fn try_from(amount: i64) -> Result<Won, Malformed> {
        Won::new(amount).ok_or(Malformed { rule: Rule::Amount })
    }
}

#[cfg(test)]
mod tests {
    use super::Won;

    #[test]
    fn is_written_as_a_korean_shop_writes_it() {
        for (amount, text) in
            [(0, "0원"), (999, "999원"), (12_000, "12,000원"), (1_234_567, "1,234,567원")]
        {
            assert_eq!(Won::new(amount).unwrap().to_string(), text);
        }
    }
}
