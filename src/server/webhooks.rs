//! Webhooks in: filed as they came, answered at once, worked through later. A body is a hint to
//! look and never a fact: what is true is asked of Toss (Toss: webhooks.md §4, §5).

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::contract::ApiError;
use crate::domain::id::OrderId;
use crate::server::db::webhooks::{self, Arrived, WebhookRow};
use crate::server::db::{cancels, orders, payments};
use crate::server::settle::{Settled, Why, settle};
use crate::server::{App, Error, clock};

/// The largest documented body is a Payment with its cancels: a few KiB.
pub const BODY_BYTES_MAX: usize = 64 * 1024;

/// How many one round works through.
const ROUND_MAX: u32 = 50;

/// How long one round may be at one of them before another instance tries.
const LEASE_MS: i64 = 70_000;

/// Waits between looks, doubled each time: from two seconds to an hour.
const LOOK_AGAIN_MS: i64 = 2_000;
const LOOK_AGAIN_MS_MAX: i64 = 3_600_000;

/// About four days, as long as Toss itself repeats.
const TRIES_MAX: i64 = 100;

/// What a body is about, as far as its shape tells (Toss: webhooks.md §2).
#[derive(Clone, Debug, PartialEq, Eq)]
struct Hint {
    event_type: String,
    order_id: Option<String>,
    /// What repeats of one event have in common.
    same: String,
    /// Whether it is about a payment, so that there is something to ask Toss.
    about_payment: bool,
    signed: bool,
}

