//! Calls to Toss: the only place that speaks to its HTTP API.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::ACCEPT_LANGUAGE;
use reqwest::{Method, Url};
use secrecy::{ExposeSecret, SecretString};
use tracing::Instrument;

use crate::domain::id::OrderId;
use crate::domain::language::Language;
use crate::server::runtime::asked_in::asked_in;
use crate::server::runtime::metrics::Metrics;
use crate::server::runtime::{clock, machine};
use crate::server::toss_api::answer::{Heard, Listing, Reply, Told};
use crate::server::toss_api::spans;
use crate::toss::{ErrorBody, Payment, TransactionRow};

/// Toss names no figure for confirm; 60 s is the safe choice (Toss: api.md §10 rule 4).
pub const ANSWER_WAIT: Duration = Duration::from_secs(60);

/// How long the one who asks Toss is left alone: its longest wait, and the time to write.
pub const LEASE_MS: i64 = 65_000;

const CONNECT_WAIT: Duration = Duration::from_secs(5);

/// A Payment object is under 8 KiB; with a hundred partial cancels under 100.
const ANSWER_BYTES_MAX: usize = 512 * 1024;

/// Which rows of Toss's list are asked for (Toss: api.md §6.5).
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// In Korean time, without an offset.
    pub from: &'a str,
    pub to: &'a str,
    /// The key of the last row that was seen.
    pub after: Option<&'a str>,
    pub rows: u32,
}

/// A connection to Toss's API with one secret key. Cheap to clone.
#[derive(Clone)]
pub struct TossClient {
    http: reqwest::Client,
    /// In place of the network, in a simulation.
    direct: Option<Arc<dyn Direct>>,
    api: Url,
    secret_key: SecretString,
    metrics: Metrics,
}

impl std::fmt::Debug for TossClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TossClient").field("api", &self.api.as_str()).finish_non_exhaustive()
    }
}

impl TossClient {
    /// `api` is `https://api.tosspayments.com` or a sandbox's address.
    pub fn new(
        api: Url,
        secret_key: SecretString,
        metrics: Metrics,
    ) -> Result<TossClient, reqwest::Error> {
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_WAIT)
            .timeout(ANSWER_WAIT)
            // A redirect would carry the secret key to another address.
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("gyesan/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(TossClient { http, direct: None, api, secret_key, metrics })
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        self.api.as_str()
    }

    /// The same, but nothing is sent over a network.
    pub fn over(self, direct: Arc<dyn Direct>) -> TossClient {
        TossClient { direct: Some(direct), ..self }
    }

    /// Asks for the money (Toss: api.md §4.1). Harmless to repeat with the same key.
    pub async fn confirm(&self, order_id: &str, sealed: &str, idempotency_key: &str) -> Reply {
        let post = Some((sealed, idempotency_key));
        self.call("confirm", order_id, &["payments", "confirm"], post).await
    }

    /// Reads a payment (Toss: api.md §4.2).
    pub async fn read(&self, payment_key: &str, order_id: &str) -> Reply {
        self.call("read", order_id, &["payments", payment_key], None).await
    }

    /// Reads the payment of an order (Toss: api.md §4.2).
    pub async fn read_by_order(&self, order_id: &str) -> Reply {
        self.call("read", order_id, &["payments", "orders", order_id], None).await
    }

    /// Gives money back (Toss: api.md §5.1). Harmless to repeat with the same key.
    pub async fn cancel(
        &self,
        payment_key: &str,
        order_id: &str,
        sealed: &str,
        idempotency_key: &str,
    ) -> Reply {
        let path = ["payments", payment_key, "cancel"];
        self.call("cancel", order_id, &path, Some((sealed, idempotency_key))).await
    }

    /// Lists approvals and cancels (Toss: api.md §6.5).
    pub async fn transactions(&self, page: Page<'_>) -> Listing {
        let limit = page.rows.to_string();
        let mut query = vec![("startDate", page.from), ("endDate", page.to), ("limit", &limit)];
        query.extend(page.after.map(|key| ("startingAfter", key)));
        let asked = Asked { order_id: "", path: &["transactions"], query: &query, post: None };
        let (rows, heard) = self.ask("transactions", asked, read_list).await;
        Listing { rows: rows.flatten(), heard }
    }

