//! Webhooks: who is told what, by whom, how often, and what goes wrong on purpose
//! (Toss: webhooks.md §1 to §4).
//!
//! How: payments leave news in the book; `State::pump` turns news into deliveries at the
//! `desk`; the `courier`, which runs as long as the sandbox serves, carries them out.

mod courier;
mod delivery;
mod desk;
mod event;
mod fault;
mod mischief;
mod notice;
mod registration;
mod samples;
mod signature;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

pub use signature::KeyForm;

pub(crate) use courier::{WAIT, carry};
#[cfg(test)]
pub(crate) use delivery::REPEAT_MINUTES;
pub(crate) use delivery::{Attempt, Delivery, Progress};
pub(crate) use desk::{FAULTS_MAX, Job, REGISTRATIONS_MAX};
pub(crate) use event::EventType;
pub(crate) use fault::{Trick, WebhookFault};
pub(crate) use notice::{Content, Notice};
pub(crate) use registration::{M_ID_LENGTH, Registration, address};
pub(crate) use samples::sample;
pub(crate) use signature::{SecurityKeys, signature};

use crate::sandbox::clock::Moment;
use crate::sandbox::dice::Dice;
use crate::sandbox::gate::Gate;
use crate::sandbox::webhooks::desk::Desk;
use crate::sandbox::webhooks::signature::Reissues;

/// All about webhooks in one sandbox.
#[derive(Debug)]
pub(crate) struct Webhooks {
    pub(crate) keys: SecurityKeys,
    desk: Mutex<Desk>,
    /// Whether anyone is, or was, to be told anything: calls without listeners take no lock.
    listening: AtomicBool,
    /// Told when there may be something to carry.
    bell: Notify,
    /// How long a receiver may take, in real time.
    wait: Duration,
    /// Made at the first use: certificates take a while to load.
    http: OnceLock<Result<reqwest::Client, String>>,
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
    held: Vec<Notice>,
}

