//! Where events become deliveries and deliveries wait for their turn.
//!
//! How: each registration has a queue of its own and a few hands, so that a dead receiver keeps
//! only its own events waiting. Events about one order leave one after the other; between
//! orders there is no promise, as with Toss (Toss: webhooks.md §1).

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use crate::sandbox::clock::Moment;
use crate::sandbox::dice::Dice;
use crate::sandbox::gate::Gate;
use crate::sandbox::webhooks::delivery::{Attempt, Delivery, Progress, transmission_id};
use crate::sandbox::webhooks::event::WebhookEvent;
use crate::sandbox::webhooks::fault::{FaultKind, WebhookFault};
use crate::sandbox::webhooks::registration::Registration;

/// Registrations at once.
pub(crate) const REGISTRATIONS_MAX: usize = 32;
/// Faults at once.
pub(crate) const FAULTS_MAX: usize = 1_000;
/// Deliveries remembered, about 3 KiB each; of those that are over the oldest go first.
const DELIVERIES_KEPT: usize = 5_000;
/// With those that still wait, as for a dead receiver; the oldest go first.
const DELIVERIES_MAX: usize = 20_000;
/// Calls at once to one registration.
const AT_ONCE_MAX: usize = 8;

/// The queue.
///
/// Invariant: a delivery is in at most one of `waiting`, `ready` and `under_way`.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    pub(super) registrations: Vec<Registration>,
    pub(super) last_registration: u64,
    pub(super) deliveries: BTreeMap<u64, Delivery>,
    pub(super) last_delivery: u64,
    pub(super) faults: Vec<WebhookFault>,
    pub(super) last_fault: u64,
    pub(super) reversals: BTreeSet<(Moment, String)>,
    /// Those that are over, or were before a hand sent them again.
    over: VecDeque<u64>,
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

/// How an event is to be sent, once its fault is known.
pub(super) struct Plan {
    pub(super) fault: Option<&'static str>,
    pub(super) copies: i64,
    pub(super) due: Moment,
    pub(super) dropped: bool,
    pub(super) early: bool,
}

impl Queue {
    /// Takes an event in. The gates open when what must arrive early has arrived.
    pub(super) fn accept(&mut self, event: WebhookEvent, now: Moment, dice: &Dice) -> Vec<Gate> {
        let (event_type, m_id) = (event.event_type(), event.m_id.as_str());
        if !self.registrations.iter().any(|it| it.wants(event_type, m_id)) {
            return Vec::new();
        }
        let mut event = event;
        let mut plan = Plan { fault: None, copies: 0, due: now, dropped: false, early: false };
        if let Some(fault) = self.take_fault(&event, dice) {
            plan.fault = Some(fault.kind.word());
            match fault.kind {
                FaultKind::Reorder { count } => {
                    return self.hold(fault.id, count, event, now, dice);
                }
                FaultKind::Early => plan.early = true,
                FaultKind::Delay { seconds } => {
                    plan.due = now.plus_ms(seconds.saturating_mul(1_000))
                }
                FaultKind::Repeat { copies } => plan.copies = copies,
                FaultKind::Drop => plan.dropped = true,
                FaultKind::UnknownEvent => event.renamed = true,
                FaultKind::UnknownField => event.extra_field = true,
                FaultKind::WrongSecret => event = event.with_wrong_secret(),
                FaultKind::Reversal { seconds } => self.take_back(&event, seconds, now),
            }
        }
        self.send_out(&event, &plan, now, dice)
    }

    /// Makes a delivery for each registration that wants it.
    pub(super) fn send_out(
        &mut self,
        event: &WebhookEvent,
        plan: &Plan,
        now: Moment,
        dice: &Dice,
    ) -> Vec<Gate> {
        let (event_type, body) = (event.event_type(), event.body());
        let wanting: Vec<(u64, String)> = self
            .registrations
            .iter()
            .filter(|it| it.wants(event_type, &event.m_id))
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
                    event_type: event.word().to_owned(),
                    m_id: event.m_id.clone(),
                    order_id: event.order_id.clone(),
                    payment_key: event.payment_key.clone(),
                    created_at: event.at,
                    transmission_id: transmission_id.clone(),
                    body: body.clone(),
                    signed: event_type.is_signed(),
                    wrong_signature: event.wrong_signature,
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
        self.make_room();
        let (id, registration, next_at) = (delivery.id, delivery.registration_id, delivery.next_at);
        self.deliveries.insert(id, delivery);
        match next_at {
            Some(due) if due > now => drop(self.waiting.insert((due, id))),
            Some(_) => self.ready.entry(registration).or_default().push_back(id),
            None => self.over.push_back(id),
        }
    }

