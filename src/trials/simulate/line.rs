//! The way to Toss in a simulation: no network, but calls and answers can be lost or late.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::Request;

use crate::sandbox;
use crate::server::runtime::{clock, machine};
use crate::server::toss_api::client::{ANSWER_WAIT, Answer, Direct, DirectAnswer};
use crate::trials::simulate::machine::{Machine, Weather};

/// No answer is larger.
const ANSWER_BYTES_MAX: usize = 1_000_000;

/// A way to one sandbox.
#[derive(Clone, Debug)]
pub(super) struct Line {
    sandbox: sandbox::Direct,
}

/// What becomes of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Arrives,
    /// The call never reaches Toss.
    CallLost,
    /// The call reaches Toss so many milliseconds later, when nobody waits for it any more.
    Straggles(i64),
    /// Toss does it, and nobody hears of it.
    AnswerLost,
    /// The same, noticed at once.
    Broken,
    /// The answer comes after so many seconds.
    Late(u64),
    /// Something before Toss answers in its place, after Toss has done it.
    Gateway,
}

impl Line {
    pub(super) fn to(sandbox: sandbox::Direct) -> Arc<Line> {
        Arc::new(Line { sandbox })
    }

    fn fate() -> Fate {
        let Some(machine) = Machine::here() else { return Fate::Arrives };
        if machine.weather.get() == Weather::Calm {
            return Fate::Arrives;
        }
        match machine.below(40) {
            0 => Fate::CallLost,
            1 => Fate::Straggles(61_000 + i64::try_from(machine.below(900_000)).unwrap_or(0)),
            2 | 3 => Fate::AnswerLost,
            4 | 5 => Fate::Broken,
            6 => Fate::Late(3),
            7 => Fate::Late(59),
            8 => Fate::Gateway,
            _ => Fate::Arrives,
        }
    }
}

impl Direct for Line {
    fn send(&self, request: reqwest::Request) -> DirectAnswer {
        let sandbox = self.sandbox.clone();
        Box::pin(async move {
            let fate = Line::fate();
            if let (Fate::Straggles(ms), Some(machine)) = (fate, Machine::here())
                && let Some(again) = request.try_clone()
            {
                machine.straggles(ms, again);
            }
            if matches!(fate, Fate::CallLost | Fate::Straggles(_)) {
                machine::sleep(ANSWER_WAIT).await;
                return Err("timed out");
            }
            let answer = ask(&sandbox, &request).await;
            match fate {
                Fate::Arrives | Fate::CallLost | Fate::Straggles(_) => Ok(answer),
                Fate::AnswerLost => {
                    machine::sleep(ANSWER_WAIT).await;
                    Err("timed out")
                }
                Fate::Broken => Err("connection broke"),
                Fate::Late(seconds) => {
                    machine::sleep(Duration::from_secs(seconds)).await;
                    Ok(answer)
                }
                Fate::Gateway => {
                    let body = b"<html>Bad Gateway</html>".to_vec();
                    Ok(Answer { status: 502, trace: String::new(), toss_at: None, body })
                }
            }
        })
    }
}

/// One call that arrives, and its answer.
pub(super) async fn ask(sandbox: &sandbox::Direct, asked: &reqwest::Request) -> Answer {
    let body = asked.body().and_then(reqwest::Body::as_bytes).unwrap_or_default().to_vec();
    let mut request = Request::new(Body::from(body));
    *request.method_mut() = asked.method().clone();
    let (path, query) = (asked.url().path(), asked.url().query());
    let uri = query.map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
    *request.uri_mut() = uri.parse().unwrap_or_default();
    *request.headers_mut() = asked.headers().clone();
    let response = sandbox.call(request).await;
    let status = response.status().as_u16();
    let trace = response.headers().get("x-tosspayments-trace-id");
    let trace = trace.and_then(|id| id.to_str().ok()).unwrap_or_default().to_owned();
    let date = response.headers().get("date");
    let toss_at = date.and_then(|date| clock::ms_of_header(date.to_str().ok()?));
    let body = to_bytes(response.into_body(), ANSWER_BYTES_MAX).await.unwrap_or_default();
    Answer { status, trace, toss_at, body: body.to_vec() }
}
