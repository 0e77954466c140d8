//! Where events become deliveries and deliveries wait for their turn.
//!
//! How: each registration has a queue of its own and a few hands, so that a dead receiver keeps
//! only its own events waiting. Events about one order leave one after the other; between
//! orders there is no promise, as with Toss (Toss: webhooks.md §1).

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use crate::sandbox::clock::Moment;
use crate::sandbox::dice::{Dice, Probability};
use crate::sandbox::gate::Gate;
use crate::sandbox::webhooks::{
    Attempt, Delivery, Notice, Progress, Registration, Trick, WebhookFault,
};

/// Registrations at once.
pub(crate) const REGISTRATIONS_MAX: usize = 32;
/// Faults at once.
pub(crate) const FAULTS_MAX: usize = 1_000;
/// Deliveries remembered, about 3 KiB each; the oldest go first, sent or not.
const DELIVERIES_KEPT: usize = 5_000;
/// Calls at once to one registration.
const AT_ONCE_MAX: usize = 8;
/// Deposits that are still to be taken back.
const REVERSALS_MAX: usize = 1_000;

/// The desk.
///
/// Invariant: a delivery is in at most one of `waiting`, `ready` and `under_way`.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    pub(super) registrations: Vec<Registration>,
    pub(super) last_registration: u64,
    pub(super) deliveries: BTreeMap<u64, Delivery>,
    pub(super) last_delivery: u64,
    pub(super) faults: Vec<WebhookFault>,
    pub(super) last_fault: u64,
    pub(super) reversals: BTreeSet<(Moment, String)>,
    /// By when they are due.
    waiting: BTreeSet<(Moment, u64)>,
    /// By registration.
    ready: BTreeMap<u64, VecDeque<u64>>,
    /// By registration, each with what it is about.
    under_way: HashMap<u64, Vec<(u64, Option<String>)>>,
}

/// One try that is to be made now.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub(crate) delivery: u64,
    pub(crate) registration: u64,
    pub(crate) schedule: u32,
    pub(crate) url: String,
    pub(crate) m_id: String,
    pub(crate) transmission_id: String,
    pub(crate) retried_count: u32,
    pub(crate) body: String,
    pub(crate) signed: bool,
    pub(crate) wrong_signature: bool,
}

/// How a notice is to be sent, once its fault is known.
struct Plan {
    fault: Option<&'static str>,
    copies: i64,
    due: Moment,
    dropped: bool,
    early: bool,
}

impl Desk {
    /// Takes an event in. The gates open when what must arrive early has arrived.
    pub(super) fn accept(&mut self, notice: Notice, now: Moment, dice: &Dice) -> Vec<Gate> {
        let (event, m_id) = (notice.event_type(), notice.m_id.as_str());
        if !self.registrations.iter().any(|it| it.wants(event, m_id)) {
            return Vec::new();
        }
        let mut notice = notice;
        let mut plan = Plan { fault: None, copies: 0, due: now, dropped: false, early: false };
        if let Some(fault) = self.take_fault(&notice, dice) {
            plan.fault = Some(fault.trick.word());
            match fault.trick {
                Trick::Reorder { count } => return self.hold(fault.id, count, notice, now, dice),
                Trick::Early => plan.early = true,
                Trick::Delay { seconds } => plan.due = now.plus_ms(seconds.saturating_mul(1_000)),
                Trick::Repeat { copies } => plan.copies = copies,
                Trick::Drop => plan.dropped = true,
                Trick::UnknownEvent => notice.renamed = true,
                Trick::UnknownField => notice.extra_field = true,
                Trick::WrongSecret => notice = notice.with_wrong_secret(),
                Trick::Reversal { seconds } => self.take_back(&notice, seconds, now),
            }
        }
        self.send_out(&notice, &plan, now, dice)
    }

