//! Subtotal, discount and what is to be paid.

use std::borrow::Cow;

use leptos::prelude::*;

use crate::domain::won::Won;
use crate::words::{Sums, less, money, spoken};

/// The three sums of an order.
#[component]
pub fn Totals(
    subtotal: Won,
    discount: Won,
    total: Won,
    /// What the last of them is called.
    label: Cow<'static, str>,
) -> impl IntoView {
    let language = spoken();
    view! {
        <dl class="totals">
            <div>
                <dt>{Sums::Products.say(language)}</dt>
                <dd>{money(subtotal, language)}</dd>
            </div>
            {(!discount.is_zero()).then(|| view! {
                <div>
                    <dt>{Sums::Discount.say(language)}</dt>
                    <dd>{less(discount, language)}</dd>
                </div>
            })}
            <div class="total">
                <dt>{label}</dt>
                <dd data-testid="total">{money(total, language)}</dd>
            </div>
        </dl>
    }
}
