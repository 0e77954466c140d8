//! What goes out: an answer whole, half or lost, and whether it is kept for a repetition.

use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;

use crate::sandbox::api::dispatch::Done;
use crate::sandbox::assumptions::Assumptions;
use crate::sandbox::calls::{Answer, Ticket};
use crate::sandbox::codes::Refusal;
use crate::sandbox::connection::ConnectionHandle;
use crate::sandbox::language::Language;

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

    pub(crate) fn refused(code: &str, language: Language) -> Reply {
        Reply::plain(Answer::refusal_in(&Refusal::new(code), language))
    }
}

/// Keeps the answer under its idempotency key, where it is worth keeping: never that another
/// call was running, and a fault of the server only when the effect happened.
pub(crate) fn keep(
    assumed: &Assumptions,
    ticket: Option<Ticket>,
    answer: &Answer,
    done: &Done,
    trace_id: &str,
) {
    let Some(ticket) = ticket else { return };
    let worth_keeping = match answer.status {
        StatusCode::CONFLICT => false,
        status if status.is_server_error() => done.effect && assumed.keep_5xx_after_effect,
        _ => true,
    };
    if worth_keeping {
        ticket.keep(answer.clone(), trace_id.to_owned());
    }
}

pub(crate) fn send(
    reply: Reply,
    connection: Option<ConnectionHandle>,
    trace: &str,
    echo: Option<&HeaderValue>,
) -> Response {
    match (reply.sending, connection) {
        (Sending::Whole, _) => {}
        (Sending::Lost, Some(connection)) => connection.lose(),
        (Sending::Half, Some(connection)) => connection.cut_after(reply.answer.body.len() / 2),
        // Without a network there is nothing to break: a gateway's error is the nearest.
        (Sending::Lost | Sending::Half, None) => {
            return Answer::gateway(StatusCode::BAD_GATEWAY).into_response(trace, echo);
        }
    }
    reply.answer.into_response(trace, echo)
}
