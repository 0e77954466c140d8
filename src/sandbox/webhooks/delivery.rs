//! One event on its way to one address: its tries, and where it stands (Toss: webhooks.md §1).

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::sandbox::clock::Moment;
use crate::sandbox::dice::Dice;
use crate::sandbox::gate::Gate;

/// Minutes between one try and the next (Toss: webhooks.md §1).
pub(crate) const REPEAT_MINUTES: [i64; 7] = [1, 4, 16, 64, 256, 1024, 4096];
/// Tries remembered of each delivery: two schedules.
const ATTEMPTS_KEPT: usize = 16;

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Progress {
    /// Under way, or waiting for its next try.
    Sending,
    Success,
    /// Every try failed.
    Failed,
    /// A fault kept it from being sent. Toss has no such state.
    Dropped,
}

impl Progress {
    pub(crate) const ALL: [(&str, Progress); 4] = [
        ("sending", Progress::Sending),
        ("success", Progress::Success),
        ("failed", Progress::Failed),
        ("dropped", Progress::Dropped),
    ];
}

/// What came of one try.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Attempt {
    /// When it was sent, on the sandbox's clock.
    pub(crate) at: Moment,
    pub(crate) retried_count: u32,
    /// The HTTP status; absent when none came.
    pub(crate) status: Option<u16>,
    /// Why there is no status.
    pub(crate) error: Option<String>,
    /// The beginning of what was answered.
    pub(crate) answer: String,
    /// Real time.
    pub(crate) took_ms: u64,
}

/// One event for one registration.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Delivery {
    pub(crate) id: u64,
    pub(crate) registration_id: u64,
    pub(crate) url: String,
    pub(crate) event_type: String,
    pub(crate) m_id: String,
    pub(crate) order_id: Option<String>,
    pub(crate) payment_key: Option<String>,
    pub(crate) created_at: Moment,
    pub(crate) transmission_id: String,
    pub(crate) body: String,
    pub(crate) signed: bool,
    pub(crate) wrong_signature: bool,
    /// The fault that struck it, in the word of the control API.
    pub(crate) fault: Option<String>,
    pub(crate) progress: Progress,
    /// When the next try is due; absent once none is.
    pub(crate) next_at: Option<Moment>,
    /// Tries made in the schedule that runs.
    pub(crate) tries: u32,
    /// Which schedule runs: sending again by hand voids the one before.
    pub(crate) schedule: u32,
    pub(crate) attempts: VecDeque<Attempt>,
    /// Opened when the first try has ended.
    #[serde(skip, default = "Gate::shut")]
    pub(crate) arrival: Gate,
}

impl Delivery {
    /// Events about one thing go out one after the other.
    pub(crate) fn subject(&self) -> Option<&str> {
        self.order_id.as_deref().or(self.payment_key.as_deref())
    }

    /// Writes down a try and what follows from it. `success` is whether it counts as one.
    pub(crate) fn tried(&mut self, attempt: Attempt, schedule: u32, success: bool) {
        let sent_at = attempt.at;
        if self.attempts.len() >= ATTEMPTS_KEPT {
            self.attempts.pop_front();
        }
        self.attempts.push_back(attempt);
        self.arrival.open();
        if schedule != self.schedule {
            return;
        }
        let pause = usize::try_from(self.tries).ok().and_then(|tries| REPEAT_MINUTES.get(tries));
        self.tries += 1;
        (self.progress, self.next_at) = match (success, pause) {
            (true, _) => (Progress::Success, None),
            (false, Some(minutes)) => (Progress::Sending, Some(sent_at.plus_minutes(*minutes))),
            (false, None) => (Progress::Failed, None),
        };
    }

    /// Begins a new schedule, whatever came of the old one.
    pub(crate) fn start_again(&mut self, now: Moment) {
        self.schedule = self.schedule.wrapping_add(1);
        self.tries = 0;
        self.progress = Progress::Sending;
        self.next_at = Some(now);
    }

    /// As the control API shows it in a list.
    pub(crate) fn row(&self) -> Value {
        let attempts: Vec<Value> = self
            .attempts
            .iter()
            .map(|it| {
                json!({
                    "at": it.at.iso(), "retriedCount": it.retried_count, "status": it.status,
                    "error": it.error, "answer": it.answer, "tookMs": it.took_ms,
                })
            })
            .collect();
        json!({
            "id": self.id,
            "registrationId": self.registration_id,
            "url": self.url,
            "eventType": self.event_type,
            "mId": self.m_id,
            "orderId": self.order_id,
            "paymentKey": self.payment_key,
            "createdAt": self.created_at.iso(),
            "transmissionId": self.transmission_id,
            "state": self.progress,
            "fault": self.fault,
            "nextAttemptAt": self.next_at.map(Moment::iso),
            "attempts": attempts,
        })
    }
}

/// `whtrans_a01` and lower-case base32 (Toss: webhooks.md §1.1).
pub(crate) fn transmission_id(dice: &Dice) -> String {
    format!("whtrans_a01{}", dice.base32(26))
}
