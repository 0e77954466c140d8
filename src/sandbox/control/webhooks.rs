//! `/__sandbox/webhooks`: who is told what. With Toss, a page of the developer centre.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::sandbox::fields::{FieldFault, Fields};
use crate::sandbox::json_body::{JsonFields, Refused};
use crate::sandbox::state::State;
use crate::sandbox::webhooks::{REGISTRATIONS_MAX, Registration};

pub(crate) async fn list(Shared(state): Shared<Arc<State>>) -> Json<Value> {
    let rows: Vec<Value> = state.webhooks.registrations().iter().map(Registration::row).collect();
    Json(json!({ "webhooks": rows }))
}

pub(crate) async fn register(
    Shared(state): Shared<Arc<State>>,
    JsonFields(fields): JsonFields,
) -> Result<(StatusCode, Json<Value>), Refused> {
    let registration = read(&state, fields)?;
    let full = || {
        let problem = format!("is one registration too many: {REGISTRATIONS_MAX} are made");
        FieldFault::new("body", problem)
    };
    let id = state.webhooks.register(registration.clone()).ok_or_else(full)?;
    state.listen();
    Ok((StatusCode::CREATED, Json(Registration { id, ..registration }.row())))
}

pub(crate) async fn read_one(
    Shared(state): Shared<Arc<State>>,
    Path(id): Path<u64>,
) -> Result<Json<Value>, Refused> {
    let found = state.webhooks.registrations().into_iter().find(|it| it.id == id);
    found.map(|it| Json(it.row())).ok_or_else(|| Refused::not_found("id"))
}

pub(crate) async fn replace(
    Shared(state): Shared<Arc<State>>,
    Path(id): Path<u64>,
    JsonFields(fields): JsonFields,
) -> Result<Json<Value>, Refused> {
    let registration = Registration { id, ..read(&state, fields)? };
    if state.webhooks.replace(id, registration.clone()) {
        Ok(Json(registration.row()))
    } else {
        Err(Refused::not_found("id"))
    }
}

pub(crate) async fn remove(Shared(state): Shared<Arc<State>>) -> Json<Value> {
    removed(&state, |_| true)
}

pub(crate) async fn remove_one(
    Shared(state): Shared<Arc<State>>,
    Path(id): Path<u64>,
) -> Json<Value> {
    removed(&state, |it| it.id == id)
}

fn removed(state: &State, chosen: impl Fn(&Registration) -> bool) -> Json<Value> {
    let removed = state.webhooks.unregister(chosen);
    state.listen();
    Json(json!({ "removed": removed }))
}

fn read(state: &State, mut fields: Fields) -> Result<Registration, FieldFault> {
    let registration = Registration::read(&mut fields)?;
    fields.finish()?;
    match &registration.m_id {
        Some(m_id) if !state.processor.accounts.m_ids().contains(m_id) => {
            Err(FieldFault::new("mId", "is not a merchant of this sandbox"))
        }
        Some(_) | None => Ok(registration),
    }
}