    async fn call(
        &self,
        call: &'static str,
        order_id: &str,
        path: &[&str],
        post: Option<(&str, &str)>,
    ) -> Reply {
        let asked = Asked { order_id, path, query: &[], post };
        let (told, heard) = self.ask(call, asked, read_answer).await;
        Reply { told: told.unwrap_or(Told::Silence), heard }
    }

    /// One call; `read` says what the answer is, and in a word what it was.
    async fn ask<T>(
        &self,
        call: &'static str,
        asked: Asked<'_>,
        read: fn(u16, &[u8]) -> (T, String),
    ) -> (Option<T>, Heard) {
        let order_id = asked.order_id;
        machine::pass(call, "before").await;
        let started = tokio::time::Instant::now();
        let span = spans::calling(call, order_id);
        let answer = self.exchange(asked).instrument(span.clone()).await;
        let duration = started.elapsed();
        machine::pass(call, "after").await;
        let duration_ms = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        let (told, heard) = match answer {
            Ok(Answer { status, trace, toss_at, body }) => {
                let (told, answer) = read(status, &body);
                let http_status = Some(status);
                let heard = Heard { call, answer, http_status, trace_id: trace, duration, toss_at };
                (Some(told), heard)
            }
            Err(error) => {
                let (answer, trace_id) = (error.to_owned(), String::new());
                let (http_status, toss_at) = (None, None);
                (None, Heard { call, answer, http_status, trace_id, duration, toss_at })
            }
        };
        spans::heard(&span, &heard);
        tracing::info!(
            toss.call = call,
            toss.status = heard.http_status,
            toss.code = heard.answer,
            toss.trace_id = heard.trace_id,
            order.id = order_id,
            duration_ms,
            "toss answered"
        );
        self.metrics.toss_called(heard.call, &heard.answer, heard.duration);
        (told, heard)
    }

    async fn exchange(&self, asked: Asked<'_>) -> Result<Answer, &'static str> {
        let Asked { path, query, post, .. } = asked;
        let mut url = address(&self.api, path)?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let method = if post.is_some() { Method::POST } else { Method::GET };
        // Key as user name, empty password, colon included (Toss: api.md §1.3).
        let mut request =
            self.http.request(method, url).basic_auth(self.secret_key.expose_secret(), Some(""));
        if let Some(language) = asked_in() {
            request = request.header(ACCEPT_LANGUAGE, accepted(language));
        }
        if let Some((body, idempotency_key)) = post {
            request = request
                .header("Idempotency-Key", idempotency_key)
                .header(reqwest::header::CONTENT_TYPE, "application/json")
                .body(body.to_owned());
        }
        let request = request.build().map_err(|error| describe(&error))?;
        if let Some(direct) = &self.direct {
            return direct.send(request).await;
        }
        self.over_network(request).await.map_err(|error| describe(&error))
    }

    async fn over_network(&self, request: reqwest::Request) -> Result<Answer, reqwest::Error> {
        let mut response = self.http.execute(request).await?;
        let status = response.status().as_u16();
        let trace = response.headers().get("x-tosspayments-trace-id");
        let trace = trace.and_then(|id| id.to_str().ok()).unwrap_or_default().to_owned();
        let date = response.headers().get(reqwest::header::DATE);
        let toss_at = date.and_then(|date| clock::ms_of_header(date.to_str().ok()?));
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if body.len() + chunk.len() > ANSWER_BYTES_MAX {
                body.clear();
                break;
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, trace, toss_at, body })
    }
}

/// As Toss wants it (Toss: api.md §1.4).
fn accepted(language: Language) -> &'static str {
    match language {
        Language::Ko => "ko-KR",
        Language::En => "en-US",
    }
}

/// The address of a path, each part of it one segment whatever it holds. Dots alone cannot be one: a
/// URL drops them, however they are written, and another address would be asked.
fn address(api: &Url, path: &[&str]) -> Result<Url, &'static str> {
    if path.iter().any(|part| matches!(*part, "" | "." | "..")) {
        return Err(NO_ADDRESS);
    }
    let mut url = api.clone();
    url.path_segments_mut().map_err(|()| NO_ADDRESS)?.pop_if_empty().push("v1").extend(path);
    Ok(url)
}

/// The idempotency key of the `attempt`-th confirm of an order, from 1. The same key brings the same
/// answer for 15 days (Toss: api.md §7).
pub fn confirm_key(order_id: &OrderId, attempt: i64) -> String {
    format!("confirm-{order_id}-{attempt}")
}

