//! `POST /webhooks/toss`: what has one of Toss's forms is filed, and answered at once.

use std::net::{IpAddr, SocketAddr};

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use sha2::Sha256;

use crate::server::db::webhooks::{self, Arrived};
use crate::server::db::{cancels, payments, repeated_briefly};
use crate::server::payment::inbox::hint::{DEPOSIT_CALLBACK, Hint, digest, hint, kept};
use crate::server::payment::inbox::secret;
use crate::server::runtime::clock;
use crate::server::{App, Error};

/// The largest documented body is a Payment with its cancels: a few KiB.
pub const BODY_BYTES_MAX: usize = 64 * 1024;

/// Why one is not kept, as the figures name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotKept {
    /// It has none of Toss's forms.
    Form,
    /// Its signature does not fit.
    Forged,
    /// It is larger than any of Toss's.
    Size,
    /// Too many came of late, from one address or from all.
    Rate,
}

impl NotKept {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            NotKept::Form => "FORM",
            NotKept::Forged => "FORGED",
            NotKept::Size => "SIZE",
            NotKept::Rate => "RATE",
        }
    }
}

/// `POST /webhooks/toss`.
pub async fn receive(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    match body {
        Ok(body) => {
            let caller = app.callers.address(peer.ip(), &headers);
            take_in(&app, caller, &headers, &body).await.into_response()
        }
        Err(rejection) => {
            app.metrics.webhook_not_kept(NotKept::Size.as_str());
            rejection.into_response()
        }
    }
}

/// Files what is one.
pub async fn take_in(
    app: &App,
    caller: Option<IpAddr>,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<StatusCode, (StatusCode, &'static str)> {
    let now = app.clock.now();
    // Its own limit first: who is above that takes nothing away from others.
    if !app.callers.may_post(caller, now) || app.webhook_rate.take(now, 1) == 0 {
        app.metrics.webhook_not_kept(NotKept::Rate.as_str());
        return Err((StatusCode::TOO_MANY_REQUESTS, "too many webhooks; send it again later\n"));
    }
    let text = std::str::from_utf8(body).unwrap_or_default();
    let json: Value = serde_json::from_str(text).unwrap_or_default();
    let Some(hint) = hint(&json, text) else {
        app.metrics.webhook_not_kept(NotKept::Form.as_str());
        return Ok(StatusCode::OK);
    };
    if hint.signed && !is_signed(app, headers, body) {
        app.metrics.webhook_not_kept(NotKept::Forged.as_str());
        return Ok(StatusCode::OK);
    }
    let is_new = file(app, headers, &hint, &kept(&json, text, &hint)).await.map_err(|error| {
        // Toss sends it again.
        error.log();
        (StatusCode::SERVICE_UNAVAILABLE, "not stored; send it again\n")
    })?;
    app.metrics.webhook_received(&hint.event_type);
    tracing::info!(
        webhook.event = hint.event_type,
        webhook.is_new = is_new,
        order.id = hint.order_id,
        "webhook filed"
    );
    app.wake.notify_one();
    Ok(StatusCode::OK)
}

async fn file(app: &App, headers: &HeaderMap, hint: &Hint, body: &str) -> Result<bool, Error> {
    let now = app.clock.now();
    let id = headers.get("tosspayments-webhook-transmission-id");
    let order_id = match (&hint.order_id, &hint.transaction_key) {
        (None, Some(key)) => cancels::order_of(app.db.read(), key).await?.map(String::from),
        (order_id, _) => order_id.clone(),
    };
    let is_false = is_false(app, hint, order_id.as_deref(), body).await?;
    let outcome = match (hint.about_payment, is_false) {
        (false, _) => Some("kept: nothing here is about an order"),
        (true, true) => Some("forged: false secret"),
        (true, false) => None,
    };
    let arrived = Arrived {
        id: &clock::row_id(),
        digest: &digest(hint),
        event_type: &hint.event_type,
        order_id: order_id.as_deref(),
        body,
        // As long as Toss's own are, and longer.
        transmission_id: id
            .and_then(|id| id.to_str().ok())
            .and_then(|id| id.get(..id.len().min(80))),
        due_at: outcome.is_none().then_some(now),
        outcome,
        now,
    };
    repeated_briefly(async || webhooks::file(&app.db, &arrived).await).await
}

/// Whether it is a deposit callback whose secret is known to be another. Such a one waits for nothing, and so
/// pushes no true one out of the rows that an order may have.
async fn is_false(
    app: &App,
    hint: &Hint,
    order_id: Option<&str>,
    body: &str,
) -> Result<bool, Error> {
    let Some(order_id) = order_id.filter(|_| hint.event_type == DEPOSIT_CALLBACK) else {
        return Ok(false);
    };
    let stored = payments::secret_of(app.db.read(), order_id).await?;
    let is_false = stored.is_some_and(|stored| !secret::is_in(&stored, body));
    if is_false {
        tracing::warn!(order.id = order_id, "a deposit callback has a false secret");
    }
    Ok(is_false)
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
