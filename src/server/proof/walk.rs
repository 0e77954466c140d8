//! A walk through Toss's list of approvals and cancels: page by page, window by window, each row
//! kept once.
//!
//! Invariant: a page and the mark behind it are written together, so that a death between them
//! leads to the same page again, which is harmless.

use std::collections::BTreeSet;

use crate::server::db::checkpoints::{self, Mark};
use crate::server::db::transactions::{self, Listed};
use crate::server::db::{Tx, proofs, repeated};
use crate::server::runtime::clock;
use crate::server::toss_api::answer::Listing;
use crate::server::toss_api::client::{LEASE_MS, Page};
use crate::server::{App, Error};
use crate::toss::TransactionRow;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// One of the walks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Walk {
    pub name: &'static str,
    /// How far it stays behind now.
    lag_ms: i64,
    /// It waits until this much is to be walked through.
    window_ms_min: i64,
}

/// A payment made seconds ago may be missing (Toss: api.md §6.5).
pub const SOON: Walk = Walk { name: "soon", lag_ms: MINUTE_MS, window_ms_min: MINUTE_MS };

/// What the other did not see, however late it was.
const LATE: Walk = Walk { name: "late", lag_ms: 24 * HOUR_MS, window_ms_min: HOUR_MS };

pub(super) const ALL: [Walk; 2] = [SOON, LATE];

/// How much is asked for at once, where much is to be caught up with: Toss takes up to a minute.
const WINDOW_MS_MAX: i64 = 7 * 24 * HOUR_MS;

/// How far each window reaches back into the one before: for clocks that differ, ends that are not
/// said to be inclusive, and rows that were late.
const OVERLAP_MS: i64 = MINUTE_MS;

/// How long before the first payment the walk begins.
const BEFORE_MS: i64 = HOUR_MS;

/// After a try in vain, doubled with each.
const TRY_AGAIN_MS: i64 = 5_000;
const TRY_AGAIN_MS_MAX: i64 = 10 * MINUTE_MS;

/// Fewer rows than this are the end, even where a limit that was asked for is not honoured: it is
/// what Toss gives by itself (Toss: api.md §6.5).
const PAGE_ROWS_MIN: u32 = 100;

/// One page of a walk, if it is due and nobody else is at it. Returns how many rows it had.
pub(super) async fn walk(app: &App, walk: Walk, page_rows: u32) -> Result<usize, Error> {
    let Some((mark, until)) = lease(app, walk).await? else { return Ok(0) };
    let now = app.clock.now();
    // The list is Toss's, and so is its time.
    let at_toss = app.clock.at_toss();
    let there = at_toss.unwrap_or(now);
    let mark = at_toss.map_or(mark.clone(), |at_toss| not_beyond(walk, mark, at_toss));
    let Some(to) = window(walk, &mark, there) else {
        let wait_ms = mark.upto + walk.window_ms_min + walk.lag_ms - there;
        end(app, &Mark { due_at: now + wait_ms.max(1), ..mark }, until).await?;
        return Ok(0);
    };
    if app.budget.take(now, 1) == 0 {
        end(app, &Mark { due_at: now + TRY_AGAIN_MS, ..mark }, until).await?;
        return Ok(0);
    }
    let span = Span { from: mark.upto, to };
    let listing = page(app, span, mark.after_key.as_deref(), page_rows).await;
    let now = app.clock.now();
    let at_toss = listing.heard.toss_at.filter(|_| listing.rows.is_some());
    if let Some(at_toss) = at_toss {
        app.clock.heard(at_toss);
    }
    let Some(rows) = listing.rows else {
        let tries = mark.tries + 1;
        let doublings = u32::try_from(tries).unwrap_or(u32::MAX).min(10);
        let due_at = now + (TRY_AGAIN_MS << doublings).min(TRY_AGAIN_MS_MAX);
        // A key that Toss does not know any more must not stop the walk for ever.
        let after_key = mark.after_key.filter(|_| tries % 4 != 0);
        end(app, &Mark { due_at, tries, after_key, window_to: Some(to), ..mark }, until).await?;
        return Ok(0);
    };
    let next = match next_key(&rows, mark.after_key.as_deref(), page_rows) {
        Some(key) => Mark { window_to: Some(to), after_key: Some(key), tries: 0, ..mark },
        None => Mark { upto: to, window_to: None, after_key: None, tries: 0, ..mark },
    };
    let next = Mark { due_at: now, ..next };
    let next = at_toss.map_or(next.clone(), |at_toss| not_beyond(walk, next, at_toss));
    repeated(async || {
        let mut tx = app.db.write().await?;
        keep(&mut tx, &rows, now).await?;
        // Whose lease has ended meanwhile leaves the mark where another has put it.
        checkpoints::put(&mut tx, &next, until).await?;
        tx.commit().await?;
        Ok(())
    })
    .await?;
    Ok(rows.len())
}

