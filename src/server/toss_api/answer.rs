//! What Toss answered, and what is kept of that.

use std::time::Duration;

use crate::toss::{ErrorBody, Payment, TransactionRow};

/// One call and what became of it.
#[derive(Clone, Debug)]
pub struct Reply {
    pub told: Told,
    pub heard: Heard,
}

/// What is kept of an answer: no personal data, no keys.
#[derive(Clone, Debug)]
pub struct Heard {
    /// `confirm`, `read`, `cancel` or `transactions`.
    pub call: &'static str,
    /// Toss's status or error code, or why there was no answer.
    pub answer: String,
    pub http_status: Option<u16>,
    pub trace_id: String,
    pub duration: Duration,
    /// What the clock of whoever answered showed.
    pub toss_at: Option<i64>,
}

/// What Toss said.
#[derive(Clone, Debug)]
pub enum Told {
    Payment(Box<Payment>),
    /// Toss answered with a code, which alone decides what it means.
    Refused(ErrorBody),
    /// No answer, or none that can be read. Whether it had an effect is unknown.
    Silence,
}

/// A page of Toss's list, or why there is none.
#[derive(Clone, Debug)]
pub struct Listing {
    /// `None` when there was no answer, or none that can be read.
    pub rows: Option<Vec<TransactionRow>>,
    pub heard: Heard,
}

impl Listing {
    /// Toss has been asked too often (Toss: api.md §10 rule 12).
    pub fn is_too_often(&self) -> bool {
        self.heard.http_status == Some(429)
    }
}
