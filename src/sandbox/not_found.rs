//! What is not there at all: a 404 as the server beneath Toss would say it (Toss: api.md §1.7).

use std::sync::Arc;

use axum::Json;
use axum::extract::State as Shared;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::sandbox::clock::Moment;
use crate::sandbox::state::State;

/// JSON, as clients read it, but without Toss's `code` and `message`: that a path is unknown
/// says nothing about a payment.
pub(crate) async fn no_such_path(Shared(state): Shared<Arc<State>>, uri: Uri) -> Response {
    not_found(state.processor.clock.now(), uri.path())
}

/// The same for what `path` should have shown.
pub(crate) fn not_found(now: Moment, path: &str) -> Response {
    let body = json!({
        "timestamp": now.iso(),
        "status": StatusCode::NOT_FOUND.as_u16(),
        "error": "Not Found",
        "path": path,
    });
    (StatusCode::NOT_FOUND, Json(body)).into_response()
}
