//! The way of every call: who calls, was it answered before, which fault strikes it, and only
//! then the errand itself (Toss: api.md §4.1, order of checks).

use std::sync::Arc;
use std::time::Instant;

use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;

use crate::sandbox::api::answer::{Answer, IDEMPOTENCY_KEY};
use crate::sandbox::api::authorization::authorize;
use crate::sandbox::api::errand::Errand;
use crate::sandbox::api::idempotency::{Begun, Identity, Ticket};
use crate::sandbox::api::note::{header_text, note};
use crate::sandbox::api::trouble::suffer;
use crate::sandbox::api::{
    billing, brandpay, cancel, cash_receipts, confirm, key_in, promotions, read, settlements,
    transactions, virtual_accounts,
};
use crate::sandbox::calls::Call;
use crate::sandbox::codes::{self, Refusal};
use crate::sandbox::faults::Subject;
use crate::sandbox::fields::{FieldFault, Fields};
use crate::sandbox::line::Line;
use crate::sandbox::merchants::Account;
use crate::sandbox::payments::Language;
use crate::sandbox::state::State;

/// Microseconds from the last byte of the call to its answer, waits of faults and latency included.
pub(crate) const SERVICE_TIME: HeaderName = HeaderName::from_static("x-sandbox-service-time-us");
/// Longer keys are refused.
const IDEMPOTENCY_KEY_LENGTH_MAX: usize = 300;

/// One call as it came.
#[derive(Clone, Debug)]
pub(crate) struct Incoming {
    pub(crate) errand: Errand,
    /// Path and query.
    pub(crate) uri: String,
    pub(crate) headers: HeaderMap,
    /// The body of a POST, the query of everything else.
    pub(crate) fields: Result<Fields, FieldFault>,
    /// Absent where there is no network, as in tests that call the router.
    pub(crate) line: Option<Line>,
}

/// A call whose caller is known.
#[derive(Debug)]
pub(crate) struct Work {
    pub(crate) errand: Errand,
    pub(crate) account: Arc<Account>,
    pub(crate) fields: Result<Fields, FieldFault>,
    pub(crate) test_code: Option<String>,
    pub(crate) language: Language,
}

impl Work {
    /// The fields, once.
    pub(crate) fn take_fields(&mut self) -> Result<Fields, Refusal> {
        Ok(std::mem::replace(&mut self.fields, Ok(Fields::default()))?)
    }
}

/// What came of the errand.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) result: Result<Answer, Refusal>,
    /// Whether something changed.
    pub(crate) effect: bool,
    language: Language,
}

/// What goes out, and how.
pub(crate) struct Reply {
    pub(crate) answer: Answer,
    /// The trace id of the call whose answer this is.
    pub(crate) replay_of: Option<String>,
    pub(crate) fault: Option<&'static str>,
    pub(crate) sending: Sending,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sending {
    Whole,
    Half,
    Lost,
}

impl Reply {
    pub(crate) fn plain(answer: Answer) -> Reply {
        Reply { answer, replay_of: None, fault: None, sending: Sending::Whole }
    }