/// `POST /webhooks/toss`.
pub async fn receive(
    State(app): State<App>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, (StatusCode, &'static str)> {
    let now = app.clock.now();
    if app.webhook_rate.take(now, 1) == 0 {
        return Err((StatusCode::TOO_MANY_REQUESTS, "too many webhooks; send it again later\n"));
    }
    let Ok(text) = std::str::from_utf8(&body) else {
        return Err((StatusCode::BAD_REQUEST, "body: must be UTF-8\n"));
    };
    let Ok(Value::Object(fields)) = serde_json::from_str::<Value>(text) else {
        return Err((StatusCode::BAD_REQUEST, "body: must be a JSON object\n"));
    };
    let hint = hint(&Value::Object(fields), text);
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let forged = hint.signed && !is_signed(&app, &headers, &body);
    let (due_at, outcome) = match (forged, hint.about_payment) {
        (true, _) => (None, Some("forged: the signature does not fit")),
        (false, true) => (Some(now), None),
        (false, false) => (None, Some("kept: nothing here is about an order")),
    };
    let digest = digest(&hint);
    let arrived = Arrived {
        id: &clock::row_id(),
        digest: &digest,
        event_type: &hint.event_type,
        order_id: hint.order_id.as_deref(),
        body: text,
        transmission_id: header("tosspayments-webhook-transmission-id"),
        due_at,
        outcome,
        now,
    };
    let is_new = webhooks::file(&app.db, &arrived).await.map_err(|error| {
        // Logged by the conversion; Toss sends it again.
        drop(ApiError::from(error));
        (StatusCode::SERVICE_UNAVAILABLE, "not stored; send it again\n")
    })?;
    app.metrics.webhook_received(&hint.event_type);
    tracing::info!(
        webhook.event = hint.event_type,
        webhook.is_new = is_new,
        webhook.is_forged = forged,
        order.id = hint.order_id,
        "webhook filed"
    );
    app.wake.notify_one();
    Ok(StatusCode::OK)
}

/// Works through what is due; says how many.
pub async fn tick(app: &App) -> Result<usize, Error> {
    let now = app.clock.now();
    let most = app.webhook_budget.take(now, ROUND_MAX);
    let due = webhooks::take_due(&app.db, now, now + LEASE_MS, i64::from(most)).await?;
    let count = due.len();
    app.webhook_budget.give_back(i64::from(most) - i64::try_from(count).unwrap_or(0));
    let mut work = Vec::new();
    for row in due {
        let app = app.clone();
        work.push(app.tasks.clone().start(async move {
            let id = row.id.clone();
            if let Err(error) = work_through(&app, row).await {
                let error = ApiError::from(error);
                tracing::error!(webhook.id = id, error.code = ?error.code, "webhook failed");
            }
        }));
    }
    for one in work {
        one.ended().await?;
    }
    Ok(count)
}

async fn work_through(app: &App, row: WebhookRow) -> Result<(), Error> {
    let order_id = match &row.order_id {
        Some(id) => Some(id.clone()),
        None if row.event_type == CANCEL_CHANGED => {
            let Some(id) = order_of_cancel(app, &row).await? else {
                // It may come before the answer to the cancel is written down.
                return later(app, &row, "unknown cancel").await;
            };
            Some(id)
        }
        None => None,
    };
    let order_id = order_id.as_deref().and_then(|id| OrderId::parse(id).ok());
    let Some(order_id) = order_id else {
        return webhooks::conclude(&app.db, &row.id, None, "kept: no order id of ours").await;
    };
    if orders::by_id(app.db.read(), order_id.as_str()).await?.is_none() {
        // It may come before the order does, where another system places it.
        return later(app, &row, "unknown order").await;
    }
    if !secret_fits(app, &row, order_id.as_str()).await? {
        tracing::warn!(order.id = %order_id, "a deposit callback has a false secret");
        return webhooks::conclude(&app.db, &row.id, None, "forged: false secret").await;
    }
    match settle(app, &order_id, Why::Told).await? {
        Settled::Known | Settled::Idle => {
            webhooks::conclude(&app.db, &row.id, None, "settled").await
        }
        Settled::Open => later(app, &row, "toss did not answer").await,
        Settled::Busy => {
            let due_at = app.clock.now() + LOOK_AGAIN_MS;
            webhooks::conclude(&app.db, &row.id, Some(due_at), "someone else is at it").await
        }
    }
}

async fn later(app: &App, row: &WebhookRow, why: &str) -> Result<(), Error> {
    if row.tried >= TRIES_MAX {
        return webhooks::conclude(&app.db, &row.id, None, &format!("given up: {why}")).await;
    }
    let doublings = u32::try_from(row.tried).unwrap_or(u32::MAX).min(12);
    let wait = (LOOK_AGAIN_MS << doublings).min(LOOK_AGAIN_MS_MAX);
    webhooks::conclude(&app.db, &row.id, Some(app.clock.now() + wait), why).await
}

/// The body names neither payment nor order (Toss: webhooks.md §3.3): the transaction is known.
async fn order_of_cancel(app: &App, row: &WebhookRow) -> Result<Option<String>, Error> {
    let body: Value = serde_json::from_str(&row.body).unwrap_or(Value::Null);
    let key = body.get("data").and_then(|data| data.get("transactionKey"));
    let key = key.and_then(Value::as_str).unwrap_or_default();
    Ok(cancels::order_of(app.db.read(), key).await?)
}

/// A deposit callback proves itself by the secret of its payment, where that is known already;
/// otherwise the look at Toss is the proof.
async fn secret_fits(app: &App, row: &WebhookRow, order_id: &str) -> Result<bool, Error> {
    let body: Value = serde_json::from_str(&row.body).unwrap_or(Value::Null);
    if row.event_type != DEPOSIT_CALLBACK {
        return Ok(true);
    }
    let Some(stored) = payments::secret_of(app.db.read(), order_id).await? else {
        return Ok(true);
    };
    let told = body.get("secret").and_then(Value::as_str).unwrap_or_default();
    Ok(stored.expose_secret().as_bytes().ct_eq(told.as_bytes()).into())
}

/// A refund that ran on has ended.
const CANCEL_CHANGED: &str = "CANCEL_STATUS_CHANGED";

/// Our name for the shape that has none of its own.
const DEPOSIT_CALLBACK: &str = "DEPOSIT_CALLBACK";

/// Reads a body by its structure first, as types appear without notice.
fn hint(body: &Value, text: &str) -> Hint {
    const WORD_LENGTH_MAX: usize = 64;
    let word = |value: Option<&Value>| -> String {
        let text = value.and_then(Value::as_str).unwrap_or_default();
        text.chars().filter(|c| c.is_ascii_graphic()).take(WORD_LENGTH_MAX).collect()
    };
    let event_type = word(body.get("eventType"));
    if body.get("entityBody").is_some() {
        let id = word(body.get("eventId"));
        let same = if id.is_empty() { text.to_owned() } else { id };
        let signed = ["payout.changed", "seller.changed"].contains(&event_type.as_str());
        return Hint { event_type, order_id: None, same, about_payment: false, signed };
    }
    if let Some(data) = body.get("data") {
        // Link pay wraps the payment once more.
        let payment = data.get("payment").unwrap_or(data);
        let order_id = word(payment.get("orderId"));
        let key = word(data.get("transactionKey"));
        if event_type == CANCEL_CHANGED && !key.is_empty() {
            let same = format!("{key}/{}", word(data.get("cancelStatus")));
            let order_id = Some(order_id).filter(|id| !id.is_empty());
            return Hint { event_type, order_id, same, about_payment: true, signed: false };
        }
        let about_payment = !order_id.is_empty();
        let same = if about_payment {
            let part = |name: &str| word(payment.get(name));
            let parts = ["paymentKey", "status", "lastTransactionKey", "balanceAmount"].map(part);
            [vec![order_id.clone()], parts.to_vec()].concat().join("/")
        } else {
            text.to_owned()
        };
        let order_id = about_payment.then_some(order_id);
        return Hint { event_type, order_id, same, about_payment, signed: false };
    }
    let deposit = event_type.is_empty()
        && body.get("secret").is_some()
        && body.get("transactionKey").is_some();
    if deposit {
        let order_id = word(body.get("orderId"));
        let parts = [order_id.clone(), word(body.get("transactionKey")), word(body.get("status"))];
        // A false secret is another message, so that it can't stand in the true one's place.
        let same = format!("{}/{}", parts.join("/"), word(body.get("secret")));
        return Hint {
            event_type: DEPOSIT_CALLBACK.to_owned(),
            about_payment: !order_id.is_empty(),
            order_id: Some(order_id).filter(|id| !id.is_empty()),
            same,
            signed: false,
        };
    }
    let event_type = if event_type.is_empty() { "UNKNOWN".to_owned() } else { event_type };
    let same = text.to_owned();
    Hint { event_type, order_id: None, same, about_payment: false, signed: false }
}

fn digest(hint: &Hint) -> String {
    let mut hash = Sha256::new();
    for part in [&hint.event_type, &hint.same] {
        hash.update(part.len().to_le_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether one of the signatures is the security key's (Toss: webhooks.md §4). Without a key
/// nothing is proved and nothing is done, so that the row is only kept.
fn is_signed(app: &App, headers: &HeaderMap, body: &[u8]) -> bool {
    let Some(key) = &app.security_key else { return true };
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let (Some(signatures), Some(time)) =
        (text("tosspayments-webhook-signature"), text("tosspayments-webhook-transmission-time"))
    else {
        return false;
    };
    signatures
        .split(',')
        .filter_map(|one| one.trim().strip_prefix("v1:"))
        .filter_map(|one| BASE64_STANDARD.decode(one).ok())
        .any(|signature| keys_of(key).iter().any(|key| signs(key, body, time, &signature)))
}

/// Whether the key is its text or the bytes that the text spells is not documented.
fn keys_of(key: &SecretString) -> Vec<Vec<u8>> {
    let text = key.expose_secret();
    let digit = |at: usize| text.get(at..at + 2).and_then(|two| u8::from_str_radix(two, 16).ok());
    let bytes: Option<Vec<u8>> = (0..text.len()).step_by(2).map(digit).collect();
    [Some(text.as_bytes().to_vec()), bytes].into_iter().flatten().collect()
}

fn signs(key: &[u8], body: &[u8], time: &str, signature: &[u8]) -> bool {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return false };
    mac.update(body);
    mac.update(b":");
    mac.update(time.as_bytes());
    mac.verify_slice(signature).is_ok()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{digest, hint};

    fn of(body: &Value) -> super::Hint {
        hint(body, &body.to_string())
    }

    #[test]
    fn webhooks_are_told_apart_by_their_structure() {
        for (body, event, order, about) in [
            (
                json!({"eventType": "PAYMENT_STATUS_CHANGED", "createdAt": "x", "data": {"orderId": "order-1", "status": "DONE"}}),
                "PAYMENT_STATUS_CHANGED",
                Some("order-1"),
                true,
            ),
            (
                json!({"createdAt": "x", "secret": "ps_1", "status": "DONE", "transactionKey": "t", "orderId": "order-1"}),
                "DEPOSIT_CALLBACK",
                Some("order-1"),
                true,
            ),
            (
                json!({"eventType": "CANCEL_STATUS_CHANGED", "data": {"transactionKey": "t", "cancelStatus": "DONE"}}),
                "CANCEL_STATUS_CHANGED",
                None,
                true,
            ),
            (
                json!({"eventType": "payout.changed", "eventId": "e", "entityBody": {}}),
                "payout.changed",
                None,
                false,
            ),
            (
                json!({"eventType": "BILLING_DELETED", "data": {"billingKey": "b"}}),
                "BILLING_DELETED",
                None,
                false,
            ),
            (json!({"eventType": "OF_NEXT_YEAR", "news": 1}), "OF_NEXT_YEAR", None, false),
            (json!({}), "UNKNOWN", None, false),
        ] {
            let hint = of(&body);
            assert_eq!(hint.event_type, event, "{body}");
            assert_eq!(hint.order_id.as_deref(), order, "{body}");
            assert_eq!(hint.about_payment, about, "{body}");
        }
    }

    #[test]
    fn repeats_are_the_same_and_another_secret_is_another() {
        let callback = |secret: &str, at: &str| json!({"createdAt": at, "secret": secret, "status": "DONE", "transactionKey": "t", "orderId": "order-1"});
        let one = digest(&of(&callback("ps_1", "2026-01-01")));
        assert_eq!(one, digest(&of(&callback("ps_1", "2026-01-02"))));
        assert_ne!(one, digest(&of(&callback("ps_2", "2026-01-01"))));
    }
}
