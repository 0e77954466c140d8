//! The lines of the cart, each with less, more and remove, as plain forms.

use leptos::prelude::*;

use crate::contract::CartLineView;
use crate::domain::cart::QUANTITY_MAX;

#[component]
pub fn CartLines(lines: Vec<CartLineView>) -> impl IntoView {
    let rows = lines.into_iter().map(|line| view! { <Line line /> }).collect_view();
    view! { <ul class="cart-lines">{rows}</ul> }
}

#[component]
fn Line(line: CartLineView) -> impl IntoView {
    let CartLineView { product, quantity, amount } = line;
    let count = quantity.get();
    let is_most = count >= product.stock.min(QUANTITY_MAX);
    let name = product.name.clone();
    let (place, id) = (product.product_id.to_string(), product.product_id.to_string());
    view! {
        <li class="cart-line" id=place>
            <img src=product.picture alt="" width="72" height="54" />
            <div class="cart-line-text">
                <p class="line-name">{product.name}</p>
                <p class="hint">{product.price.to_string()}</p>
            </div>
            <form method="post" action="/form/cart" class="stepper">
                <input type="hidden" name="productId" value=id />
                <button
                    type="submit"
                    name="quantity"
                    value=count.saturating_sub(1).to_string()
                    aria-label=format!("{name} 하나 빼기")
                >
                    "−"
                </button>
                <output aria-label=format!("{name} 수량")>{count.to_string()}</output>
                <button
                    type="submit"
                    name="quantity"
                    value=(count + 1).to_string()
                    aria-label=format!("{name} 하나 더하기")
                    disabled=is_most
                >
                    "+"
                </button>
                <button
                    type="submit"
                    name="quantity"
                    value="0"
                    class="remove"
                    aria-label=format!("{name} 삭제")
                >
                    "삭제"
                </button>
            </form>
            <p class="line-amount">{amount.to_string()}</p>
        </li>
    }
}
