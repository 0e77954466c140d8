//! What was ordered.

use leptos::prelude::*;

use crate::contract::LineView;

/// The lines of an order, at the prices of when it was placed.
#[component]
pub fn OrderLines(lines: Vec<LineView>) -> impl IntoView {
    let rows = lines
        .into_iter()
        .map(|line| {
            view! {
                <li class="line">
                    <span class="line-name">{line.name}</span>
                    <span class="line-count">
                        {format!("{} × {}개", line.unit_price, line.quantity)}
                    </span>
                    <span class="line-amount">{line.amount.to_string()}</span>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="lines">{rows}</ul> }
}
