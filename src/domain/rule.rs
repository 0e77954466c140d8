//! What a value must be to be taken: codes with their values.

use std::fmt;

use crate::domain::cart::{LINES_MAX, QUANTITY_MAX};
use crate::domain::code::CouponCode;
use crate::domain::contact::LENGTH_MAX;
use crate::domain::id::{
    CartId, CouponId, CustomerKey, OfferId, OrderId, PaymentKey, ProductId, RequestId,
};

/// A rule that something breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Letters, digits and some marks, so many of them.
    Id {
        name: &'static str,
        marks: &'static str,
        least: usize,
        most: usize,
    },
    /// Letters that can be seen.
    Name {
        most: usize,
    },
    Email,
    /// A Korean mobile number.
    Mobile,
    CouponCode {
        least: usize,
        most: usize,
    },
    /// A whole number of won.
    Amount,
    Quantity {
        most: u32,
    },
    TooManyLines {
        most: usize,
    },
    NoLines,
}

/// What stands before a rule's name where it comes in the text of a decoder's error.
const MARK: &str = "rule:";

impl Rule {
    const ALL: [Rule; 16] = [
        OrderId::RULE,
        PaymentKey::RULE,
        CustomerKey::RULE,
        ProductId::RULE,
        RequestId::RULE,
        CartId::RULE,
        CouponId::RULE,
        OfferId::RULE,
        Rule::Name { most: LENGTH_MAX },
        Rule::Email,
        Rule::Mobile,
        CouponCode::RULE,
        Rule::Amount,
        Rule::Quantity { most: QUANTITY_MAX },
        Rule::TooManyLines { most: LINES_MAX },
        Rule::NoLines,
    ];

    fn as_str(self) -> &'static str {
        match self {
            Rule::Id { name, .. } => name,
            Rule::Name { .. } => "name",
            Rule::Email => "email",
            Rule::Mobile => "mobilePhone",
            Rule::CouponCode { .. } => "code",
            Rule::Amount => "amount",
            Rule::Quantity { .. } => "quantity",
            Rule::TooManyLines { .. } => "tooManyLines",
            Rule::NoLines => "noLines",
        }
    }

    /// Finds a rule in a text that it came to stand in, as in the error of a decoder: what is before
    /// it, and what is behind it.
    pub fn within(text: &str) -> Option<(&str, Rule, &str)> {
        let (before, rest) = text.split_once(MARK)?;
        let end = rest.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let rule = Rule::ALL.into_iter().find(|rule| rule.as_str() == name)?;
        Some((before, rule, after))
    }
}

/// `rule:orderId`: decoders carry texts alone.
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{MARK}{}", self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Rule;

    #[test]
    fn rules_are_found_in_the_texts_of_decoders() {
        for rule in Rule::ALL {
            let text = format!("not so: {rule} at line 1");
            assert_eq!(Rule::within(&text), Some(("not so: ", rule, " at line 1")));
        }
        for text in ["", "rule:", "rule:none", "orderId"] {
            assert_eq!(Rule::within(text), None);
        }
    }
}
