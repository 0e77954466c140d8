//! The check value of a deposit callback: the secret of the payment it is about (Toss: webhooks.md §3.2).

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use subtle::ConstantTimeEq;

/// Whether the body of a callback has this secret. In constant time.
pub(super) fn is_in(stored: &SecretString, body: &str) -> bool {
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    let told = body.get("secret").and_then(Value::as_str).unwrap_or_default();
    stored.expose_secret().as_bytes().ct_eq(told.as_bytes()).into()
}
