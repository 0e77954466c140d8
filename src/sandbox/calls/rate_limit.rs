//! At most so many calls a minute on one API, as the test environment has it (Toss: api.md §8).
//!
//! Off unless the assumptions say how many: neither status nor body of the refusal is known.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use axum::http::StatusCode;

use crate::sandbox::clock::Moment;
use crate::sandbox::codes::Refusal;
use crate::sandbox::faults::Target;
use crate::sandbox::merchants::Account;

/// The calls of the minute that runs.
#[derive(Debug, Default)]
pub(crate) struct RateLimit {
    minute: Mutex<Minute>,
}

#[derive(Debug, Default)]
struct Minute {
    begun_at: Option<Moment>,
    /// By client key and kind of call; never more than there are of both.
    counts: HashMap<(String, &'static str), u32>,
}

impl RateLimit {
    /// Counts one call, or refuses it.
    pub(crate) fn count(
        &self,
        account: &Account,
        target: Target,
        limit: u32,
        now: Moment,
    ) -> Result<(), Refusal> {
        let word = Target::ALL.iter().find(|(_, it)| *it == target).map_or("any", |(it, _)| *it);
        let mut minute = self.minute.lock().unwrap_or_else(PoisonError::into_inner);
        if minute.begun_at.is_none_or(|begun_at| now >= begun_at.plus_minutes(1)) {
            *minute = Minute { begun_at: Some(now), counts: HashMap::new() };
        }
        let count = minute.counts.entry((account.client_key.clone(), word)).or_default();
        *count = count.saturating_add(1);
        if *count > limit { Err(too_many_requests()) } else { Ok(()) }
    }
}

/// Invented: no document names it.
pub(crate) fn too_many_requests() -> Refusal {
    Refusal {
        status: StatusCode::TOO_MANY_REQUESTS,
        code: "TOO_MANY_REQUESTS".to_owned(),
        message: "요청이 너무 많습니다. 잠시 후 다시 시도해주세요.".to_owned(),
    }
}
