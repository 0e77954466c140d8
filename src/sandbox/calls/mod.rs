//! The calls of the API: what is answered, what is kept of them, and how fast they may and do go.

mod answer;
mod idempotency;
mod log;
mod rate_limit;

use std::sync::atomic::{AtomicU64, Ordering};

pub(crate) use answer::{Answer, IDEMPOTENCY_KEY, SERVICE_TIME};
pub(crate) use idempotency::{Answers, Begun, Identity, SavedAnswer, Ticket};
pub(crate) use log::{Call, CallLog};
pub(crate) use rate_limit::{RateLimit, too_many_requests};

/// Longer than any client waits.
pub(crate) const LATENCY_MS_MAX: u64 = 120_000;

/// What one sandbox remembers of its calls.
#[derive(Debug, Default)]
pub(crate) struct Calls {
    pub(crate) answers: Answers,
    pub(crate) log: CallLog,
    pub(crate) rate_limit: RateLimit,
    /// Each answer of the API comes so much later, in real time.
    latency_ms: AtomicU64,
}

impl Calls {
    pub(crate) fn with_latency_ms(latency_ms: u64) -> Calls {
        Calls { latency_ms: AtomicU64::new(latency_ms), ..Calls::default() }
    }

    pub(crate) fn latency_ms(&self) -> u64 {
        self.latency_ms.load(Ordering::Relaxed)
    }

    pub(crate) fn set_latency_ms(&self, latency_ms: u64) {
        self.latency_ms.store(latency_ms, Ordering::Relaxed);
    }

    /// Takes up what was kept, unless the settings ask for another.
    pub(crate) fn restore_latency_ms(&self, latency_ms: u64) {
        let (from, to) = (Ordering::Relaxed, Ordering::Relaxed);
        let _ = self.latency_ms.compare_exchange(0, latency_ms, from, to);
    }
}
