//! Everything one sandbox remembers, shared by all its calls.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use crate::sandbox::Config;
use crate::sandbox::api::{Answers, Rates};
use crate::sandbox::assumptions::Assumptions;
use crate::sandbox::calls::Calls;
use crate::sandbox::clock::{Clock, Moment};
use crate::sandbox::dice::Dice;
use crate::sandbox::door::Reach;
use crate::sandbox::faults::Faults;
use crate::sandbox::gate::Gate;
use crate::sandbox::merchants::Accounts;
use crate::sandbox::payments::{Book, Language, Links, Payment, face};
use crate::sandbox::wallet::Wallet;
use crate::sandbox::webhooks::{Content, Notice, WAIT, Webhooks};

/// No payment is larger: far above any real one, far below what sums could overflow.
pub(crate) const AMOUNT_MAX: i64 = 1_000_000_000_000;

/// Events that must reach their receivers before the call that caused them is answered.
#[must_use]
pub(crate) struct Arrivals(Vec<Gate>);

impl Arrivals {
    /// Waits for them; not longer than a receiver may take, and not while the sandbox stops.
    pub(crate) async fn all(self, state: &State) {
        if self.0.is_empty() {
            return;
        }
        let arrived = async {
            for gate in self.0 {
                gate.passed().await;
            }
        };
        tokio::select! {
            () = arrived => {}
            () = tokio::time::sleep(WAIT + Duration::from_secs(1)) => {}
            () = state.closing.passed() => {}
        }
    }

    /// For what is no answer of the API.
    pub(crate) fn unawaited(self) {}
}

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
    pub(crate) webhooks: Webhooks,
    pub(crate) reach: Reach,
    /// Each answer of the API comes so much later, in real time.
    pub(crate) latency_ms: AtomicU64,
    /// Whether anything may have changed since it was last stored.
    pub(crate) touched: AtomicBool,
    /// Rung when it has.
    pub(crate) touch_bell: Notify,
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
        let Config {
            accounts,
            assumptions,
            seed,
            webhooks,
            webhook_wait,
            latency_ms,
            reach,
            clock_at,
        } = config;
        let webhooks = Webhooks::new(webhooks, webhook_wait);
        let mut book = Book::default();
        book.listen(webhooks.is_listening());
        State {
            accounts,
            assumed: assumptions,
            clock: clock_at.map_or_else(Clock::new, Clock::stopped_at),
            dice: Dice::new(seed),
            answers: Answers::default(),
            faults: Faults::default(),
            calls: Calls::default(),
            rates: Rates::default(),
            webhooks,
            reach,
            latency_ms: AtomicU64::new(latency_ms),
            touched: AtomicBool::new(false),
            touch_bell: Notify::new(),
            closing: Gate::shut(),
            book: Mutex::new(book),
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

    /// Tells the book whether anyone listens, after registrations have changed.
    pub(crate) fn listen(&self) {
        self.book().listen(self.webhooks.is_listening());
    }

    /// Lets time act and hands what happened to the webhooks. Called after each call, and by a
    /// ticking task for what happens by itself.
    pub(crate) fn pump(&self) -> Arrivals {
        let mut arrivals = Arrivals(Vec::new());
        if !self.webhooks.is_listening() {
            return arrivals;
        }
        let now = self.clock.now();
        let taken_back = self.webhooks.due_reversals(now);
        let news = {
            let mut book = self.book();
            for key in taken_back {
                // By then it may be cancelled, or gone; a bank would find nothing either.
                let _ = book.change(&key, now, |it| it.reverse_deposit(now, &self.dice));
            }
            book.pass_time(now);
            book.take_news()
        };
        for news in news {
            arrivals.0.extend(self.webhooks.accept(Notice::from(news), now, &self.dice));
        }
        self.webhooks.pass_time(now);
        arrivals
    }

    /// Something may have changed that is to be stored.
    pub(crate) fn touch(&self) {
        if !self.touched.swap(true, Ordering::AcqRel) {
            self.touch_bell.notify_one();
        }
    }

    /// Looks at one payment.
    pub(crate) fn with_payment<T>(&self, key: &str, look: impl Fn(&Payment) -> T) -> Option<T> {
        let now = self.clock.now();
        self.book().by_key(key, now).map(look)
    }

    /// What Toss would tell of a payment as it stands.
    pub(crate) fn status_of(&self, key: &str, now: Moment) -> Option<Notice> {
        let told = self.with_payment(key, |it| face(it, self.links(), Language::Korean, now))?;
        let m_id = told.m_id.clone();
        Some(Notice::new(m_id, now, Content::Payment(Box::new(told))))
    }

    /// The same for a virtual account.
    pub(crate) fn deposit_of(&self, key: &str, now: Moment) -> Option<Notice> {
        let told = self.with_payment(key, |it| face(it, self.links(), Language::Korean, now))?;
        let content = Content::Deposit {
            secret: told.secret.unwrap_or_default(),
            status: told.status.as_str().to_owned(),
            transaction_key: told.last_transaction_key.unwrap_or_default(),
            order_id: told.order_id,
        };
        let payment_key = Some(told.payment_key);
        Some(Notice { payment_key, ..Notice::new(told.m_id, now, content) })
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
