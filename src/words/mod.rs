//! What people read, by language. Everything else speaks in codes with values.
//!
//! Each theme is an enum of what there is to say, with its values as fields. Each language has one
//! function for each theme, which says all of it: a sentence that is missing does not compile.
//!
//! Invariant: none of it is in the WASM. An island reads what the server has put into its page.

mod advice;
mod cancel;
mod cart;
mod checkout;
mod coupon;
mod deposit;
mod en;
mod failure;
mod issued;
mod ko;
mod layout;
mod means;
mod moment;
mod order;
mod plan;
mod reason;
mod refund;
mod refusal;
mod rule;
mod shelf;
mod standing;
mod sums;
#[cfg(test)]
mod tests;
mod toss;
mod trouble;

use leptos::prelude::use_context;

pub use advice::Advice;
pub use cancel::Cancel;
pub use cart::Cart;
pub use checkout::Checkout;
pub use coupon::Coupon;
pub use deposit::Deposit;
pub use failure::{Charge, Failure};
pub use issued::Issued;
pub use layout::Layout;
pub use means::Means;
pub use moment::Moment;
pub use order::OrderPage;
pub use plan::Plan;
pub use reason::Reason;
pub use refund::Refund;
pub use refusal::Refusal;
pub use rule::{account, explained, order_name, rule};
pub use shelf::Shelf;
pub use standing::Standing;
pub use sums::Sums;
pub use toss::{TossWord, account_shown, bank, bank_name, issuer, name};
pub use trouble::Trouble;

use crate::domain::language::Language;
use crate::domain::won::Won;

/// The language of the request that is being answered; the default where there is none.
pub fn spoken() -> Language {
    use_context().unwrap_or_default()
}

/// What a shop is called that has no name of its own yet.
pub const SHOP_NAME: &str = ko::SHOP_NAME;

/// What a language calls itself, for whoever looks for it.
pub fn own_name(language: Language) -> &'static str {
    match language {
        Language::Ko => ko::NAME,
        Language::En => en::NAME,
    }
}

/// An amount as it is written in a language.
pub fn money(won: Won, language: Language) -> String {
    match language {
        Language::Ko => ko::money(won),
        Language::En => en::money(won),
    }
}

/// As [`money`], taken off.
pub fn less(won: Won, language: Language) -> String {
    format!("−{}", money(won, language))
}
