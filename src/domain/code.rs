//! Coupon codes: what a buyer types, in the one form in which codes are compared.

use std::fmt;

use crate::domain::id::Malformed;
use crate::domain::rule::Rule;
use crate::domain::typed::narrow;

/// A code, as it is stored and compared: `SUMMER-26`, `여름할인`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CouponCode(String);

/// Shorter ones are guessed.
const LETTERS_MIN: usize = 4;
const LETTERS_MAX: usize = 30;

/// What is typed is cut off here, before anything looks at it.
const TYPED_MAX: usize = 200;

impl CouponCode {
    pub const RULE: Rule = Rule::CouponCode { least: LETTERS_MIN, most: LETTERS_MAX };

    /// Letters of either width and case are the same, and blanks are nothing: a code is typed on
    /// a Korean keyboard, or copied with what stood around it.
    pub fn parse(typed: &str) -> Result<CouponCode, Malformed> {
        let letters: Vec<char> = typed
            .chars()
            .take(TYPED_MAX)
            .filter(|letter| !letter.is_whitespace() && *letter != '\u{200b}')
            .map(narrow)
            .map(|letter| letter.to_ascii_uppercase())
            .collect();
        let fits = (LETTERS_MIN..=LETTERS_MAX).contains(&letters.len());
        let is_plain = letters.iter().copied().all(is_allowed);
        let rule = CouponCode::RULE;
        if fits && is_plain {
            Ok(CouponCode(letters.into_iter().collect()))
        } else {
            Err(Malformed { rule })
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CouponCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_allowed(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '\u{ac00}'..='\u{d7a3}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::CouponCode;

    #[test]
    fn one_code_is_typed_in_many_ways() {
        for (typed, code) in [
            ("SUMMER26", Some("SUMMER26")),
            ("  summer26\n", Some("SUMMER26")),
            ("Summer 26", Some("SUMMER26")),
            ("ｓｕｍｍｅｒ２６", Some("SUMMER26")),
            ("sum\u{3000}mer\u{200b}26", Some("SUMMER26")),
            ("summer－26", Some("SUMMER-26")),
            ("summer–26", Some("SUMMER-26")),
            ("여름할인", Some("여름할인")),
            ("여름 할인 a_1", Some("여름할인A_1")),
            ("abc", None),
            ("", None),
            ("    ", None),
            ("ab'; drop", None),
            ("ｱｲｳｴ", None),
            ("ⓈⓊⓂⓂ", None),
            ("코드\u{1100}\u{1161}", None),
            ("ßßßß", None),
            ("<b>CODE</b>", None),
            ("코드!!", None),
            (&"A".repeat(30), Some(&"A".repeat(30))),
            (&"A".repeat(31), None),
            (&" ".repeat(10_000), None),
        ] {
            let parsed = CouponCode::parse(typed).ok();
            assert_eq!(parsed.as_ref().map(CouponCode::as_str), code, "{typed:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_and_what_is_read_stays_the_same(typed in "\\PC{0,60}") {
            if let Ok(code) = CouponCode::parse(&typed) {
                prop_assert_eq!(CouponCode::parse(code.as_str()), Ok(code));
            }
        }
    }
}
