//! JSON whose errors name the field.
//!
//! Why: server_fn's own JSON codec says what was wrong but not where, and a caller who sent
//! twenty lines needs `lines[7].quantity`.

use leptos::server_fn::Bytes;
use leptos::server_fn::{ContentType, Decodes, Encodes, FormatType};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The encoding of every JSON request: `#[server(input = Post<StrictJson>)]`.
#[derive(Debug)]
pub struct StrictJson;

impl ContentType for StrictJson {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl FormatType for StrictJson {
    const FORMAT_TYPE: leptos::server_fn::Format = leptos::server_fn::Format::Text;
}

impl<T: Serialize> Encodes<T> for StrictJson {
    type Error = serde_json::Error;

    fn encode(value: &T) -> Result<Bytes, Self::Error> {
        serde_json::to_vec(value).map(Bytes::from)
    }
}

impl<T: DeserializeOwned> Decodes<T> for StrictJson {
    type Error = String;

    fn decode(bytes: Bytes) -> Result<T, Self::Error> {
        let mut json = serde_json::Deserializer::from_slice(&bytes);
        let value: T = serde_path_to_error::deserialize(&mut json).map_err(|error| {
            let path = error.path().to_string();
            let reason = error.inner().to_string();
            match path.as_str() {
                "." | "" | "?" => reason,
                _ => format!("{path}\u{1f}{reason}"),
            }
        })?;
        json.end().map_err(|error| error.to_string())?;
        Ok(value)
    }
}