    fn refused(code: &str, language: Language) -> Reply {
        Reply::plain(Answer::refusal_in(&Refusal::new(code), language))
    }
}

/// Answers one call.
pub(crate) async fn receive(state: Arc<State>, incoming: Incoming) -> Response {
    let begun_at = Instant::now();
    let trace_id = state.dice.hex(32);
    let echo = incoming.headers.get(IDEMPOTENCY_KEY).cloned();
    let line = incoming.line.clone();
    let mut call = note(&state, &incoming, &trace_id);

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
    state.calls.note(call);

    let trace = match &reply.replay_of {
        Some(original) => format!("{trace_id}, {original}"),
        None => trace_id,
    };
    let mut response = send(reply, line, &trace, echo.as_ref());
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
    let mut response = answer.into_response(&state.dice.hex(32), None);
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
    let fault = state.faults.take(incoming.errand.target(), subject, &state.dice);
    let work = Work {
        test_code: header_text(&incoming.headers, "tosspayments-test-code"),
        fields: incoming.fields,
        errand: incoming.errand,
        account,
        language,
    };
    match fault {
        None => {
            let done = perform(state, work, None);
            let arrivals = state.pump();
            let answer = answer_of(&done);
            keep(state, ticket, &answer, &done, trace_id);
            arrivals.all(state).await;
            Reply::plain(answer)
        }
        Some(fault) => {
            let state = Arc::clone(state);
            let trace_id = trace_id.to_owned();
            // On its own task: a caller who hangs up does not stop what has begun.
            let struck =
                tokio::spawn(async move { suffer(&state, work, &fault, ticket, &trace_id).await });
            struck
                .await
                .unwrap_or_else(|_| Reply::refused("FAILED_INTERNAL_SYSTEM_PROCESSING", language))
        }
    }
}

/// Who calls, if this kind of key may call this and has not called too often.
fn admit(state: &State, incoming: &Incoming) -> Result<Arc<Account>, Refusal> {
    let account = authorize(&incoming.headers, &state.accounts, &state.assumed)?;
    if incoming.errand.key_kind().is_some_and(|kind| kind != account.kind) {
        return Err(Refusal::new(state.assumed.wrong_kind_of_key));
    }
    if let Some(limit) = state.assumed.calls_a_minute_max
        && !account.live
    {
        state.rates.count(&account, incoming.errand.target(), limit, state.clock.now())?;
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
    let method = incoming.errand.method();
    let Some(key) = incoming.headers.get(IDEMPOTENCY_KEY).filter(|_| method == "POST") else {
        return Ok(None);
    };
    if key.as_bytes().len() > IDEMPOTENCY_KEY_LENGTH_MAX {
        return Err(Reply::refused("INVALID_IDEMPOTENCY_KEY", language));
    }
    let identity = Identity::of(key.as_bytes(), &account.client_key, method, &incoming.uri);
    match state.answers.begin(identity, state.clock.now()) {
        Begun::First(ticket) => Ok(Some(ticket)),
        Begun::Running => Err(Reply::refused("IDEMPOTENT_REQUEST_PROCESSING", language)),
        Begun::Answered { answer, trace_id } => {
            Err(Reply { replay_of: Some(trace_id), ..Reply::plain(answer) })
        }
    }
}

pub(crate) fn perform(state: &State, work: Work, objection: Option<Refusal>) -> Done {
    let language = work.language;
    let has_effect = work.errand.has_effect();
    let result = tested(&work).and_then(|()| dispatch(state, work, objection));
    Done { effect: has_effect && result.is_ok(), result, language }
}

fn dispatch(state: &State, work: Work, objection: Option<Refusal>) -> Result<Answer, Refusal> {
    match &work.errand {
        Errand::Confirm | Errand::ConfirmByKey(_) | Errand::BrandPayConfirm => {
            confirm::perform(state, work, objection)
        }
        Errand::ReadByKey(_) | Errand::ReadByOrder(_) => read::perform(state, &work, objection),
        Errand::Cancel(_) => cancel::perform(state, work, objection),
        Errand::KeyIn => key_in::perform(state, work, objection),
        Errand::VirtualAccount => virtual_accounts::perform(state, work, objection),
        Errand::BillingIssue => billing::issue(state, work, objection),
        Errand::BillingCard => billing::issue_by_card(state, work, objection),
        Errand::BillingCharge(_) => billing::charge(state, work, objection),
        Errand::BillingDelete(_) => billing::delete(state, &work, objection),
        Errand::CashReceipt => cash_receipts::issue(state, work, objection),
        Errand::CashReceiptCancel(_) => cash_receipts::cancel(state, work, objection),
        Errand::CashReceipts => cash_receipts::list(state, work, objection),
        Errand::Transactions => transactions::perform(state, work, objection),
        Errand::Settlements => settlements::list(state, work, objection),
        Errand::Settle => settlements::ask(state, work, objection),
        Errand::Promotions => promotions::all(state, objection),
        Errand::CardPromotions => promotions::cards(state, objection),
        Errand::BrandPayToken => brandpay::token(state, work, objection),
    }
}

/// `TossPayments-Test-Code` asks for a failure, before anything else is looked at. Live keys
/// never fail on request, nor do endpoints that take no such codes (Toss: api.md §8).
fn tested(work: &Work) -> Result<(), Refusal> {
    match (&work.test_code, work.errand.test_codes()) {
        (Some(code), Some(endpoint)) if !work.account.live => {
            let is_known = codes::is_test_code(endpoint, code);
            Err(Refusal::new(if is_known { code } else { "INVALID_TEST_CODE" }))
        }
        (_, _) => Ok(()),
    }
}

pub(crate) fn answer_of(done: &Done) -> Answer {
    match &done.result {
        Ok(answer) => answer.clone(),
        Err(refusal) => Answer::refusal_in(refusal, done.language),
    }
}

/// What every endpoint does with the objection of a fault.
pub(crate) fn unless(objection: Option<Refusal>) -> Result<(), Refusal> {
    objection.map_or(Ok(()), Err)
}

/// Keeps the answer under its idempotency key, where it is worth keeping: never that another
/// call was running, and a fault of the server only when the effect happened.
pub(crate) fn keep(
    state: &State,
    ticket: Option<Ticket>,
    answer: &Answer,
    done: &Done,
    trace_id: &str,
) {
    let Some(ticket) = ticket else { return };
    let worth_keeping = match answer.status {
        StatusCode::CONFLICT => false,
        status if status.is_server_error() => done.effect && state.assumed.keep_5xx_after_effect,
        _ => true,
    };
    if worth_keeping {
        ticket.keep(answer.clone(), trace_id.to_owned());
    }
}

fn send(reply: Reply, line: Option<Line>, trace: &str, echo: Option<&HeaderValue>) -> Response {
    match (reply.sending, line) {
        (Sending::Whole, _) => {}
        (Sending::Lost, Some(line)) => line.lose(),
        (Sending::Half, Some(line)) => line.cut_after(reply.answer.body.len() / 2),
        // Without a network there is nothing to break: a gateway's error is the nearest.
        (Sending::Lost | Sending::Half, None) => {
            return Answer::gateway(StatusCode::BAD_GATEWAY).into_response(trace, echo);
        }
    }
    reply.answer.into_response(trace, echo)
}
