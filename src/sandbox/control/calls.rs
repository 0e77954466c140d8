//! `/__sandbox/calls`: the calls received.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State as Shared};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::sandbox::control::rows::{Filter, ROWS_MAX};
use crate::sandbox::state::State;

pub(crate) async fn list(
    Shared(state): Shared<Arc<State>>,
    Query(filter): Query<Filter>,
) -> Response {
    let calls = state.calls.log.latest(ROWS_MAX, |call| {
        filter.names(call.order_id.as_deref(), call.payment_key.as_deref())
    });
    Json(json!({ "calls": calls })).into_response()
}
