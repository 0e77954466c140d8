//! One round of background work: orders and webhooks that are due, and orders whose time is over.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::domain::actor::Actor;
use crate::domain::id::OrderId;
use crate::domain::order::{Event, Status};
use crate::server::db::orders::{self, Step};
use crate::server::db::reasons::Reason;
use crate::server::db::{awaited, payments, repeated, waits};
use crate::server::payment::inbox;
use crate::server::payment::settle::{Why, settle};
use crate::server::runtime::tasks::Work;
use crate::server::shop::offer;
use crate::server::{App, Error};
use crate::words::Failure;

/// How many of its own one round takes: orders that nobody paid, addresses. The next takes the rest.
const ROUND_MAX: i64 = 50;

/// How many due orders are asked about at once, and orders of which webhooks tell.
const AT_ONCE_MAX: usize = 64;

/// A checkout page that nobody has paid at within a day is not looked at any more. Toss itself
/// ends a window after 30 minutes (Toss: api.md §2.3).
const UNPAID_MS_MAX: i64 = 24 * 60 * 60 * 1_000;

/// How long it is known from where an order was placed; longer while it waits for a deposit.
const ADDRESS_MS_MAX: i64 = 31 * 24 * 60 * 60 * 1_000;

/// How long a round waits for what it has begun.
const SLOW: Duration = Duration::from_secs(2);

/// What a round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// Orders that were due.
    pub orders: usize,
    /// Webhooks that were due.
    pub webhooks: usize,
    /// Orders that nobody paid in time, and coupons with which nobody placed one.
    pub lapsed: usize,
}

/// Where work is at that rounds have begun; one round after the other.
#[derive(Debug)]
pub struct Places {
    orders: Arc<Semaphore>,
    webhooks: Arc<Semaphore>,
    /// Orders that are due, until they are leased, and at work here already.
    taken: Arc<Mutex<HashSet<OrderId>>>,
    /// Something went wrong with one of them: what stays due is tried again at the next round's time.
    has_failed: Arc<AtomicBool>,
}

/// An order is at work here, until this is dropped.
struct Taken {
    order_id: OrderId,
    all: Arc<Mutex<HashSet<OrderId>>>,
}

impl Places {
    /// Notes it; `None` for one that is at work already.
    fn take(&self, order_id: &OrderId) -> Option<Taken> {
        let (order_id, all) = (order_id.clone(), Arc::clone(&self.taken));
        let is_new = lock(&self.taken).insert(order_id.clone());
        is_new.then(|| Taken { order_id, all })
    }

    /// Waits until there is room for half as many as there may be.
    async fn room(&self) {
        let half = u32::try_from(AT_ONCE_MAX / 2).unwrap_or(1);
        // Nobody closes it.
        drop(self.orders.acquire_many(half).await);
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        lock(&self.all).remove(&self.order_id);
    }
}

fn lock(all: &Mutex<HashSet<OrderId>>) -> MutexGuard<'_, HashSet<OrderId>> {
    all.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Default for Places {
    fn default() -> Places {
        let places = || Arc::new(Semaphore::new(AT_ONCE_MAX));
        Places {
            orders: places(),
            webhooks: places(),
            taken: Arc::default(),
            has_failed: Arc::default(),
        }
    }
}

/// A round that has begun.
struct Begun {
    round: Round,
    work: Vec<Work<()>>,
    /// There was no place for all that is due.
    is_full: bool,
}

/// Does one round, to its end.
pub async fn tick(app: &App) -> Result<Round, Error> {
    let Begun { round, work, .. } = begin(app, &Places::default()).await?;
    ended(work).await?;
    Ok(round)
}

/// Does one round, and leaves what Toss is slow about to end by itself, beside the rounds to come.
/// Says whether there may be more to do at once.
pub async fn tick_beside(app: &App, places: &Places) -> Result<bool, Error> {
    let Begun { round, work, is_full } = begin(app, places).await?;
    if is_full {
        // How long it takes is told by what ends; the rest goes on.
        drop(timeout(SLOW, places.room()).await);
        return Ok(!places.has_failed.swap(false, Ordering::Relaxed));
    }
    if let Ok(ended) = timeout(SLOW, ended(work)).await {
        ended?;
    }
    Ok(round.webhooks >= AT_ONCE_MAX)
}

async fn ended(work: Vec<Work<()>>) -> Result<(), Error> {
    for one in work {
        one.ended().await?;
    }
    Ok(())
}

