//! What every request passes on its way in and out: limits, statuses of errors, headers.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;

use crate::contract::{ApiError, Code, Reason};
use crate::domain::language::Language;
use crate::server::web::language;
use crate::words;

/// A full cart with long names is under 8 KiB.
pub const BODY_BYTES_MAX: usize = 64 * 1024;

/// Beyond this a sender is no longer mistaken but hostile, and is cut off.
const DISCARDED_BYTES_MAX: usize = 8 * 1024 * 1024;

/// For what is no page and is opened as one: a picture may hold scripts, and what an answer quotes is
/// no markup.
const NO_PAGE: &str =
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox";

/// How server-sent events are announced.
const EVENT_STREAM: &str = "text/event-stream";

/// server_fn marks errors with this header, and gives them all the status 500.
const ERROR_MARK: &str = "serverfnerror";

/// For server functions (`/api` for programs, `/form` for plain forms): bounds and checks the
/// body, and gives each error the status of its code.
///
/// Why here: server_fn decodes arguments before any of our code runs, so that what is wrong
/// with them can only be given its status on the way out.
pub async fn functions(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_api = path.starts_with("/api/");
    if !is_api && !path.starts_with("/form/") {
        return next.run(request).await;
    }
    let language = language::of(request.uri(), request.headers());
    let (mut parts, body) = request.into_parts();
    if is_api {
        // A browser led here by hand should see JSON, not a redirect to where it came from.
        parts.headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    }
    if parts.method == Method::POST {
        let content_type = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let kind = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
        let expected = if is_api { JSON } else { FORM };
        // Also keeps other sites' pages from posting here: they cannot send JSON unasked.
        if !kind.eq_ignore_ascii_case(expected) {
            let reason = Reason::ContentType { expected: expected.to_owned() };
            return refusal(Code::UnsupportedMediaType, reason, language);
        }
    }
    let Some(bytes) = read_bounded(body).await else {
        let reason = Reason::BodyTooLarge { most: BODY_BYTES_MAX };
        return refusal(Code::TooLarge, reason, language);
    };
    let response = next.run(Request::from_parts(parts, Body::from(bytes))).await;
    let mut response = with_status(response, language).await;
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The body, unless it is too large. What is too large is read on for a while and thrown away:
/// a client that is still sending would see a broken connection instead of the answer.
async fn read_bounded(mut body: Body) -> Option<Vec<u8>> {
    let (mut kept, mut seen) = (Vec::new(), 0_usize);
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.ok()?.into_data() else { continue };
        seen = seen.saturating_add(data.len());
        if seen > DISCARDED_BYTES_MAX {
            return None;
        }
        if seen <= BODY_BYTES_MAX {
            kept.extend_from_slice(&data);
        }
    }
    (seen <= BODY_BYTES_MAX).then_some(kept)
}

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

async fn with_status(response: Response, language: Language) -> Response {
    let is_redirect = response.status().is_redirection();
    if is_redirect || !response.headers().contains_key(ERROR_MARK) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let bytes = to_bytes(body, BODY_BYTES_MAX * 2).await.unwrap_or_default();
    let Ok(error) = serde_json::from_slice::<ApiError>(&bytes) else {
        parts.status = StatusCode::INTERNAL_SERVER_ERROR;
        return Response::from_parts(parts, Body::from(bytes));
    };
    let error = read_refusal(error.in_words(language), language);
    parts.status = status(error.code);
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(serde_json::to_vec(&error).unwrap_or_default()))
}

/// Names the field of what server_fn could not decode. Its text is `field\u{1f}reason` where the
/// decoder knew the field (see [`crate::contract::StrictJson`]), and otherwise serde's sentence,
/// which quotes a missing field in backticks.
fn read_refusal(error: ApiError, language: Language) -> ApiError {
    if error.code != Code::InvalidRequest || error.field.is_some() {
        return error;
    }
    let text = words::explained(&error.message, language);
    if let Some((field, reason)) = text.split_once('\u{1f}') {
        let reason = reason.split(" at line ").next().unwrap_or(reason);
        return ApiError::in_field(Code::InvalidRequest, field, reason);
    }
    let field = text.split_once("missing field `").and_then(|(_, rest)| rest.split('`').next());
    let reason = match field {
        Some(_) => Reason::Missing,
        None => Reason::Unreadable { text: text.to_string() },
    };
    ApiError::said(Code::InvalidRequest, field, reason, language)
}

/// An error as JSON with its status.
pub fn error_response(error: &ApiError) -> Response {
    (status(error.code), axum::Json(error)).into_response()
}

fn status(code: Code) -> StatusCode {
    StatusCode::from_u16(code.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// Nothing under `/api` but what docs/API.md names.
pub fn unknown_api(uri: &Uri, headers: &HeaderMap) -> Response {
    refusal(Code::NotFound, Reason::NoSuchApi, language::of(uri, headers))
}

fn refusal(code: Code, reason: Reason, language: Language) -> Response {
    error_response(&ApiError::said(code, None, reason, language))
}

/// For every answer: headers that keep a page from being framed, guessed at or leaked.
pub async fn harden(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.entry(X_CONTENT_TYPE_OPTIONS).or_insert(HeaderValue::from_static("nosniff"));
    // Never a page, and thousands are open at once: room for its headers is kept with each, which
    // doubles with the seventh.
    if headers.get(CONTENT_TYPE).is_some_and(|kind| kind == EVENT_STREAM) {
        return response;
    }
    // A page has its own, by the setting.
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if !kind.is_some_and(|kind| kind.starts_with("text/html")) {
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(NO_PAGE));
    }
    for (name, value) in [
        ("x-frame-options", "DENY"),
        // The return address holds the payment key.
        ("referrer-policy", "strict-origin-when-cross-origin"),
        // The payment window must be able to talk back (Toss: api.md §10 rule 13).
        ("cross-origin-opener-policy", "same-origin-allow-popups"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}
