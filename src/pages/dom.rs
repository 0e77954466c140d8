//! The page under an island's hands: what the server has put there, found, read, told and watched.
//!
//! Why: an island that draws its own part brings signals, effects and what hydrates them into the WASM.
//! These work on the page as it is. All of it is called in the browser alone; on the server it compiles
//! and is never reached.

use std::future::Future;

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, Event, EventTarget, HtmlElement, Window};

/// What an island does, where there is a page.
pub(super) fn in_browser(start: fn()) {
    if cfg!(target_arch = "wasm32") {
        start();
    }
}

pub(super) fn window() -> Option<Window> {
    web_sys::window()
}

pub(super) fn document() -> Option<Document> {
    window()?.document()
}

pub(super) fn find(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
}

pub(super) fn first(selector: &str) -> Option<Element> {
    document()?.query_selector(selector).ok().flatten()
}

/// What is there already stays, and is not read out again.
pub(super) fn tell(id: &str, text: &str) {
    let place = find(id).filter(|place| place.text_content().as_deref() != Some(text));
    if let Some(place) = place {
        place.set_text_content(Some(text));
    }
}

/// An attribute without a value.
pub(super) fn switch(id: &str, attribute: &str, is_on: bool) {
    if let Some(place) = find(id) {
        drop(place.toggle_attribute_with_force(attribute, is_on));
    }
}

pub(super) fn focus(selector: &str) {
    if let Some(element) = first(selector).and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
        drop(element.focus());
    }
}

/// Calls `act` whenever that happens there, as long as the page lives.
pub(super) fn on(
    place: Option<impl AsRef<EventTarget>>,
    happens: &str,
    act: impl FnMut(Event) + 'static,
) {
    let Some(place) = place else { return };
    let act = Closure::<dyn FnMut(Event)>::new(act);
    let target: &EventTarget = place.as_ref();
    drop(target.add_event_listener_with_callback(happens, act.as_ref().unchecked_ref()));
    act.forget();
}

/// Once, after so many milliseconds.
pub(super) fn later(wait_ms: i32, act: impl FnOnce() + 'static) {
    let act = Closure::once_into_js(act);
    if let Some(window) = window() {
        let act = act.unchecked_ref();
        drop(window.set_timeout_with_callback_and_timeout_and_arguments_0(act, wait_ms));
    }
}

/// Once, when the page is drawn the next time.
pub(super) fn when_drawn(act: impl FnOnce() + 'static) {
    let act = Closure::once_into_js(act);
    if let Some(window) = window() {
        drop(window.request_animation_frame(act.unchecked_ref()));
    }
}

/// Goes on beside what is done here. One kind of future for all: each further kind would bring its own
/// copy of what drives it.
pub(super) fn spawn(work: impl Future<Output = ()> + 'static) {
    let work: std::pin::Pin<Box<dyn Future<Output = ()>>> = Box::pin(work);
    wasm_bindgen_futures::spawn_local(work);
}

/// For whoever looks for the cause.
pub(super) fn log(text: &str) {
    web_sys::console::error_1(&JsValue::from_str(text));
}
