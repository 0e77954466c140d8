//! Follows an order in doubt until it is decided, then shows the page anew.

use std::time::Duration;

use leptos::prelude::*;

use crate::api;
use crate::domain::id::OrderId;
use crate::domain::order::Status;

/// Soon at first, because most answers come within seconds; then ever less often.
const FIRST_MS: u64 = 1_000;
const LONGEST_MS: u64 = 15_000;

/// Asks how the order stands, and goes to its page once that has changed from `seen`.
#[island]
pub fn Follow(order_id: OrderId, seen: Status) -> impl IntoView {
    Effect::new({
        let order_id = order_id.clone();
        move || ask_later(order_id.clone(), seen, FIRST_MS)
    });
    let address = format!("/orders/{order_id}");
    view! {
        <p class="ways">
            <a class="button secondary" href=address>"지금 다시 확인하기"</a>
        </p>
    }
}

fn ask_later(order_id: OrderId, seen: Status, wait_ms: u64) {
    set_timeout(
        move || {
            leptos::task::spawn_local(async move {
                match api::follow(order_id.clone()).await {
                    Ok(status) if status != seen => {
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
