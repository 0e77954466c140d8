//! Korean won: whole, never negative, never a floating-point number.

use std::fmt;

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// An amount of money in won, from 0 to [`Won::MAX`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
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
        let digits = self.0.to_string();
        for (place, digit) in digits.char_indices() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        f.write_str("원")
    }
}

/// Accepts a whole number or a string of digits, as Toss's own samples forward the amount of
/// the return address as text (Toss: api.md §4.1). `1.5`, `1e3` and `-1` are refused.
impl<'de> Deserialize<'de> for Won {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Won, D::Error> {
        deserializer.deserialize_any(Digits)
    }
}

struct Digits;

impl Visitor<'_> for Digits {
    type Value = Won;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a whole number of won from 0 to {}", Won::MAX.0)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Won, E> {
        Won::new(number).ok_or_else(|| E::invalid_value(Unexpected::Signed(number), &self))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Won, E> {
        i64::try_from(number)
            .ok()
            .and_then(Won::new)
            .ok_or_else(|| E::invalid_value(Unexpected::Unsigned(number), &self))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Won, E> {
        // `parse` alone would let "+5" through.
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        digits
            .then(|| text.parse().ok().and_then(Won::new))
            .flatten()
            .ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
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

    #[test]
    fn is_read_from_whole_numbers_and_digits_alone() {
        for text in ["0", "1000", "\"1000\"", "\"007\""] {
            assert!(serde_json::from_str::<Won>(text).is_ok(), "{text}");
        }
        for text in [
            "-1",
            "1.5",
            "1e3",
            "\"1e3\"",
            "\"+5\"",
            "\"\"",
            "\" 5\"",
            "null",
            "true",
            "[1]",
            "100000000001",
            "18446744073709551615",
            "\"99999999999999999999\"",
        ] {
            assert!(serde_json::from_str::<Won>(text).is_err(), "{text}");
        }
    }
}
