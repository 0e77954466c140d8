//! Follows an order in doubt until it is decided, then shows the page anew.

use std::time::Duration;

use leptos::prelude::*;

use crate::api;
use crate::domain::id::OrderId;
use crate::domain::order::Status;

/// Soon at first, because most answers come within seconds; then ever less often.
const FIRST_MS: u64 = 1_000;
const LONGEST_MS: u64 = 15_000;

/// A way to look again by hand, and for those with JavaScript one that looks by itself.
#[component]
pub fn Following(order_id: OrderId, seen: Status) -> impl IntoView {
    let address = format!("/orders/{order_id}");
    view! {
        <Follow>
            <p class="ways" id="follow" data-order=order_id.to_string() data-seen=seen.as_str()>
                <a class="button secondary" href=address>"지금 다시 확인하기"</a>
            </p>
        </Follow>
    }
}

/// Asks how the order stands, and goes to its page once that has changed. It reads what it
/// needs from the page: properties would bring a JSON parser into the WASM.
#[island]
fn Follow(children: Children) -> impl IntoView {
    Effect::new(|| {
        let place = document().get_element_by_id("follow");
        let read = |name: &str| place.as_ref().and_then(|place| place.get_attribute(name));
        let order = read("data-order").and_then(|id| OrderId::parse(&id).ok());
        let seen = read("data-seen").and_then(|seen| Status::parse(&seen));
        if let Some((order_id, seen)) = order.zip(seen) {
            ask_later(order_id, seen, FIRST_MS);
        }
    });
    children()
}

fn ask_later(order_id: OrderId, seen: Status, wait_ms: u64) {
    set_timeout(
        move || {
            leptos::task::spawn_local(async move {
                match api::price(order_id.clone()).await {
                    Ok(price) if price.status != seen => {
                        let to = format!("/orders/{order_id}");
                        // Replaced: going back must not lead into an old return address.
                        drop(window().location().replace(&to));
                    }
                    Ok(_) | Err(_) => {
                        let next = wait_ms.saturating_mul(3) / 2;
                        ask_later(order_id, seen, next.min(LONGEST_MS));
                    }
                }
            });
        },
        Duration::from_millis(wait_ms),
    );
}
