//! How soon a shop that was killed serves again, and has settled what it was at.

use std::time::{Duration, Instant};

use crate::server::db::{invariants, payments};
use crate::server::runtime::clock::Clock;
use crate::startup::console::say;
use crate::trials::bench::figures::{cell, ms};
use crate::trials::bench::load::{Call, Load, Page};
use crate::trials::bench::rig::{Ground, Rig};

/// Toss takes longer than it takes to open all of them, and answers none before the shop is dead.
const SLOW: Duration = Duration::from_secs(60);

/// Confirms sent at once, by buyers who do not wait.
const AT_ONCE: u32 = 2_000;

/// Of ten, at least: who hangs up sooner than it is written down has asked for nothing.
const OPENED_MIN: i64 = 9;

/// Past that they are never opened, or never settled.
const PATIENCE: Duration = Duration::from_secs(120);

const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Opens so many payments, kills the shop and starts it again; prints what came of it.
pub(super) async fn measure(ground: Ground, open: u32) -> Result<(), String> {
    let rig = Rig::start(ground, open).await?;
    let load = Load::new(&rig.shop.url, &rig.sandbox.url, &rig.client_key)?;
    let claims = load.orders(open).await?;
    load.set_latency(SLOW).await?;
    let begun = Instant::now();
    load.leave(claims, AT_ONCE).await?;
    let opened = left(&rig, open, |count| count * 10 >= i64::from(open) * OPENED_MIN).await?;
    // The longest lease is longer: what is settled before was not waited for.
    let opening = begun.elapsed();

    let killed = Instant::now();
    let rig = rig.kill_and_start().await?;
    load.set_latency(Duration::ZERO).await?;
    let load = Load::new(&rig.shop.url, &rig.sandbox.url, &rig.client_key)?;
    let shelf = Page { path: "/".to_owned(), cookie: String::new(), has: "cart" };
    let served = load.send(vec![Call::Page(shelf)], 1).await?;
    let serving = killed.elapsed();
    if let Some(failure) = served.failures.first() {
        return Err(format!("the shop that was started again does not serve: {failure}"));
    }
    left(&rig, open, |count| count == 0).await?;
    let settled = killed.elapsed();
    let db = rig.database().await?;
    let offences = invariants::offences(db.read()).await.map_err(|error| error.to_string())?;
    db.close().await;
    say(&format!(
        "{}: killed with {opened} open payments (opened within {} s); serving after {} ms, all of \
         them settled after {} ms.",
        rig.ground.name(),
        opening.as_secs(),
        cell(ms(serving)),
        cell(ms(settled)),
    ));
    match offences.first() {
        Some(offence) => Err(format!("after the kill: {offence}")),
        None => Ok(()),
    }
}

/// Waits until so many are open, and says how many.
async fn left(rig: &Rig, of: u32, is_reached: impl Fn(i64) -> bool) -> Result<i64, String> {
    let (db, clock, begun) = (rig.database().await?, Clock::default(), Instant::now());
    let count = loop {
        let open = payments::open(db.read(), clock.now()).await;
        let open = open.map_err(|error| error.to_string())?.count;
        if is_reached(open) {
            break Ok(open);
        }
        if begun.elapsed() > PATIENCE {
            break Err(format!("{open} of {of} payments are open after {} s", PATIENCE.as_secs()));
        }
        tokio::time::sleep(LOOK_EVERY).await;
    };
    db.close().await;
    count
}
