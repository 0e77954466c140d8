//! `/__sandbox/payments`: the payments remembered, what happened to each, and its time running out.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State as Shared};
use serde_json::{Value, json};

use crate::sandbox::control::rows::{Filter, ROWS_MAX};
use crate::sandbox::control::timeline::timeline;
use crate::sandbox::json_body::Refused;
use crate::sandbox::payments::Payment;
use crate::sandbox::state::State;

/// Newest first.
pub(crate) async fn list(
    Shared(state): Shared<Arc<State>>,
    Query(filter): Query<Filter>,
) -> Json<Value> {
    let mut book = state.processor.book();
    let rows: Vec<Value> = book
        .latest(state.processor.clock.now())
        .filter(|it| filter.names(Some(&it.order.id), Some(&it.key)))
        .take(ROWS_MAX)
        .map(row)
        .collect();
    Json(json!({ "payments": rows }))
}

/// One payment, and what happened to it.
pub(crate) async fn read_one(
    Shared(state): Shared<Arc<State>>,
    Path(key): Path<String>,
) -> Result<Json<Value>, Refused> {
    let mut shown =
        state.processor.with_payment(&key, row).ok_or_else(|| Refused::not_found("paymentKey"))?;
    if let Some(object) = shown.as_object_mut() {
        object.insert("timeline".to_owned(), timeline(&state, &key).unwrap_or_default());
    }
    Ok(Json(shown))
}

/// One payment's time is over, without moving the clock for all the others.
pub(crate) async fn expire(
    Shared(state): Shared<Arc<State>>,
    Path(key): Path<String>,
) -> Result<Json<Value>, Refused> {
    let now = state.processor.clock.now();
    let mut book = state.processor.book();
    let row = book.change(&key, now, |payment| {
        payment.run_out(now);
        row(payment)
    });
    row.map(Json).ok_or_else(|| Refused::not_found("paymentKey"))
}

/// What the control API shows of a payment. Its secret stays inside.
pub(crate) fn row(payment: &Payment) -> Value {
    json!({
        "paymentKey": payment.key,
        "orderId": payment.order.id,
        "orderName": payment.order.name,
        "mId": payment.account.m_id,
        "clientKey": payment.account.client_key,
        "status": payment.state.status().as_str(),
        "method": payment.means.as_ref().map(|means| means.method()),
        "currency": payment.order.currency,
        "totalAmount": payment.order.shown(payment.order.amount),
        "balanceAmount": payment.order.shown(payment.balance),
        "cancels": payment.cancels.len(),
        "failureCode": payment.failure.as_ref().map(|failure| failure.code.as_str()),
        "requestedAt": payment.requested_at.iso(),
        "authenticatedAt": payment.authenticated_at.map(|at| at.iso()),
        "approvedAt": payment.approved_at.map(|at| at.iso()),
    })
}
