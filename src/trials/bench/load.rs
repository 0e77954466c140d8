//! The calls: what is prepared for them, how they are sent, and what a right answer is.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, COOKIE, ORIGIN, SET_COOKIE};
use reqwest::redirect::Policy;
use serde::Deserialize;
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::contract::{Outcome, Placed};
use crate::domain::order::Status;
use crate::server::runtime::clock;

/// What every order is of: two lines, as carts tend to have more than one.
pub(super) const WISH: [(&str, u32); 2] = [("tee", 1), ("socks", 2)];

/// A shop gives up on Toss after 60 s and tells the buyer long before; past that it is stuck.
const ANSWER_PATIENCE: Duration = Duration::from_secs(90);

/// Long enough for a confirm to be written down, while Toss is far slower.
const LEFT_AFTER: Duration = Duration::from_secs(3);

/// Orders placed at once: as many as keep the shop's one writer busy, in time that nobody
/// measures.
const PREPARED_AT_ONCE: u32 = 8;

/// An order of which only Toss knows.
const ALONE_LETTERS: usize = 16;
const ALONE_AMOUNT: i64 = 33_000;

/// In microseconds, of the answer it stands in.
const SERVICE_TIME: &str = "x-sandbox-service-time-us";

/// Longest part of an unexpected answer that is told.
const TOLD_CHARS_MAX: usize = 200;

/// One call to be sent once.
#[derive(Debug)]
pub(super) enum Call {
    /// `GET /api/products`
    Read,
    /// `POST /api/confirm-payment`
    Confirm(Claim),
    /// A page, or a file.
    Page(Page),
}

/// What a browser asks for.
#[derive(Clone, Debug)]
pub(super) struct Page {
    pub(super) path: String,
    pub(super) cookie: String,
    /// What stands in the right one.
    pub(super) has: &'static str,
}

/// An order that its buyer has approved in the sandbox, and the cookie of that buyer.
#[derive(Debug)]
pub(super) struct Claim {
    order_id: String,
    cookie: String,
    body: String,
}

/// What came of a number of calls.
#[derive(Debug, Default)]
pub(super) struct Sent {
    /// From the first call sent to the last answer read.
    pub(super) elapsed: Duration,
    /// How long each call took that was answered as it should be.
    pub(super) took: Vec<Duration>,
    /// A sentence for each of the others.
    pub(super) failures: Vec<String>,
}

/// Where calls go. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Load {
    http: reqwest::Client,
    shop: Arc<str>,
    sandbox: Arc<str>,
    client_key: Arc<str>,
}

impl Load {
    pub(super) fn new(shop: &str, sandbox: &str, client_key: &str) -> Result<Load, String> {
        let http = reqwest::Client::builder()
            .no_proxy()
            // The answer to a form is what it brings along.
            .redirect(Policy::none())
            .timeout(ANSWER_PATIENCE)
            .build()
            .map_err(|error| format!("the HTTP client did not start: {error}"))?;
        let (shop, sandbox, client_key) = (shop.into(), sandbox.into(), client_key.into());
        Ok(Load { http, shop, sandbox, client_key })
    }

    /// Places `count` orders, each by a buyer of its own, and approves them at the sandbox.
    pub(super) async fn orders(&self, count: u32) -> Result<Vec<Call>, String> {
        let mut workers = JoinSet::new();
        for worker in 0..PREPARED_AT_ONCE {
            let load = self.clone();
            let share = count / PREPARED_AT_ONCE + u32::from(worker < count % PREPARED_AT_ONCE);
            workers.spawn(async move {
                let mut calls = Vec::new();
                for _ in 0..share {
                    calls.push(Call::Confirm(load.order().await?));
                }
                Ok::<_, String>(calls)
            });
        }
        let mut calls = Vec::new();
        while let Some(share) = workers.join_next().await {
            calls.extend(share.map_err(|error| error.to_string())??);
        }
        Ok(calls)
    }

    async fn order(&self) -> Result<Claim, String> {
        let lines = WISH.map(|(id, quantity)| json!({ "productId": id, "quantity": quantity }));
        let wish = json!({
            "lines": lines,
            "customer": {
                "name": "홍길동", "email": "hong@example.com", "mobilePhone": "010-1234-5678",
            },
        });
        let request = self.http.post(format!("{}/api/place-order", self.shop));
        let (placed, cookie) = placed(request.json(&wish)).await?;
        let order_id = placed.order_id.to_string();
        let body = self.approve(&order_id, placed.amount.get()).await?;
        Ok(Claim { order_id, cookie, body })
    }