/// A stretch of time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) from: i64,
    pub(super) to: i64,
}

/// Asks for one page.
pub(super) async fn page(app: &App, span: Span, after: Option<&str>, rows: u32) -> Listing {
    let from = clock::korean_iso(span.from - OVERLAP_MS);
    // Up to the end of its last second.
    let to = clock::korean_iso(span.to + 999);
    app.toss.transactions(Page { from: &from, to: &to, after, rows }).await
}

/// Behind which row the next page begins; `None` at the end.
pub(super) fn next_key(
    rows: &[TransactionRow],
    after: Option<&str>,
    page_rows: u32,
) -> Option<String> {
    let full = usize::try_from(page_rows.min(PAGE_ROWS_MIN)).unwrap_or(usize::MAX);
    let last = rows.last().filter(|_| rows.len() >= full)?;
    let key = last.transaction_key.as_str();
    // A list that stands still would be walked for ever.
    (!key.is_empty() && Some(key) != after).then(|| key.to_owned())
}

/// Keeps the rows that are new, and calls their orders up.
pub(super) async fn keep(tx: &mut Tx, rows: &[TransactionRow], now: i64) -> Result<(), Error> {
    let mut orders = BTreeSet::new();
    for row in rows.iter().filter_map(|row| listed(row, now)) {
        if transactions::keep(tx, &row, now).await? {
            orders.insert(row.order_id);
        }
    }
    for order_id in &orders {
        proofs::call_up(tx, order_id, now).await?;
    }
    Ok(())
}

/// A row as it is kept; one that Toss could not have written is passed over.
fn listed(row: &TransactionRow, now: i64) -> Option<Listed> {
    let is_sane = |text: &str, length_max: usize| {
        (1..=length_max).contains(&text.len()) && !text.chars().any(char::is_control)
    };
    let row = Listed {
        transaction_key: row.transaction_key.clone(),
        payment_key: row.payment_key.clone(),
        order_id: row.order_id.clone(),
        status: row.status.clone(),
        currency: row.currency.clone(),
        amount: (row.amount.hundredths() / 100).saturating_abs(),
        at: clock::ms_of(&row.transaction_at).unwrap_or(now),
    };
    let keys = [(&row.transaction_key, 200), (&row.payment_key, 200), (&row.order_id, 64)];
    let words = [(&row.status, 40), (&row.currency, 10)];
    keys.iter().chain(&words).all(|(text, most)| is_sane(text, *most)).then_some(row)
}

/// What Toss has not come to yet has not been walked through, whatever our clock said.
fn not_beyond(walk: Walk, mark: Mark, at_toss: i64) -> Mark {
    Mark { upto: mark.upto.min(at_toss - walk.lag_ms), ..mark }
}

/// Up to when there is something to walk through.
fn window(walk: Walk, mark: &Mark, now: i64) -> Option<i64> {
    if mark.window_to.is_some() {
        return mark.window_to;
    }
    let to = (now - walk.lag_ms).min(mark.upto + WINDOW_MS_MAX);
    (to - mark.upto >= walk.window_ms_min).then_some(to)
}

async fn lease(app: &App, walk: Walk) -> Result<Option<(Mark, i64)>, Error> {
    let now = app.clock.now();
    match checkpoints::read(app.db.read(), walk.name).await? {
        Some(mark) if mark.due_at > now || mark.leased_until.is_some_and(|it| it > now) => {
            return Ok(None);
        }
        Some(_) => {}
        None => set_out(app, walk, now).await?,
    }
    let until = now + LEASE_MS;
    repeated(async || {
        let mut tx = app.db.write().await?;
        let mark = checkpoints::lease(&mut tx, walk.name, now, until).await?;
        tx.commit().await?;
        Ok(mark.map(|mark| (mark, until)))
    })
    .await
}

