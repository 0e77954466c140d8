//! Webhooks in: filed as they came, answered at once, worked through later. A body is a hint to
//! look and never a fact: what is true is asked of Toss (Toss: webhooks.md §4, §5).

mod hint;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::contract::ApiError;
use crate::domain::id::OrderId;
use crate::server::db::webhooks::{self, Arrived, WebhookRow};
use crate::server::db::{cancels, orders, payments};
use crate::server::settle::{Settled, Why, settle};
use crate::server::webhooks::hint::{CANCEL_CHANGED, DEPOSIT_CALLBACK, digest, hint};
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

/// Why one is looked into again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unsettled {
    /// Anybody may post such a one.
    Unknown(&'static str),
    Silence,
    Failed,
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
            if let Err(error) = work_through(&app, &row).await {
                failed(&app, &row, error).await;
            }
        }));
    }
    for one in work {
        one.ended().await?;
    }
    Ok(count)
}

/// An error of ours is not the sender's: what it told of stays filed, and its order, if that is
/// open, is looked at by the background too.
async fn failed(app: &App, row: &WebhookRow, error: Error) {
    if error.is_outage() {
        app.trouble.failed(&error, app.clock.now());
    } else {
        let error = ApiError::from(error);
        tracing::error!(webhook.id = row.id, error.code = ?error.code, "webhook failed");
    }
    // Where not even that can be written down, its lease ends and it is tried again.
    if let Err(error) = later(app, row, Unsettled::Failed).await {
        app.trouble.failed(&error, app.clock.now());
    }
}

async fn work_through(app: &App, row: &WebhookRow) -> Result<(), Error> {
    let order_id = match &row.order_id {
        Some(id) => Some(id.clone()),
        None if row.event_type == CANCEL_CHANGED => {
            let Some(id) = order_of_cancel(app, row).await? else {
                // It may come before the answer to the cancel is written down.
                return later(app, row, Unsettled::Unknown("unknown cancel")).await;
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
        return later(app, row, Unsettled::Unknown("unknown order")).await;
    }
    if !secret_fits(app, row, order_id.as_str()).await? {
        tracing::warn!(order.id = %order_id, "a deposit callback has a false secret");
        return webhooks::conclude(&app.db, &row.id, None, "forged: false secret").await;
    }
    match settle(app, &order_id, Why::Told).await? {
        Settled::Known | Settled::Idle => {
            webhooks::conclude(&app.db, &row.id, None, "settled").await
        }
        Settled::Open => later(app, row, Unsettled::Silence).await,
        Settled::Busy => {
            let due_at = app.clock.now() + wait_ms(row.tried);
            webhooks::conclude(&app.db, &row.id, Some(due_at), "someone else is at it").await
        }
    }
}

async fn later(app: &App, row: &WebhookRow, why: Unsettled) -> Result<(), Error> {
    let now = app.clock.now();
    let said = why.as_str();
    if row.tried < TRIES_MAX {
        return webhooks::conclude(&app.db, &row.id, Some(now + wait_ms(row.tried)), said).await;
    }
    let outcome = format!("given up: {said}");
    match why {
        Unsettled::Unknown(_) => webhooks::conclude(&app.db, &row.id, None, &outcome).await,
        Unsettled::Silence | Unsettled::Failed => {
            webhooks::give_up(&app.db, &row.id, &outcome, now).await?;
            tracing::error!(webhook.id = row.id, order.id = row.order_id, "webhook {outcome}");
            Ok(())
        }
    }
}

impl Unsettled {
    fn as_str(self) -> &'static str {
        match self {
            Unsettled::Unknown(what) => what,
            Unsettled::Silence => "toss did not answer",
            Unsettled::Failed => "the shop failed",
        }
    }
}

/// After so many looks.
fn wait_ms(tried: i64) -> i64 {
    let doublings = u32::try_from(tried).unwrap_or(u32::MAX).min(12);
    (LOOK_AGAIN_MS << doublings).min(LOOK_AGAIN_MS_MAX)
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
    use super::{LOOK_AGAIN_MS_MAX, TRIES_MAX, wait_ms};

    #[test]
    fn looks_come_ever_less_often_and_end_after_days() {
        let waits: Vec<_> = (0..TRIES_MAX).map(wait_ms).collect();
        assert_eq!(waits[..4], [2_000, 4_000, 8_000, 16_000]);
        assert_eq!(waits[20], LOOK_AGAIN_MS_MAX);
        assert_eq!(wait_ms(i64::MAX), LOOK_AGAIN_MS_MAX);
        let hours = waits.iter().sum::<i64>() / 3_600_000;
        assert!((72..=96).contains(&hours), "{hours}");
    }
}
