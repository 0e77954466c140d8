//! Webhooks: who is told what, by whom, how often, and what goes wrong on purpose
//! (Toss: webhooks.md §1 to §4).
//!
//! How: payments leave events in the outbox of the book; `State::pump` makes deliveries of them in the
//! `queue`; the `courier` carries them out, as long as the sandbox serves.

mod courier;
mod delivery;
mod event;
mod event_type;
mod fault;
mod queue;
mod queue_faults;
mod registration;
mod samples;
mod signature;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

pub(crate) use courier::{Outcome, Sender, WAIT};
#[cfg(test)]
pub(crate) use delivery::REPEAT_MINUTES;
pub(crate) use delivery::{Attempt, Delivery, Progress};
pub(crate) use event::WebhookEvent;
pub(crate) use event_type::EventType;
pub(crate) use fault::WebhookFault;
pub(crate) use queue::{FAULTS_MAX, Job, REGISTRATIONS_MAX};
pub(crate) use registration::{M_ID_LENGTH, Registration, address};
pub(crate) use samples::sample;

use crate::sandbox::clock::Moment;
use crate::sandbox::dice::Dice;
use crate::sandbox::gate::Gate;
use crate::sandbox::webhooks::courier::Courier;
use crate::sandbox::webhooks::queue::Queue;
use crate::sandbox::webhooks::signature::{Reissues, SecurityKeys};

/// All about webhooks in one sandbox.
#[derive(Debug)]
pub(crate) struct Webhooks {
    pub(crate) keys: SecurityKeys,
    queue: Mutex<Queue>,
    /// Whether anyone is, or was, to be told anything: calls without listeners take no lock.
    listening: AtomicBool,
    /// Told when there may be something to carry.
    bell: Notify,
    pub(crate) courier: Courier,
}

/// What of it is stored over a restart.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub(crate) struct Saved {
    last_registration: u64,
    last_delivery: u64,
    last_fault: u64,
    registrations: Vec<serde_json::Value>,
    faults: Vec<SavedFault>,
    deliveries: Vec<Delivery>,
    reversals: Vec<(Moment, String)>,
    reissues: Reissues,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedFault {
    row: serde_json::Value,
    held: Vec<WebhookEvent>,
}

impl Webhooks {
    /// With these registered from the start.
    pub(crate) fn new(registered: Vec<Registration>, wait: Duration) -> Webhooks {
        let webhooks = Webhooks {
            keys: SecurityKeys::default(),
            queue: Mutex::default(),
            listening: AtomicBool::new(false),
            bell: Notify::new(),
            courier: Courier::new(wait),
        };
        for registration in registered {
            webhooks.register(registration);
        }
        webhooks
    }

    pub(crate) fn is_listening(&self) -> bool {
        self.listening.load(Ordering::Acquire)
    }

    /// Registers and returns the id; `None` when there are too many.
    pub(crate) fn register(&self, mut registration: Registration) -> Option<u64> {
        let mut queue = self.queue();
        if queue.registrations.len() >= REGISTRATIONS_MAX {
            return None;
        }
        queue.last_registration += 1;
        registration.id = queue.last_registration;
        queue.registrations.push(registration);
        self.listening.store(true, Ordering::Release);
        Some(queue.last_registration)
    }

    pub(crate) fn registrations(&self) -> Vec<Registration> {
        self.queue().registrations.clone()
    }

    /// Puts another in its place. False when there is none of this id.
    pub(crate) fn replace(&self, id: u64, registration: Registration) -> bool {
        let mut queue = self.queue();
        match queue.registrations.iter_mut().find(|it| it.id == id) {
            Some(place) => {
                *place = Registration { id, ..registration };
                true
            }
            None => false,
        }
    }

    /// Removes those that `chosen` names. What was on its way to them is still sent.
    pub(crate) fn unregister(&self, chosen: impl Fn(&Registration) -> bool) -> usize {
        let mut queue = self.queue();
        let before = queue.registrations.len();
        queue.registrations.retain(|it| !chosen(it));
        let is_idle = queue.registrations.is_empty() && queue.deliveries.is_empty();
        self.listening.store(!is_idle, Ordering::Release);
        before - queue.registrations.len()
    }

    /// Takes an event in. The gates open when what must arrive early has arrived.
    pub(crate) fn accept(&self, event: WebhookEvent, now: Moment, dice: &Dice) -> Vec<Gate> {
        let gates = self.queue().accept(event, now, dice);
        self.bell.notify_one();
        gates
    }

