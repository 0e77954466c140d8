//! Loading Toss's script, so that it can fail and be tried again.

use js_sys::{Function, Promise};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlScriptElement, window};

use crate::widget::SdkError;

/// A script that has not come by then will not; a mobile line needs a few seconds.
const WAIT_MS: i32 = 15_000;

/// Loads the script at `url`, unless `TossPayments` is there already. A failed try leaves
/// nothing behind.
pub async fn load(url: &str) -> Result<(), SdkError> {
    let missing = || SdkError::of(SdkError::SCRIPT);
    let window = window().ok_or_else(missing)?;
    let name = JsValue::from_str("TossPayments");
    if js_sys::Reflect::has(&window, &name).unwrap_or(false) {
        return Ok(());
    }
    let document = window.document().ok_or_else(missing)?;
    let head = document.head().ok_or_else(missing)?;
    let script: HtmlScriptElement = document
        .create_element("script")
        .ok()
        .and_then(|element| element.dyn_into().ok())
        .ok_or_else(missing)?;
    script.set_src(url);
    let loaded = Promise::new(&mut |resolve: Function, reject: Function| {
        let resolve = Closure::once_into_js(move || resolve.call0(&JsValue::NULL));
        let reject = Closure::once_into_js(move || reject.call0(&JsValue::NULL));
        script.set_onload(Some(resolve.unchecked_ref()));
        script.set_onerror(Some(reject.unchecked_ref()));
        // Loses the race against an answer, and wins against silence.
        let late = window
            .set_timeout_with_callback_and_timeout_and_arguments_0(reject.unchecked_ref(), WAIT_MS);
        debug_assert!(late.is_ok());
    });
    let appended = head.append_child(&script).is_ok();
    if appended && JsFuture::from(loaded).await.is_ok() {
        return Ok(());
    }
    script.remove();
    Err(missing())
}
