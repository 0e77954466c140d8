//! Basic authentication as Toss does it (Toss: api.md §1.3).

use std::sync::Arc;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::sandbox::assumptions::Assumptions;
use crate::sandbox::codes::Refusal;
use crate::sandbox::merchants::{Account, Accounts, KEY_LENGTH_MAX};

/// Published clients send base64 with and without padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Whose call this is.
pub(crate) fn authorize(
    headers: &HeaderMap,
    accounts: &Accounts,
    assumed: &Assumptions,
) -> Result<Arc<Account>, Refusal> {
    let Some(token) = token(headers) else {
        return Err(Refusal::new(assumed.no_authorization));
    };
    let Some(credentials) = BASE64.decode(token).ok().and_then(|it| String::from_utf8(it).ok())
    else {
        return Err(Refusal::new("UNAUTHORIZED_KEY"));
    };
    // The key is the user name; the password is empty, and the colon is all that's asked of it.
    let Some((secret_key, _)) = credentials.split_once(':') else {
        return Err(Refusal::new("INCORRECT_BASIC_AUTH_FORMAT"));
    };
    accounts.by_secret(secret_key).cloned().ok_or_else(|| Refusal::new("UNAUTHORIZED_KEY"))
}

/// What follows the word `Basic`, in whatever case it is written.
fn token(headers: &HeaderMap) -> Option<&str> {
    let header = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = header.trim().split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("basic") && token.len() <= KEY_LENGTH_MAX * 2).then_some(token)
}
