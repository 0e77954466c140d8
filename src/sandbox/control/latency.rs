//! `/__sandbox/latency`: how slow the API is.

use std::sync::Arc;

use axum::Json;
use axum::extract::State as Shared;
use serde_json::{Value, json};

use crate::sandbox::calls::LATENCY_MS_MAX;
use crate::sandbox::json_body::{JsonFields, Refused};
use crate::sandbox::state::State;

pub(crate) async fn read(Shared(state): Shared<Arc<State>>) -> Json<Value> {
    Json(json!({ "latencyMs": state.calls.latency_ms() }))
}

pub(crate) async fn set(
    state: Shared<Arc<State>>,
    JsonFields(mut fields): JsonFields,
) -> Result<Json<Value>, Refused> {
    let most = i64::try_from(LATENCY_MS_MAX).unwrap_or(i64::MAX);
    let latency_ms = fields.whole("latencyMs", 0..=most)?;
    fields.finish()?;
    state.calls.set_latency_ms(latency_ms.unsigned_abs());
    Ok(read(state).await)
}
