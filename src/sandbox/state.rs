//! Everything one sandbox remembers, shared by all its calls.

use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use crate::sandbox::Config;
use crate::sandbox::api::Answers;
use crate::sandbox::assumptions::Assumptions;
use crate::sandbox::calls::Calls;
use crate::sandbox::clock::Clock;
use crate::sandbox::dice::Dice;
use crate::sandbox::faults::Faults;
use crate::sandbox::gate::Gate;
use crate::sandbox::merchants::Accounts;
use crate::sandbox::payments::{Book, Links, Payment};

/// No payment is larger: far above any real one, far below what sums could overflow.
pub(crate) const AMOUNT_MAX: i64 = 1_000_000_000_000;

/// The state.
///
/// Invariant: no lock is held while waiting, and none of the locks inside is taken while
/// another one is held, save for the dice, which take no other.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) accounts: Accounts,
    pub(crate) assumed: Assumptions,
    pub(crate) clock: Clock,
    pub(crate) dice: Dice,
    pub(crate) answers: Answers,
    pub(crate) faults: Faults,
    pub(crate) calls: Calls,
    /// Opened when the sandbox stops, so that nothing waits on.
    pub(crate) closing: Gate,
    book: Mutex<Book>,
    /// Set when the sandbox begins to listen, so that receipts can be opened.
    links: OnceLock<Links>,
    /// Where they are until then.
    toss_links: Links,
}

impl State {
    pub(crate) fn new(config: Config) -> State {
        let Config { accounts, assumptions, seed } = config;
        State {
            accounts,
            assumed: assumptions,
            clock: Clock::new(),
            dice: Dice::new(seed),
            answers: Answers::default(),
            faults: Faults::default(),
            calls: Calls::default(),
            closing: Gate::shut(),
            book: Mutex::new(Book::default()),
            links: OnceLock::new(),
            toss_links: Links::default(),
        }
    }

    pub(crate) fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks at one payment.
    pub(crate) fn with_payment<T>(&self, key: &str, look: impl Fn(&Payment) -> T) -> Option<T> {
        self.book().by_key(key, self.clock.now()).map(|payment| look(payment))
    }

    /// A new transaction key in the shape of a card's (Toss: api.md §3).
    pub(crate) fn transaction_key(&self) -> String {
        format!("txrd_a01{}", self.dice.base32(26))
    }

    pub(crate) fn links(&self) -> &Links {
        self.links.get().unwrap_or(&self.toss_links)
    }

    /// Receipts and checkout pages are at this origin from now on.
    pub(crate) fn link_to(&self, origin: &str) {
        let _ = self.links.set(Links { receipts: origin.to_owned(), api: origin.to_owned() });
    }
}
