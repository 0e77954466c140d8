//! Subtotal, discount and what is to be paid.

use leptos::prelude::*;

use crate::domain::won::Won;

/// The three sums of an order.
#[component]
pub fn Totals(
    #[prop(into)] subtotal: Signal<Won>,
    #[prop(into)] discount: Signal<Won>,
    #[prop(into)] total: Signal<Won>,
    /// `결제 금액`, `주문 금액`
    label: &'static str,
) -> impl IntoView {
    view! {
        <dl class="totals">
            <div>
                <dt>"상품 금액"</dt>
                <dd>{move || subtotal.get().to_string()}</dd>
            </div>
            <div class:empty=move || discount.get().is_zero()>
                <dt>"쿠폰 할인"</dt>
                <dd>
                    {move || match discount.get() {
                        Won::ZERO => "0원".to_owned(),
                        discount => format!("−{discount}"),
                    }}
                </dd>
            </div>
            <div class="total">
                <dt>{label}</dt>
                <dd data-testid="total">{move || total.get().to_string()}</dd>
            </div>
        </dl>
    }
}
