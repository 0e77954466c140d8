//! All payments of one sandbox: found by key and by order, the oldest forgotten first.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use crate::sandbox::clock::Moment;
use crate::sandbox::dice::Dice;
use crate::sandbox::merchants::Account;
use crate::sandbox::payments::{Order, Payment};

/// Payments remembered. About 1 KiB each, and more than a benchmark opens ahead of its confirms.
const PAYMENTS_KEPT: usize = 50_000;

/// The payments.
///
/// Invariant: `arrivals` names each key of `by_key` once; `newest` may name a key that is gone.
#[derive(Debug, Default)]
pub(crate) struct Book {
    by_key: HashMap<String, Payment>,
    /// The newest payment of each merchant's order.
    newest: HashMap<String, String>,
    arrivals: VecDeque<String>,
}

impl Book {
    /// Opens a payment under a new key and returns it.
    pub(crate) fn open(
        &mut self,
        account: Arc<Account>,
        order: Order,
        now: Moment,
        dice: &Dice,
    ) -> &mut Payment {
        let key = self.new_key(&account.m_id, now, dice);
        if self.arrivals.len() >= PAYMENTS_KEPT {
            self.forget_oldest();
        }
        self.newest.insert(order_key(&account.m_id, &order.id), key.clone());
        self.arrivals.push_back(key.clone());
        let payment = Payment::open(key.clone(), account, order, now);
        self.by_key.entry(key).or_insert(payment)
    }

    /// The payment with this key, with its time limits applied.
    pub(crate) fn by_key(&mut self, key: &str, now: Moment) -> Option<&mut Payment> {
        let payment = self.by_key.get_mut(key)?;
        payment.settle(now);
        Some(payment)
    }

    /// The newest payment of a merchant's order, with its time limits applied.
    pub(crate) fn by_order(&mut self, m_id: &str, id: &str, now: Moment) -> Option<&mut Payment> {
        let key = self.newest.get(&order_key(m_id, id))?;
        let payment = self.by_key.get_mut(key)?;
        payment.settle(now);
        Some(payment)
    }

    /// Newest first, with their time limits applied.
    pub(crate) fn latest(&mut self, now: Moment) -> impl Iterator<Item = &Payment> {
        for payment in self.by_key.values_mut() {
            payment.settle(now);
        }
        self.arrivals.iter().rev().filter_map(|key| self.by_key.get(key))
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
