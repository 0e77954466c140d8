//! What a value must be, in English.

use std::borrow::Cow;

use crate::domain::bank::Wrong;
use crate::domain::rule::Rule;

pub(in crate::words) fn say(it: Rule) -> Cow<'static, str> {
    match it {
        Rule::Id { name, marks, least, most } => {
            format!("{name} must have {least} to {most} characters: letters, digits, {marks}").into()
        }
        Rule::Name { most } => format!("Please enter a name of 1 to {most} characters").into(),
        Rule::Email => "Please enter an e-mail address such as name@example.com".into(),
        Rule::Mobile => {
            "Please enter a Korean mobile number such as 010-1234-5678 (010, 011 or 016 to 019)".into()
        }
        Rule::CouponCode { least, most } => format!(
            "A coupon code has {least} to {most} characters: Korean or English letters, digits, - or _."
        )
        .into(),
        Rule::Amount => "The amount must be a whole number of won from 0".into(),
        Rule::Quantity { most } => format!("The quantity must be from 1 to {most}").into(),
        Rule::TooManyLines { most } => {
            format!("You can order up to {most} different products at once").into()
        }
        Rule::NoLines => "There is nothing to order".into(),
    }
}

/// Of an account for a refund.
pub(in crate::words) fn account(it: Wrong) -> &'static str {
    match it {
        Wrong::Bank => "Please choose a bank from the list",
        Wrong::Number => "Please enter an account number of 6 to 20 digits",
        Wrong::Holder => "Please enter an account holder of 1 to 60 characters",
    }
}
