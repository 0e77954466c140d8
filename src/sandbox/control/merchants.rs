//! `/__sandbox/merchants`: whose the API is, and the keys that sign what it tells them.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State as Shared};
use serde_json::{Value, json};

use crate::sandbox::fields::FieldFault;
use crate::sandbox::json_body::Refused;
use crate::sandbox::merchants::KeyKind;
use crate::sandbox::state::State;

/// Merchants and what of their keys a browser may know; and the key that signs their webhooks.
pub(crate) async fn list(Shared(state): Shared<Arc<State>>) -> Json<Value> {
    let rows: Vec<Value> =
        state.processor.accounts.m_ids().iter().map(|m_id| row(&state, m_id)).collect();
    Json(json!({ "merchants": rows }))
}

/// Issues a new security key; the old one signs beside it for seven days (Toss: api.md §1.2).
pub(crate) async fn reissue(
    Shared(state): Shared<Arc<State>>,
    Path(m_id): Path<String>,
) -> Result<Json<Value>, Refused> {
    if !state.processor.accounts.m_ids().contains(&m_id) {
        return Err(Refused::not_found("mId"));
    }
    let twice = || FieldFault::new("mId", "has two security keys until seven days are over");
    state.webhooks.keys.reissue(&m_id, state.processor.clock.now()).ok_or_else(twice)?;
    Ok(Json(row(&state, &m_id)))
}

fn row(state: &State, m_id: &str) -> Value {
    let accounts = &state.processor.accounts;
    let clients: Vec<Value> = accounts
        .client_keys()
        .into_iter()
        .filter_map(|key| accounts.by_client(key))
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
        "securityKeys": state.webhooks.keys.in_force(m_id, state.processor.clock.now()),
    })
}
