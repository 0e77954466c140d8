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
mod parameters;
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
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};
use http_body_util::BodyExt;

pub(crate) use idempotency::{Answers, SavedAnswer};
pub(crate) use rate::Rates;

use crate::sandbox::api::errand::Errand;
use crate::sandbox::api::reception::{Incoming, receive, wrong_method};
use crate::sandbox::assumptions::Assumptions;
use crate::sandbox::fields::{Blank, FieldFault, Fields, Kinds, Manner};
use crate::sandbox::line::Line;
use crate::sandbox::missing::no_such_path;
use crate::sandbox::state::State;

/// No documented body comes near it.
const BODY_BYTES_MAX: usize = 64 * 1024;

/// Beyond this a sender is no longer mistaken but hostile, and is cut off.
const DISCARDED_BYTES_MAX: usize = 8 * 1024 * 1024;

type Key = Result<Path<String>, PathRejection>;

/// The routes of the API. Each address may end in a slash, as published clients send it.
pub(crate) fn routes() -> Router<Arc<State>> {
    table()
        .into_iter()
        .fold(Router::new(), |router, (path, methods)| {
            router.route(path, methods.clone()).route(&format!("{path}/"), methods)
        })
        .method_not_allowed_fallback(no_such_method)
}

fn table() -> Vec<(&'static str, MethodRouter<Arc<State>>)> {
    vec![
        ("/v1/payments/confirm", post(|s, r| plain(s, r, Errand::Confirm))),
        ("/v1/payments/key-in", post(|s, r| plain(s, r, Errand::KeyIn))),
        (
            "/v1/payments/{key}",
            get(|s, k, r| keyed(s, k, r, Errand::ReadByKey)).post(confirm_by_key),
        ),
        ("/v1/payments/orders/{id}", get(|s, k, r| keyed(s, k, r, Errand::ReadByOrder))),
        ("/v1/payments/{key}/cancel", post(|s, k, r| keyed(s, k, r, Errand::Cancel))),
        ("/v1/virtual-accounts", post(|s, r| plain(s, r, Errand::VirtualAccount))),
        ("/v1/billing/authorizations/issue", post(|s, r| plain(s, r, Errand::BillingIssue))),
        ("/v1/billing/authorizations/card", post(|s, r| plain(s, r, Errand::BillingCard))),
        (
            "/v1/billing/{key}",
            post(|s, k, r| keyed(s, k, r, Errand::BillingCharge))
                .delete(|s, k, r| keyed(s, k, r, Errand::BillingDelete)),
        ),
        (
            "/v1/cash-receipts",
            post(|s, r| plain(s, r, Errand::CashReceipt))
                .get(|s, r| plain(s, r, Errand::CashReceipts)),
        ),
        (
            "/v1/cash-receipts/{key}/cancel",
            post(|s, k, r| keyed(s, k, r, Errand::CashReceiptCancel)),
        ),
        ("/v1/transactions", get(|s, r| plain(s, r, Errand::Transactions))),
        (
            "/v1/settlements",
            get(|s, r| plain(s, r, Errand::Settlements)).post(|s, r| plain(s, r, Errand::Settle)),
        ),
        ("/v1/promotions", get(|s, r| plain(s, r, Errand::Promotions))),
        ("/v1/promotions/card", get(|s, r| plain(s, r, Errand::CardPromotions))),
        (
            "/v1/brandpay/authorizations/access-token",
            post(|s, r| plain(s, r, Errand::BrandPayToken)),
        ),
        ("/v1/brandpay/payments/confirm", post(|s, r| plain(s, r, Errand::BrandPayConfirm))),
    ]
}

async fn plain(Shared(state): Shared<Arc<State>>, request: Request, errand: Errand) -> Response {
    if is_unknown(&state, request.uri()) {
        return no_such_path(Shared(state), request.uri().clone()).await;
    }
    let incoming = incoming(&state.assumed, errand, request).await;
    receive(state, incoming).await
}

async fn keyed(
    state: Shared<Arc<State>>,
    key: Key,
    request: Request,
    errand: fn(String) -> Errand,
) -> Response {
    // What is no text names nothing, so it is looked for in vain.
    let key = key.map_or_else(|_| String::new(), |Path(key)| key);
    plain(state, request, errand(key)).await
}

async fn confirm_by_key(Shared(state): Shared<Arc<State>>, key: Key, request: Request) -> Response {
    if !state.assumed.confirm_by_key {
        return no_such_method(Shared(state), request.uri().clone(), request.headers().clone())
            .await;
    }
    keyed(Shared(state), key, request, Errand::ConfirmByKey).await
}

async fn no_such_method(
    Shared(state): Shared<Arc<State>>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    if is_unknown(&state, &uri) {
        return no_such_path(Shared(state), uri).await;
    }
    wrong_method(&state, &headers)
}

/// Whether the slash at the end makes it another address.
fn is_unknown(state: &State, uri: &Uri) -> bool {
    uri.path().ends_with('/') && !state.assumed.slash_at_the_end
}

async fn incoming(assumed: &Assumptions, errand: Errand, request: Request<Body>) -> Incoming {
    let (parts, body) = request.into_parts();
    let fields = match errand.method() {
        "POST" => body_fields(bounded(body).await.as_deref(), assumed),
        _ => Ok(query(&parts.uri)),
    };
    let manner = Manner {
        blank: if assumed.blank_is_absent { Blank::Absent } else { Blank::Value },
        kinds: if assumed.kinds_are_converted { Kinds::Converted } else { Kinds::Distinct },
    };
    Incoming {
        errand,
        uri: parts.uri.path_and_query().map_or_else(String::new, ToString::to_string),
        line: parts.extensions.get::<ConnectInfo<Line>>().map(|info| info.0.clone()),
        headers: parts.headers,
        fields: fields.map(|fields| fields.with_manner(manner)),
    }
}

/// A body that is too long or breaks off is none, which is something else than an empty one.
fn body_fields(body: Option<&[u8]>, assumed: &Assumptions) -> Result<Fields, FieldFault> {
    match body.map(<[u8]>::trim_ascii) {
        None => Err(FieldFault::new("body", "is too long or breaks off")),
        Some(b"" | b"null") if assumed.no_body_is_empty => Ok(Fields::default()),
        Some(body) => Fields::parse(body),
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
