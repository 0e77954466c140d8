//! Amounts as others write them: a whole number, or a string of digits.

use std::fmt;

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::domain::won::Won;

/// An amount that somebody claims. Toss's own samples forward the amount of the return address
/// as text (Toss: api.md §4.1), so digits in a string are read too; `1.5`, `1e3`, `-1` and 0 are
/// refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Claimed(pub Won);

impl<'de> Deserialize<'de> for Claimed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Claimed, D::Error> {
        deserializer.deserialize_any(Digits)
    }
}

struct Digits;

impl Visitor<'_> for Digits {
    type Value = Claimed;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a whole number of won from 1 to {}", Won::MAX.get())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Claimed, E> {
        let won = Won::new(number).filter(|won| !won.is_zero());
        won.map(Claimed).ok_or_else(|| E::invalid_value(Unexpected::Signed(number), &self))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Claimed, E> {
        match i64::try_from(number) {
            Ok(number) => self.visit_i64(number),
            Err(_) => Err(E::invalid_value(Unexpected::Unsigned(number), &self)),
        }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Claimed, E> {
        // `parse` alone would let "+5" through.
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let won = digits.then(|| text.parse().ok().and_then(Won::new)).flatten();
        let won = won.filter(|won| !won.is_zero());
        won.map(Claimed).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}

#[cfg(test)]
mod tests {
    use super::Claimed;

    #[test]
    fn is_read_from_whole_numbers_and_digits_alone() {
        for text in ["1", "1000", "\"1000\"", "\"007\""] {
            assert!(serde_json::from_str::<Claimed>(text).is_ok(), "{text}");
        }
        for text in [
            "0",
            "-1",
            "1.5",
            "1e3",
            "\"1e3\"",
            "\"+5\"",
            "\"\"",
            "\" 5\"",
            "\"0\"",
            "null",
            "true",
            "[1]",
            "100000000001",
            "18446744073709551615",
            "\"99999999999999999999\"",
        ] {
            assert!(serde_json::from_str::<Claimed>(text).is_err(), "{text}");
        }
    }
}
