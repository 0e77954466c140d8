//! The payment processor: its merchants, their payments and billing keys, its clock and its chance. All
//! that a call of the API acts on.

use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use crate::sandbox::assumptions::Assumptions;
use crate::sandbox::clock::{Clock, Moment};
use crate::sandbox::dice::Dice;
use crate::sandbox::language::Language;
use crate::sandbox::merchants::Accounts;
use crate::sandbox::payments::{Book, Links, Payment, payment_object};
use crate::sandbox::vault::Vault;
use crate::toss;

/// The processor.
#[derive(Debug)]
pub(crate) struct Processor {
    pub(crate) accounts: Accounts,
    pub(crate) assumed: Assumptions,
    pub(crate) clock: Clock,
    pub(crate) dice: Dice,
    book: Mutex<Book>,
    vault: Mutex<Vault>,
    /// Set when the sandbox begins to listen, so that receipts can be opened.
    links: OnceLock<Links>,
    /// Where they are until then.
    toss_links: Links,
}

impl Processor {
    pub(crate) fn new(
        accounts: Accounts,
        assumed: Assumptions,
        clock: Clock,
        dice: Dice,
    ) -> Processor {
        Processor {
            accounts,
            assumed,
            clock,
            dice,
            book: Mutex::default(),
            vault: Mutex::default(),
            links: OnceLock::new(),
            toss_links: Links::default(),
        }
    }

    pub(crate) fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn vault(&self) -> MutexGuard<'_, Vault> {
        self.vault.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks at one payment.
    pub(crate) fn with_payment<T>(&self, key: &str, look: impl Fn(&Payment) -> T) -> Option<T> {
        let now = self.clock.now();
        self.book().by_key(key, now).map(look)
    }

    /// One payment as Toss tells of it unasked: in Korean.
    pub(crate) fn told_payment(&self, key: &str, now: Moment) -> Option<toss::Payment> {
        self.with_payment(key, |it| payment_object(it, self.links(), Language::Korean, now))
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
