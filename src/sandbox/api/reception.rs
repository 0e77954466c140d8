//! The way of every call: who calls, was it answered before, which fault strikes it, and only
//! then the errand itself (Toss: api.md §4.1, order of checks).

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;

use crate::sandbox::api::answer::{Answer, IDEMPOTENCY_KEY};
use crate::sandbox::api::authorization::authorize;
use crate::sandbox::api::idempotency::{Begun, Identity, Ticket};
use crate::sandbox::api::trouble::suffer;
use crate::sandbox::api::{cancel, confirm, read};
use crate::sandbox::calls::Call;
use crate::sandbox::codes::Refusal;
use crate::sandbox::faults::{Subject, Target};
use crate::sandbox::fields::{FieldFault, Fields};
use crate::sandbox::line::Line;
use crate::sandbox::merchants::Account;
use crate::sandbox::state::State;
use crate::toss;

/// Longer keys are refused.
const IDEMPOTENCY_KEY_LENGTH_MAX: usize = 300;

/// What a call is for.
#[derive(Clone, Debug)]
pub(crate) enum Errand {
    Confirm,
    ReadByKey(String),
    ReadByOrder(String),
    Cancel(String),
}

/// One call as it came.
#[derive(Clone, Debug)]
pub(crate) struct Incoming {
    pub(crate) errand: Errand,
    /// Path and query.
    pub(crate) uri: String,
    pub(crate) headers: HeaderMap,
    /// The body of a POST.
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
}

/// What came of the errand.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) result: Result<toss::Payment, Refusal>,
    /// Whether money moved.
    pub(crate) effect: bool,
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

    fn refused(code: &str) -> Reply {
        Reply::plain(Answer::refusal(&Refusal::new(code)))
    }
}

impl Errand {
    fn method(&self) -> &'static str {
        match self {
            Errand::Confirm | Errand::Cancel(_) => "POST",
            Errand::ReadByKey(_) | Errand::ReadByOrder(_) => "GET",
        }
    }

    fn target(&self) -> Target {
        match self {
            Errand::Confirm => Target::Confirm,
            Errand::Cancel(_) => Target::Cancel,
            Errand::ReadByKey(_) | Errand::ReadByOrder(_) => Target::Read,
        }
    }
}

/// Answers one call.
pub(crate) async fn receive(state: Arc<State>, incoming: Incoming) -> Response {
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
    send(reply, line, &trace, echo.as_ref())
}

/// The answer to a method that a known path does not have.
pub(crate) fn wrong_method(state: &State) -> Response {
    let refusal = Refusal::new("NOT_FOUND_HTTP_METHOD");
    Answer::refusal(&refusal).into_response(&state.dice.hex(32), None)
}

async fn reply(state: &Arc<State>, incoming: Incoming, call: &mut Call, trace_id: &str) -> Reply {
    let account = match authorize(&incoming.headers, &state.accounts, &state.assumed) {
        Ok(account) => account,
        Err(refusal) => return Reply::plain(Answer::refusal(&refusal)),
    };
    call.m_id = Some(account.m_id.clone());
    let ticket = match begin(state, &incoming, &account) {
        Ok(ticket) => ticket,
        Err(reply) => return reply,
    };
    let subject =
        Subject { order_id: call.order_id.as_deref(), payment_key: call.payment_key.as_deref() };
    let fault = state.faults.take(incoming.errand.target(), subject);
    let work = Work {
        test_code: header_text(&incoming.headers, "tosspayments-test-code"),
        fields: incoming.fields,
        errand: incoming.errand,
        account,
    };
    match fault {
        None => {
            let done = perform(state, work, None);
            let answer = answer_of(&done);
            keep(state, ticket, &answer, &done, trace_id);
            Reply::plain(answer)
        }
        Some(fault) => {
            let state = Arc::clone(state);
            let trace_id = trace_id.to_owned();
            // On its own task: a caller who hangs up does not stop what has begun.
            let struck =
                tokio::spawn(async move { suffer(&state, work, &fault, ticket, &trace_id).await });
            struck.await.unwrap_or_else(|_| Reply::refused("FAILED_INTERNAL_SYSTEM_PROCESSING"))
        }
    }
}

/// Looks up the idempotency key. An error is a reply that ends the call.
fn begin(state: &State, incoming: &Incoming, account: &Account) -> Result<Option<Ticket>, Reply> {
    let method = incoming.errand.method();
    let Some(key) = incoming.headers.get(IDEMPOTENCY_KEY).filter(|_| method == "POST") else {
        return Ok(None);
    };
    if key.as_bytes().len() > IDEMPOTENCY_KEY_LENGTH_MAX {
        return Err(Reply::refused("INVALID_IDEMPOTENCY_KEY"));
    }
    let identity = Identity::of(key.as_bytes(), &account.client_key, method, &incoming.uri);
    match state.answers.begin(identity, state.clock.now()) {
        Begun::First(ticket) => Ok(Some(ticket)),
        Begun::Running => Err(Reply::refused("IDEMPOTENT_REQUEST_PROCESSING")),
        Begun::Answered { answer, trace_id } => {
            Err(Reply { replay_of: Some(trace_id), ..Reply::plain(answer) })
        }
    }
}

pub(crate) fn perform(state: &State, work: Work, objection: Option<Refusal>) -> Done {
    match &work.errand {
        Errand::Confirm => confirm::perform(state, work, objection),
        Errand::ReadByKey(_) | Errand::ReadByOrder(_) => read::perform(state, &work, objection),
        Errand::Cancel(_) => cancel::perform(state, work, objection),
    }
}

pub(crate) fn answer_of(done: &Done) -> Answer {
    match &done.result {
        Ok(payment) => Answer::ok(payment),
        Err(refusal) => Answer::refusal(refusal),
    }
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

/// What can be noted of a call before anything is decided.
fn note(state: &State, incoming: &Incoming, trace_id: &str) -> Call {
    let (order_id, payment_key) = match &incoming.errand {
        Errand::Confirm => match &incoming.fields {
            Ok(fields) => (peek(fields, "orderId"), peek(fields, "paymentKey")),
            Err(_) => (None, None),
        },
        Errand::ReadByKey(key) | Errand::Cancel(key) => {
            (state.with_payment(key, |payment| payment.order.id.clone()), Some(short(key)))
        }
        Errand::ReadByOrder(id) => (Some(short(id)), None),
    };
    Call {
        at: state.clock.now().iso(),
        method: incoming.errand.method(),
        path: short(&incoming.uri),
        m_id: None,
        order_id,
        payment_key,
        idempotency_key: header_text(&incoming.headers, IDEMPOTENCY_KEY.as_str()),
        test_code: header_text(&incoming.headers, "tosspayments-test-code"),
        status: None,
        code: None,
        replayed: false,
        fault: None,
        trace_id: trace_id.to_owned(),
    }
}

fn peek(fields: &Fields, name: &str) -> Option<String> {
    fields.peek(name).map(short)
}

fn header_text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(short)
}

/// What is noted down is bounded, whatever was sent.
fn short(text: &str) -> String {
    text.chars().take(IDEMPOTENCY_KEY_LENGTH_MAX).collect()
}
