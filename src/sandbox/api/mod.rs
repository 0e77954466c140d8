//! Toss's HTTP API under `/v1` (Toss: api.md §4 to §6): which path is which call.

mod answer;
mod authorization;
mod billing;
mod brandpay;
mod cancel;
mod card_entry;
mod cash_receipts;
mod confirm;
mod direct;
mod errand;
mod idempotency;
mod key_in;
mod note;
mod promotions;
mod rate;
mod read;
mod reception;

pub(crate) use reception::SERVICE_TIME;
mod settlements;
mod transactions;
mod trouble;
mod virtual_accounts;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::connect_info::ConnectInfo;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Query, Request, State as Shared};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http_body_util::BodyExt;

pub(crate) use idempotency::{Answers, SavedAnswer};
pub(crate) use rate::Rates;

use crate::sandbox::api::errand::Errand;
use crate::sandbox::api::reception::{Incoming, receive, wrong_method};
use crate::sandbox::fields::Fields;
use crate::sandbox::line::Line;
use crate::sandbox::state::State;

/// No documented body comes near it.
const BODY_BYTES_MAX: usize = 64 * 1024;

/// Beyond this a sender is no longer mistaken but hostile, and is cut off.
const DISCARDED_BYTES_MAX: usize = 8 * 1024 * 1024;

type Key = Result<Path<String>, PathRejection>;

/// The routes of the API.
pub(crate) fn routes() -> Router<Arc<State>> {
    Router::new()
        .route("/v1/payments/confirm", post(|s, r| plain(s, r, Errand::Confirm)))
        .route("/v1/payments/key-in", post(|s, r| plain(s, r, Errand::KeyIn)))
        .route("/v1/payments/{key}", get(|s, k, r| keyed(s, k, r, Errand::ReadByKey)))
        .route("/v1/payments/orders/{id}", get(|s, k, r| keyed(s, k, r, Errand::ReadByOrder)))
        .route("/v1/payments/{key}/cancel", post(|s, k, r| keyed(s, k, r, Errand::Cancel)))
        .route("/v1/virtual-accounts", post(|s, r| plain(s, r, Errand::VirtualAccount)))
        .route("/v1/billing/authorizations/issue", post(|s, r| plain(s, r, Errand::BillingIssue)))
        .route("/v1/billing/authorizations/card", post(|s, r| plain(s, r, Errand::BillingCard)))
        .route(
            "/v1/billing/{key}",
            post(|s, k, r| keyed(s, k, r, Errand::BillingCharge))
                .delete(|s, k, r| keyed(s, k, r, Errand::BillingDelete)),
        )
        .route(
            "/v1/cash-receipts",
            post(|s, r| plain(s, r, Errand::CashReceipt))
                .get(|s, r| plain(s, r, Errand::CashReceipts)),
        )
        .route(
            "/v1/cash-receipts/{key}/cancel",
            post(|s, k, r| keyed(s, k, r, Errand::CashReceiptCancel)),
        )
        .route("/v1/transactions", get(|s, r| plain(s, r, Errand::Transactions)))
        .route(
            "/v1/settlements",
            get(|s, r| plain(s, r, Errand::Settlements)).post(|s, r| plain(s, r, Errand::Settle)),
        )
        .route("/v1/promotions", get(|s, r| plain(s, r, Errand::Promotions)))
        .route("/v1/promotions/card", get(|s, r| plain(s, r, Errand::CardPromotions)))
        .route(
            "/v1/brandpay/authorizations/access-token",
            post(|s, r| plain(s, r, Errand::BrandPayToken)),
        )
        .route("/v1/brandpay/payments/confirm", post(|s, r| plain(s, r, Errand::BrandPayConfirm)))
        .method_not_allowed_fallback(no_such_method)
}

/// An unknown path is not answered in Toss's format (Toss: api.md §1.7).
pub(crate) async fn no_such_path() -> Response {
    (StatusCode::NOT_FOUND, "404 Not Found").into_response()
}

async fn plain(Shared(state): Shared<Arc<State>>, request: Request, errand: Errand) -> Response {
    receive(state, incoming(errand, request).await).await
}

async fn keyed(
    Shared(state): Shared<Arc<State>>,
    key: Key,
    request: Request,
    errand: fn(String) -> Errand,
) -> Response {
    // What is no text names nothing, so it is looked for in vain.
    let key = key.map_or_else(|_| String::new(), |Path(key)| key);
    receive(state, incoming(errand(key), request).await).await
}

async fn no_such_method(Shared(state): Shared<Arc<State>>, headers: HeaderMap) -> Response {
    wrong_method(&state, &headers)
}

async fn incoming(errand: Errand, request: Request<Body>) -> Incoming {
    let (parts, body) = request.into_parts();
    let fields = match errand.method() {
        // A body that is too long or breaks off reads like one that isn't JSON.
        "POST" => Fields::parse(&bounded(body).await.unwrap_or_default()),
        _ => Ok(query(&parts.uri)),
    };
    Incoming {
        errand,
        uri: parts.uri.path_and_query().map_or_else(String::new, ToString::to_string),
        line: parts.extensions.get::<ConnectInfo<Line>>().map(|info| info.0.clone()),
        headers: parts.headers,
        fields,
    }
}

/// The body, unless it is too large. What is too large is read on for a while and thrown away:
/// a client that is still sending would see a broken connection instead of the answer.
async fn bounded(mut body: Body) -> Option<Vec<u8>> {
    let (mut kept, mut seen) = (Vec::new(), 0_usize);
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.ok()?.into_data() else { continue };
        seen = seen.saturating_add(data.len());
        if seen > DISCARDED_BYTES_MAX {
            return None;
        }
        if seen <= BODY_BYTES_MAX {
            kept.extend_from_slice(&data);
        } else {
            kept = Vec::new();
        }
    }
    (seen <= BODY_BYTES_MAX).then_some(kept)
}

/// The query as fields of text; one that can't be read has none.
fn query(uri: &Uri) -> Fields {
    let pairs = Query::<Vec<(String, String)>>::try_from_uri(uri);
    Fields::of_texts(pairs.map_or_else(|_| Vec::new(), |Query(pairs)| pairs))
}
