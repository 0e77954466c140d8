//! What a value must be, and what an order is called.

use std::borrow::Cow;

use crate::domain::bank::Wrong;
use crate::domain::language::Language;
use crate::domain::order_name;
use crate::domain::rule::Rule;
use crate::words::{en, ko};

/// For whoever sent it: a buyer at a form, or a program at the API.
pub fn rule(it: Rule, language: Language) -> Cow<'static, str> {
    match language {
        Language::Ko => ko::rule::say(it),
        Language::En => en::rule::say(it),
    }
}

/// The text of a decoder's error, with the rule that stands in it in words.
pub fn explained(text: &str, language: Language) -> Cow<'_, str> {
    match Rule::within(text) {
        Some((before, it, after)) => format!("{before}{}{after}", rule(it, language)).into(),
        None => text.into(),
    }
}

/// What is wrong with an account for a refund.
pub fn account(it: Wrong, language: Language) -> &'static str {
    match language {
        Language::Ko => ko::rule::account(it),
        Language::En => en::rule::account(it),
    }
}

/// What the buyer and Toss call an order: its first product, and how many others there are.
pub fn order_name(first_product: &str, products: usize, language: Language) -> String {
    let others = match (products.saturating_sub(1), language) {
        (0, _) => String::new(),
        (others, Language::Ko) => ko::and_others(others),
        (others, Language::En) => en::and_others(others),
    };
    order_name::fitted(first_product, &others)
}

#[cfg(test)]
mod tests {
    use super::order_name;
    use crate::domain::language::Language::{En, Ko};

    #[test]
    fn an_order_is_named_after_its_first_product() {
        for (first, products, korean, english) in [
            ("토스 티셔츠", 3, "토스 티셔츠 외 2건", "토스 티셔츠 and 2 more"),
            ("머그컵", 1, "머그컵", "머그컵"),
        ] {
            assert_eq!(order_name(first, products, Ko), korean);
            assert_eq!(order_name(first, products, En), english);
        }
    }
}
