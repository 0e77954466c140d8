//! The calls received, so that a test can say "one confirm for one payment". No secrets.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

/// Calls remembered; the oldest go first.
const CALLS_KEPT: usize = 10_000;

/// One call and what became of it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Call {
    pub(crate) at: String,
    pub(crate) method: &'static str,
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
    pub(crate) fault: Option<&'static str>,
    pub(crate) trace_id: String,
}

/// The newest calls.
#[derive(Debug, Default)]
pub(crate) struct Calls {
    kept: Mutex<VecDeque<Call>>,
}

impl Calls {
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
