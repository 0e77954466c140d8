//! All payments of one sandbox: found by key and by order, the oldest forgotten first.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, VecDeque};
use std::sync::Arc;

use crate::sandbox::clock::Moment;
use crate::sandbox::dice::Dice;
use crate::sandbox::merchants::Account;
use crate::sandbox::payments::links::Links;
use crate::sandbox::payments::order::Order;
use crate::sandbox::payments::outbox::{Event, Outbox, OutboxEntry};
use crate::sandbox::payments::payment::Payment;
use crate::sandbox::payments::receipts::Receipts;

/// Payments remembered. About 1 KiB each, and more than a benchmark opens ahead of its confirms.
const PAYMENTS_KEPT: usize = 50_000;
/// Time limits remembered, also those of payments that are over or forgotten meanwhile.
const LIMITS_KEPT: usize = PAYMENTS_KEPT * 4;

/// The payments.
///
/// Invariant: `arrivals` names each key of `by_key` once; `newest` and `limits` may name a key
/// that is gone. Every time limit that is still to come is in `limits`.
#[derive(Debug, Default)]
pub(crate) struct Book {
    by_key: HashMap<String, Payment>,
    /// The newest payment of each merchant's order.
    newest: HashMap<String, String>,
    arrivals: VecDeque<String>,
    /// What is due when, the next first.
    limits: BinaryHeap<Reverse<(Moment, String)>>,
    outbox: Outbox,
    last_transaction: u64,
    pub(crate) receipts: Receipts,
}

impl Book {
    /// Opens a payment and returns its new key.
    pub(crate) fn open(
        &mut self,
        account: Arc<Account>,
        order: Order,
        now: Moment,
        dice: &Dice,
    ) -> String {
        let key = self.new_key(&account.m_id, now, dice);
        if self.arrivals.len() >= PAYMENTS_KEPT {
            self.forget_oldest();
        }
        self.file(Payment::open(key.clone(), account, order, now));
        key
    }

    /// The payment with this key, with its time limits applied.
    pub(crate) fn by_key(&mut self, key: &str, now: Moment) -> Option<&Payment> {
        self.change(key, now, |_| ())?;
        self.by_key.get(key)
    }

    /// The newest payment of a merchant's order, with its time limits applied.
    pub(crate) fn by_order(&mut self, m_id: &str, id: &str, now: Moment) -> Option<&Payment> {
        let key = self.newest.get(&order_key(m_id, id))?.clone();
        self.by_key(&key, now)
    }

    /// Lets `change` act on the payment with this key, after its time limits have. Every change
    /// of a payment goes through here, so that none is untold and no time limit forgotten.
    pub(crate) fn change<T>(
        &mut self,
        key: &str,
        now: Moment,
        change: impl FnOnce(&mut Payment) -> T,
    ) -> Option<T> {
        let payment = self.by_key.get_mut(key)?;
        payment.pass_time(now);
        let result = change(payment);
        payment.number_transactions(&mut self.last_transaction);
        self.outbox.tell_of(payment, now);
        for receipt in payment.new_receipts() {
            self.receipts.note(receipt);
        }
        if let Some(limit) = payment.new_limit() {
            self.limits.push(Reverse((limit, key.to_owned())));
            self.prune_limits();
        }
        Some(result)
    }

    /// Applies every time limit that has come, so that it is told without anyone looking.
    pub(crate) fn pass_time(&mut self, now: Moment) {
        while let Some(Reverse((due, _))) = self.limits.peek()
            && *due <= now
        {
            let Some(Reverse((due, key))) = self.limits.pop() else { return };
            // At its own time, however far the clock was moved at once.
            self.change(&key, due, |_| ());
        }
    }

    /// Newest first, with their time limits applied.
    pub(crate) fn latest(&mut self, now: Moment) -> impl Iterator<Item = &Payment> {
        self.pass_time(now);
        // What is not told, as a virtual account's due date, is nobody's time limit.
        for payment in self.by_key.values_mut() {
            payment.pass_time(now);
        }
        self.arrivals.iter().rev().filter_map(|key| self.by_key.get(key))
    }

    /// Whether the outbox is kept.
    pub(crate) fn listen(&mut self, on: bool) {
        self.outbox.listen(on);
    }

    pub(crate) fn take_outbox(&mut self) -> Vec<OutboxEntry> {
        self.outbox.take()
    }

    /// For what happens outside of payments.
    pub(crate) fn tell(&mut self, m_id: &str, event: Event, now: Moment) {
        self.outbox.tell(m_id, event, now);
    }

    /// Where the receipts in the outbox are from now on.
    pub(crate) fn link_to(&mut self, links: Links) {
        self.outbox.links = links;
    }

    /// In the order they came.
    pub(super) fn payments(&self) -> impl Iterator<Item = &Payment> {
        self.arrivals.iter().filter_map(|key| self.by_key.get(key))
    }

    /// Puts a payment with a key of its own at the end.
    pub(super) fn file(&mut self, mut payment: Payment) {
        let key = payment.key.clone();
        let last = payment.transactions.iter().map(|it| it.number).max().unwrap_or(0);
        self.last_transaction = self.last_transaction.max(last);
        if let Some(limit) = payment.new_limit() {
            self.limits.push(Reverse((limit, key.clone())));
        }
        self.newest.insert(order_key(&payment.account.m_id, &payment.order.id), key.clone());
        self.arrivals.push_back(key.clone());
        self.by_key.insert(key, payment);
    }

    /// While the clock stands still limits never come, and would grow without end.
    fn prune_limits(&mut self) {
        if self.limits.len() > LIMITS_KEPT {
            let by_key = &self.by_key;
            self.limits.retain(|Reverse((due, key))| {
                by_key.get(key).is_some_and(|payment| payment.next_limit() == Some(*due))
            });
        }
    }

    /// Toss's shape (Toss: api.md §3): the merchant's first five characters, the time, and
    /// five characters by chance, of which two calls in one second could draw the same.
    fn new_key(&self, m_id: &str, now: Moment, dice: &Dice) -> String {
        let merchant: String = m_id.chars().take(5).collect();
        let time = now.compact();
        loop {
            let key = format!("{merchant}{time}{}", dice.alphanumeric(5));
            if !self.by_key.contains_key(&key) {
                return key;
            }
        }
    }

    fn forget_oldest(&mut self) {
        let Some(payment) = self.arrivals.pop_front().and_then(|key| self.by_key.remove(&key))
        else {
            return;
        };
        let order = order_key(&payment.account.m_id, &payment.order.id);
        if self.newest.get(&order) == Some(&payment.key) {
            self.newest.remove(&order);
        }
    }
}

/// No merchant id has a slash in it.
fn order_key(m_id: &str, order_id: &str) -> String {
    format!("{m_id}/{order_id}")
}
