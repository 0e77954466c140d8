//! `/__sandbox/assumptions` and `/__sandbox/codes`: what the sandbox takes Toss to be.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State as Shared};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use crate::sandbox::codes::rows_of_table;
use crate::sandbox::state::State;

pub(crate) async fn assumptions(Shared(state): Shared<Arc<State>>) -> Response {
    let rows: Vec<_> = state
        .processor
        .assumed
        .list()
        .into_iter()
        .map(|it| json!({ "about": it.about, "chosen": it.chosen, "source": it.source }))
        .collect();
    Json(json!({ "assumptions": rows })).into_response()
}

/// Which part of the table of codes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Endpoint {
    endpoint: Option<String>,
}

pub(crate) async fn codes(Query(Endpoint { endpoint }): Query<Endpoint>) -> Response {
    let rows: Vec<_> = rows_of_table()
        .filter(|row| endpoint.as_deref().is_none_or(|endpoint| row.endpoint == endpoint))
        .map(|row| {
            json!({
                "endpoint": row.endpoint,
                "code": row.code,
                "status": row.status.as_u16(),
                "message": row.message,
            })
        })
        .collect();
    Json(json!({ "codes": rows })).into_response()
}
