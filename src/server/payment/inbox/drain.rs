//! One round through the inbox: orders in turn, each looked at once, whatever is filed about it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;
use tokio::sync::Semaphore;

use crate::domain::actor::Actor;
use crate::domain::id::OrderId;
use crate::server::db::webhooks::{self, Concluded, OF_ORDER_MAX, Waits, WebhookRow};
use crate::server::db::{cancels, payments, repeated};
use crate::server::payment::inbox::hint::{CANCEL_CHANGED, DEPOSIT_CALLBACK};
use crate::server::payment::inbox::secret;
use crate::server::payment::settle::{Settled, Why, settle};
use crate::server::runtime::tasks::Work;
use crate::server::{App, Damage, Error};

/// How many notices about no order of the shop one round looks at: as many as come in meanwhile, and
/// the look asks nothing of Toss.
const OF_NO_ORDER_MAX: i64 = 200;

/// How long one round may be at one of them before another instance tries.
const LEASE_MS: i64 = 70_000;

/// Waits between looks, doubled each time: from two seconds to an hour.
const LOOK_AGAIN_MS: i64 = 2_000;
const LOOK_AGAIN_MS_MAX: i64 = 3_600_000;

/// About four days, as long as Toss itself repeats.
const TRIES_MAX: i64 = 100;

/// How long what is done with is kept: longer than Toss repeats it, and than anybody asks.
const KEPT_MS: i64 = 30 * 24 * 60 * 60 * 1_000;

/// How many of those one round deletes.
const FORGOTTEN_MAX: i64 = 200;

/// What Toss was asked for, and came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unsettled {
    Silence,
    Failed,
}

/// Begins what is due, as far as there are places; says how much that is.
pub async fn tick(app: &App, places: &Arc<Semaphore>) -> Result<(usize, Vec<Work<()>>), Error> {
    let now = app.clock.now();
    webhooks::forget(&app.db, now - KEPT_MS, FORGOTTEN_MAX).await?;
    let waiting = look_for_orders(app, now).await?;
    let free = u32::try_from(places.available_permits()).unwrap_or(u32::MAX);
    let most = app.webhook_budget.take(now, free);
    let due =
        repeated(async || webhooks::take_due(&app.db, now, now + LEASE_MS, i64::from(most)).await);
    let due = due.await?;
    let count = due.len();
    let mut orders: BTreeMap<String, Vec<WebhookRow>> = BTreeMap::new();
    for row in due {
        orders.entry(row.order_id.clone().unwrap_or_default()).or_default().push(row);
    }
    app.webhook_budget.give_back(i64::from(most) - i64::try_from(orders.len()).unwrap_or(0));
    let mut work = Vec::new();
    for (order_id, rows) in orders {
        let app = app.clone();
        let place = Arc::clone(places).try_acquire_owned();
        work.push(app.tasks.clone().start(async move {
            if let Err(error) = work_through(&app, &order_id, &rows).await {
                failed(&app, &order_id, &rows, error).await;
            }
            drop(place);
        }));
    }
    Ok((count + waiting, work))
}

/// Those about no order of the shop: it may come before the order does, where another system places
/// it, and before the answer to a cancel is written down.
async fn look_for_orders(app: &App, now: i64) -> Result<usize, Error> {
    let rows = webhooks::of_no_order(&app.db, now, OF_NO_ORDER_MAX).await?;
    let mut found = Vec::new();
    for row in &rows {
        found.push(match &row.order_id {
            None if row.event_type == CANCEL_CHANGED => order_of_cancel(app, row).await?,
            Some(_) | None => None,
        });
    }
    let waits: Vec<_> =
        rows.iter().zip(&found).map(|(row, found)| waits(row, found, now)).collect();
    repeated(async || webhooks::note_waiting(&app.db, &waits).await).await?;
    Ok(rows.len())
}

fn waits<'a>(row: &'a WebhookRow, found: &'a Option<String>, now: i64) -> Waits<'a> {
    let (id, tried) = (row.id.as_str(), row.tried);
    if let Some(order_id) = found {
        return Waits::Found { id, order_id };
    }
    let (due_at, outcome) = match (tried < TRIES_MAX, row.order_id.is_some()) {
        (true, true) => (Some(now + wait_ms(tried)), "unknown order"),
        (true, false) => (Some(now + wait_ms(tried)), "unknown cancel"),
        (false, true) => (None, "given up: unknown order"),
        (false, false) => (None, "given up: unknown cancel"),
    };
    Waits::Still { id, tried, due_at, outcome }
}

/// An error of ours is not the sender's: what it told of stays filed, and its order, if that is
/// open, is looked at by the background too.
async fn failed(app: &App, order_id: &str, rows: &[WebhookRow], error: Error) {
    if error.is_outage() {
        app.failures.failed(&error, app.clock.now());
    } else {
        error.log_of(order_id, "webhook failed");
    }
    // Where not even that can be written down, its lease ends and it is tried again.
    if let Err(error) = later(app, order_id, rows, Unsettled::Failed).await {
        app.failures.failed(&error, app.clock.now());
    }
}

