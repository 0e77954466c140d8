//! Follows an order while its page is open, and shows the page anew when it has changed: by a
//! stream of the server's, and by asking where that fails.

use std::cell::Cell;
use std::rc::Rc;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{EventSource, MessageEvent};

use crate::api::call;
use crate::domain::id::OrderId;
use crate::domain::order::Status;
use crate::pages::dom::{find, in_browser, later, spawn, window};
use crate::words::{OrderPage, spoken};

/// Without a stream: soon at first, because most answers come within seconds; then ever less often.
const FIRST_MS: i32 = 1_000;
const LONGEST_MS: i32 = 15_000;

/// With a stream all the same: a connection may die unheard, as when a telephone wakes up.
const BESIDE_STREAM_MS: i32 = 60_000;

/// What is asked of the address of a page that has just changed before its reader's eyes.
const CHANGED: &str = "changed";

/// A way to look again by hand.
#[component]
pub fn LookAgain(order_id: OrderId) -> impl IntoView {
    view! {
        <p class="ways">
            <a class="button secondary" href=format!("/orders/{order_id}")>
                {OrderPage::LookAgain.say(spoken())}
            </a>
        </p>
        <noscript>
            <ByHand />
        </noscript>
    }
}

/// For those without JavaScript. No value stands here.
#[component]
fn ByHand() -> impl IntoView {
    view! { <p class="hint">{OrderPage::LookByHand.say(spoken())}</p> }
}

/// Looks by itself, for those with JavaScript, if there is something to wait for; and says aloud
/// once what the page says since it has changed, because a page that comes anew is not read out.
#[component]
pub fn Following(order_id: OrderId, seen: Status, is_followed: bool) -> impl IntoView {
    let order = is_followed.then(|| order_id.to_string());
    let is_news = use_query_map().read_untracked().get(CHANGED).is_some();
    let address = is_news.then(|| format!("/orders/{order_id}"));
    view! {
        <p
            id="news"
            class="unseen"
            role="status"
            data-order=order
            data-seen=seen.as_str()
            data-news=address
        ></p>
        <Follow />
    }
}

/// It reads what it needs from the page: properties would bring a JSON parser into the WASM.
#[island]
fn Follow() -> impl IntoView {
    in_browser(start);
}

fn start() {
    let Some(place) = find("news") else { return };
    if let Some(address) = place.get_attribute("data-news") {
        let status = find("status").and_then(|status| status.text_content());
        place.set_text_content(status.as_deref());
        // Nothing has changed when the buyer loads the page once more.
        if let Some(history) = window().and_then(|window| window.history().ok()) {
            drop(history.replace_state_with_url(&JsValue::NULL, "", Some(&address)));
        }
    }
    let order_id = place.get_attribute("data-order").and_then(|id| OrderId::parse(&id).ok());
    if let Some((order_id, seen)) = order_id.zip(place.get_attribute("data-seen")) {
        let (hears, turn) = (Cell::new(false), Cell::new(0));
        let followed = Rc::new(Followed { order_id, seen, hears, turn });
        listen(followed.clone());
        ask_later(followed, FIRST_MS);
    }
}

/// An order, and how this page follows it.
struct Followed {
    order_id: OrderId,
    seen: String,
    /// Whether the stream speaks.
    hears: Cell<bool>,
    /// Which of the chains of questions is the one that goes on.
    turn: Cell<u32>,
}

impl Followed {
    /// Shows the page anew if the order stands elsewhere now; says whether it does.
    fn has_changed(&self, status: &str) -> bool {
        let has_changed = status != self.seen;
        if has_changed {
            // Replaced: going back must not lead into an old return address.
            let address = format!("/orders/{}?{CHANGED}", self.order_id);
            if let Some(window) = window() {
                drop(window.location().replace(&address));
            }
        }
        has_changed
    }
}

/// Where there is no such thing as an event stream, or no place for one more, asking is left.
fn listen(followed: Rc<Followed>) {
    let address = format!("/api/orders/{}/events", followed.order_id);
    let Ok(stream) = EventSource::new(&address) else { return };
    let heard = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
        // What a failure brings has no data. The browser begins another stream by itself, unless
        // the server has refused.
        let status = event.unchecked_into::<MessageEvent>().data().as_string();
        let heard_before = followed.hears.replace(status.is_some());
        match status {
            Some(status) => _ = followed.has_changed(&status),
            None if heard_before => ask_later(followed.clone(), FIRST_MS),
            None => {}
        }
    });
    stream.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    stream.set_onerror(Some(heard.as_ref().unchecked_ref()));
    // As long as the page.
    heard.forget();
}

/// Asks how the order stands, and again later; whoever asked before leaves it to this.
fn ask_later(followed: Rc<Followed>, wait_ms: i32) {
    let turn = followed.turn.get().wrapping_add(1);
    followed.turn.set(turn);
    let ask = move || {
        if followed.turn.get() != turn {
            return;
        }
        if followed.hears.get() && wait_ms < BESIDE_STREAM_MS {
            return ask_later(followed, BESIDE_STREAM_MS);
        }
        spawn(async move {
            let told = call::price(&followed.order_id).await;
            let is_over = told.is_ok_and(|price| followed.has_changed(price.status.as_str()));
            if !is_over && followed.turn.get() == turn {
                ask_later(followed, (wait_ms.saturating_mul(3) / 2).min(LONGEST_MS));
            }
        });
    };
    later(wait_ms, ask);
}
