//! Rounds through the shop's own tables, range by range: whether a law is broken, and what Toss's
//! list has not shown of orders.

use crate::domain::order::Status;
use crate::server::db::checkpoints::{self, Mark};
use crate::server::db::invariants::Source;
use crate::server::db::transactions::{self, Beside};
use crate::server::db::{proofs, ranges, repeated};
use crate::server::proof::cause;
use crate::server::proof::look::{is_attended, is_watched};
use crate::server::proof::walk::SOON;
use crate::server::{App, Error};

const MINUTE_MS: i64 = 60_000;

/// From the end of a round to the beginning of the next.
const ROUND_EVERY_MS: i64 = 10 * MINUTE_MS;

/// Longer than any range takes.
const LEASE_MS: i64 = 30_000;

/// Behind the walk through Toss's list nothing is missed that was a little late.
const LISTED_AFTER_MS: i64 = 2 * MINUTE_MS;

/// Rows of one range. A product's law counts all that was sold of it, which is half a second for
/// 200,000 lines; an offer's all its coupons.
fn range(source: Source) -> i64 {
    match source {
        Source::Orders | Source::Coupons | Source::Customers | Source::Cancels => 200,
        Source::Products | Source::Offers => 1,
    }
}

/// The next range of a table whose turn it is. Returns how many rows it had.
pub(super) async fn go_on(app: &App) -> Result<usize, Error> {
    for source in Source::ALL {
        if let Some(rows) = range_of(app, source).await? {
            return Ok(rows);
        }
    }
    Ok(0)
}

async fn range_of(app: &App, source: Source) -> Result<Option<usize>, Error> {
    let Some((mark, until)) = lease(app, source).await? else { return Ok(None) };
    let (pool, now) = (app.db.read(), app.clock.now());
    let most = range(source);
    let begun_at = mark.window_to.unwrap_or(now);
    let after = mark.after_key.as_deref().unwrap_or_default();
    let keys = ranges::keys_after(pool, source, after, most).await?;
    let (mut found, mut called) = (Vec::new(), Vec::new());
    if let (Some(first), Some(last)) = (keys.first(), keys.last()) {
        found = ranges::offences_between(pool, source, first, last).await?;
        if source == Source::Orders {
            called = unlisted(app, first, last).await?;
        }
    }
    let is_end = keys.len() < usize::try_from(most).unwrap_or(usize::MAX);
    let next = if is_end {
        Mark { window_to: None, after_key: None, due_at: now + ROUND_EVERY_MS, upto: now, ..mark }
    } else {
        let after_key = keys.last().cloned();
        Mark { window_to: Some(begun_at), after_key, due_at: now, ..mark }
    };
    for offence in &found {
        let (law, one) = (&offence.law, &offence.one);
        tracing::error!(proof.law = law, proof.row = one, "a law of the database is broken");
    }
    repeated(async || {
        let mut tx = app.db.write().await?;
        proofs::keep_offences(&mut tx, source.as_str(), &found, now).await?;
        if is_end {
            proofs::strike_out(&mut tx, source.as_str(), begun_at).await?;
        }
        for order_id in &called {
            proofs::call_up(&mut tx, order_id, now).await?;
        }
        checkpoints::put(&mut tx, &next, until).await?;
        tx.commit().await?;
        Ok(())
    })
    .await?;
    Ok(Some(keys.len()))
}

/// Orders of a range that Toss's list does not explain.
async fn unlisted(app: &App, first: &str, last: &str) -> Result<Vec<String>, Error> {
    let now = app.clock.now();
    let walked = checkpoints::read(app.db.read(), SOON.name).await?;
    let horizon = walked.map_or(i64::MIN, |mark| mark.upto) - LISTED_AFTER_MS;
    let orders = transactions::beside(app.db.read(), first, last).await?;
    let called = orders.into_iter().filter(|order| is_to_be_called(order, horizon, now));
    Ok(called.map(|order| order.order_id).collect())
}

/// Whether Toss is to be asked about an order. `horizon` is up to when its list is complete.
pub(super) fn is_to_be_called(order: &Beside, horizon: i64, now: i64) -> bool {
    let known = (order.known_rows, order.known_paid, order.known_refunded);
    if known == (Some(order.rows_seen), Some(order.paid), Some(order.refunded)) {
        return false;
    }
    let is_paid = order.status.is_some_and(Status::is_paid);
    let is_too_new = is_paid && order.rows_seen == 0 && order.updated_at > horizon;
    !is_attended(order, now) && !is_too_new && (!cause::is_plain(order) || is_watched(order, now))
}

async fn lease(app: &App, source: Source) -> Result<Option<(Mark, i64)>, Error> {
    let (name, now) = (source.as_str(), app.clock.now());
    match checkpoints::read(app.db.read(), name).await? {
        Some(mark) if mark.due_at > now || mark.leased_until.is_some_and(|it| it > now) => {
            return Ok(None);
        }
        Some(_) | None => {}
    }
    let until = now + LEASE_MS;
    repeated(async || {
        let mut tx = app.db.write().await?;
        checkpoints::set_out(&mut tx, name, now, now).await?;
        let mark = checkpoints::lease(&mut tx, name, now, until).await?;
        tx.commit().await?;
        Ok(mark.map(|mark| (mark, until)))
    })
    .await
}
