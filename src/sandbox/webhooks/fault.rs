//! What can be made to go wrong with the next events, as networks and queues make it go wrong.

use serde_json::{Value, json};

use crate::sandbox::dice::Probability;
use crate::sandbox::faults::TIMES_MAX;
use crate::sandbox::fields::{FieldFault, Fields};
use crate::sandbox::webhooks::event::WebhookEvent;
use crate::sandbox::webhooks::event_type::EventType;

/// Copies beside the first.
const COPIES_MAX: i64 = 20;
/// Events held back to be sent in reverse.
const HELD_MAX: i64 = 100;
/// On the sandbox's clock: a year.
const DELAY_SECONDS_MAX: i64 = 365 * 24 * 60 * 60;
/// Banks take a deposit back within seconds to minutes (Toss: webhooks.md §3.2).
const REVERSAL_SECONDS_DEFAULT: i64 = 2;

/// What happens to an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FaultKind {
    /// It arrives before the answer of the call that caused it.
    Early,
    /// It is late, on the sandbox's clock.
    Delay { seconds: i64 },
    /// It is sent so many times more, at once.
    Repeat { copies: i64 },
    /// So many events are held back and then sent with the newest first.
    Reorder { count: i64 },
    /// It is never sent.
    Drop,
    /// It has a type that no document knows.
    UnknownEvent,
    /// It has fields that no document knows.
    UnknownField,
    /// Its secret, or its signature, is wrong.
    WrongSecret,
    /// The bank takes the deposit back, so late on the sandbox's clock.
    Reversal { seconds: i64 },
}

/// The words for `FaultKind`.
#[derive(Clone, Copy)]
enum Word {
    Early,
    Delay,
    Repeat,
    Reorder,
    Drop,
    UnknownEvent,
    UnknownField,
    WrongSecret,
    Reversal,
}

const WORDS: [(&str, Word); 9] = [
    ("early", Word::Early),
    ("delay", Word::Delay),
    ("repeat", Word::Repeat),
    ("reorder", Word::Reorder),
    ("drop", Word::Drop),
    ("unknownEvent", Word::UnknownEvent),
    ("unknownField", Word::UnknownField),
    ("wrongSecret", Word::WrongSecret),
    ("reversal", Word::Reversal),
];

/// What happens, and which events it waits for.
#[derive(Clone, Debug)]
pub(crate) struct WebhookFault {
    /// Given when it is set.
    pub(crate) id: u64,
    pub(crate) kind: FaultKind,
    pub(crate) event: Option<EventType>,
    pub(crate) order_id: Option<String>,
    pub(crate) payment_key: Option<String>,
    pub(crate) probability: Probability,
    /// Events it will still strike.
    pub(crate) times: i64,
    /// What `Reorder` holds back.
    pub(crate) held: Vec<WebhookEvent>,
}

impl FaultKind {
    pub(crate) fn word(&self) -> &'static str {
        match self {
            FaultKind::Early => "early",
            FaultKind::Delay { .. } => "delay",
            FaultKind::Repeat { .. } => "repeat",
            FaultKind::Reorder { .. } => "reorder",
            FaultKind::Drop => "drop",
            FaultKind::UnknownEvent => "unknownEvent",
            FaultKind::UnknownField => "unknownField",
            FaultKind::WrongSecret => "wrongSecret",
            FaultKind::Reversal { .. } => "reversal",
        }
    }
}

impl WebhookFault {
    pub(crate) fn waits_for(&self, event: &WebhookEvent) -> bool {
        let same =
            |wanted: &Option<String>, found: &Option<String>| wanted.is_none() || wanted == found;
        let is_deposit = !matches!(self.kind, FaultKind::Reversal { .. }) || event.is_deposit();
        is_deposit
            && self.event.is_none_or(|wanted| wanted == event.event_type())
            && same(&self.order_id, &event.order_id)
            && same(&self.payment_key, &event.payment_key)
    }