async fn begin(app: &App, places: &Places) -> Result<Begun, Error> {
    watch_clock(app).await?;
    let (webhooks, mut work) = inbox::tick(app, &places.webhooks).await?;
    let free = places.orders.available_permits();
    let most = app.budget.take(app.clock.now(), u32::try_from(free).unwrap_or(u32::MAX));
    let (due, is_full) = due(app, places, i64::from(most)).await?;
    app.budget.give_back(i64::from(most) - i64::try_from(due.len()).unwrap_or(i64::MAX));
    let orders = due.len();
    // Side by side: one order that Toss is slow about must not keep the others waiting.
    for taken in due {
        let app = app.clone();
        let place = Arc::clone(&places.orders).try_acquire_owned();
        let has_failed = Arc::clone(&places.has_failed);
        work.push(app.tasks.clone().start(async move {
            let id = &taken.order_id;
            if let Err(error) = settle(&app, id, Why::Due, &Actor::Background).await {
                has_failed.store(true, Ordering::Relaxed);
                if error.is_outage() {
                    app.failures.failed(&error, app.clock.now());
                } else {
                    error.log_of(id.as_str(), "could not settle");
                }
            }
            drop((taken, place));
        }));
    }
    let lapsed = end_unpaid(app).await? + offer::take_back(app).await?;
    forget_addresses(app).await?;
    Ok(Begun { round: Round { orders, webhooks, lapsed }, work, is_full })
}

/// Orders that are due and not at work here, at most so many; and whether there may be more.
async fn due(app: &App, places: &Places, most: i64) -> Result<(Vec<Taken>, bool), Error> {
    if most == 0 {
        return Ok((Vec::new(), false));
    }
    // Of those at work some are not leased yet.
    let asked = most + i64::try_from(lock(&places.taken).len()).unwrap_or_default();
    let due = payments::due(app.db.read(), app.clock.now(), asked).await?;
    let due: Vec<_> = due.iter().filter_map(|id| places.take(id)).collect();
    let most = usize::try_from(most).unwrap_or_default();
    let is_full = due.len() >= most;
    Ok((due.into_iter().take(most).collect(), is_full))
}

/// A clock that was set is told of, and nothing waits for a time that it meant before.
async fn watch_clock(app: &App) -> Result<(), Error> {
    let watched = app.clock.watch();
    if let Some(ms) = watched.jump_ms {
        app.metrics.clock_jumped();
        tracing::warn!(clock.jump_s = ms.div_euclid(1_000), "the machine's clock was set");
    }
    if watched.is_minute || watched.jump_ms.is_some() {
        let brought_back = waits::bring_back(&app.db, app.clock.now()).await?;
        if brought_back > 0 {
            tracing::warn!(rows = brought_back, "waited for a time that another clock had meant");
        }
    }
    Ok(())
}

/// Nobody asks any more from where an order of last month was placed.
async fn forget_addresses(app: &App) -> Result<(), Error> {
    let before = app.clock.now() - ADDRESS_MS_MAX;
    for id in awaited::known_from(app.db.read(), before, ROUND_MAX).await? {
        repeated(async || {
            let mut tx = app.db.write().await?;
            awaited::forget_from(&mut tx, &id).await?;
            tx.commit().await?;
            Ok(())
        })
        .await?;
    }
    Ok(())
}

/// Ends orders that nobody has paid: a day has passed by our clock and by Toss's, which is heard
/// about once a minute.
async fn end_unpaid(app: &App) -> Result<usize, Error> {
    let now = app.clock.now();
    let Some(at_toss) = app.clock.at_toss() else { return Ok(0) };
    // What was placed before a clock was set right may seem older than it is.
    if app.clock.was_set_ahead_within(UNPAID_MS_MAX) {
        return Ok(0);
    }
    let before = now.min(at_toss) - UNPAID_MS_MAX;
    let all = orders::unpaid_since(app.db.read(), before, ROUND_MAX).await?;
    let reason = Reason::Own(Failure::NotPaidInTime);
    for unpaid in &all {
        repeated(async || {
            let mut tx = app.ledger.write().await?;
            let step = Step {
                order_id: unpaid,
                from: Status::Pending,
                event: Event::Lapsed,
                by: &Actor::Background,
                reason: Some(&reason),
                detail: "code=NOT_PAID_IN_TIME",
                money: None,
                now,
            };
            if tx.advance(step).await? {
                tx.commit().await?;
            }
            Ok(())
        })
        .await?;
    }
    Ok(all.len())
}
