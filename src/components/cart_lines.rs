//! The lines of the cart, each with less, more and remove.

use leptos::prelude::*;

use crate::contract::CartLineView;
use crate::domain::cart::QUANTITY_MAX;
use crate::domain::id::ProductId;

/// Plain forms until WASM has come; then `on_change` is told how many of which product.
#[component]
pub fn CartLines(
    #[prop(into)] lines: Signal<Vec<CartLineView>>,
    #[prop(into)] disabled: Signal<bool>,
    on_change: impl Fn(ProductId, u32) + Clone + Send + Sync + 'static,
) -> impl IntoView {
    let rows = move || {
        lines
            .get()
            .into_iter()
            .map(|line| {
                view! { <Line line disabled on_change=on_change.clone() /> }
            })
            .collect_view()
    };
    view! { <ul class="cart-lines">{rows}</ul> }
}

#[component]
fn Line(
    line: CartLineView,
    disabled: Signal<bool>,
    on_change: impl Fn(ProductId, u32) + Clone + Send + Sync + 'static,
) -> impl IntoView {
    let CartLineView { product, quantity, amount } = line;
    let count = u32::from(quantity);
    let is_most = count >= product.stock.min(QUANTITY_MAX);
    let id = product.product_id.clone();
    let to = move |wanted: u32| {
        let (id, on_change) = (id.clone(), on_change.clone());
        move |event: web_sys::MouseEvent| {
            event.prevent_default();
            on_change(id.clone(), wanted);
        }
    };
    let name = product.name.clone();
    view! {
        <li class="cart-line" data-testid=format!("line-{}", product.product_id)>
            <img src=product.picture alt="" width="72" height="54" />
            <div class="cart-line-text">
                <p class="line-name">{product.name}</p>
                <p class="hint">{product.price.to_string()}</p>
            </div>
            <form method="post" action="/cart" class="stepper">
                <input type="hidden" name="productId" value=product.product_id.to_string() />
                <button
                    type="submit"
                    name="quantity"
                    value=count.saturating_sub(1).to_string()
                    aria-label=format!("{name} 하나 빼기")
                    disabled=move || disabled.get()
                    on:click=to(count.saturating_sub(1))
                >
                    "−"
                </button>
                <output aria-label=format!("{name} 수량")>{count.to_string()}</output>
                <button
                    type="submit"
                    name="quantity"
                    value=(count + 1).to_string()
                    aria-label=format!("{name} 하나 더하기")
                    disabled=move || (disabled.get() || is_most)
                    on:click=to(count + 1)
                >
                    "+"
                </button>
                <button
                    type="submit"
                    name="quantity"
                    value="0"
                    class="remove"
                    aria-label=format!("{name} 삭제")
                    disabled=move || disabled.get()
                    on:click=to(0)
                >
                    "삭제"
                </button>
            </form>
            <p class="line-amount">{amount.to_string()}</p>
        </li>
    }
}
