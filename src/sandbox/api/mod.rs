//! Toss's HTTP API under `/v1` (Toss: api.md §4 to §6): which path is which call.

mod authorization;
mod billing;
mod brandpay;
mod cancel;
mod card_entry;
mod cash_receipts;
mod confirm;
mod dispatch;
mod fault_injection;
mod key_in;
mod log_entry;
mod operation;
mod parameters;
mod promotions;
mod read;
mod reception;
mod reply;
mod request;
mod sale;
mod settlements;
mod transactions;
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

use crate::sandbox::api::operation::Operation;
use crate::sandbox::api::reception::{receive, wrong_method};
use crate::sandbox::api::request::Incoming;
use crate::sandbox::assumptions::Assumptions;
use crate::sandbox::connection::ConnectionHandle;
use crate::sandbox::fields::{Blank, FieldFault, Fields, Kinds, Manner};
use crate::sandbox::not_found::no_such_path;
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
        ("/v1/payments/confirm", post(|s, r| plain(s, r, Operation::Confirm))),
        ("/v1/payments/key-in", post(|s, r| plain(s, r, Operation::KeyIn))),
        (
            "/v1/payments/{key}",
            get(|s, k, r| keyed(s, k, r, Operation::ReadByKey)).post(confirm_by_key),
        ),
        ("/v1/payments/orders/{id}", get(|s, k, r| keyed(s, k, r, Operation::ReadByOrder))),
        ("/v1/payments/{key}/cancel", post(|s, k, r| keyed(s, k, r, Operation::Cancel))),
        ("/v1/virtual-accounts", post(|s, r| plain(s, r, Operation::VirtualAccount))),
        ("/v1/billing/authorizations/issue", post(|s, r| plain(s, r, Operation::BillingIssue))),
        ("/v1/billing/authorizations/card", post(|s, r| plain(s, r, Operation::BillingCard))),
        (
            "/v1/billing/{key}",
            post(|s, k, r| keyed(s, k, r, Operation::BillingCharge))
                .delete(|s, k, r| keyed(s, k, r, Operation::BillingDelete)),
        ),
        (
            "/v1/cash-receipts",
            post(|s, r| plain(s, r, Operation::CashReceipt))
                .get(|s, r| plain(s, r, Operation::CashReceipts)),
        ),
        (
            "/v1/cash-receipts/{key}/cancel",
            post(|s, k, r| keyed(s, k, r, Operation::CashReceiptCancel)),
        ),
        ("/v1/transactions", get(|s, r| plain(s, r, Operation::Transactions))),
        (
            "/v1/settlements",
            get(|s, r| plain(s, r, Operation::Settlements))
                .post(|s, r| plain(s, r, Operation::Settle)),
        ),
        ("/v1/promotions", get(|s, r| plain(s, r, Operation::Promotions))),
        ("/v1/promotions/card", get(|s, r| plain(s, r, Operation::CardPromotions))),
        (
            "/v1/brandpay/authorizations/access-token",
            post(|s, r| plain(s, r, Operation::BrandPayToken)),
        ),
        ("/v1/brandpay/payments/confirm", post(|s, r| plain(s, r, Operation::BrandPayConfirm))),
    ]
}

async fn plain(
    Shared(state): Shared<Arc<State>>,
    request: Request,
    operation: Operation,
) -> Response {
    if is_unknown(&state, request.uri()) {
        return no_such_path(Shared(state), request.uri().clone()).await;
    }
    let incoming = incoming(&state.processor.assumed, operation, request).await;
    receive(state, incoming).await
}

async fn keyed(
    state: Shared<Arc<State>>,
    key: Key,
    request: Request,
    operation: fn(String) -> Operation,
) -> Response {
    // What is no text names nothing, so it is looked for in vain.
    let key = key.map_or_else(|_| String::new(), |Path(key)| key);
    plain(state, request, operation(key)).await
}

async fn confirm_by_key(Shared(state): Shared<Arc<State>>, key: Key, request: Request) -> Response {
    if !state.processor.assumed.confirm_by_key {
        return no_such_method(Shared(state), request.uri().clone(), request.headers().clone())
            .await;
    }
    keyed(Shared(state), key, request, Operation::ConfirmByKey).await
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
    uri.path().ends_with('/') && !state.processor.assumed.slash_at_the_end
}

async fn incoming(assumed: &Assumptions, operation: Operation, request: Request<Body>) -> Incoming {
    let (parts, body) = request.into_parts();
    let fields = match operation.method() {
        "POST" => body_fields(bounded(body).await.as_deref(), assumed),
        _ => Ok(query(&parts.uri)),
    };
    let manner = Manner {
        blank: if assumed.blank_is_absent { Blank::Absent } else { Blank::Value },
        kinds: if assumed.kinds_are_converted { Kinds::Converted } else { Kinds::Distinct },
    };
    Incoming {
        operation,
        uri: parts.uri.path_and_query().map_or_else(String::new, ToString::to_string),
        connection: parts
            .extensions
            .get::<ConnectInfo<ConnectionHandle>>()
            .map(|info| info.0.clone()),
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
