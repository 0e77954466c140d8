//! What a fault does to a call: before its effect, to its answer, and to the answer's way.

use std::time::Duration;

use axum::http::StatusCode;

use crate::sandbox::api::dispatch::{answer_of, perform};
use crate::sandbox::api::reply::{Reply, Sending, keep};
use crate::sandbox::api::request::Work;
use crate::sandbox::calls::{Answer, Ticket, too_many_requests};
use crate::sandbox::codes::Refusal;
use crate::sandbox::faults::{Fault, Kind, When};
use crate::sandbox::state::State;

/// Carries out the operation under a fault.
pub(crate) async fn perform_under(
    state: &State,
    work: Work,
    fault: &Fault,
    ticket: Option<Ticket>,
    trace_id: &str,
) -> Reply {
    let word = Some(fault.kind.word());
    match &fault.kind {
        Kind::Lose { when: When::Before } => {
            let answer = Answer::gateway(StatusCode::BAD_GATEWAY);
            return Reply { fault: word, sending: Sending::Lost, ..Reply::plain(answer) };
        }
        Kind::Fail { when: When::Before, status } => {
            return Reply { fault: word, ..Reply::plain(failure(*status)) };
        }
        Kind::RateLimit => {
            let answer = Answer::refusal(&too_many_requests());
            return Reply { fault: word, ..Reply::plain(answer) };
        }
        Kind::Refuse(_)
        | Kind::Fail { .. }
        | Kind::Lose { .. }
        | Kind::Delay { .. }
        | Kind::Hold { .. }
        | Kind::Cut
        | Kind::WrongAmount { .. }
        | Kind::UnknownField
        | Kind::UnknownStatus => linger(state, fault, When::Before).await,
    }
    let objection = match &fault.kind {
        Kind::Refuse(refusal) => Some(refusal.clone()),
        Kind::Fail { .. }
        | Kind::Lose { .. }
        | Kind::Delay { .. }
        | Kind::Hold { .. }
        | Kind::Cut
        | Kind::WrongAmount { .. }
        | Kind::UnknownField
        | Kind::UnknownStatus
        | Kind::RateLimit => None,
    };
    let done = perform(&state.processor, work, objection);
    let arrivals = state.pump();
    let answer = distort(answer_of(&done), &fault.kind);
    linger(state, fault, When::After).await;
    keep(&state.processor.assumed, ticket, &answer, &done, trace_id);
    arrivals.all(&state.lifecycle.closing).await;
    let sending = match &fault.kind {
        Kind::Lose { .. } => Sending::Lost,
        Kind::Cut => Sending::Half,
        Kind::Refuse(_)
        | Kind::Fail { .. }
        | Kind::Delay { .. }
        | Kind::Hold { .. }
        | Kind::WrongAmount { .. }
        | Kind::UnknownField
        | Kind::UnknownStatus
        | Kind::RateLimit => Sending::Whole,
    };
    Reply { fault: word, sending, ..Reply::plain(answer) }
}

/// Waits where a fault says so; a stop of the sandbox ends every wait.
async fn linger(state: &State, fault: &Fault, when: When) {
    if fault.kind.when() != Some(when) {
        return;
    }
    let wait = async {
        match &fault.kind {
            Kind::Delay { ms, .. } => tokio::time::sleep(Duration::from_millis(*ms)).await,
            Kind::Hold { .. } => fault.removed().await,
            Kind::Refuse(_)
            | Kind::Fail { .. }
            | Kind::Lose { .. }
            | Kind::Cut
            | Kind::WrongAmount { .. }
            | Kind::UnknownField
            | Kind::UnknownStatus
            | Kind::RateLimit => {}
        }
    };
    tokio::select! {
        () = wait => {}
        () = state.lifecycle.closing.passed() => {}
    }
}

/// 500 is Toss's own; the others come from what stands before it.
fn failure(status: u16) -> Answer {
    match StatusCode::from_u16(status) {
        Ok(status) if status != StatusCode::INTERNAL_SERVER_ERROR => Answer::gateway(status),
        Ok(_) | Err(_) => Answer::refusal(&Refusal::new("FAILED_INTERNAL_SYSTEM_PROCESSING")),
    }
}

/// The answer as the fault bends it.
fn distort(answer: Answer, kind: &Kind) -> Answer {
    let (name, value) = match kind {
        Kind::Fail { status, .. } => return failure(*status),
        Kind::WrongAmount { amount } => ("totalAmount", amount.map(serde_json::Value::from)),
        Kind::UnknownField => ("sandboxNewField", Some(serde_json::json!({"since": "2099-01-01"}))),
        Kind::UnknownStatus => ("status", Some("SANDBOX_NEW_STATUS".into())),
        Kind::Refuse(_)
        | Kind::Lose { .. }
        | Kind::Delay { .. }
        | Kind::Hold { .. }
        | Kind::Cut
        | Kind::RateLimit => return answer,
    };
    let Ok(serde_json::Value::Object(mut body)) = serde_json::from_slice(&answer.body) else {
        return answer;
    };
    if !answer.status.is_success() && name != "sandboxNewField" {
        return answer;
    }
    let was = body.get(name).and_then(serde_json::Value::as_i64);
    let value = value.unwrap_or_else(|| was.unwrap_or(0).saturating_add(1_000).into());
    body.insert(name.to_owned(), value);
    let bytes = serde_json::to_vec(&body).unwrap_or_default();
    answer.with_body(bytes.into())
}