    pub(crate) fn read(fields: &mut Fields) -> Result<WebhookFault, FieldFault> {
        let word = fields
            .maybe_word("kind", &WORDS)?
            .ok_or_else(|| FieldFault::new("kind", "is missing"))?;
        let kind = match word {
            Word::Early => FaultKind::Early,
            Word::Delay => {
                FaultKind::Delay { seconds: fields.whole("delaySeconds", 1..=DELAY_SECONDS_MAX)? }
            }
            Word::Repeat => FaultKind::Repeat {
                copies: fields.maybe_whole("copies", 1..=COPIES_MAX)?.unwrap_or(1),
            },
            Word::Reorder => FaultKind::Reorder {
                count: fields.maybe_whole("count", 2..=HELD_MAX)?.unwrap_or(2),
            },
            Word::Drop => FaultKind::Drop,
            Word::UnknownEvent => FaultKind::UnknownEvent,
            Word::UnknownField => FaultKind::UnknownField,
            Word::WrongSecret => FaultKind::WrongSecret,
            Word::Reversal => FaultKind::Reversal {
                seconds: fields
                    .maybe_whole("delaySeconds", 0..=DELAY_SECONDS_MAX)?
                    .unwrap_or(REVERSAL_SECONDS_DEFAULT),
            },
        };
        let probability = fields.maybe_probability("probability")?;
        // What strikes by chance strikes until it is removed.
        let usual = if probability.is_some() { TIMES_MAX } else { 1 };
        let times = match &kind {
            FaultKind::Reorder { count } => *count,
            FaultKind::Early
            | FaultKind::Delay { .. }
            | FaultKind::Repeat { .. }
            | FaultKind::Drop
            | FaultKind::UnknownEvent
            | FaultKind::UnknownField
            | FaultKind::WrongSecret
            | FaultKind::Reversal { .. } => {
                fields.maybe_whole("times", 1..=TIMES_MAX)?.unwrap_or(usual)
            }
        };
        Ok(WebhookFault {
            id: 0,
            kind,
            event: fields.maybe_word("event", &EventType::ALL)?,
            order_id: fields.maybe_text("orderId", 1..=64)?,
            payment_key: fields.maybe_text("paymentKey", 1..=200)?,
            probability: probability.unwrap_or(Probability::CERTAIN),
            times,
            held: Vec::new(),
        })
    }

    /// As the control API shows it.
    pub(crate) fn row(&self) -> Value {
        let mut row = json!({
            "id": self.id,
            "kind": self.kind.word(),
            "event": self.event.map(EventType::word),
            "orderId": self.order_id,
            "paymentKey": self.payment_key,
            "probability": self.probability.number(),
        });
        let Some(object) = row.as_object_mut() else { return row };
        let more = match &self.kind {
            FaultKind::Delay { seconds } | FaultKind::Reversal { seconds } => {
                Some(("delaySeconds", *seconds))
            }
            FaultKind::Repeat { copies } => Some(("copies", *copies)),
            FaultKind::Reorder { count } => Some(("count", *count)),
            FaultKind::Early
            | FaultKind::Drop
            | FaultKind::UnknownEvent
            | FaultKind::UnknownField
            | FaultKind::WrongSecret => None,
        };
        if let Some((name, value)) = more {
            object.insert(name.to_owned(), value.into());
        }
        match &self.kind {
            FaultKind::Reorder { .. } => object.insert("held".to_owned(), self.held.len().into()),
            FaultKind::Early
            | FaultKind::Delay { .. }
            | FaultKind::Repeat { .. }
            | FaultKind::Drop
            | FaultKind::UnknownEvent
            | FaultKind::UnknownField
            | FaultKind::WrongSecret
            | FaultKind::Reversal { .. } => object.insert("times".to_owned(), self.times.into()),
        };
        row
    }
}

/// A fault out of its row, as a state file has it.
pub(super) fn restored(row: Value) -> Result<WebhookFault, String> {
    let mut fields = Fields::of(row).map_err(|fault| fault.to_string())?;
    let id = fields.whole("id", 1..=i64::MAX).map_err(|fault| fault.to_string())?;
    let fault = WebhookFault::read(&mut fields).map_err(|fault| fault.to_string())?;
    Ok(WebhookFault { id: id.unsigned_abs(), ..fault })
}