impl Webhooks {
    /// With these registered from the start.
    pub(crate) fn new(registered: Vec<Registration>, wait: Duration) -> Webhooks {
        let webhooks = Webhooks {
            keys: SecurityKeys::default(),
            desk: Mutex::default(),
            listening: AtomicBool::new(false),
            bell: Notify::new(),
            wait,
            http: OnceLock::new(),
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
        let mut desk = self.desk();
        if desk.registrations.len() >= REGISTRATIONS_MAX {
            return None;
        }
        desk.last_registration += 1;
        registration.id = desk.last_registration;
        desk.registrations.push(registration);
        self.listening.store(true, Ordering::Release);
        Some(desk.last_registration)
    }

    pub(crate) fn registrations(&self) -> Vec<Registration> {
        self.desk().registrations.clone()
    }

    /// Puts another in its place. False when there is none of this id.
    pub(crate) fn replace(&self, id: u64, registration: Registration) -> bool {
        let mut desk = self.desk();
        match desk.registrations.iter_mut().find(|it| it.id == id) {
            Some(place) => {
                *place = Registration { id, ..registration };
                true
            }
            None => false,
        }
    }

    /// Removes those that `chosen` names. What was on its way to them is still sent.
    pub(crate) fn unregister(&self, chosen: impl Fn(&Registration) -> bool) -> usize {
        let mut desk = self.desk();
        let before = desk.registrations.len();
        desk.registrations.retain(|it| !chosen(it));
        let is_idle = desk.registrations.is_empty() && desk.deliveries.is_empty();
        self.listening.store(!is_idle, Ordering::Release);
        before - desk.registrations.len()
    }

    /// Takes an event in. The gates open when what must arrive early has arrived.
    pub(crate) fn accept(&self, notice: Notice, now: Moment, dice: &Dice) -> Vec<Gate> {
        let gates = self.desk().accept(notice, now, dice);
        self.bell.notify_one();
        gates
    }

    /// The tries that are to be made now.
    pub(crate) fn jobs(&self) -> Vec<Job> {
        self.desk().jobs()
    }

    /// Whether a try waits for its time.
    pub(crate) fn has_waiting(&self) -> bool {
        self.desk().has_waiting()
    }

    /// What came of a try.
    pub(crate) fn done(&self, job: &Job, attempt: Attempt, success: bool) {
        self.desk().done(job, attempt, success);
    }

    /// Lets time act on what waits, and rings when something is to be carried.
    pub(crate) fn pass_time(&self, now: Moment) {
        let mut desk = self.desk();
        desk.pass_time(now);
        if desk.has_ready() {
            self.bell.notify_one();
        }
    }

    /// Keys of payments whose deposit the bank takes back now.
    pub(crate) fn due_reversals(&self, now: Moment) -> Vec<String> {
        self.desk().due_reversals(now)
    }

    /// Sets a fault and returns its id; `None` when there are too many.
    pub(crate) fn set_fault(&self, mut fault: WebhookFault) -> Option<u64> {
        let mut desk = self.desk();
        if desk.faults.len() >= FAULTS_MAX {
            return None;
        }
        desk.last_fault += 1;
        fault.id = desk.last_fault;
        desk.faults.push(fault);
        Some(desk.last_fault)
    }

    pub(crate) fn faults(&self) -> Vec<WebhookFault> {
        self.desk().faults.clone()
    }

    pub(crate) fn remove_faults(
        &self,
        chosen: impl Fn(&WebhookFault) -> bool,
        now: Moment,
        dice: &Dice,
    ) -> usize {
        let removed = self.desk().remove_faults(chosen, now, dice);
        self.bell.notify_one();
        removed
    }

    pub(crate) fn last_delivery(&self) -> u64 {
        self.desk().last_delivery
    }

    /// What `look` makes of the newest deliveries, newest first.
    pub(crate) fn latest<T>(&self, limit: usize, look: impl Fn(&Delivery) -> Option<T>) -> Vec<T> {
        self.desk().deliveries.values().rev().filter_map(look).take(limit).collect()
    }

    pub(crate) fn with_delivery<T>(&self, id: u64, look: impl Fn(&Delivery) -> T) -> Option<T> {
        self.desk().deliveries.get(&id).map(look)
    }

    /// Sends one again by hand. False when there is none of this id.
    pub(crate) fn resend(&self, id: u64, now: Moment) -> bool {
        let found = self.desk().resend(id, now);
        self.bell.notify_one();
        found
    }

    pub(crate) fn saved(&self) -> Saved {
        let reissues = self.keys.saved();
        let desk = self.desk();
        Saved {
            last_registration: desk.last_registration,
            last_delivery: desk.last_delivery,
            last_fault: desk.last_fault,
            registrations: desk.registrations.iter().map(Registration::row).collect(),
            faults: desk
                .faults
                .iter()
                .map(|it| SavedFault { row: it.row(), held: it.held.clone() })
                .collect(),
            deliveries: desk.deliveries.values().cloned().collect(),
            reversals: desk.reversals.iter().cloned().collect(),
            reissues,
        }
    }

    /// Goes on where another left off. What was under way then is sent again.
    pub(crate) fn restore(&self, saved: Saved, now: Moment) -> Result<(), String> {
        self.keys.restore(saved.reissues);
        let mut desk = self.desk();
        let of_settings = std::mem::take(&mut desk.registrations);
        desk.last_registration = saved.last_registration;
        for row in saved.registrations {
            desk.registrations.push(registration::restored(row)?);
        }
        for registration in of_settings {
            // One that was registered in an earlier run stays one.
            if !desk.registrations.iter().any(|it| it.url == registration.url) {
                desk.last_registration += 1;
                let id = desk.last_registration;
                desk.registrations.push(Registration { id, ..registration });
            }
        }
        for SavedFault { row, held } in saved.faults {
            let fault = fault::restored(row)?;
            desk.faults.push(WebhookFault { held, ..fault });
        }
        desk.last_delivery = saved.last_delivery;
        desk.last_fault = saved.last_fault;
        desk.reversals = saved.reversals.into_iter().collect();
        for delivery in saved.deliveries {
            desk.put(delivery, now);
        }
        let is_idle = desk.registrations.is_empty() && desk.deliveries.is_empty();
        self.listening.store(!is_idle, Ordering::Release);
        Ok(())
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
