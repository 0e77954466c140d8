//! The spans of one payment's story, for an OpenTelemetry collector. Unless one is set, none is
//! made.
//!
//! Why a target of their own: the log has its filter, which must neither show nor hide them.
//! Invariant: no personal data and no keys, only what the log may hold too.

use tracing::field::Empty;
use tracing::{Span, info_span};

use crate::server::toss_api::answer::Heard;

/// What the collector's filter lets through besides the shop's own events.
pub const SPANS: &str = "otel";

/// Settling one order: asking, deciding, writing down.
pub fn settling(order_id: &str) -> Span {
    info_span!(target: SPANS, "settle", order.id = order_id)
}

/// One call to Toss.
pub fn calling(call: &'static str, order_id: &str) -> Span {
    info_span!(
        target: SPANS,
        "toss",
        otel.name = format!("toss {call}"),
        otel.kind = "client",
        otel.status_code = Empty,
        toss.call = call,
        order.id = order_id,
        http.response.status_code = Empty,
        toss.code = Empty,
        toss.trace_id = Empty,
    )
}

/// What came of it.
pub fn heard(span: &Span, heard: &Heard) {
    if let Some(status) = heard.http_status {
        // Signed, because OpenTelemetry knows no other whole numbers.
        span.record("http.response.status_code", i64::from(status));
    }
    if heard.http_status.is_none_or(|status| status >= 400) {
        span.record("otel.status_code", "ERROR");
    }
    span.record("toss.code", heard.answer.as_str());
    span.record("toss.trace_id", heard.trace_id.as_str());
}
