//! What faults do to the events that come to the queue.

use crate::sandbox::clock::Moment;
use crate::sandbox::dice::{Dice, Probability};
use crate::sandbox::gate::Gate;
use crate::sandbox::webhooks::event::WebhookEvent;
use crate::sandbox::webhooks::fault::{FaultKind, WebhookFault};
use crate::sandbox::webhooks::queue::{Plan, Queue};

/// Deposits that are still to be taken back.
const REVERSALS_MAX: usize = 1_000;

impl Queue {
    /// The oldest fault that waits for this event and that chance lets strike, used up by one.
    pub(super) fn take_fault(&mut self, event: &WebhookEvent, dice: &Dice) -> Option<WebhookFault> {
        let at = self.faults.iter().position(|fault| {
            fault.waits_for(event)
                && (fault.probability == Probability::CERTAIN || dice.falls(fault.probability))
        })?;
        let fault = self.faults.get_mut(at)?;
        if matches!(fault.kind, FaultKind::Reorder { .. }) {
            return Some(WebhookFault { held: Vec::new(), ..fault.clone() });
        }
        fault.times -= 1;
        let taken = fault.clone();
        if taken.times <= 0 {
            self.faults.remove(at);
        }
        Some(taken)
    }

    /// Keeps an event back until there are enough to send them in reverse.
    pub(super) fn hold(
        &mut self,
        fault: u64,
        count: i64,
        event: WebhookEvent,
        now: Moment,
        dice: &Dice,
    ) -> Vec<Gate> {
        let Some(fault) = self.faults.iter_mut().find(|it| it.id == fault) else {
            return Vec::new();
        };
        fault.held.push(event);
        let is_full = i64::try_from(fault.held.len()).unwrap_or(i64::MAX) >= count;
        if is_full {
            let id = fault.id;
            self.remove_faults(|it| it.id == id, now, dice);
        }
        Vec::new()
    }

    /// Removes the faults that `chosen` names; what they held back is sent, newest first.
    pub(super) fn remove_faults(
        &mut self,
        chosen: impl Fn(&WebhookFault) -> bool,
        now: Moment,
        dice: &Dice,
    ) -> usize {
        let removed: Vec<WebhookFault> =
            self.faults.extract_if(.., |fault| chosen(fault)).collect();
        let plan =
            Plan { fault: Some("reorder"), copies: 0, due: now, dropped: false, early: false };
        for event in removed.iter().flat_map(|fault| fault.held.iter().rev()) {
            self.send_out(event, &plan, now, dice);
        }
        removed.len()
    }

    pub(super) fn take_back(&mut self, event: &WebhookEvent, seconds: i64, now: Moment) {
        if let Some(key) = event.payment_key.clone()
            && self.reversals.len() < REVERSALS_MAX
        {
            self.reversals.insert((now.plus_ms(seconds.saturating_mul(1_000)), key));
        }
    }

    /// Deposits that the bank takes back now.
    pub(super) fn due_reversals(&mut self, now: Moment) -> Vec<String> {
        let mut due = Vec::new();
        while let Some((at, _)) = self.reversals.first()
            && *at <= now
        {
            due.extend(self.reversals.pop_first().map(|(_, key)| key));
        }
        due
    }
}