    /// Returns when there may be something to carry.
    pub(crate) async fn rung(&self) {
        self.bell.notified().await;
    }

    /// The tries that are to be made now.
    pub(crate) fn jobs(&self) -> Vec<Job> {
        self.queue().jobs()
    }

    /// Whether a try waits for its time.
    pub(crate) fn has_waiting(&self) -> bool {
        self.queue().has_waiting()
    }

    /// What came of a try.
    pub(crate) fn done(&self, job: &Job, attempt: Attempt, success: bool) {
        self.queue().done(job, attempt, success);
    }

    /// Lets time act on what waits, and rings when something is to be carried.
    pub(crate) fn pass_time(&self, now: Moment) {
        let mut queue = self.queue();
        queue.pass_time(now);
        if queue.has_ready() {
            self.bell.notify_one();
        }
    }

    /// Keys of payments whose deposit the bank takes back now.
    pub(crate) fn due_reversals(&self, now: Moment) -> Vec<String> {
        self.queue().due_reversals(now)
    }

    /// Sets a fault and returns its id; `None` when there are too many.
    pub(crate) fn set_fault(&self, mut fault: WebhookFault) -> Option<u64> {
        let mut queue = self.queue();
        if queue.faults.len() >= FAULTS_MAX {
            return None;
        }
        queue.last_fault += 1;
        fault.id = queue.last_fault;
        queue.faults.push(fault);
        Some(queue.last_fault)
    }

    pub(crate) fn faults(&self) -> Vec<WebhookFault> {
        self.queue().faults.clone()
    }

    pub(crate) fn remove_faults(
        &self,
        chosen: impl Fn(&WebhookFault) -> bool,
        now: Moment,
        dice: &Dice,
    ) -> usize {
        let removed = self.queue().remove_faults(chosen, now, dice);
        self.bell.notify_one();
        removed
    }

    pub(crate) fn last_delivery(&self) -> u64 {
        self.queue().last_delivery
    }

    /// What `look` makes of the newest deliveries, newest first.
    pub(crate) fn latest<T>(&self, limit: usize, look: impl Fn(&Delivery) -> Option<T>) -> Vec<T> {
        self.queue().deliveries.values().rev().filter_map(look).take(limit).collect()
    }

    pub(crate) fn with_delivery<T>(&self, id: u64, look: impl Fn(&Delivery) -> T) -> Option<T> {
        self.queue().deliveries.get(&id).map(look)
    }

    /// Sends one again by hand. False when there is none of this id.
    pub(crate) fn resend(&self, id: u64, now: Moment) -> bool {
        let found = self.queue().resend(id, now);
        self.bell.notify_one();
        found
    }

    pub(crate) fn saved(&self) -> Saved {
        let reissues = self.keys.saved();
        let queue = self.queue();
        Saved {
            last_registration: queue.last_registration,
            last_delivery: queue.last_delivery,
            last_fault: queue.last_fault,
            registrations: queue.registrations.iter().map(Registration::row).collect(),
            faults: queue
                .faults
                .iter()
                .map(|it| SavedFault { row: it.row(), held: it.held.clone() })
                .collect(),
            deliveries: queue.deliveries.values().cloned().collect(),
            reversals: queue.reversals.iter().cloned().collect(),
            reissues,
        }
    }

    /// Goes on where another left off. What was under way then is sent again.
    pub(crate) fn restore(&self, saved: Saved, now: Moment) -> Result<(), String> {
        self.keys.restore(saved.reissues);
        let mut queue = self.queue();
        let of_settings = std::mem::take(&mut queue.registrations);
        queue.last_registration = saved.last_registration;
        for row in saved.registrations {
            queue.registrations.push(registration::restored(row)?);
        }
        for registration in of_settings {
            // One that was registered in an earlier run stays one.
            if !queue.registrations.iter().any(|it| it.url == registration.url) {
                queue.last_registration += 1;
                let id = queue.last_registration;
                queue.registrations.push(Registration { id, ..registration });
            }
        }
        for SavedFault { row, held } in saved.faults {
            let fault = fault::restored(row)?;
            queue.faults.push(WebhookFault { held, ..fault });
        }
        queue.last_delivery = saved.last_delivery;
        queue.last_fault = saved.last_fault;
        queue.reversals = saved.reversals.into_iter().collect();
        for delivery in saved.deliveries {
            queue.put(delivery, now);
        }
        let is_idle = queue.registrations.is_empty() && queue.deliveries.is_empty();
        self.listening.store(!is_idle, Ordering::Release);
        Ok(())
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