    /// The oldest fault that waits for this event and that chance lets strike, used up by one.
    fn take_fault(&mut self, notice: &Notice, dice: &Dice) -> Option<WebhookFault> {
        let at = self.faults.iter().position(|fault| {
            fault.waits_for(notice)
                && (fault.probability == Probability::CERTAIN || dice.falls(fault.probability))
        })?;
        let fault = self.faults.get_mut(at)?;
        if matches!(fault.trick, Trick::Reorder { .. }) {
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
    fn hold(
        &mut self,
        fault: u64,
        count: i64,
        notice: Notice,
        now: Moment,
        dice: &Dice,
    ) -> Vec<Gate> {
        let Some(fault) = self.faults.iter_mut().find(|it| it.id == fault) else {
            return Vec::new();
        };
        fault.held.push(notice);
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
        for notice in removed.iter().flat_map(|fault| fault.held.iter().rev()) {
            self.send_out(notice, &plan, now, dice);
        }
        removed.len()
    }

    fn take_back(&mut self, notice: &Notice, seconds: i64, now: Moment) {
        if let Some(key) = notice.payment_key.clone()
            && self.reversals.len() < REVERSALS_MAX
        {
            self.reversals.insert((now.plus_ms(seconds.saturating_mul(1_000)), key));
        }
    }

    /// Makes a delivery for each registration that wants it.
    fn send_out(&mut self, notice: &Notice, plan: &Plan, now: Moment, dice: &Dice) -> Vec<Gate> {
        let (event, body) = (notice.event_type(), notice.body());
        let wanting: Vec<(u64, String)> = self
            .registrations
            .iter()
            .filter(|it| it.wants(event, &notice.m_id))
            .map(|it| (it.id, it.url.as_str().to_owned()))
            .collect();
        let mut early = Vec::new();
        for (registration_id, url) in wanting {
            let transmission_id = transmission_id(dice);
            for _ in 0..=plan.copies {
                self.last_delivery += 1;
                let delivery = Delivery {
                    id: self.last_delivery,
                    registration_id,
                    url: url.clone(),
                    event_type: notice.word().to_owned(),
                    m_id: notice.m_id.clone(),
                    order_id: notice.order_id.clone(),
                    payment_key: notice.payment_key.clone(),
                    created_at: notice.at,
                    transmission_id: transmission_id.clone(),
                    body: body.clone(),
                    signed: event.is_signed(),
                    wrong_signature: notice.wrong_signature,
                    fault: plan.fault.map(str::to_owned),
                    progress: if plan.dropped { Progress::Dropped } else { Progress::Sending },
                    next_at: (!plan.dropped).then_some(plan.due),
                    tries: 0,
                    schedule: 0,
                    attempts: VecDeque::new(),
                    arrival: Gate::shut(),
                };
                if plan.early {
                    early.push(delivery.arrival.clone());
                }
                self.put(delivery, now);
            }
        }
        early
    }

    /// Puts a delivery where it waits for its turn.
    pub(super) fn put(&mut self, delivery: Delivery, now: Moment) {
        if self.deliveries.len() >= DELIVERIES_KEPT
            && let Some((_, forgotten)) = self.deliveries.pop_first()
        {
            if let Some(next_at) = forgotten.next_at {
                self.waiting.remove(&(next_at, forgotten.id));
            }
            forgotten.arrival.open();
        }
        let (id, registration, next_at) = (delivery.id, delivery.registration_id, delivery.next_at);
        self.deliveries.insert(id, delivery);
        match next_at {
            Some(due) if due > now => drop(self.waiting.insert((due, id))),
            Some(_) => self.ready.entry(registration).or_default().push_back(id),
            None => {}
        }
    }

    /// Lets what has become due leave the waiting room.
    pub(super) fn pass_time(&mut self, now: Moment) {
        while let Some((due, id)) = self.waiting.first().copied()
            && due <= now
        {
            self.waiting.remove(&(due, id));
            if let Some(delivery) = self.deliveries.get(&id) {
                self.ready.entry(delivery.registration_id).or_default().push_back(id);
            }
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

    /// Whether a try could leave now.
    pub(super) fn has_ready(&self) -> bool {
        self.ready.values().any(|queue| !queue.is_empty())
    }

    /// The next tries to make, as many as there are hands for.
    pub(super) fn jobs(&mut self) -> Vec<Job> {
        let mut jobs = Vec::new();
        for (registration, queue) in &mut self.ready {
            let under_way = self.under_way.entry(*registration).or_default();
            let mut passed_over = VecDeque::new();
            while under_way.len() < AT_ONCE_MAX
                && let Some(id) = queue.pop_front()
            {
                let Some(delivery) = self.deliveries.get(&id) else { continue };
                let subject = delivery.subject().map(str::to_owned);
                let is_busy = |it: &Option<String>| it.is_some() && *it == subject;
                // What was passed over keeps its place before later events about the same.
                let waits = under_way.iter().any(|(_, it)| is_busy(it));
                if waits || under_way.iter().any(|(other, _)| *other == id) {
                    passed_over.push_back(id);
                    continue;
                }
                under_way.push((id, subject));
                jobs.push(Job {
                    delivery: id,
                    registration: *registration,
                    schedule: delivery.schedule,
                    url: delivery.url.clone(),
                    m_id: delivery.m_id.clone(),
                    transmission_id: delivery.transmission_id.clone(),
                    retried_count: delivery.tries,
                    body: delivery.body.clone(),
                    signed: delivery.signed,
                    wrong_signature: delivery.wrong_signature,
                });
            }
            passed_over.append(queue);
            *queue = passed_over;
        }
        self.ready.retain(|_, queue| !queue.is_empty());
        self.under_way.retain(|_, jobs| !jobs.is_empty());
        jobs
    }

    /// Writes down what came of a try.
    pub(super) fn done(&mut self, job: &Job, attempt: Attempt, success: bool) {
        if let Some(under_way) = self.under_way.get_mut(&job.registration) {
            under_way.retain(|(id, _)| *id != job.delivery);
            if under_way.is_empty() {
                self.under_way.remove(&job.registration);
            }
        }
        let Some(delivery) = self.deliveries.get_mut(&job.delivery) else { return };
        delivery.tried(attempt, job.schedule, success);
        if delivery.schedule == job.schedule
            && let Some(next_at) = delivery.next_at
        {
            self.waiting.insert((next_at, job.delivery));
        }
    }

    /// Sends a delivery again by hand. False when there is none of this id.
    pub(super) fn resend(&mut self, id: u64, now: Moment) -> bool {
        let Some(delivery) = self.deliveries.get_mut(&id) else { return false };
        if let Some(next_at) = delivery.next_at {
            self.waiting.remove(&(next_at, id));
        }
        delivery.start_again(now);
        let queue = self.ready.entry(delivery.registration_id).or_default();
        if !queue.contains(&id) {
            queue.push_back(id);
        }
        true
    }
}

/// `whtrans_a01` and lower-case base32 (Toss: webhooks.md §1.1).
pub(crate) fn transmission_id(dice: &Dice) -> String {
    format!("whtrans_a01{}", dice.base32(26))
}
