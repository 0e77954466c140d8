//! Where and until when to deposit: the account, a count-down, and a button that copies the number.
//! All of it is text without JavaScript.

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::contract::AccountView;
use crate::domain::deposit::time_left;
use crate::domain::id::OrderId;
use crate::domain::won::Won;
use crate::pages::dom::{document, find, in_browser, later, on, spawn, switch, window};
use crate::words::{self, spoken};

/// The element that holds the account number.
const NUMBER: &str = "account-number";
/// The element that counts down, to the time in its `data-due`.
const LEFT: &str = "time-left";
/// Where it is told what became of copying.
const COPIED: &str = "copied";
const COPY: &str = "copy";

/// The account of an order that waits for its deposit.
#[component]
pub fn Deposit(order_id: OrderId, account: AccountView, amount: Won) -> impl IntoView {
    let say = |it: words::Deposit| it.say(spoken());
    let left = account.due_at.map(|due_at| {
        view! {
            <p class="time-left" id=LEFT role="timer" data-due=due_at.to_string()
                data-over=say(words::Deposit::Over)
                data-units=say(words::Deposit::Units)></p>
        }
    });
    let copy = view! {
        <button type="button" id=COPY class="secondary small" hidden
            data-done=say(words::Deposit::Copied)
            data-undone=say(words::Deposit::NotCopied)
        >
            {say(words::Deposit::Copy)}
        </button>
    };
    let end = view! {
        <details>
            <summary>{say(words::Deposit::EndTitle)}</summary>
            <form method="post" action="/form/end-deposit">
                <input type="hidden" name="orderId" value=order_id.to_string() />
                <button type="submit" class="secondary small">{say(words::Deposit::End)}</button>
            </form>
        </details>
    };
    view! {
        <section class="card" aria-labelledby="deposit-title">
            <h2 id="deposit-title">{say(words::Deposit::Title)}</h2>
            <dl class="facts">
                <div><dt>{say(words::Deposit::Bank)}</dt><dd>{words::name(&account.bank, spoken()).into_owned()}</dd></div>
                <div>
                    <dt>{say(words::Deposit::Number)}</dt>
                    <dd class="with-button">
                        <span class="code" id=NUMBER>{account.account_number}</span>
                        {copy}
                    </dd>
                </div>
                <div><dt>{say(words::Deposit::Amount)}</dt><dd><strong>{words::money(amount, spoken())}</strong></dd></div>
                <div><dt>{say(words::Deposit::Due)}</dt><dd>{say(words::Deposit::Until { time: &account.due_date })}</dd></div>
            </dl>
            <p class="hint" id=COPIED role="status"></p>
            {left}
            {end}
            <Live />
        </section>
    }
}

/// Counts down once a second, and shows a button that only works with JavaScript. It works on what
/// the server has put there, sentences too: each costs the WASM less than a view of its own.
#[island]
fn Live() -> impl IntoView {
    in_browser(start);
}

fn start() {
    count_down();
    switch(COPY, "hidden", false);
    on(find(COPY), "click", |_| {
        spawn(async {
            say(if copy().await { "data-done" } else { "data-undone" });
        });
    });
}

/// A timer is not read out as it changes.
fn count_down() {
    let Some(place) = find(LEFT) else { return };
    let due_at = place.get_attribute("data-due").and_then(|due| due.parse::<i64>().ok());
    let units = place.get_attribute("data-units").unwrap_or_default();
    let left = due_at.and_then(|due_at| time_left(due_at - now(), &units));
    if left.is_some() {
        later(1_000, count_down);
    }
    let text = left.or_else(|| place.get_attribute("data-over"));
    place.set_text_content(text.as_deref());
}

/// Shows one of the button's sentences where it is read out.
fn say(sentence: &str) {
    let text = find(COPY).and_then(|it| it.get_attribute(sentence));
    if let Some(place) = find(COPIED) {
        place.set_text_content(text.as_deref());
    }
}

/// Milliseconds since 1970, by the browser.
#[expect(clippy::cast_possible_truncation, reason = "far below 2^53, and without a fraction")]
fn now() -> i64 {
    js_sys::Date::now() as i64
}

/// By the clipboard where there is one, which is not everywhere: only on pages that are safe on
/// their way, and where the buyer allows it. Otherwise as if the number were marked by hand.
async fn copy() -> bool {
    let Some(place) = find(NUMBER) else { return false };
    let text = place.text_content().unwrap_or_default();
    let Some(window) = window() else { return false };
    let clipboard = get(&window, "navigator").and_then(|it| get(&it, "clipboard"));
    let written = clipboard.and_then(|it| call(&it, "writeText", &text.into()));
    if let Some(promise) = written.and_then(|it| it.dyn_into::<Promise>().ok())
        && JsFuture::from(promise).await.is_ok()
    {
        return true;
    }
    if let Some(marked) = call(&window, "getSelection", &JsValue::UNDEFINED) {
        call(&marked, "selectAllChildren", &place);
    }
    document()
        .and_then(|page| call(&page, "execCommand", &"copy".into()))
        .is_some_and(|done| done.is_truthy())
}

fn get(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &name.into()).ok().filter(|it| !it.is_undefined() && !it.is_null())
}

fn call(object: &JsValue, name: &str, argument: &JsValue) -> Option<JsValue> {
    let function: Function = get(object, name)?.dyn_into().ok()?;
    function.call1(object, argument).ok()
}
