//! Everything one sandbox remembers, shared by all its calls.

use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use crate::sandbox::Config;
use crate::sandbox::api::{Answers, Rates};
use crate::sandbox::assumptions::Assumptions;
use crate::sandbox::calls::Calls;
use crate::sandbox::clock::Clock;
use crate::sandbox::dice::Dice;
use crate::sandbox::faults::Faults;
use crate::sandbox::gate::Gate;
use crate::sandbox::merchants::Accounts;
use crate::sandbox::payments::{Book, Links, Payment};
use crate::sandbox::wallet::Wallet;

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
    pub(crate) rates: Rates,
    /// Opened when the sandbox stops, so that nothing waits on.
    pub(crate) closing: Gate,
    book: Mutex<Book>,
    wallet: Mutex<Wallet>,
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
            rates: Rates::default(),
            closing: Gate::shut(),
            book: Mutex::new(Book::default()),
            wallet: Mutex::new(Wallet::default()),
            links: OnceLock::new(),
            toss_links: Links::default(),
        }
    }

    pub(crate) fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn wallet(&self) -> MutexGuard<'_, Wallet> {
        self.wallet.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks at one payment.
    pub(crate) fn with_payment<T>(&self, key: &str, look: impl Fn(&Payment) -> T) -> Option<T> {
        self.book().by_key(key, self.clock.now()).map(look)
    }

    pub(crate) fn links(&self) -> &Links {
        self.links.get().unwrap_or(&self.toss_links)
    }

    /// Receipts and checkout pages are at this origin from now on.
    pub(crate) fn link_to(&self, origin: &str) {
        let links = Links { receipts: origin.to_owned(), api: origin.to_owned() };
        self.book().link_to(links.clone());
        let _ = self.links.set(links);
    }
}