async fn work_through(app: &App, order_id: &str, rows: &[WebhookRow]) -> Result<(), Error> {
    let id = OrderId::parse(order_id).map_err(|_| Damage::new("webhooks", "order_id", order_id))?;
    let (fitting, forged) = sorted_out(app, order_id, rows).await?;
    if !forged.is_empty() {
        tracing::warn!(order.id = order_id, "a deposit callback has a false secret");
        conclude(app, &forged, |_| (None, "forged: false secret")).await?;
    }
    if fitting.is_empty() {
        return Ok(());
    }
    match settle(app, &id, Why::Told, &Actor::Webhook).await? {
        Settled::Known | Settled::Idle => conclude(app, &fitting, |_| (None, "settled")).await,
        Settled::Open => later(app, order_id, &fitting, Unsettled::Silence).await,
        Settled::Busy => {
            let now = app.clock.now();
            let again =
                |row: &WebhookRow| (Some(now + wait_ms(row.tried)), "someone else is at it");
            conclude(app, &fitting, again).await
        }
    }
}

/// Those that may be true, and those that are not. A deposit callback proves itself by the secret of
/// its payment, where that is known already; otherwise the look at Toss is the proof. So it is
/// where an order has as many as it may have: false ones may have pushed out a true one.
async fn sorted_out(
    app: &App,
    order_id: &str,
    rows: &[WebhookRow],
) -> Result<(Vec<WebhookRow>, Vec<WebhookRow>), Error> {
    let asks = rows.iter().any(|row| row.event_type == DEPOSIT_CALLBACK);
    let stored = match asks && rows.len() < OF_ORDER_MAX {
        true => payments::secret_of(app.db.read(), order_id).await?,
        false => None,
    };
    Ok(rows.iter().cloned().partition(|row| match &stored {
        Some(stored) if row.event_type == DEPOSIT_CALLBACK => secret::is_in(stored, &row.body),
        Some(_) | None => true,
    }))
}

async fn conclude<'a>(
    app: &App,
    rows: &'a [WebhookRow],
    what: impl Fn(&WebhookRow) -> (Option<i64>, &'a str),
) -> Result<(), Error> {
    let concluded: Vec<_> = rows
        .iter()
        .map(|row| {
            let (due_at, outcome) = what(row);
            Concluded { id: &row.id, due_at, outcome, given_up_at: None }
        })
        .collect();
    repeated(async || webhooks::conclude(&app.db, &concluded).await).await
}

async fn later(
    app: &App,
    order_id: &str,
    rows: &[WebhookRow],
    why: Unsettled,
) -> Result<(), Error> {
    let now = app.clock.now();
    let (outcome, given_up) = match why {
        Unsettled::Silence => ("toss did not answer", "given up: toss did not answer"),
        Unsettled::Failed => ("the shop failed", "given up: the shop failed"),
    };
    let concluded: Vec<_> = rows
        .iter()
        .map(|row| {
            let id = row.id.as_str();
            if row.tried < TRIES_MAX {
                let due_at = Some(now + wait_ms(row.tried));
                Concluded { id, due_at, outcome, given_up_at: None }
            } else {
                Concluded { id, due_at: None, outcome: given_up, given_up_at: Some(now) }
            }
        })
        .collect();
    repeated(async || webhooks::conclude(&app.db, &concluded).await).await?;
    for one in concluded.iter().filter(|one| one.given_up_at.is_some()) {
        tracing::error!(webhook.id = one.id, order.id = order_id, "webhook {given_up}");
    }
    Ok(())
}

/// After so many looks.
fn wait_ms(tried: i64) -> i64 {
    let doublings = u32::try_from(tried).unwrap_or(u32::MAX).min(12);
    (LOOK_AGAIN_MS << doublings).min(LOOK_AGAIN_MS_MAX)
}

/// The body names neither payment nor order (Toss: webhooks.md §3.3): the transaction is known.
async fn order_of_cancel(app: &App, row: &WebhookRow) -> Result<Option<String>, Error> {
    let body: Value = serde_json::from_str(&row.body).unwrap_or_default();
    let key = body.get("data").and_then(|data| data.get("transactionKey"));
    let key = key.and_then(Value::as_str).unwrap_or_default();
    Ok(cancels::order_of(app.db.read(), key).await?.map(String::from))
}

#[cfg(test)]
mod tests {
    use super::{LOOK_AGAIN_MS_MAX, TRIES_MAX, wait_ms};

    #[test]
    fn looks_come_ever_less_often_and_end_after_days() {
        let waits: Vec<_> = (0..TRIES_MAX).map(wait_ms).collect();
        assert_eq!(waits[..4], [2_000, 4_000, 8_000, 16_000]);
        assert_eq!(waits[20], LOOK_AGAIN_MS_MAX);
        assert_eq!(wait_ms(i64::MAX), LOOK_AGAIN_MS_MAX);
        let hours = waits.iter().sum::<i64>() / 3_600_000;
        assert!((72..=96).contains(&hours), "{hours}");
    }
}
