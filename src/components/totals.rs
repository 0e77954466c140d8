//! Subtotal, discount and what is to be paid.

use leptos::prelude::*;

use crate::domain::won::Won;

/// The three sums of an order.
#[component]
pub fn Totals(
    subtotal: Won,
    discount: Won,
    total: Won,
    /// `결제 금액`, `주문 금액`
    label: &'static str,
) -> impl IntoView {
    view! {
        <dl class="totals">
            <div>
                <dt>"상품 금액"</dt>
                <dd>{subtotal.to_string()}</dd>
            </div>
            {(!discount.is_zero()).then(|| view! {
                <div>
                    <dt>"쿠폰 할인"</dt>
                    <dd>{format!("−{discount}")}</dd>
                </div>
            })}
            <div class="total">
                <dt>{label}</dt>
                <dd data-testid="total">{total.to_string()}</dd>
            </div>
        </dl>
    }
}
