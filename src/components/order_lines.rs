//! What was ordered.

use leptos::prelude::*;

use crate::contract::LineView;
use crate::words::{Sums, money, spoken};

/// The lines of an order, at the prices of when it was placed.
#[component]
pub fn OrderLines(lines: Vec<LineView>) -> impl IntoView {
    let language = spoken();
    let rows = lines
        .into_iter()
        .map(|line| {
            let count = Sums::Line { price: line.unit_price, pieces: line.quantity };
            view! {
                <li class="line">
                    <span class="line-name">{line.name}</span>
                    <span class="line-count">{count.say(language)}</span>
                    <span class="line-amount">{money(line.amount, language)}</span>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="lines">{rows}</ul> }
}