    /// The buyer approves at the sandbox; the body of the confirm that follows.
    async fn approve(&self, order_id: &str, amount: i64) -> Result<String, String> {
        let approval = json!({
            "clientKey": self.client_key, "orderId": order_id, "orderName": "양말 외 1건",
            "amount": amount, "method": "CARD",
        });
        let request = self.http.post(format!("{}/__sandbox/authenticate", self.sandbox));
        let Approved { payment_key } = read(request.json(&approval), 200).await?;
        Ok(json!({ "paymentKey": payment_key, "orderId": order_id, "amount": amount }).to_string())
    }

    /// The cookies of a browser with something in its cart.
    pub(super) async fn cart(&self) -> Result<String, String> {
        let explain = |error: reqwest::Error| format!("no cart: {error}");
        let request = self.http.post(format!("{}/form/cart", self.shop));
        let request = request
            .header(ORIGIN, &*self.shop)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body("productId=tee&quantity=1&back=shop");
        let response = request.send().await.map_err(explain)?;
        Ok(given(&response))
    }

    /// Sets how long Toss takes for each call.
    pub(super) async fn set_latency(&self, latency: Duration) -> Result<(), String> {
        let request = self.http.post(format!("{}/__sandbox/latency", self.sandbox));
        let latency = json!({ "latencyMs": u64::try_from(latency.as_millis()).unwrap_or(0) });
        let _: serde_json::Value = read(request.json(&latency), 200).await?;
        Ok(())
    }

    /// Confirms `count` payments at Toss without the shop, one after the other; how long Toss
    /// says that each took it, sorted.
    pub(super) async fn toss_alone(
        &self,
        secret_key: &str,
        count: u32,
    ) -> Result<Vec<Duration>, String> {
        let mut took = Vec::new();
        for _ in 0..count {
            let order_id = clock::random_text(ALONE_LETTERS);
            let body = self.approve(&order_id, ALONE_AMOUNT).await?;
            let request = self.http.post(format!("{}/v1/payments/confirm", self.sandbox));
            let request = request.basic_auth(secret_key, Some("")).body(body);
            let request = request
                .header(CONTENT_TYPE, "application/json")
                .header("idempotency-key", format!("confirm-{order_id}"));
            let response = request.send().await.map_err(|error| format!("no answer: {error}"))?;
            let told = response.headers().get(SERVICE_TIME).and_then(|it| it.to_str().ok());
            let micros = told.and_then(|told| told.parse().ok());
            let micros = micros.filter(|_| response.status().is_success());
            took.push(Duration::from_micros(micros.ok_or("the sandbox does not confirm")?));
        }
        took.sort_unstable();
        Ok(took)
    }

    /// Sends each call once, `at_once` of them at a time: who has an answer sends the next.
    pub(super) async fn send(&self, calls: Vec<Call>, at_once: u32) -> Result<Sent, String> {
        let (calls, next) = (Arc::new(calls), Arc::new(AtomicUsize::new(0)));
        let mut workers = JoinSet::new();
        let started = Instant::now();
        for _ in 0..at_once {
            workers.spawn(self.clone().work(Arc::clone(&calls), Arc::clone(&next)));
        }
        let mut sent = Sent::default();
        while let Some(share) = workers.join_next().await {
            let share = share.map_err(|error| error.to_string())?;
            sent.took.extend(share.took);
            sent.failures.extend(share.failures);
        }
        sent.elapsed = started.elapsed();
        Ok(sent)
    }

    async fn work(self, calls: Arc<Vec<Call>>, next: Arc<AtomicUsize>) -> Sent {
        let mut sent = Sent::default();
        while let Some(call) = calls.get(next.fetch_add(1, Ordering::Relaxed)) {
            let request = self.request(call);
            let started = Instant::now();
            let answer = answer(request).await;
            let took = started.elapsed();
            match answer.and_then(|(status, body)| call.check(status, &body)) {
                Ok(()) => sent.took.push(took),
                Err(trouble) => sent.failures.push(trouble),
            }
        }
        sent
    }

    fn request(&self, call: &Call) -> reqwest::RequestBuilder {
        match call {
            Call::Read => self.http.get(format!("{}/api/products", self.shop)),
            Call::Confirm(claim) => self
                .http
                .post(format!("{}/api/confirm-payment", self.shop))
                .header(CONTENT_TYPE, "application/json")
                .header(COOKIE, &claim.cookie)
                .body(claim.body.clone()),
            Call::Page(page) => {
                let request = self.http.get(format!("{}{}", self.shop, page.path));
                request.header(COOKIE, &page.cookie)
            }
        }
    }

