//! One round of background work: orders and webhooks that are due, and orders whose time is over.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::domain::actor::Actor;
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
}

impl Default for Places {
    fn default() -> Places {
        let places = || Arc::new(Semaphore::new(AT_ONCE_MAX));
        Places { orders: places(), webhooks: places() }
    }
}

/// Does one round, to its end.
pub async fn tick(app: &App) -> Result<Round, Error> {
    let (round, work) = begin(app, &Places::default()).await?;
    for one in work {
        one.ended().await?;
    }
    Ok(round)
}

/// Does one round, and leaves what Toss is slow about to end by itself, beside the rounds to come.
/// Says whether there may be more to do at once.
pub async fn tick_beside(app: &App, places: &Places) -> Result<bool, Error> {
    let (round, work) = begin(app, places).await?;
    let ended = async {
        for one in work {
            one.ended().await?;
        }
        Ok::<_, Error>(())
    };
    if let Ok(ended) = timeout(SLOW, ended).await {
        ended?;
    }
    Ok(round.orders >= AT_ONCE_MAX || round.webhooks >= AT_ONCE_MAX)
}

/// One round: what it found, and what it has begun.
async fn begin(app: &App, places: &Places) -> Result<(Round, Vec<Work<()>>), Error> {
    watch_clock(app).await?;
    let (webhooks, mut work) = inbox::tick(app, &places.webhooks).await?;
    let free = u32::try_from(places.orders.available_permits()).unwrap_or(u32::MAX);
    let most = i64::from(app.budget.take(app.clock.now(), free));
    let due = payments::due(app.db.read(), app.clock.now(), most).await?;
    app.budget.give_back(most - i64::try_from(due.len()).unwrap_or(most));
    // Side by side: one order that Toss is slow about must not keep the others waiting.
    for order_id in &due {
        let (app, id) = (app.clone(), order_id.clone());
        let place = Arc::clone(&places.orders).try_acquire_owned();
        work.push(app.tasks.clone().start(async move {
            match settle(&app, &id, Why::Due, &Actor::Background).await {
                Ok(_) => {}
                Err(error) if error.is_outage() => app.failures.failed(&error, app.clock.now()),
                Err(error) => error.log_of(id.as_str(), "could not settle"),
            }
            drop(place);
        }));
    }
    let lapsed = end_unpaid(app).await? + offer::take_back(app).await?;
    forget_addresses(app).await?;
    Ok((Round { orders: due.len(), webhooks, lapsed }, work))
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