/// Nothing was sent: what was to be asked for cannot be named.
pub const NO_ADDRESS: &str = "no address";

/// What a call sends.
struct Asked<'a> {
    /// For the log; empty where the call is about no one order.
    order_id: &'a str,
    path: &'a [&'a str],
    query: &'a [(&'a str, &'a str)],
    /// Body and idempotency key.
    post: Option<(&'a str, &'a str)>,
}

/// An answer as it came.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub trace: String,
    /// What its `Date` says.
    pub toss_at: Option<i64>,
    pub body: Vec<u8>,
}

/// A way to Toss that is no network. An error says why there was no answer.
pub trait Direct: Send + Sync {
    fn send(&self, request: reqwest::Request) -> DirectAnswer;
}

/// What [`Direct::send`] comes to.
pub type DirectAnswer = Pin<Box<dyn Future<Output = Result<Answer, &'static str>> + Send>>;

/// Only a 200 with a payment in it, or a refusal in Toss's own form, is an answer. A 404 of
/// another form proves nothing (Toss: api.md §1.7).
fn read_answer(status: u16, body: &[u8]) -> (Told, String) {
    if status == 200 {
        return match serde_json::from_slice::<Payment>(body) {
            Ok(payment) if !payment.payment_key.is_empty() => {
                let answer = payment.status.as_str().to_owned();
                (Told::Payment(Box::new(payment)), answer)
            }
            Ok(_) | Err(_) => (Told::Silence, UNREADABLE.to_owned()),
        };
    }
    match serde_json::from_slice::<ErrorBody>(body) {
        Ok(error) if (400..500).contains(&status) => {
            let answer = error.code.clone();
            (Told::Refused(error), answer)
        }
        Ok(_) | Err(_) => (Told::Silence, UNREADABLE.to_owned()),
    }
}

const UNREADABLE: &str = "unreadable";

/// Only a 200 with a list in it is a page.
fn read_list(status: u16, body: &[u8]) -> (Option<Vec<TransactionRow>>, String) {
    if status == 200 {
        let rows = serde_json::from_slice(body).ok();
        let answer = if rows.is_some() { "LISTED" } else { UNREADABLE };
        return (rows, answer.to_owned());
    }
    let error = serde_json::from_slice::<ErrorBody>(body);
    (None, error.map_or_else(|_| UNREADABLE.to_owned(), |error| error.code))
}

/// The kind of failure without the address, which holds the payment key.
fn describe(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        "timed out"
    } else if error.is_connect() {
        "could not connect"
    } else {
        "connection broke"
    }
}

#[cfg(test)]
mod tests {
    use super::{Told, read_answer, read_list};

    #[test]
    fn only_toss_own_forms_are_answers() {
        let payment = br#"{"paymentKey":"k","orderId":"o","status":"BRAND_NEW","totalAmount":33000.0,"novel":{}}"#;
        let refusal = br#"{"code":"REJECT_CARD_COMPANY","message":"no"}"#;
        assert!(
            matches!(read_answer(200, payment).0, Told::Payment(p) if p.total_amount == 33_000)
        );
        assert!(
            matches!(read_answer(403, refusal).0, Told::Refused(e) if e.code.starts_with("REJ"))
        );
        for (status, body) in [
            (200, &b"{}"[..]),
            (200, b"<html>"),
            (200, br#"{"paymentKey":"k","totalAmount":0.505}"#),
            (500, refusal),
            (502, b"<html>Bad Gateway</html>"),
            (404, b"{\"timestamp\":\"\",\"status\":404}"),
            (302, b""),
        ] {
            assert!(matches!(read_answer(status, body).0, Told::Silence), "{status}");
        }
    }

    #[test]
    fn only_a_list_is_a_page() {
        let row = br#"[{"transactionKey":"t","orderId":"o","amount":-33000,"novel":1}]"#;
        let (rows, answer) = read_list(200, row);
        assert!(answer == "LISTED" && rows.is_some_and(|rows| rows.len() == 1));
        for (status, body) in [
            (200, &b"{}"[..]),
            (200, b"[{\"amount\":0.505}]"),
            (200, b"<html>"),
            (500, row),
            (429, br#"{"code":"TOO_MANY_REQUESTS","message":""}"#),
        ] {
            assert!(read_list(status, body).0.is_none(), "{status}");
        }
    }
}
