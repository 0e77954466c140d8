//! The whole proof at once, for people: every law, all of Toss's list between two times, and every
//! order that the two do not explain.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::server::db::invariants::{self, Source};
use crate::server::db::{checkpoints, proofs, ranges, repeated, transactions};
use crate::server::proof::PAGE_ROWS;
use crate::server::proof::laws::is_to_be_called;
use crate::server::proof::look::{Finding, Outcome, Repair, look};
use crate::server::proof::walk::{self, Span};
use crate::server::{App, Error};

/// Orders read from the database at once.
const RANGE: i64 = 200;

/// Toss refuses who asks too often; then it is asked again so often, waiting twice as long each
/// time.
const TRIES: u32 = 5;
const TRY_AGAIN: Duration = Duration::from_secs(1);

/// Before the first payment nothing can have been taken for this shop.
const BEFORE_MS: i64 = 60 * 60 * 1_000;

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// From when Toss's list is walked through; otherwise from the first payment.
    pub from: Option<i64>,
    pub to: Option<i64>,
    pub repair: Repair,
    pub page_rows: u32,
}

impl Default for Asked {
    fn default() -> Asked {
        Asked { from: None, to: None, repair: Repair::Nothing, page_rows: PAGE_ROWS }
    }
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub from: i64,
    pub to: i64,
    pub orders: usize,
    /// Rows of Toss's list.
    pub listed: usize,
    /// Sentences of laws that are broken.
    pub offences: Vec<String>,
    pub differing: Vec<Finding>,
    pub repaired: Vec<Finding>,
    /// Orders that the shop is asking about just now.
    pub on_their_way: usize,
    /// Orders of which Toss did not say how they stand.
    pub unanswered: usize,
}

impl Report {
    /// By how many won the orders and Toss differ.
    pub fn drift(&self) -> i64 {
        self.differing.iter().map(|finding| finding.drift.saturating_abs()).sum()
    }

    pub fn is_proved(&self) -> bool {
        self.differing.is_empty() && self.offences.is_empty() && self.unanswered == 0
    }
}

/// Why there is no report.
#[derive(Debug)]
pub enum Stopped {
    /// Toss did not list what it has: what was heard instead.
    NoList(String),
    Failed(Error),
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Stopped {
        Stopped::Failed(error)
    }
}

impl From<sqlx::Error> for Stopped {
    fn from(error: sqlx::Error) -> Stopped {
        Stopped::Failed(Error::from(error))
    }
}

/// Proves everything between two times. `wait` is how one waits.
pub async fn whole(
    app: &App,
    asked: Asked,
    wait: impl AsyncFn(Duration),
) -> Result<Report, Stopped> {
    let now = app.clock.now();
    let first = checkpoints::first_payment_at(app.db.read()).await?;
    let from = asked.from.unwrap_or(first.unwrap_or(now).min(now) - BEFORE_MS);
    let mut report = Report { from, to: asked.to.unwrap_or(now), ..Report::default() };
    list(app, &mut report, asked.page_rows, wait).await?;
    call_up(app, &mut report).await?;
    compare(app, &mut report, asked.repair).await?;
    report.offences = invariants::offences(app.db.read()).await?;
    Ok(report)
}

/// All of Toss's list.
async fn list(
    app: &App,
    report: &mut Report,
    page_rows: u32,
    wait: impl AsyncFn(Duration),
) -> Result<(), Stopped> {
    let span = Span { from: report.from, to: report.to };
    let (mut after, mut tries) = (None::<String>, 0);
    loop {
        let listing = walk::page(app, span, after.as_deref(), page_rows).await;
        let is_too_often = listing.is_too_often();
        let Some(rows) = listing.rows else {
            tries += 1;
            if is_too_often && tries < TRIES {
                wait(TRY_AGAIN * 2_u32.pow(tries)).await;
                continue;
            }
            return Err(Stopped::NoList(listing.heard.answer));
        };
        tries = 0;
        report.listed += rows.len();
        let now = app.clock.now();
        repeated(async || {
            let mut tx = app.db.write().await?;
            walk::keep(&mut tx, &rows, now).await?;
            tx.commit().await?;
            Ok(())
        })
        .await?;
        after = walk::next_key(&rows, after.as_deref(), page_rows);
        if after.is_none() {
            return Ok(());
        }
    }
}

/// Calls up what the list does not explain.
async fn call_up(app: &App, report: &mut Report) -> Result<(), Stopped> {
    let mut after = String::new();
    loop {
        let (pool, now) = (app.db.read(), app.clock.now());
        let keys = ranges::keys_after(pool, Source::Orders, &after, RANGE).await?;
        let (Some(first), Some(last)) = (keys.first(), keys.last()) else { return Ok(()) };
        report.orders += keys.len();
        let orders = transactions::beside(pool, first, last).await?;
        // What Toss lists too late is read instead; what is older than the list is not in it.
        let is_meant = |order: &transactions::Beside| {
            (report.from..=report.to).contains(&order.updated_at)
                && is_to_be_called(order, i64::MAX, now)
        };
        let called: Vec<_> = orders.iter().filter(|order| is_meant(order)).collect();
        repeated(async || {
            let mut tx = app.db.write().await?;
            for order in &called {
                proofs::call_up(&mut tx, &order.order_id, now).await?;
            }
            tx.commit().await?;
            Ok(())
        })
        .await?;
        after.clone_from(last);
    }
}

/// Looks at everything that was called up, or was found to differ before.
async fn compare(app: &App, report: &mut Report, repair: Repair) -> Result<(), Stopped> {
    let mut after = String::new();
    let mut by_order = BTreeMap::new();
    loop {
        let rows = proofs::open(app.db.read(), &after, RANGE).await?;
        let Some(last) = rows.last() else { break };
        after.clone_from(&last.order_id);
        for row in &rows {
            by_order.insert(row.order_id.clone(), look(app, row, repair).await?);
        }
    }
    for outcome in by_order.into_values() {
        match outcome {
            Outcome::Fine | Outcome::Taken => {}
            Outcome::Differs(finding) => report.differing.push(finding),
            Outcome::Repaired(finding) => report.repaired.push(finding),
            Outcome::OnItsWay => report.on_their_way += 1,
            Outcome::NoAnswer => report.unanswered += 1,
        }
    }
    Ok(())
}
