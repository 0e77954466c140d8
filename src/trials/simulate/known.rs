//! What people in a history know and were told, and the webhooks that are on their way.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use crate::contract::Placed;
use crate::domain::id::{OrderId, RequestId};
use crate::domain::order::Status;
use crate::sandbox::Posted;
use crate::server::Error;
use crate::server::identity::visitor::Visitor;
use crate::trials::simulate::machine::Machine;
use crate::trials::simulate::stage::Toss;

pub(super) const BUYERS: u64 = 3;

/// What people know and have said, and the webhooks that are on their way.
pub(super) struct Known {
    pub(super) buyers: Vec<Visitor>,
    pub(super) orders: Vec<KnownOrder>,
    /// For the story.
    pub(super) notes: Vec<String>,
    pub(super) forms: Vec<RequestId>,
    pub(super) carried: Vec<Posted>,
    pub(super) posted: VecDeque<Posted>,
}

/// An order that a buyer was told of.
#[derive(Clone, Debug)]
pub(super) struct KnownOrder {
    pub(super) id: String,
    pub(super) buyer: usize,
    pub(super) amount: i64,
    pub(super) payments: Vec<String>,
    /// A buyer was told that it is paid.
    pub(super) told_paid: bool,
    /// A bank has taken a deposit back.
    pub(super) was_reversed: bool,
    pub(super) is_account: bool,
    /// Another program may have taken the money: no more windows open.
    pub(super) is_taken: bool,
    /// Somebody has come back to it with a payment that is not its own.
    pub(super) is_mixed_up: bool,
}

/// A call with its name in the story, if there was anything to call about.
pub(super) type Call<F> = Option<(String, F)>;

pub(super) type Shared = Rc<RefCell<Known>>;

impl Known {
    pub(super) fn new(machine: &Machine) -> Known {
        let token = |buyer: u64| format!("{buyer:026}");
        let forms = (0..4).filter_map(|_| {
            let name = format!("form{:014}", machine.below(100_000_000_000_000));
            RequestId::parse(&name).ok()
        });
        Known {
            buyers: (0..BUYERS).map(|buyer| Visitor::known_by(token(buyer))).collect(),
            orders: Vec::new(),
            notes: Vec::new(),
            forms: forms.collect(),
            carried: Vec::new(),
            posted: VecDeque::new(),
        }
    }

    /// Takes what Toss wants carried now.
    pub(super) fn collect(&mut self, toss: &Toss) {
        self.posted.extend(toss.sandbox.posted());
    }

    /// A buyer was told of an order; how the story tells it.
    pub(super) fn learn(&mut self, buyer: usize, placed: &Placed) -> String {
        let id = placed.order_id.as_str();
        if !self.orders.iter().any(|order| order.id == id) {
            self.orders.push(KnownOrder {
                id: id.to_owned(),
                buyer,
                amount: placed.amount.get(),
                payments: Vec::new(),
                told_paid: false,
                was_reversed: false,
                is_account: false,
                is_taken: false,
                is_mixed_up: false,
            });
        }
        format!("{id} {}", placed.amount)
    }

    /// A buyer was told how an order stands; how the story tells it.
    pub(super) fn hear(&mut self, id: &str, status: Status) -> String {
        self.with(id, |order| order.told_paid |= status == Status::Completed);
        status.to_string()
    }

    pub(super) fn with(&mut self, id: &str, change: impl FnOnce(&mut KnownOrder)) {
        if let Some(order) = self.orders.iter_mut().find(|order| order.id == id) {
            change(order);
        }
    }
}

impl KnownOrder {
    /// What its buyer was told and does not hold.
    pub(super) fn promise_broken(&self, status: Status) -> Option<String> {
        let id = &self.id;
        (self.told_paid && !status.is_paid() && !self.was_reversed)
            .then(|| format!("{id}: the buyer was told that it is paid, and it is {status}"))
    }
}

/// Any order that somebody knows of, the newer ones more often.
pub(super) fn some_order(known: &Shared, machine: &Machine) -> Option<KnownOrder> {
    let known = known.borrow();
    let recent = known.orders.len().saturating_sub(4);
    let orders =
        if machine.once_in(4) { known.orders.as_slice() } else { known.orders.get(recent..)? };
    machine.one_of(orders).cloned()
}

pub(super) fn order_id(order: &KnownOrder) -> Option<OrderId> {
    OrderId::parse(&order.id).ok()
}

/// A call by somebody who hears what comes of it, and learns from it; it is told in the story.
pub(super) fn call<T>(
    known: Shared,
    name: String,
    asked: impl Future<Output = Result<T, Error>>,
    learn: impl FnOnce(&mut Known, T) -> String,
) -> (String, impl Future<Output = ()>) {
    let heard = name.clone();
    let work = async move {
        let told = asked.await;
        let mut known = known.borrow_mut();
        let note = match told {
            Ok(told) => learn(&mut known, told),
            Err(error) => {
                let error = error.answered();
                format!("{:?} {}", error.code, error.message)
            }
        };
        known.notes.push(format!("     {heard} hears: {note}"));
    };
    (name, work)
}
