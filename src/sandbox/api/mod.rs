//! Toss's HTTP API under `/v1` (Toss: api.md §4, §5): which path is which call.

mod answer;
mod authorization;
mod cancel;
mod confirm;
mod idempotency;
mod read;
mod reception;
mod trouble;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::connect_info::ConnectInfo;
use axum::extract::{Path, Request, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

pub(crate) use idempotency::Answers;

use crate::sandbox::api::reception::{Errand, Incoming, receive, wrong_method};
use crate::sandbox::fields::Fields;
use crate::sandbox::line::Line;
use crate::sandbox::state::State;

/// No documented body comes near it.
const BODY_BYTES_MAX: usize = 64 * 1024;

/// The routes of the API.
pub(crate) fn routes() -> Router<Arc<State>> {
    Router::new()
        .route("/v1/payments/confirm", post(confirm))
        .route("/v1/payments/{payment_key}", get(read_by_key))
        .route("/v1/payments/orders/{order_id}", get(read_by_order))
        .route("/v1/payments/{payment_key}/cancel", post(cancel))
        .method_not_allowed_fallback(no_such_method)
}

/// An unknown path is not answered in Toss's format (Toss: api.md §1.7).
pub(crate) async fn no_such_path() -> Response {
    (StatusCode::NOT_FOUND, "404 Not Found").into_response()
}

async fn confirm(Shared(state): Shared<Arc<State>>, request: Request) -> Response {
    receive(state, incoming(Errand::Confirm, request).await).await
}

async fn read_by_key(
    Shared(state): Shared<Arc<State>>,
    Path(key): Path<String>,
    request: Request,
) -> Response {
    receive(state, incoming(Errand::ReadByKey(key), request).await).await
}

async fn read_by_order(
    Shared(state): Shared<Arc<State>>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    receive(state, incoming(Errand::ReadByOrder(id), request).await).await
}

async fn cancel(
    Shared(state): Shared<Arc<State>>,
    Path(key): Path<String>,
    request: Request,
) -> Response {
    receive(state, incoming(Errand::Cancel(key), request).await).await
}

async fn no_such_method(Shared(state): Shared<Arc<State>>) -> Response {
    wrong_method(&state)
}

async fn incoming(errand: Errand, request: Request<Body>) -> Incoming {
    let (parts, body) = request.into_parts();
    Incoming {
        errand,
        uri: parts.uri.path_and_query().map_or_else(String::new, ToString::to_string),
        line: parts.extensions.get::<ConnectInfo<Line>>().map(|info| info.0.clone()),
        headers: parts.headers,
        // A body that is too long or breaks off reads like one that isn't JSON.
        fields: Fields::parse(&to_bytes(body, BODY_BYTES_MAX).await.unwrap_or_default()),
    }
}
