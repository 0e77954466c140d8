//! The browser's side: the script at `/v2/standard`, its frames, and the payment window.
//!
//! The pages are static; what they are about reaches them in the address' fragment, which
//! only scripts see, and enters them as text alone. So nothing from outside is ever HTML here.

mod page;
mod receipt;
mod window;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, State as Shared};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use crate::sandbox::browser::page::{
    AGREEMENT, BILLING, BRANDPAY, METHODS, ORDER, Page, WINDOW, document,
};
use crate::sandbox::state::State;

/// What `/v2/standard` serves.
const SCRIPT: &str = concat!(
    "(() => {\n\"use strict\";\n",
    include_str!("script/errors.js"),
    include_str!("script/checks.js"),
    include_str!("script/requests.js"),
    include_str!("script/frames.js"),
    include_str!("script/window.js"),
    include_str!("script/order.js"),
    include_str!("script/widgets.js"),
    include_str!("script/payment.js"),
    include_str!("script/brandpay.js"),
    include_str!("script/entry.js"),
    "})();\n"
);

/// The routes a browser uses.
pub(crate) fn routes() -> Router<Arc<State>> {
    Router::new()
        .route("/v2/standard", get(script))
        .route("/v2/client", get(client))
        .route("/v2/frames/methods", get(|state| page(state, &METHODS)))
        .route("/v2/frames/agreement", get(|state| page(state, &AGREEMENT)))
        .route("/v2/frames/order", get(|state| page(state, &ORDER)))
        .route("/v2/window", get(|state| page(state, &WINDOW)))
        .route("/v2/billing", get(|state| page(state, &BILLING)))
        .route("/v2/brandpay", get(|state| page(state, &BRANDPAY)))
        .route("/v2/window/open", post(window::open))
        .route("/v2/window/authenticate", post(window::authenticate))
        .route("/v2/window/billing", post(window::billing))
        .route("/v2/window/brandpay", post(window::brandpay))
        .route("/receipt/redirection", get(receipt::receipt))
        .route("/receipt/payment-detail/bank-transfer", get(receipt::receipt))
        .route("/receipt/cash-receipt", get(receipt::cash_receipt))
        .route("/v1/payments/{payment_key}/checkout", get(receipt::checkout))
        .route("/", get(to_control))
        .route("/favicon.ico", get(|| async { StatusCode::NO_CONTENT }))
}

async fn to_control() -> Redirect {
    Redirect::temporary("/__sandbox/")
}

async fn script() -> Response {
    let headers = [
        (CONTENT_TYPE, "text/javascript; charset=utf-8"),
        // A new build of the sandbox must not meet an old script.
        (CACHE_CONTROL, "no-cache"),
    ];
    (headers, SCRIPT).into_response()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientQuery {
    client_key: String,
}

/// Whether the sandbox knows a client key.
async fn client(
    Shared(state): Shared<Arc<State>>,
    Query(ClientQuery { client_key }): Query<ClientQuery>,
) -> StatusCode {
    match state.processor.accounts.by_client(&client_key) {
        Some(_) => StatusCode::NO_CONTENT,
        None => StatusCode::NOT_FOUND,
    }
}

async fn page(Shared(state): Shared<Arc<State>>, page: &'static Page) -> Html<String> {
    Html(document(page, &state.processor.assumed))
}
