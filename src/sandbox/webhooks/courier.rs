//! Carries deliveries to their receivers and says what those answer.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, StatusCode};

use crate::sandbox::assumptions::Assumptions;
use crate::sandbox::clock::Moment;
use crate::sandbox::dice::Dice;
use crate::sandbox::webhooks::delivery::{Attempt, transmission_id};
use crate::sandbox::webhooks::queue::Job;
use crate::sandbox::webhooks::signature::{SecurityKeys, signature};

/// A receiver that takes longer has not answered (Toss: webhooks.md §1).
pub(crate) const WAIT: Duration = Duration::from_secs(10);
/// What is kept of an answer's body.
const ANSWER_LETTERS_MAX: usize = 500;
const ANSWER_BYTES_MAX: usize = 4 * ANSWER_LETTERS_MAX;

/// Nobody has measured Toss's.
const USER_AGENT: &str = "TossPayments-Webhook (sandbox)";

const SENT_AT: HeaderName = HeaderName::from_static("tosspayments-webhook-transmission-time");
const RETRIED: HeaderName =
    HeaderName::from_static("tosspayments-webhook-transmission-retried-count");
const TRANSMISSION_ID: HeaderName = HeaderName::from_static("tosspayments-webhook-transmission-id");
const SIGNATURE: HeaderName = HeaderName::from_static("tosspayments-webhook-signature");

/// What came of one try, and whether it counts as a success.
pub(crate) struct Outcome {
    pub(crate) attempt: Attempt,
    pub(crate) success: bool,
}

/// What it takes to write one try.
pub(crate) struct Sender<'a> {
    pub(crate) keys: &'a SecurityKeys,
    pub(crate) assumed: &'a Assumptions,
    pub(crate) dice: &'a Dice,
}

/// The way to the receivers.
#[derive(Debug)]
pub(crate) struct Courier {
    /// How long a receiver may take, in real time.
    wait: Duration,
    /// Made at the first use: certificates take a while to load.
    http: OnceLock<Result<reqwest::Client, String>>,
}

impl Courier {
    pub(crate) fn new(wait: Duration) -> Courier {
        Courier { wait, http: OnceLock::new() }
    }

    /// Makes one try.
    pub(crate) async fn carry(&self, job: &Job, sender: &Sender<'_>, at: Moment) -> Outcome {
        // Before the clock runs: its first use loads certificates.
        let http = self.http();
        let began = Instant::now();
        let sent = async { send(sender, http?, job, at).await };
        let outcome = tokio::time::timeout(self.wait, sent).await;
        let (status, error, answer) = match outcome {
            Ok(Ok((status, answer))) => (Some(status), None, answer),
            Ok(Err(error)) => (None, Some(error), String::new()),
            Err(_elapsed) => {
                let error = format!("no answer within {} s", self.wait.as_secs());
                (None, Some(error), String::new())
            }
        };
        let success = status.is_some_and(|status| {
            status == StatusCode::OK || (sender.assumed.webhook_any_2xx && status.is_success())
        });
        tracing::debug!(
            delivery.id = job.delivery,
            status = status.map(|status| status.as_u16()),
            error,
            "sandbox webhook"
        );
        let attempt = Attempt {
            at,
            retried_count: job.retried_count,
            status: status.map(|status| status.as_u16()),
            error,
            answer,
            took_ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        };
        Outcome { attempt, success }
    }

    fn http(&self) -> Result<&reqwest::Client, String> {
        let made = self.http.get_or_init(|| {
            reqwest::Client::builder()
                .user_agent(USER_AGENT)
                // Toss follows none, so that a receiver that moved is one that does not answer.
                .redirect(reqwest::redirect::Policy::none())
                // Receivers are near; a proxy would not find them.
                .no_proxy()
                .build()
                .map_err(|error| error.to_string())
        });
        made.as_ref().map_err(Clone::clone)
    }
}

/// The status and the beginning of the body, or why there is none.
async fn send(
    sender: &Sender<'_>,
    http: &reqwest::Client,
    job: &Job,
    at: Moment,
) -> Result<(StatusCode, String), String> {
    let sent_at = at.iso();
    // Whether a repeat is known by the id of the first try, nobody has measured.
    let transmission_id = match (job.retried_count, sender.assumed.webhook_repeats_keep_id) {
        (0, _) | (_, true) => job.transmission_id.clone(),
        (_, false) => transmission_id(sender.dice),
    };
    let mut request = http
        .post(&job.url)
        .header(CONTENT_TYPE, "application/json")
        .header(SENT_AT, &sent_at)
        .header(RETRIED, job.retried_count)
        .header(TRANSMISSION_ID, transmission_id);
    if job.signed {
        request = request.header(SIGNATURE, signatures(sender, job, at, &sent_at));
    }
    let mut response = request.body(job.body.clone()).send().await.map_err(|error| told(&error))?;
    let status = response.status();
    let mut bytes = Vec::new();
    while bytes.len() < ANSWER_BYTES_MAX
        && let Ok(Some(chunk)) = response.chunk().await
    {
        let room = ANSWER_BYTES_MAX - bytes.len();
        bytes.extend(chunk.iter().take(room));
    }
    Ok((status, String::from_utf8_lossy(&bytes).chars().take(ANSWER_LETTERS_MAX).collect()))
}

/// One value, or two while an old key is still good.
fn signatures(sender: &Sender<'_>, job: &Job, at: Moment, sent_at: &str) -> String {
    let keys = if job.wrong_signature {
        vec!["0".repeat(64)]
    } else {
        sender.keys.in_force(&job.m_id, at)
    };
    let form = sender.assumed.webhook_key_form;
    let signatures: Vec<String> =
        keys.iter().map(|key| signature(key, form, &job.body, sent_at)).collect();
    signatures.join(",")
}

/// The innermost cause says most: `Connection refused`.
fn told(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string().chars().take(ANSWER_LETTERS_MAX).collect()
}
