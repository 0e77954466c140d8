//! `/__sandbox/webhook-faults`: what is to go wrong with the next events.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State as Shared};
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::sandbox::control::rows::Filter;
use crate::sandbox::fields::FieldFault;
use crate::sandbox::json_body::{JsonFields, Refused};
use crate::sandbox::state::State;
use crate::sandbox::webhooks::{FAULTS_MAX, WebhookFault};

pub(crate) async fn list(Shared(state): Shared<Arc<State>>) -> Json<Value> {
    let rows: Vec<Value> = state.webhooks.faults().iter().map(WebhookFault::row).collect();
    Json(json!({ "webhookFaults": rows }))
}

pub(crate) async fn set(
    Shared(state): Shared<Arc<State>>,
    JsonFields(mut fields): JsonFields,
) -> Result<(StatusCode, Json<Value>), Refused> {
    let fault = WebhookFault::read(&mut fields)?;
    fields.finish()?;
    let full = || FieldFault::new("body", format!("is one fault too many: {FAULTS_MAX} are set"));
    let id = state.webhooks.set_fault(fault.clone()).ok_or_else(full)?;
    Ok((StatusCode::CREATED, Json(WebhookFault { id, ..fault }.row())))
}

/// All of them, or those that the query names by what they wait for.
pub(crate) async fn remove(
    Shared(state): Shared<Arc<State>>,
    Query(filter): Query<Filter>,
) -> Json<Value> {
    removed(&state, |fault| filter.names(fault.order_id.as_deref(), fault.payment_key.as_deref()))
}

pub(crate) async fn remove_one(
    Shared(state): Shared<Arc<State>>,
    Path(id): Path<u64>,
) -> Json<Value> {
    removed(&state, |fault| fault.id == id)
}

fn removed(state: &State, chosen: impl Fn(&WebhookFault) -> bool) -> Json<Value> {
    let removed =
        state.webhooks.remove_faults(chosen, state.processor.clock.now(), &state.processor.dice);
    Json(json!({ "removed": removed }))
}
