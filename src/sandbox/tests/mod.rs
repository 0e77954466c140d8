//! The sandbox held against the facts about Toss: one file per section, one way to call it.

mod authorization;
mod billing;
mod browser;
mod cancel;
mod clients;
mod codes;
mod confirm;
mod control;
mod control_input;
mod details;
mod endpoints;
mod every_endpoint;
mod facts;
mod faults;
mod fuzz;
mod idempotency;
mod late_cancel;
mod life;
mod manual;
mod methods;
mod middleware;
mod openapi;
mod outbox;
mod parameters;
mod payment_object;
mod random;
mod reports;
mod shape;
mod store;
mod test_codes;
mod virtual_account;
mod webhooks;
mod wire;
mod without_window;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::sandbox::state::State;
use crate::sandbox::{Config, Sandbox};

pub(super) const CLIENT: &str = "test_gck_docs_Ovk5rk1EwkEbP0W43n07xlzm";
/// The pair for each API by itself.
pub(super) const INDIVIDUAL_CLIENT: &str = "test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq";
pub(super) const SECRET: &str = "test_gsk_docs_OaPz8L5KdmQXkzRz3y47BMw6";
pub(super) const INDIVIDUAL_SECRET: &str = "test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R";

/// What the pair for widgets may not call.
const NEEDS_INDIVIDUAL: [&str; 3] = ["/v1/billing", "/v1/payments/key-in", "/v1/virtual-accounts"];

/// One sandbox and a shop's way to talk to it.
#[derive(Clone)]
pub(super) struct Twin {
    pub(super) router: Router,
    pub(super) state: Arc<State>,
}

/// What came back.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) text: String,
}

impl Reply {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.text).expect("a JSON body")
    }

    /// `404 NOT_FOUND_PAYMENT`, or `200 DONE`.
    pub(super) fn summary(&self) -> String {
        let body = self.json();
        let word = body.get("code").or_else(|| body.get("status")).and_then(Value::as_str);
        format!("{} {}", self.status.as_u16(), word.unwrap_or("-"))
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl Twin {
    pub(super) fn new() -> Twin {
        Twin::with(Config::default())
    }

    pub(super) fn with(config: Config) -> Twin {
        Twin::of(&Sandbox::new(config.with_seed(7)))
    }

    pub(super) fn of(sandbox: &Sandbox) -> Twin {
        Twin { router: sandbox.router(), state: Arc::clone(&sandbox.state) }
    }

    pub(super) async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        Reply { status: parts.status, headers: parts.headers, text }
    }

    /// A call to the API with more headers than usual.
    pub(super) async fn api(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Value,
    ) -> Reply {
        let mut request = Request::builder().method(method).uri(path);
        if !headers.iter().any(|(name, _)| *name == "authorization") {
            let is_for_widgets = !NEEDS_INDIVIDUAL.iter().any(|start| path.starts_with(start));
            let secret = if is_for_widgets { SECRET } else { INDIVIDUAL_SECRET };
            request = request.header("authorization", basic(secret));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = if method == "POST" { Body::from(body.to_string()) } else { Body::empty() };
        self.send(request.body(body).unwrap()).await
    }

    pub(super) async fn control(&self, method: &str, path: &str, body: Value) -> Reply {
        let request = Request::builder()
            .method(method)
            .uri(format!("/__sandbox/{path}"))
            .header("content-type", "application/json")
            .body(Body::from(body.to_string()))
            .unwrap();
        self.send(request).await
    }

    /// A buyer pays in the window; the key the shop gets.
    pub(super) async fn authenticated(&self, order_id: &str, amount: i64) -> String {
        self.authenticated_with(order_id, amount, json!({})).await
    }

    pub(super) async fn authenticated_with(
        &self,
        order_id: &str,
        amount: i64,
        more: Value,
    ) -> String {
        let mut body = json!({
            "clientKey": CLIENT, "orderId": order_id, "orderName": "머그컵 외 1건", "amount": amount,
        });
        let object = body.as_object_mut().unwrap();
        object.extend(more.as_object().unwrap().clone());
        let reply = self.control("POST", "authenticate", body).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply.json()["paymentKey"].as_str().unwrap().to_owned()
    }

    pub(super) async fn confirm(&self, key: &str, order_id: &str, amount: i64) -> Reply {
        self.confirm_with(key, order_id, amount, &[]).await
    }

    pub(super) async fn confirm_with(
        &self,
        key: &str,
        order_id: &str,
        amount: i64,
        headers: &[(&str, &str)],
    ) -> Reply {
        let body = json!({ "paymentKey": key, "orderId": order_id, "amount": amount });
        self.api("POST", "/v1/payments/confirm", headers, body).await
    }

    pub(super) async fn read(&self, key: &str) -> Reply {
        self.api("GET", &format!("/v1/payments/{key}"), &[], Value::Null).await
    }

    pub(super) async fn cancel(&self, key: &str, body: Value) -> Reply {
        self.api("POST", &format!("/v1/payments/{key}/cancel"), &[], body).await
    }

    /// A confirmed payment of this amount.
    pub(super) async fn paid(&self, order_id: &str, amount: i64) -> String {
        let key = self.authenticated(order_id, amount).await;
        assert_eq!(self.confirm(&key, order_id, amount).await.summary(), "200 DONE");
        key
    }

    pub(super) async fn advance_minutes(&self, minutes: i64) {
        let body = json!({ "advanceSeconds": minutes * 60 });
        assert_eq!(self.control("POST", "clock", body).await.status, 200);
    }

    pub(super) async fn fault(&self, body: Value) -> u64 {
        let reply = self.control("POST", "faults", body).await;
        assert_eq!(reply.status, 201, "{}", reply.text);
        reply.json()["id"].as_u64().unwrap()
    }
}

pub(super) fn basic(secret_key: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{secret_key}:")))
}