    /// Sends confirms without waiting for their answers: their buyers have hung up.
    pub(super) async fn leave(&self, claims: Vec<Call>, at_once: u32) -> Result<(), String> {
        let (calls, next) = (Arc::new(claims), Arc::new(AtomicUsize::new(0)));
        let mut workers = JoinSet::new();
        for _ in 0..at_once {
            let (load, calls, next) = (self.clone(), Arc::clone(&calls), Arc::clone(&next));
            workers.spawn(async move {
                while let Some(call) = calls.get(next.fetch_add(1, Ordering::Relaxed)) {
                    // An error is the caller's own end of it.
                    drop(load.request(call).timeout(LEFT_AFTER).send().await);
                }
            });
        }
        while let Some(left) = workers.join_next().await {
            left.map_err(|error| error.to_string())?;
        }
        Ok(())
    }
}

impl Claim {
    /// The checkout page of its order, as its buyer sees it.
    pub(super) fn page(&self) -> Page {
        let path = format!("/checkout?orderId={}", self.order_id);
        Page { path, cookie: self.cookie.clone(), has: "payment-methods" }
    }
}

impl Call {
    /// Whether the answer is the right one; a sentence if not.
    fn check(&self, status: u16, body: &str) -> Result<(), String> {
        let is_right = status == 200
            && match self {
                Call::Read => body.starts_with('['),
                Call::Page(page) => body.contains(page.has),
                Call::Confirm(claim) => {
                    serde_json::from_str::<Outcome>(body).is_ok_and(|outcome| {
                        outcome.status == Status::Completed
                            && outcome.order_id.as_str() == claim.order_id
                    })
                }
            };
        if is_right { Ok(()) } else { Err(unexpected(status, body)) }
    }
}

/// The sandbox's answer to an approval.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Approved {
    payment_key: String,
}

/// An order, and the cookie of its buyer.
async fn placed(request: reqwest::RequestBuilder) -> Result<(Placed, String), String> {
    let explain = |error: reqwest::Error| format!("no answer: {error}");
    let response = request.send().await.map_err(explain)?;
    let cookie = given(&response);
    let status = response.status().as_u16();
    let body = response.text().await.map_err(explain)?;
    let placed = serde_json::from_str(&body).ok().filter(|_| status == 201);
    let unprepared = || format!("an order could not be prepared: {}", unexpected(status, &body));
    Ok((placed.ok_or_else(unprepared)?, cookie))
}

/// The cookies that an answer brings, as they are sent back.
fn given(response: &reqwest::Response) -> String {
    let given = response.headers().get_all(SET_COOKIE).iter();
    let given = given.filter_map(|it| it.to_str().ok()).filter_map(|it| it.split(';').next());
    given.collect::<Vec<_>>().join("; ")
}

async fn read<T: for<'de> Deserialize<'de>>(
    request: reqwest::RequestBuilder,
    expected: u16,
) -> Result<T, String> {
    let (status, body) = answer(request).await?;
    let read = serde_json::from_str(&body).ok().filter(|_| status == expected);
    read.ok_or_else(|| format!("an order could not be prepared: {}", unexpected(status, &body)))
}

async fn answer(request: reqwest::RequestBuilder) -> Result<(u16, String), String> {
    let explain = |error: reqwest::Error| format!("no answer: {error}");
    let response = request.send().await.map_err(explain)?;
    let status = response.status().as_u16();
    Ok((status, response.text().await.map_err(explain)?))
}

fn unexpected(status: u16, body: &str) -> String {
    let told: String = body.chars().take(TOLD_CHARS_MAX).collect();
    format!("answered {status} {told}")
}

#[cfg(test)]
mod tests {
    use super::{Call, Claim};

    #[test]
    fn only_a_completed_order_of_its_own_is_a_right_answer() {
        let confirm = Call::Confirm(Claim {
            order_id: "20261122-aaaaaa".to_owned(),
            cookie: String::new(),
            body: String::new(),
        });
        let told = |id: &str, status: &str| format!(r#"{{"orderId":"{id}","status":"{status}"}}"#);
        for (status, body, is_right) in [
            (200, told("20261122-aaaaaa", "COMPLETED"), true),
            (200, told("20261122-bbbbbb", "COMPLETED"), false),
            (200, told("20261122-aaaaaa", "CONFIRMING"), false),
            (202, told("20261122-aaaaaa", "COMPLETED"), false),
            (200, "<html>".to_owned(), false),
        ] {
            assert_eq!(confirm.check(status, &body).is_ok(), is_right, "{status} {body}");
        }
        assert!(Call::Read.check(200, "[]").is_ok());
        assert!(Call::Read.check(500, "[]").is_err());
    }
}
