//! The log of calls received, so that a test can say "one confirm for one payment". No secrets.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use crate::sandbox::faults::Kind;

/// CallLog remembered; the oldest go first.
const CALLS_KEPT: usize = 10_000;

/// One of a few words that the code knows. Named, because a reference in a field would be taken
/// for one into the text that is read.
type Word = &'static str;

/// One call and what became of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Call {
    pub(crate) at: String,
    #[serde(deserialize_with = "method")]
    pub(crate) method: Word,
    pub(crate) path: String,
    pub(crate) m_id: Option<String>,
    pub(crate) order_id: Option<String>,
    pub(crate) payment_key: Option<String>,
    pub(crate) idempotency_key: Option<String>,
    pub(crate) test_code: Option<String>,
    /// What was answered; `null` when the answer was lost.
    pub(crate) status: Option<u16>,
    /// The error code answered.
    pub(crate) code: Option<String>,
    pub(crate) replayed: bool,
    /// The fault that struck, in the words of the control API.
    #[serde(deserialize_with = "fault")]
    pub(crate) fault: Option<Word>,
    pub(crate) trace_id: String,
}

/// The newest calls, written down.
#[derive(Debug, Default)]
pub(crate) struct CallLog {
    kept: Mutex<VecDeque<Call>>,
}

impl CallLog {
    pub(crate) fn note(&self, call: Call) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= CALLS_KEPT {
            kept.pop_front();
        }
        kept.push_back(call);
    }

    /// The newest `limit` calls that `chosen` names, in the order they came.
    pub(crate) fn latest(&self, limit: usize, chosen: impl Fn(&Call) -> bool) -> Vec<Call> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let mut calls: Vec<Call> =
            kept.iter().rev().filter(|call| chosen(call)).take(limit).cloned().collect();
        calls.reverse();
        calls
    }
}

fn method<'de, D: Deserializer<'de>>(deserializer: D) -> Result<&'static str, D::Error> {
    let text = String::deserialize(deserializer)?;
    let known = ["GET", "POST", "PUT", "PATCH", "DELETE"].into_iter().find(|it| *it == text);
    known.ok_or_else(|| Error::custom("a call has an unknown method"))
}

fn fault<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'static str>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text.and_then(|text| Kind::WORDS.into_iter().find(|word| *word == text)))
}
