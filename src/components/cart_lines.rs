//! The lines of the cart, each with less, more and remove, as plain forms.

use leptos::prelude::*;

use crate::contract::CartLineView;
use crate::domain::cart::QUANTITY_MAX;
use crate::words::{Cart, money, spoken};

/// Which button of the cart led to this page: the page puts the keyboard back onto it, and its name
/// says the new number to whoever hears the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pressed {
    Less(String),
    More(String),
    /// The line is gone; so is its button.
    Removed,
}

impl Pressed {
    /// Reads what the cart's form wrote into the address: `less-tee`, `more-tee`, `removed`.
    pub fn parse(text: &str) -> Option<Pressed> {
        match text.split_once('-') {
            Some(("less", id)) => Some(Pressed::Less(id.to_owned())),
            Some(("more", id)) => Some(Pressed::More(id.to_owned())),
            Some(_) => None,
            None => (text == "removed").then_some(Pressed::Removed),
        }
    }
}

#[component]
pub fn CartLines(lines: Vec<CartLineView>, pressed: Option<Pressed>) -> impl IntoView {
    let removed = (pressed == Some(Pressed::Removed)).then(|| {
        view! {
            <p class="hint" tabindex="-1" autofocus=true>
                {Cart::Removed.say(spoken())}
            </p>
        }
    });
    let rows = lines
        .into_iter()
        .map(|line| {
            let pressed = pressed.clone();
            view! { <Line line pressed /> }
        })
        .collect_view();
    view! {
        {removed}
        <ul class="cart-lines">{rows}</ul>
    }
}

#[component]
fn Line(line: CartLineView, pressed: Option<Pressed>) -> impl IntoView {
    let CartLineView { product, quantity, amount, .. } = line;
    let count = quantity.get();
    let is_most = count >= product.stock.min(QUANTITY_MAX);
    let name = product.name.clone();
    let (place, id) = (product.product_id.to_string(), product.product_id.to_string());
    let is_more = pressed == Some(Pressed::More(place.clone()));
    // A button that may not be pressed cannot have the keyboard: then the other one has it.
    let is_less = pressed == Some(Pressed::Less(place.clone())) || (is_more && is_most);
    let language = spoken();
    let less = match is_less {
        true => Cart::LessNow { name: &name, pieces: count },
        false => Cart::Less { name: &name },
    };
    let more = match is_more {
        true => Cart::MoreNow { name: &name, pieces: count },
        false => Cart::More { name: &name },
    };
    view! {
        <li class="cart-line" id=place>
            <img src=product.picture alt="" width="72" height="54" />
            <div class="cart-line-text">
                <p class="line-name">{product.name}</p>
                <p class="hint">{money(product.price, language)}</p>
            </div>
            <form method="post" action="/form/cart" class="stepper">
                <input type="hidden" name="productId" value=id />
                <button
                    type="submit"
                    name="quantity"
                    value=count.saturating_sub(1).to_string()
                    aria-label=less.say(language)
                    autofocus=is_less
                >
                    "−"
                </button>
                <output aria-label=Cart::Quantity { name: &name }.say(language)>{count.to_string()}</output>
                <button
                    type="submit"
                    name="quantity"
                    value=(count + 1).to_string()
                    aria-label=more.say(language)
                    autofocus={is_more && !is_most}
                    disabled=is_most
                >
                    "+"
                </button>
                <button
                    type="submit"
                    name="quantity"
                    value="0"
                    class="remove"
                    aria-label=Cart::RemoveLine { name: &name }.say(language)
                >
                    {Cart::Remove.say(language)}
                </button>
            </form>
            <p class="line-amount">{money(amount, language)}</p>
        </li>
    }
}
