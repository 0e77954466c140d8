//! English, for guests: plain, polite and short.

pub(super) mod advice;
pub(super) mod bank;
pub(super) mod cancel;
pub(super) mod cart;
pub(super) mod checkout;
pub(super) mod coupon;
pub(super) mod deposit;
pub(super) mod failure;
pub(super) mod issued;
pub(super) mod issuer;
pub(super) mod layout;
pub(super) mod means;
pub(super) mod moment;
pub(super) mod order;
pub(super) mod plan;
pub(super) mod reason;
pub(super) mod refund;
pub(super) mod refusal;
pub(super) mod rule;
pub(super) mod shelf;
pub(super) mod standing;
pub(super) mod sums;
pub(super) mod toss;
pub(super) mod trouble;

use crate::domain::won::Won;

/// What it calls itself.
pub(super) const NAME: &str = "English";

/// `₩12,000`
pub(super) fn money(won: Won) -> String {
    format!("₩{}", won.grouped())
}

/// What is said of an order's other products behind the first.
pub(super) fn and_others(others: usize) -> String {
    format!(" and {others} more")
}
