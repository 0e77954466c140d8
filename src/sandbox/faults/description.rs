//! A fault as the control API, the window and a state file describe it: read field by field, and shown.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::sandbox::codes::{self, Refusal};
use crate::sandbox::dice::Probability;
use crate::sandbox::faults::fault::{DELAY_MS_MAX, Fault, Kind, TIMES_MAX, Target, When};
use crate::sandbox::fields::{FieldFault, Fields};
use crate::sandbox::payments::AMOUNT_MAX;

/// The words for `Kind`.
#[derive(Clone, Copy)]
enum Word {
    Refuse,
    Fail,
    Lose,
    Delay,
    Hold,
    Cut,
    WrongAmount,
    UnknownField,
    UnknownStatus,
    UnknownCode,
    RateLimit,
}

const WORDS: [(&str, Word); 11] = [
    ("refuse", Word::Refuse),
    ("fail", Word::Fail),
    ("lose", Word::Lose),
    ("delay", Word::Delay),
    ("hold", Word::Hold),
    ("cut", Word::Cut),
    ("wrongAmount", Word::WrongAmount),
    ("unknownField", Word::UnknownField),
    ("unknownStatus", Word::UnknownStatus),
    ("unknownCode", Word::UnknownCode),
    ("rateLimit", Word::RateLimit),
];

/// A code that no document knows.
const UNKNOWN_CODE: &str = "SANDBOX_NEW_CODE";

/// Reads a fault out of `fields`.
pub(crate) fn read(fields: &mut Fields) -> Result<Fault, FieldFault> {
    let target = fields.maybe_word("call", &Target::ALL)?.unwrap_or(Target::Any);
    let kind = kind(fields)?;
    let mut fault = Fault::new(target, kind);
    fault.order_id = fields.maybe_text("orderId", 1..=64)?;
    fault.payment_key = fields.maybe_text("paymentKey", 1..=200)?;
    let probability = fields.maybe_probability("probability")?;
    // What strikes by chance strikes until it is removed.
    let usual = if probability.is_some() { TIMES_MAX } else { 1 };
    fault.times = fields.maybe_whole("times", 1..=TIMES_MAX)?.unwrap_or(usual);
    fault.probability = probability.unwrap_or(Probability::CERTAIN);
    Ok(fault)
}

fn kind(fields: &mut Fields) -> Result<Kind, FieldFault> {
    let word =
        fields.maybe_word("kind", &WORDS)?.ok_or_else(|| FieldFault::new("kind", "is missing"))?;
    Ok(match word {
        Word::Refuse => Kind::Refuse(refusal(fields)?),
        Word::Fail => Kind::Fail { when: when(fields)?, status: status(fields, 500..=599)? },
        Word::Lose => Kind::Lose { when: when(fields)? },
        Word::Delay => Kind::Delay {
            when: when(fields)?,
            ms: fields.whole("delayMs", 1..=DELAY_MS_MAX)?.unsigned_abs(),
        },
        Word::Hold => Kind::Hold { when: when(fields)? },
        Word::Cut => Kind::Cut,
        Word::WrongAmount => {
            Kind::WrongAmount { amount: fields.maybe_whole("amount", 0..=AMOUNT_MAX)? }
        }
        Word::UnknownField => Kind::UnknownField,
        Word::UnknownStatus => Kind::UnknownStatus,
        Word::UnknownCode => Kind::Refuse(Refusal::new(UNKNOWN_CODE)),
        Word::RateLimit => Kind::RateLimit,
    })
}

fn when(fields: &mut Fields) -> Result<When, FieldFault> {
    fields
        .maybe_word("when", &When::ALL)?
        .ok_or_else(|| FieldFault::new("when", "is missing: before or after"))
}

/// Any code; one outside the table may bring its status and message.
fn refusal(fields: &mut Fields) -> Result<Refusal, FieldFault> {
    let code = fields.text("code", 1..=100)?;
    let mut refusal = Refusal::new(&code);
    let is_known = codes::find(&code).is_some();
    let wanted = fields.maybe_whole("status", 400..=599)?;
    if let Some(status) = wanted.filter(|_| !is_known) {
        refusal.status = status_code(status)?;
    }
    if let Some(message) = fields.maybe_text("message", 1..=510)? {
        refusal.message = message;
    }
    Ok(refusal)
}

fn status(fields: &mut Fields, range: std::ops::RangeInclusive<i64>) -> Result<u16, FieldFault> {
    let status = fields.maybe_whole("status", range)?.unwrap_or(500);
    Ok(status_code(status)?.as_u16())
}

fn status_code(status: i64) -> Result<StatusCode, FieldFault> {
    u16::try_from(status)
        .ok()
        .and_then(|status| StatusCode::from_u16(status).ok())
        .ok_or_else(|| FieldFault::new("status", "is not an HTTP status"))
}

/// As the control API shows it.
pub(crate) fn shown(fault: &Fault) -> Value {
    let word = |words: &[(&'static str, Target)]| {
        words.iter().find(|(_, target)| *target == fault.target).map(|(word, _)| *word)
    };
    let mut row = json!({
        "id": fault.id,
        "call": word(&Target::ALL),
        "orderId": fault.order_id,
        "paymentKey": fault.payment_key,
        "times": fault.times,
        "probability": fault.probability.number(),
        "kind": fault.kind.word(),
    });
    let Some(object) = row.as_object_mut() else { return row };
    if let Some(when) = fault.kind.when() {
        let word = match when {
            When::Before => "before",
            When::After => "after",
        };
        object.insert("when".to_owned(), word.into());
    }
    match &fault.kind {
        Kind::Refuse(refusal) => {
            object.insert("code".to_owned(), refusal.code.clone().into());
            object.insert("status".to_owned(), refusal.status.as_u16().into());
            object.insert("message".to_owned(), refusal.message.clone().into());
        }
        Kind::Fail { status, .. } => {
            object.insert("status".to_owned(), (*status).into());
        }
        Kind::Delay { ms, .. } => {
            object.insert("delayMs".to_owned(), (*ms).into());
        }
        Kind::WrongAmount { amount } => {
            object.insert("amount".to_owned(), (*amount).into());
        }
        Kind::Lose { .. }
        | Kind::Hold { .. }
        | Kind::Cut
        | Kind::UnknownField
        | Kind::UnknownStatus
        | Kind::RateLimit => {}
    }
    row
}

/// A fault out of its row, as a state file has it.
pub(crate) fn restored(row: Value) -> Result<Fault, String> {
    let mut fields = Fields::of(row).map_err(|fault| fault.to_string())?;
    let id = fields.whole("id", 1..=i64::MAX).map_err(|fault| fault.to_string())?;
    let mut fault = read(&mut fields).map_err(|fault| fault.to_string())?;
    fault.id = id.unsigned_abs();
    Ok(fault)
}