/// From the first payment on; the late walk need not repeat what is older than its own lag.
async fn set_out(app: &App, walk: Walk, now: i64) -> Result<(), Error> {
    let first =
        checkpoints::first_payment_at(app.db.read()).await?.unwrap_or(now).min(now) - BEFORE_MS;
    let from = if walk == LATE { first.max(now - walk.lag_ms) } else { first };
    repeated(async || {
        let mut tx = app.db.write().await?;
        checkpoints::set_out(&mut tx, walk.name, from, now).await?;
        tx.commit().await?;
        Ok(())
    })
    .await
}

async fn end(app: &App, mark: &Mark, until: i64) -> Result<(), Error> {
    repeated(async || {
        let mut tx = app.db.write().await?;
        checkpoints::put(&mut tx, mark, until).await?;
        tx.commit().await?;
        Ok(())
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::{LATE, SOON, listed, next_key, window};
    use crate::server::db::checkpoints::Mark;
    use crate::toss::TransactionRow;

    fn mark(upto: i64, window_to: Option<i64>) -> Mark {
        Mark {
            name: String::new(),
            upto,
            window_to,
            after_key: None,
            due_at: 0,
            tries: 0,
            leased_until: None,
        }
    }

    #[test]
    fn windows_stay_behind_now_and_within_their_size() {
        const WEEK: i64 = 7 * 24 * 3_600_000;
        for (walk, mark, now, to) in [
            (SOON, mark(0, None), 119_999, None),
            (SOON, mark(0, None), 120_000, Some(60_000)),
            (SOON, mark(0, Some(30_000)), 60_001, Some(30_000)),
            (SOON, mark(0, None), 3 * WEEK, Some(WEEK)),
            (LATE, mark(0, None), 24 * 3_600_000, None),
            (LATE, mark(0, None), 25 * 3_600_000, Some(3_600_000)),
        ] {
            assert_eq!(window(walk, &mark, now), to, "{} {now}", walk.name);
        }
    }

    fn rows(count: usize) -> Vec<TransactionRow> {
        let row = |at| TransactionRow { transaction_key: format!("t{at}"), ..Default::default() };
        (1..=count).map(row).collect()
    }

    #[test]
    fn a_page_that_is_not_full_is_the_last() {
        for (count, after, page_rows, next) in [
            (3, None, 3, Some("t3")),
            (2, None, 3, None),
            (0, Some("t3"), 3, None),
            // Toss may give fewer than were asked for.
            (100, None, 500, Some("t100")),
            (99, None, 500, None),
            // A list that stands still.
            (3, Some("t3"), 3, None),
        ] {
            assert_eq!(next_key(&rows(count), after, page_rows).as_deref(), next, "{count}");
        }
    }

    #[test]
    fn rows_are_kept_without_their_sign_and_only_if_they_can_be() {
        let row = TransactionRow {
            transaction_key: "t".to_owned(),
            payment_key: "p".to_owned(),
            order_id: "o".to_owned(),
            status: "CANCELED".to_owned(),
            currency: "KRW".to_owned(),
            transaction_at: "2026-03-01T10:16:02+09:00".to_owned(),
            amount: (-4_500).into(),
            ..TransactionRow::default()
        };
        let kept = listed(&row, 7).unwrap();
        assert_eq!((kept.amount, kept.at), (4_500, 1_772_327_762_000));
        let undated = TransactionRow { transaction_at: String::new(), ..row.clone() };
        assert_eq!(listed(&undated, 7).unwrap().at, 7);
        for broken in [
            TransactionRow { transaction_key: String::new(), ..row.clone() },
            TransactionRow { order_id: "o\0".to_owned(), ..row.clone() },
            TransactionRow { payment_key: "p".repeat(201), ..row.clone() },
        ] {
            assert_eq!(listed(&broken, 7), None);
        }
    }
}
