//! The encoding of answers: JSON, which the server writes and the browser's own parser reads.
//!
//! Why: a parser in the WASM is 12 KB of the checkout page (measured, brotli), and the browser
//! has one. What islands read is small enough to be picked out field by field.

use js_sys::{JSON, Reflect};
use leptos::server_fn::{Bytes, ContentType, Decodes, Encodes, Format, FormatType};
use serde::Serialize;
use wasm_bindgen::JsValue;

/// `#[server(output = Post<Answer>)]`
#[derive(Debug)]
pub struct Answer;

impl ContentType for Answer {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl FormatType for Answer {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: Serialize> Encodes<T> for Answer {
    type Error = serde_json::Error;

    fn encode(value: &T) -> Result<Bytes, Self::Error> {
        serde_json::to_vec(value).map(Bytes::from)
    }
}

impl<T: Readable> Decodes<T> for Answer {
    type Error = &'static str;

    fn decode(bytes: Bytes) -> Result<T, Self::Error> {
        let text = std::str::from_utf8(&bytes).map_err(|_| "not text")?;
        let json = JSON::parse(text).map_err(|_| "not JSON")?;
        T::read(&Json(json)).ok_or("not what was expected")
    }
}

/// What can be read from JSON in the browser.
pub trait Readable: Sized {
    /// `None` when it is not there; views that no island asks for are never there.
    fn read(_json: &Json) -> Option<Self> {
        None
    }
}

/// A parsed value.
#[derive(Debug)]
pub struct Json(JsValue);

impl Json {
    pub fn of(parsed: JsValue) -> Json {
        Json(parsed)
    }

    /// A field's text; `None` when it is absent or something else.
    pub fn text(&self, key: &str) -> Option<String> {
        self.field(key)?.as_string()
    }

    /// A field's whole number.
    #[expect(clippy::cast_possible_truncation, reason = "Won::new refuses what does not fit")]
    pub fn whole(&self, key: &str) -> Option<i64> {
        self.field(key)?.as_f64().map(|number| number as i64)
    }

    fn field(&self, key: &str) -> Option<JsValue> {
        Reflect::get(&self.0, &JsValue::from_str(key)).ok()
    }
}

impl Readable for () {
    fn read(_json: &Json) -> Option<()> {
        Some(())
    }
}

impl<T: Readable> Readable for Vec<T> {}
