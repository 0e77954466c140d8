//! Carries deliveries to their receivers and writes down what those answer.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, StatusCode};
use tokio::task::JoinSet;

use crate::sandbox::clock::Moment;
use crate::sandbox::state::State;
use crate::sandbox::webhooks::{Attempt, Job, Webhooks, signature};

/// A receiver that takes longer has not answered (Toss: webhooks.md §1).
pub(crate) const WAIT: Duration = Duration::from_secs(10);
/// How often the sandbox's clock is looked at while nothing happens.
const LOOK_EVERY: Duration = Duration::from_millis(250);
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

/// Lets time pass and carries what is due, until the sandbox stops. What is under way then is
/// dropped: a receiver may be the one who waits for this sandbox to end.
pub(crate) async fn carry(state: Arc<State>) {
    let mut under_way = JoinSet::new();
    let mut every = tokio::time::interval(LOOK_EVERY);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = state.closing.passed() => return,
            () = state.webhooks.bell.notified() => {}
            _ = every.tick() => state.pump().unawaited(),
            Some(_) = under_way.join_next() => {}
        }
        for job in state.webhooks.jobs() {
            under_way.spawn(attempt(Arc::clone(&state), job));
        }
    }
}

/// Makes one try.
async fn attempt(state: Arc<State>, job: Job) {
    let at = state.clock.now();
    // Before the clock runs: its first use loads certificates.
    let http = state.webhooks.http();
    let began = Instant::now();
    let sent = async { send(&state, http?, &job, at).await };
    let outcome = tokio::time::timeout(state.webhooks.wait, sent).await;
    let (status, error, answer) = match outcome {
        Ok(Ok((status, answer))) => (Some(status), None, answer),
        Ok(Err(error)) => (None, Some(error), String::new()),
        Err(_elapsed) => {
            let error = format!("no answer within {} s", state.webhooks.wait.as_secs());
            (None, Some(error), String::new())
        }
    };
    let success = status.is_some_and(|status| {
        status == StatusCode::OK || (state.assumed.webhook_any_2xx && status.is_success())
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
    state.webhooks.done(&job, attempt, success);
    state.touch();
}

/// The status and the beginning of the body, or why there is none.
async fn send(
    state: &State,
    http: &reqwest::Client,
    job: &Job,
    at: Moment,
) -> Result<(StatusCode, String), String> {
    let sent_at = at.iso();
    // Whether a repeat is known by the id of the first try, nobody has measured.
    let transmission_id = match (job.retried_count, state.assumed.webhook_repeats_keep_id) {
        (0, _) | (_, true) => job.transmission_id.clone(),
        (_, false) => super::desk::transmission_id(&state.dice),
    };
    let mut request = http
        .post(&job.url)
        .header(CONTENT_TYPE, "application/json")
        .header(SENT_AT, &sent_at)
        .header(RETRIED, job.retried_count)
        .header(TRANSMISSION_ID, transmission_id);
    if job.signed {
        request = request.header(SIGNATURE, signatures(state, job, at, &sent_at));
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
fn signatures(state: &State, job: &Job, at: Moment, sent_at: &str) -> String {
    let keys = if job.wrong_signature {
        vec!["0".repeat(64)]
    } else {
        state.webhooks.keys.in_force(&job.m_id, at)
    };
    let form = state.assumed.webhook_key_form;
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

impl Webhooks {
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
