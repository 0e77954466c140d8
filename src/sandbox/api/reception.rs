//! The way of every call: who calls, was it answered before, which fault strikes it, and only
//! then the operation itself (Toss: api.md §4.1, order of checks).

use std::sync::Arc;
use std::time::Instant;

use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;

use crate::sandbox::api::authorization::authorize;
use crate::sandbox::api::dispatch::{answer_of, perform};
use crate::sandbox::api::fault_injection::perform_under;
use crate::sandbox::api::log_entry::{header_text, log_entry};
use crate::sandbox::api::reply::{Reply, Sending, keep, send};
use crate::sandbox::api::request::{Incoming, Work};
use crate::sandbox::calls::{Answer, Begun, Call, IDEMPOTENCY_KEY, Identity, SERVICE_TIME, Ticket};
use crate::sandbox::codes::Refusal;
use crate::sandbox::faults::Subject;
use crate::sandbox::language::Language;
use crate::sandbox::merchants::Account;
use crate::sandbox::processor::Processor;
use crate::sandbox::state::State;

/// Longer keys are refused.
const IDEMPOTENCY_KEY_LENGTH_MAX: usize = 300;

/// Answers one call.
pub(crate) async fn receive(state: Arc<State>, incoming: Incoming) -> Response {
    let begun_at = Instant::now();
    let trace_id = state.processor.dice.hex(32);
    let echo = incoming.headers.get(IDEMPOTENCY_KEY).cloned();
    let connection = incoming.connection.clone();
    let mut call = log_entry(&state.processor, &incoming, &trace_id);

    let reply = reply(&state, incoming, &mut call, &trace_id).await;
    call.code = reply.answer.code();
    call.status = (reply.sending != Sending::Lost).then(|| reply.answer.status.as_u16());
    call.replayed = reply.replay_of.is_some();
    call.fault = reply.fault;
    tracing::debug!(
        call.path,
        call.status,
        call.replayed,
        call.fault,
        call.code,
        trace.id = trace_id,
        "sandbox call"
    );
    state.calls.log.note(call);

    let trace = match &reply.replay_of {
        Some(original) => format!("{trace_id}, {original}"),
        None => trace_id,
    };
    let mut response = send(reply, connection, &trace, echo.as_ref());
    response.headers_mut().insert(SERVICE_TIME, micros_since(begun_at));
    response
}

fn micros_since(begun_at: Instant) -> HeaderValue {
    HeaderValue::from(u64::try_from(begun_at.elapsed().as_micros()).unwrap_or(u64::MAX))
}

/// The answer to a method that a known path does not have.
pub(crate) fn wrong_method(state: &State, headers: &HeaderMap) -> Response {
    let begun_at = Instant::now();
    let refusal = Refusal::new("NOT_FOUND_HTTP_METHOD");
    let answer = Answer::refusal_in(&refusal, language(headers));
    let mut response = answer.into_response(&state.processor.dice.hex(32), None);
    response.headers_mut().insert(SERVICE_TIME, micros_since(begun_at));
    response
}

/// Korean, unless English is asked for first (Toss: api.md §1.4).
fn language(headers: &HeaderMap) -> Language {
    let asked = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or("");
    match asked.trim_start().get(..2) {
        Some(tag) if tag.eq_ignore_ascii_case("en") => Language::English,
        Some(_) | None => Language::Korean,
    }
}

async fn reply(state: &Arc<State>, incoming: Incoming, call: &mut Call, trace_id: &str) -> Reply {
    let language = language(&incoming.headers);
    let account = match admit(state, &incoming) {
        Ok(account) => account,
        Err(refusal) => return Reply::plain(Answer::refusal_in(&refusal, language)),
    };
    call.m_id = Some(account.m_id.clone());
    let ticket = match begin(state, &incoming, &account, language) {
        Ok(ticket) => ticket,
        Err(reply) => return reply,
    };
    let subject =
        Subject { order_id: call.order_id.as_deref(), payment_key: call.payment_key.as_deref() };
    let fault = state.faults.take(incoming.operation.target(), subject, &state.processor.dice);
    let work = Work {
        test_code: header_text(&incoming.headers, "tosspayments-test-code"),
        fields: incoming.fields,
        operation: incoming.operation,
        account,
        language,
    };
    match fault {
        None => {
            let done = perform(&state.processor, work, None);
            let arrivals = state.pump();
            let answer = answer_of(&done);
            keep(&state.processor.assumed, ticket, &answer, &done, trace_id);
            arrivals.all(&state.lifecycle.closing).await;
            Reply::plain(answer)
        }
        Some(fault) => {
            let state = Arc::clone(state);
            let trace_id = trace_id.to_owned();
            // On its own task: a caller who hangs up does not stop what has begun.
            let struck = tokio::spawn(async move {
                perform_under(&state, work, &fault, ticket, &trace_id).await
            });
            struck
                .await
                .unwrap_or_else(|_| Reply::refused("FAILED_INTERNAL_SYSTEM_PROCESSING", language))
        }
    }
}

/// Who calls, if this kind of key may call this and has not called too often.
fn admit(state: &State, incoming: &Incoming) -> Result<Arc<Account>, Refusal> {
    let Processor { accounts, assumed, clock, .. } = &state.processor;
    let account = authorize(&incoming.headers, accounts, assumed)?;
    if incoming.operation.key_kind().is_some_and(|kind| kind != account.kind) {
        return Err(Refusal::new(assumed.wrong_kind_of_key));
    }
    if let Some(limit) = assumed.calls_a_minute_max
        && !account.live
    {
        state.calls.rate_limit.count(&account, incoming.operation.target(), limit, clock.now())?;
    }
    Ok(account)
}

/// Looks up the idempotency key. An error is a reply that ends the call.
fn begin(
    state: &State,
    incoming: &Incoming,
    account: &Account,
    language: Language,
) -> Result<Option<Ticket>, Reply> {
    let method = incoming.operation.method();
    let Some(key) = incoming.headers.get(IDEMPOTENCY_KEY).filter(|_| method == "POST") else {
        return Ok(None);
    };
    if key.as_bytes().len() > IDEMPOTENCY_KEY_LENGTH_MAX {
        return Err(Reply::refused("INVALID_IDEMPOTENCY_KEY", language));
    }
    let identity = Identity::of(key.as_bytes(), &account.client_key, method, &incoming.uri);
    match state.calls.answers.begin(identity, state.processor.clock.now()) {
        Begun::First(ticket) => Ok(Some(ticket)),
        Begun::Running => Err(Reply::refused("IDEMPOTENT_REQUEST_PROCESSING", language)),
        Begun::Answered { answer, trace_id } => {
            Err(Reply { replay_of: Some(trace_id), ..Reply::plain(answer) })
        }
    }
}
