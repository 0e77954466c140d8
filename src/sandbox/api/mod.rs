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
mod incoming;
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
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State as Shared};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};

use crate::sandbox::api::incoming::incoming;
use crate::sandbox::api::operation::Operation;
use crate::sandbox::api::reception::{receive, wrong_method};
use crate::sandbox::not_found::no_such_path;
use crate::sandbox::state::State;

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
