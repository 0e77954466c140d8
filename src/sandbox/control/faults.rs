//! `/__sandbox/faults`: sets, lists and removes faults.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State as Shared};
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::sandbox::control::rows::Filter;
use crate::sandbox::faults::{FAULTS_MAX, read, shown};
use crate::sandbox::fields::FieldFault;
use crate::sandbox::json_body::{JsonFields, Refused};
use crate::sandbox::state::State;

pub(crate) async fn list(Shared(state): Shared<Arc<State>>) -> Json<Value> {
    let rows: Vec<Value> = state.faults.in_force().iter().map(shown).collect();
    Json(json!({ "faults": rows }))
}

pub(crate) async fn set(
    Shared(state): Shared<Arc<State>>,
    JsonFields(mut fields): JsonFields,
) -> Result<(StatusCode, Json<Value>), Refused> {
    let mut fault = read(&mut fields)?;
    fields.finish()?;
    let full = || FieldFault::new("body", format!("is one fault too many: {FAULTS_MAX} are set"));
    fault.id = state.faults.set(fault.clone()).ok_or_else(full)?;
    Ok((StatusCode::CREATED, Json(shown(&fault))))
}

/// All of them, or those that the query names by what they wait for.
pub(crate) async fn remove(
    Shared(state): Shared<Arc<State>>,
    Query(filter): Query<Filter>,
) -> Json<Value> {
    let removed = state
        .faults
        .remove(|fault| filter.names(fault.order_id.as_deref(), fault.payment_key.as_deref()));
    Json(json!({ "removed": removed }))
}

pub(crate) async fn remove_one(
    Shared(state): Shared<Arc<State>>,
    Path(id): Path<u64>,
) -> Json<Value> {
    let removed = state.faults.remove(|fault| fault.id == id);
    Json(json!({ "removed": removed }))
}
