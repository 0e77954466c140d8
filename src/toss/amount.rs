//! Amounts of money as Toss writes them: JSON numbers, whole in won and in yen, with up to two
//! decimals in dollars (Toss: api.md §1.6, §3).

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An amount, exact to a hundredth.
///
/// Why no float: a tenth is none, and sums of money must come out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount {
    hundredths: i64,
}

impl Amount {
    /// So many hundredths.
    pub const fn of_hundredths(hundredths: i64) -> Amount {
        Amount { hundredths }
    }

    pub const fn hundredths(self) -> i64 {
        self.hundredths
    }

    /// Without decimals, as won are; `None` when there are some.
    pub const fn whole(self) -> Option<i64> {
        if self.hundredths % 100 == 0 { Some(self.hundredths / 100) } else { None }
    }
}

/// Whole won, yen or dollars.
impl From<i64> for Amount {
    fn from(whole: i64) -> Amount {
        Amount { hundredths: whole.saturating_mul(100) }
    }
}

impl PartialEq<i64> for Amount {
    fn eq(&self, whole: &i64) -> bool {
        *self == Amount::from(*whole)
    }
}

impl PartialOrd<i64> for Amount {
    fn partial_cmp(&self, whole: &i64) -> Option<std::cmp::Ordering> {
        self.partial_cmp(&Amount::from(*whole))
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.hundredths.abs() / 100, self.hundredths.abs() % 100);
        let sign = if self.hundredths < 0 { "-" } else { "" };
        match part {
            0 => write!(f, "{sign}{whole}"),
            _ => write!(f, "{sign}{whole}.{part:02}"),
        }
    }
}

/// A text that is no amount, or one finer than a hundredth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnAmount;

impl fmt::Display for NotAnAmount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an amount of money with at most two decimals")
    }
}

impl std::error::Error for NotAnAmount {}

impl FromStr for Amount {
    type Err = NotAnAmount;

    /// `33000`, `33000.0`, `12.5` or `-12.50`.
    fn from_str(text: &str) -> Result<Amount, NotAnAmount> {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(digits) => (-1, digits),
            None => (1, text),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
        let is_number = |it: &str| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit());
        let part = part.trim_end_matches('0');
        if !is_number(whole) || part.len() > 2 || !(part.is_empty() || is_number(part)) {
            return Err(NotAnAmount);
        }
        let part: i64 = format!("{part:0<2}").parse().map_err(|_| NotAnAmount)?;
        let whole: i64 = whole.parse().map_err(|_| NotAnAmount)?;
        let hundredths = whole.checked_mul(100).and_then(|it| it.checked_add(part));
        hundredths.map(|it| Amount { hundredths: sign * it }).ok_or(NotAnAmount)
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.hundredths % 100 == 0 {
            return serializer.serialize_i64(self.hundredths / 100);
        }
        // Fifteen digits survive a float, and no amount here has as many.
        let float: f64 = self.to_string().parse().map_err(serde::ser::Error::custom)?;
        serializer.serialize_f64(float)
    }
}

impl<'de> Deserialize<'de> for Amount {
    /// `null` is nothing. What is finer than a hundredth is a fault, not rounded.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Amount, D::Error> {
        let number = Option::<serde_json::Number>::deserialize(deserializer)?;
        let Some(number) = number else { return Ok(Amount::default()) };
        if let Some(whole) = number.as_i64() {
            let hundredths = whole.checked_mul(100).map(Amount::of_hundredths);
            return hundredths.ok_or_else(|| D::Error::custom(format!("{number} is too large")));
        }
        number.to_string().parse().map_err(|fault| D::Error::custom(format!("{number} is {fault}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_and_written_as_they_are() {
        for (text, hundredths, written) in [
            ("0", 0, "0"),
            ("33000", 3_300_000, "33000"),
            ("33000.0", 3_300_000, "33000"),
            ("726.24", 72_624, "726.24"),
            ("12.5", 1_250, "12.5"),
            ("-0.05", -5, "-0.05"),
            ("null", 0, "0"),
        ] {
            let amount: Amount = serde_json::from_str(text).unwrap();
            assert_eq!(amount.hundredths(), hundredths, "{text}");
            assert_eq!(serde_json::to_string(&amount).unwrap(), written);
        }
        for text in ["1.005", "\"12\"", "9223372036854775807", "1e300", "true"] {
            assert!(serde_json::from_str::<Amount>(text).is_err(), "{text}");
        }
        for text in ["", "-", ".5", "1.", "1.2.3", "+1", "1e3", "0x1", " 1", "١"] {
            let expected = if text == "1." { Ok(Amount::from(1)) } else { Err(NotAnAmount) };
            assert_eq!(text.parse::<Amount>(), expected, "{text}");
        }
        assert!(Amount::from(7) == 7 && Amount::of_hundredths(701) > 7);
    }
}
