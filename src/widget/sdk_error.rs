//! What Toss's script throws: Error-like values with a code and a message (Toss: sdk.md §7).

use js_sys::Reflect;
use wasm_bindgen::JsValue;

/// A failure of Toss's script, or of loading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SdkError {
    /// Toss's code, or one of ours below.
    pub code: String,
    /// Toss's own message; may be empty.
    pub message: String,
}

impl SdkError {
    /// The script could not be loaded.
    pub const SCRIPT: &'static str = "SCRIPT_NOT_LOADED";
    /// The script was loaded, but defines no `TossPayments`.
    pub const NAMESPACE: &'static str = "NAMESPACE_NOT_AVAILABLE";

    pub fn of(code: &str) -> SdkError {
        SdkError { code: code.to_owned(), message: String::new() }
    }
}

impl From<JsValue> for SdkError {
    /// Codes are read by name, never by class: the classes are not exported (Toss: sdk.md §7).
    fn from(thrown: JsValue) -> SdkError {
        let text = |key: &str| {
            let value = Reflect::get(&thrown, &JsValue::from_str(key)).ok();
            value.and_then(|value| value.as_string())
        };
        let is_missing = text("name").is_some_and(|name| name == "ReferenceError");
        let code = text("code").filter(|code| !code.is_empty());
        SdkError {
            code: code.unwrap_or_else(|| {
                if is_missing { SdkError::NAMESPACE.to_owned() } else { "UNKNOWN".to_owned() }
            }),
            message: text("message").unwrap_or_default(),
        }
    }
}
