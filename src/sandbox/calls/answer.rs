//! What the API answers: a status and a body, and the headers around them (Toss: api.md §1.5).

use axum::body::{Body, Bytes};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    CACHE_CONTROL, CONTENT_TYPE, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use http_body_util::{BodyExt, Full};
use serde::Serialize;

use crate::sandbox::codes::Refusal;
use crate::sandbox::language::Language;
use crate::toss;

pub(crate) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Microseconds from the last byte of the call to its answer, waits of faults and latency included.
pub(crate) const SERVICE_TIME: HeaderName = HeaderName::from_static("x-sandbox-service-time-us");
const TRACE_ID: HeaderName = HeaderName::from_static("x-tosspayments-trace-id");

/// A status and a body. Cheap to clone: the bytes are shared.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Bytes,
    content_type: &'static str,
}

impl Answer {
    pub(crate) fn ok(body: &impl Serialize) -> Answer {
        Answer::json(StatusCode::OK, body)
    }

    /// 200 with nothing in it, as for a deleted billing key.
    pub(crate) fn empty() -> Answer {
        Answer { status: StatusCode::OK, body: Bytes::new(), content_type: "application/json" }
    }

    pub(crate) fn refusal(refusal: &Refusal) -> Answer {
        Answer::refusal_in(refusal, Language::Korean)
    }

    pub(crate) fn refusal_in(refusal: &Refusal, language: Language) -> Answer {
        let body = toss::ErrorBody {
            code: refusal.code.clone(),
            message: refusal.message_in(language).to_owned(),
        };
        Answer::json(refusal.status, &body)
    }

    /// What a gateway says when the service behind it does not answer.
    pub(crate) fn gateway(status: StatusCode) -> Answer {
        let reason = status.canonical_reason().unwrap_or("Error");
        Answer {
            status,
            body: format!("<html><body><h1>{} {reason}</h1></body></html>", status.as_u16()).into(),
            content_type: "text/html",
        }
    }

    fn json(status: StatusCode, body: &impl Serialize) -> Answer {
        Answer {
            status,
            // Our own structs, which always serialise.
            body: serde_json::to_vec(body).unwrap_or_default().into(),
            content_type: "application/json",
        }
    }

    /// An answer out of a state file.
    pub(crate) fn restored(status: StatusCode, body: String, json: bool) -> Answer {
        let content_type = if json { "application/json" } else { "text/html" };
        Answer { status, body: body.into(), content_type }
    }

    pub(crate) fn is_json(&self) -> bool {
        self.content_type == "application/json"
    }

    /// The same answer with another body.
    pub(crate) fn with_body(self, body: Bytes) -> Answer {
        Answer { body, ..self }
    }

    /// The error code in the body, if there is one.
    pub(crate) fn code(&self) -> Option<String> {
        if self.status.is_success() {
            return None;
        }
        serde_json::from_slice::<toss::ErrorBody>(&self.body).ok().map(|body| body.code)
    }

    /// As it goes out. `trace` is one trace id, or two for a replay.
    pub(crate) fn into_response(self, trace: &str, echo: Option<&HeaderValue>) -> Response {
        // Without a length, so that it is sent in chunks as Toss does.
        let body = Body::new(Full::new(self.body).map_frame(|frame| frame));
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        if let Ok(trace) = HeaderValue::from_str(trace) {
            headers.insert(TRACE_ID, trace);
        }
        if let Some(echo) = echo {
            headers.insert(IDEMPOTENCY_KEY, echo.clone());
        }
        constant_headers(headers);
        response
    }
}

fn constant_headers(headers: &mut HeaderMap) {
    const CONSTANT: [(HeaderName, &str); 6] = [
        (CACHE_CONTROL, "no-cache, no-store, max-age=0, must-revalidate"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (STRICT_TRANSPORT_SECURITY, "max-age=31536000 ; includeSubDomains"),
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (ACCESS_CONTROL_ALLOW_METHODS, "GET,POST,PUT,PATCH,DELETE,OPTIONS"),
        (
            ACCESS_CONTROL_ALLOW_HEADERS,
            "authorization,content-type,idempotency-key,tosspayments-mid,tosspayments-test-code",
        ),
    ];
    for (name, value) in CONSTANT {
        headers.insert(name, HeaderValue::from_static(value));
    }
}
