//! The outbox: what happened to payments, kept for whoever tells it to the merchants (Toss: webhooks.md §3).
//!
//! How: a payment notes each of its transitions; the book takes the notes after every access
//! and makes entries of them, with the payment as it stands at that moment. While nobody listens
//! nothing is kept.

use std::collections::VecDeque;

use crate::sandbox::clock::Moment;
use crate::sandbox::language::Language;
use crate::sandbox::payments::links::Links;
use crate::sandbox::payments::order::State;
use crate::sandbox::payments::payment::{Kind, Payment};
use crate::sandbox::payments::payment_object::payment_object;
use crate::sandbox::payments::pending::Transition;
use crate::toss;

/// Entries kept until they are taken; the oldest go first.
const ENTRIES_KEPT: usize = 100_000;

/// One thing Toss tells a merchant.
#[derive(Clone, Debug)]
pub(crate) struct OutboxEntry {
    pub(crate) m_id: String,
    pub(crate) at: Moment,
    pub(crate) event: Event,
}

/// What is told.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    PaymentStatusChanged(Box<toss::Payment>),
    Deposit {
        secret: String,
        status: toss::Status,
        transaction_key: String,
        order_id: String,
        payment_key: String,
    },
    CancelStatusChanged(Box<toss::Cancel>),
    BillingDeleted {
        billing_key: String,
        reason: Option<String>,
    },
}

/// The entries not taken yet, and what is needed to write them.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    listening: bool,
    entries: VecDeque<OutboxEntry>,
    pub(crate) links: Links,
}

impl Outbox {
    pub(crate) fn listen(&mut self, on: bool) {
        self.listening = on;
        if !on {
            self.entries.clear();
        }
    }

    pub(crate) fn take(&mut self) -> Vec<OutboxEntry> {
        self.entries.drain(..).collect()
    }

    pub(crate) fn tell(&mut self, m_id: &str, event: Event, now: Moment) {
        if !self.listening {
            return;
        }
        if self.entries.len() >= ENTRIES_KEPT {
            self.entries.pop_front();
        }
        self.entries.push_back(OutboxEntry { m_id: m_id.to_owned(), at: now, event });
    }

    /// Makes entries of what `payment` noted.
    pub(crate) fn tell_of(&mut self, payment: &mut Payment, now: Moment) {
        if payment.untold.is_empty() {
            return;
        }
        for transition in std::mem::take(&mut payment.untold) {
            if !self.listening {
                continue;
            }
            let m_id = &payment.account.m_id;
            match transition {
                Transition::CancelEnded(cancel) => {
                    self.tell(m_id, Event::CancelStatusChanged(cancel), now);
                }
                Transition::Ended => {
                    let object = payment_object(payment, &self.links, Language::Korean, now);
                    self.tell(m_id, Event::PaymentStatusChanged(Box::new(object)), now);
                }
                Transition::Moved => self.tell_of_move(payment, now),
            }
        }
    }

    fn tell_of_move(&mut self, payment: &Payment, now: Moment) {
        let m_id = &payment.account.m_id;
        if payment.means.as_ref().is_some_and(|it| it.virtual_account().is_some()) {
            let deposit = Event::Deposit {
                secret: payment.secret.clone().unwrap_or_default(),
                status: payment.state.status(),
                transaction_key: payment.transaction_key().unwrap_or_default().to_owned(),
                order_id: payment.order.id.clone(),
                payment_key: payment.key.clone(),
            };
            self.tell(m_id, deposit, now);
        }
        // Neither a wait for money nor the success of a billing charge is told this way.
        let is_told = match payment.state {
            State::Done => payment.kind != Kind::Billing,
            State::Canceled | State::PartialCanceled | State::Aborted | State::Expired => true,
            State::Ready | State::InProgress | State::WaitingForDeposit => false,
        };
        if is_told {
            let object = payment_object(payment, &self.links, Language::Korean, now);
            self.tell(m_id, Event::PaymentStatusChanged(Box::new(object)), now);
        }
    }
}
