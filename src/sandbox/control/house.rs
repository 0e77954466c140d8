//! `/__sandbox/latency` and `/__sandbox/merchants`: how slow the API is, and whose it is.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Json;
use axum::extract::{Path, State as Shared};
use serde_json::{Value, json};

use crate::sandbox::control::{JsonFields, Refused};
use crate::sandbox::door::LATENCY_MS_MAX;
use crate::sandbox::fields::FieldFault;
use crate::sandbox::merchants::KeyKind;
use crate::sandbox::state::State;

pub(crate) async fn latency(Shared(state): Shared<Arc<State>>) -> Json<Value> {
    Json(json!({ "latencyMs": state.latency_ms.load(Ordering::Relaxed) }))
}

pub(crate) async fn set_latency(
    state: Shared<Arc<State>>,
    JsonFields(mut fields): JsonFields,
) -> Result<Json<Value>, Refused> {
    let most = i64::try_from(LATENCY_MS_MAX).unwrap_or(i64::MAX);
    let latency_ms = fields.whole("latencyMs", 0..=most)?;
    fields.finish()?;
    state.latency_ms.store(latency_ms.unsigned_abs(), Ordering::Relaxed);
    Ok(latency(state).await)
}

/// Merchants and what of their keys a browser may know; and the key that signs their webhooks.
pub(crate) async fn merchants(Shared(state): Shared<Arc<State>>) -> Json<Value> {
    let rows: Vec<Value> = super::m_ids(&state).iter().map(|m_id| row(&state, m_id)).collect();
    Json(json!({ "merchants": rows }))
}

/// Issues a new security key; the old one signs beside it for seven days (Toss: api.md §1.2).
pub(crate) async fn reissue(
    Shared(state): Shared<Arc<State>>,
    Path(m_id): Path<String>,
) -> Result<Json<Value>, Refused> {
    if !super::m_ids(&state).contains(&m_id) {
        return Err(Refused::not_found("mId"));
    }
    let twice = || FieldFault::new("mId", "has two security keys until seven days are over");
    state.webhooks.keys.reissue(&m_id, state.clock.now()).ok_or_else(twice)?;
    Ok(Json(row(&state, &m_id)))
}

fn row(state: &State, m_id: &str) -> Value {
    let clients: Vec<Value> = state
        .accounts
        .client_keys()
        .into_iter()
        .filter_map(|key| state.accounts.by_client(key))
        .filter(|account| account.m_id == m_id)
        .map(|account| {
            let kind = match account.kind {
                KeyKind::Widget => "widget",
                KeyKind::Individual => "individual",
            };
            json!({ "clientKey": account.client_key, "kind": kind, "version": account.version })
        })
        .collect();
    json!({
        "mId": m_id,
        "clients": clients,
        "securityKeys": state.webhooks.keys.in_force(m_id, state.clock.now()),
    })
}
