//! Faults in force: what the next matching calls will suffer.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::sandbox::dice::{Dice, Probability};
use crate::sandbox::faults::fault::{Fault, Kind, Subject, Target};

/// Faults in force at once, so that a forgetful test run can't grow without end.
pub(crate) const FAULTS_MAX: usize = 1_000;

/// The faults in force, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    lists: Mutex<Lists>,
    /// How many are in force, so that a call without faults takes no lock.
    count: AtomicUsize,
}

#[derive(Debug, Default)]
struct Lists {
    in_force: Vec<Fault>,
    /// Used up, with calls that may still stand at their gates.
    used_up: VecDeque<Fault>,
    last_id: u64,
}

impl Faults {
    /// Sets a fault and returns its id; `None` when there are too many.
    pub(crate) fn set(&self, mut fault: Fault) -> Option<u64> {
        let mut lists = self.lists();
        if lists.in_force.len() >= FAULTS_MAX {
            return None;
        }
        lists.last_id += 1;
        fault.id = lists.last_id;
        lists.in_force.push(fault);
        self.count.store(lists.in_force.len(), Ordering::Release);
        Some(lists.last_id)
    }

    /// The oldest fault that strikes this call, used up by one.
    pub(crate) fn take(&self, target: Target, subject: Subject<'_>, dice: &Dice) -> Option<Fault> {
        if self.count.load(Ordering::Acquire) == 0 {
            return None;
        }
        let mut lists = self.lists();
        let at = lists.in_force.iter().position(|fault| {
            // Without chance no dice are thrown, so that keys do not depend on such faults.
            fault.strikes(target, subject)
                && (fault.probability == Probability::CERTAIN || dice.falls(fault.probability))
        })?;
        let fault = lists.in_force.get_mut(at)?;
        fault.times -= 1;
        let taken = fault.clone();
        if taken.times <= 0 {
            let fault = lists.in_force.remove(at);
            self.count.store(lists.in_force.len(), Ordering::Release);
            if matches!(fault.kind, Kind::Hold { .. }) {
                lists.used_up.push_back(fault);
            }
            if lists.used_up.len() > FAULTS_MAX
                && let Some(forgotten) = lists.used_up.pop_front()
            {
                forgotten.gate.open();
            }
        }
        Some(taken)
    }

    /// Removes the faults that `chosen` names and lets their held calls go on.
    pub(crate) fn remove(&self, chosen: impl Fn(&Fault) -> bool) -> usize {
        let mut lists = self.lists();
        let before = lists.in_force.len();
        let release = |fault: &Fault| {
            let is_chosen = chosen(fault);
            if is_chosen {
                fault.gate.open();
            }
            !is_chosen
        };
        lists.in_force.retain(release);
        lists.used_up.retain(release);
        self.count.store(lists.in_force.len(), Ordering::Release);
        before - lists.in_force.len()
    }

    pub(crate) fn in_force(&self) -> Vec<Fault> {
        self.lists().in_force.clone()
    }

    /// Goes on with these, each under the id it had.
    pub(crate) fn restore(&self, faults: Vec<Fault>, last_id: u64) {
        let mut lists = self.lists();
        self.count.store(faults.len(), Ordering::Release);
        lists.in_force = faults;
        lists.last_id = last_id;
    }

    pub(crate) fn last_id(&self) -> u64 {
        self.lists().last_id
    }

    fn lists(&self) -> MutexGuard<'_, Lists> {
        self.lists.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
