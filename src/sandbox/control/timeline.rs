//! What happened to one payment, in order: its own life, the calls about it, its webhooks.

use serde_json::{Value, json};

use crate::sandbox::control::rows::ROWS_MAX;
use crate::sandbox::payments::Payment;
use crate::sandbox::state::State;

/// One line, and when. Times are all of one form, so that their texts sort like times.
struct Line {
    at: String,
    what: &'static str,
    detail: Value,
}

/// The lines about the payment of this key and order, the oldest first.
pub(crate) fn timeline(state: &State, key: &str) -> Option<Value> {
    let (mut lines, order_id) =
        state.processor.with_payment(key, |payment| (life(payment), payment.order.id.clone()))?;
    lines.extend(calls(state, key, &order_id));
    lines.extend(webhooks(state, key, &order_id));
    // Stable: what happened within a second stays in the order of its kind.
    lines.sort_by(|one, other| one.at.cmp(&other.at));
    let rows: Vec<Value> = lines
        .into_iter()
        .map(|line| json!({ "at": line.at, "what": line.what, "detail": line.detail }))
        .collect();
    Some(rows.into())
}

fn life(payment: &Payment) -> Vec<Line> {
    let line = |what, at: String, detail: Value| Line { at, what, detail };
    let mut lines = vec![line("opened", payment.requested_at.iso(), Value::Null)];
    if let Some(at) = payment.authenticated_at {
        lines.push(line("authenticated", at.iso(), Value::Null));
    }
    for it in &payment.transactions {
        let detail = json!({
            "status": it.status.status().as_str(), "amount": it.amount, "transactionKey": it.key,
        });
        lines.push(line("transaction", it.at.iso(), detail));
    }
    for cancel in &payment.cancels {
        let detail = json!({ "amount": cancel.cancel_amount, "reason": cancel.cancel_reason });
        lines.push(line("canceled", cancel.canceled_at.clone(), detail));
    }
    lines
}

fn calls(state: &State, key: &str, order_id: &str) -> Vec<Line> {
    let about = state.calls.log.latest(ROWS_MAX, |call| match call.payment_key.as_deref() {
        Some(found) => found == key,
        None => call.order_id.as_deref() == Some(order_id),
    });
    about
        .into_iter()
        .map(|call| Line {
            what: "call",
            detail: json!({
                "method": call.method, "path": call.path, "status": call.status,
                "code": call.code, "replayed": call.replayed, "fault": call.fault,
            }),
            at: call.at,
        })
        .collect()
}

fn webhooks(state: &State, key: &str, order_id: &str) -> Vec<Line> {
    let mut about = state.webhooks.latest(ROWS_MAX, |delivery| {
        let is_its_own = match delivery.payment_key.as_deref() {
            Some(found) => found == key,
            None => delivery.order_id.as_deref() == Some(order_id),
        };
        is_its_own.then(|| {
            let tries = delivery.attempts.iter().map(|attempt| Line {
                at: attempt.at.iso(),
                what: "webhook",
                detail: json!({
                    "delivery": delivery.id, "eventType": delivery.event_type,
                    "url": delivery.url, "status": attempt.status, "error": attempt.error,
                    "retriedCount": attempt.retried_count, "fault": delivery.fault,
                }),
            });
            tries.collect::<Vec<Line>>()
        })
    });
    // They come newest first.
    about.reverse();
    about.into_iter().flatten().collect()
}