    fn make_room(&mut self) {
        while self.deliveries.len() >= DELIVERIES_KEPT {
            let is_over = |it: &Delivery| it.progress != Progress::Sending;
            let forgotten = match self.over.pop_front() {
                // A hand may have sent it again meanwhile.
                Some(id) if !self.deliveries.get(&id).is_some_and(is_over) => continue,
                Some(id) => self.deliveries.remove(&id),
                None if self.deliveries.len() < DELIVERIES_MAX => return,
                None => self.deliveries.pop_first().map(|(_, delivery)| delivery),
            };
            let Some(forgotten) = forgotten else { return };
            if let Some(next_at) = forgotten.next_at {
                self.waiting.remove(&(next_at, forgotten.id));
            }
            forgotten.arrival.open();
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

    /// Whether a try could leave now.
    pub(super) fn has_ready(&self) -> bool {
        self.ready.values().any(|queue| !queue.is_empty())
    }

    /// Whether a try waits for its time.
    pub(super) fn has_waiting(&self) -> bool {
        !self.waiting.is_empty()
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
        if delivery.schedule != job.schedule {
            return;
        }
        match delivery.next_at {
            Some(next_at) => drop(self.waiting.insert((next_at, job.delivery))),
            None => self.over.push_back(job.delivery),
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

#[cfg(test)]
mod tests {
    use super::{DELIVERIES_KEPT, DELIVERIES_MAX, Queue};
    use crate::sandbox::clock::Clock;
    use crate::sandbox::dice::Dice;
    use crate::sandbox::webhooks::delivery::Attempt;
    use crate::sandbox::webhooks::event::{Content, WebhookEvent};
    use crate::sandbox::webhooks::registration::Registration;

    /// A queue with one registration, and a way to have an event told.
    fn queue() -> (Queue, impl Fn(&mut Queue)) {
        let url = "http://127.0.0.1:1/".parse().unwrap();
        let registrations = vec![Registration { id: 1, ..Registration::of_all(url) }];
        let (dice, now) = (Dice::new(Some(7)), Clock::new().now());
        let tell = move |queue: &mut Queue| {
            let content =
                Content::Data { word: "BILLING_DELETED".to_owned(), data: "{}".to_owned() };
            queue.accept(WebhookEvent::new("tgen_docs".to_owned(), now, content), now, &dice);
        };
        (Queue { registrations, ..Queue::default() }, tell)
    }

    #[test]
    fn what_is_over_is_forgotten_before_what_still_waits() {
        let (mut queue, tell) = queue();
        tell(&mut queue);
        // The first stays under way while all others succeed.
        assert_eq!(queue.jobs().len(), 1);
        for _ in 0..DELIVERIES_KEPT + 100 {
            tell(&mut queue);
            for job in queue.jobs() {
                let attempt = Attempt {
                    at: Clock::new().now(),
                    retried_count: 0,
                    status: Some(200),
                    error: None,
                    answer: String::new(),
                    took_ms: 0,
                };
                queue.done(&job, attempt, true);
            }
        }
        assert_eq!(queue.deliveries.len(), DELIVERIES_KEPT);
        assert!(queue.deliveries.contains_key(&1) && !queue.deliveries.contains_key(&2));
    }

    #[test]
    fn a_dead_receiver_cannot_fill_the_memory() {
        let (mut queue, tell) = queue();
        for _ in 0..DELIVERIES_MAX + 100 {
            tell(&mut queue);
        }
        assert_eq!(queue.deliveries.len(), DELIVERIES_MAX);
        assert!(queue.jobs().len() < 10);
    }
}
