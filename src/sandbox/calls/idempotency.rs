//! Answers kept under idempotency keys, so that a repeated call has no second effect
//! (Toss: api.md §7).

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::sandbox::calls::answer::Answer;
use crate::sandbox::clock::Moment;

/// From its first use a key is remembered this long.
const KEPT_MINUTES: i64 = 15 * 24 * 60;
/// Answers kept, about 1.5 KiB each; the oldest go first.
const ANSWERS_KEPT: usize = 10_000;

/// Key, API key, address and method. The body is no part of it. A hash, so that no secret
/// key is kept in memory longer than its call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Identity([u8; 32]);

impl Identity {
    pub(crate) fn of(key: &[u8], client_key: &str, method: &str, uri: &str) -> Identity {
        let mut hash = Sha256::new();
        for part in [key, client_key.as_bytes(), method.as_bytes(), uri.as_bytes()] {
            hash.update(part.len().to_le_bytes());
            hash.update(part);
        }
        Identity(hash.finalize().into())
    }
}

/// The kept answers of one sandbox. Clones are the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answers {
    kept: Arc<Mutex<Kept>>,
}

#[derive(Debug, Default)]
struct Kept {
    by_identity: HashMap<Identity, Entry>,
    /// In the order they were kept, each with its first use, which tells a later entry under
    /// the same identity from the one that was noted here.
    arrivals: VecDeque<(Identity, Moment)>,
}

#[derive(Debug)]
struct Entry {
    first_used_at: Moment,
    /// Absent while the first call is running.
    answered: Option<(Answer, String)>,
}

/// One answer as a state file has it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SavedAnswer {
    identity: String,
    first_used_at: Moment,
    status: u16,
    body: String,
    json: bool,
    trace_id: String,
}

/// Where a call with an idempotency key stands.
#[derive(Debug)]
pub(crate) enum Begun {
    /// Nobody came before; the ticket must see the call through.
    First(Ticket),
    /// The first call is still running.
    Running,
    /// The answer and the trace id of the first call.
    Answered { answer: Answer, trace_id: String },
}

impl Answers {
    pub(crate) fn begin(&self, identity: Identity, now: Moment) -> Begun {
        let mut kept = self.kept();
        if let Some(entry) = kept.by_identity.get(&identity)
            && now < entry.first_used_at.plus_minutes(KEPT_MINUTES)
        {
            return match &entry.answered {
                None => Begun::Running,
                Some((answer, trace_id)) => {
                    Begun::Answered { answer: answer.clone(), trace_id: trace_id.clone() }
                }
            };
        }
        kept.by_identity.insert(identity, Entry { first_used_at: now, answered: None });
        Begun::First(Ticket { answers: self.clone(), identity, open: true })
    }

    /// Those that are answered, in the order they were kept.
    pub(crate) fn saved(&self) -> Vec<SavedAnswer> {
        let kept = self.kept();
        kept.arrivals
            .iter()
            .filter_map(|(identity, first_used_at)| {
                let entry = kept.by_identity.get(identity)?;
                let (answer, trace_id) = entry.answered.as_ref()?;
                (entry.first_used_at == *first_used_at).then(|| SavedAnswer {
                    identity: STANDARD.encode(identity.0),
                    first_used_at: *first_used_at,
                    status: answer.status.as_u16(),
                    body: String::from_utf8_lossy(&answer.body).into_owned(),
                    json: answer.is_json(),
                    trace_id: trace_id.clone(),
                })
            })
            .collect()
    }

    pub(crate) fn restore(&self, saved: Vec<SavedAnswer>) -> Result<(), String> {
        for it in saved {
            let bytes = STANDARD.decode(&it.identity).ok().and_then(|it| it.try_into().ok());
            let identity = Identity(bytes.ok_or("an answer has no identity")?);
            let status = StatusCode::from_u16(it.status).map_err(|error| error.to_string())?;
            let first_used_at = it.first_used_at;
            self.kept().by_identity.insert(identity, Entry { first_used_at, answered: None });
            self.keep(identity, Answer::restored(status, it.body, it.json), it.trace_id);
        }
        Ok(())
    }

    fn keep(&self, identity: Identity, answer: Answer, trace_id: String) {
        let mut kept = self.kept();
        let Some(entry) = kept.by_identity.get_mut(&identity) else { return };
        entry.answered = Some((answer, trace_id));
        let arrival = (identity, entry.first_used_at);
        kept.arrivals.push_back(arrival);
        if kept.arrivals.len() > ANSWERS_KEPT
            && let Some((oldest, first_used_at)) = kept.arrivals.pop_front()
            && kept.by_identity.get(&oldest).is_some_and(|it| it.first_used_at == first_used_at)
        {
            kept.by_identity.remove(&oldest);
        }
    }

    fn forget(&self, identity: Identity) {
        self.kept().by_identity.remove(&identity);
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The duty of the first call under a key. Dropped without an answer, the key is free again.
#[derive(Debug)]
pub(crate) struct Ticket {
    answers: Answers,
    identity: Identity,
    open: bool,
}

impl Ticket {
    /// Every later call under this key gets this answer.
    pub(crate) fn keep(mut self, answer: Answer, trace_id: String) {
        self.open = false;
        self.answers.keep(self.identity, answer, trace_id);
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if self.open {
            self.answers.forget(self.identity);
        }
    }
}
