//! What happened to orders, one row each, written in the transaction in which it happened.

use sqlx::{AnyPool, FromRow};

use crate::domain::actor::Actor;
use crate::domain::order::Status;
use crate::server::db::Statement;
use crate::server::db::stored::{TableRow, read};
use crate::server::runtime::clock;

/// One row of an order's story.
#[derive(Clone, Debug, FromRow)]
pub struct EventRow {
    pub happened_at: i64,
    pub event: String,
    pub status_before: Status,
    pub status_after: Status,
    pub detail: Option<String>,
}

impl TableRow for EventRow {
    const TABLE: &'static str = "order_events";
}

/// What adds one, of an order that goes from one status to another or stays. `detail` holds codes and amounts, never personal data.
pub fn adding(
    order_id: &str,
    event: &str,
    (before, after): (Status, Status),
    by: &Actor,
    detail: &str,
    now: i64,
) -> Statement {
    Statement::insert(
        "insert into order_events (id, order_id, happened_at, event, status_before, status_after,
                                   detail, actor)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(clock::row_id())
    .bind(order_id)
    .bind(now)
    .bind(event)
    .bind(before.as_str())
    .bind(after.as_str())
    .bind(detail)
    .bind(by.to_string())
}

/// Whether the bank has taken a deposit back, and none has come since.
pub async fn was_reversed(pool: &AnyPool, order_id: &str) -> Result<bool, sqlx::Error> {
    let before: Option<Status> = sqlx::query_scalar(
        "select status_before from order_events
         where order_id = $1 and event = 'DepositAwaited' order by id desc limit 1",
    )
    .bind(order_id)
    .fetch_optional(pool)
    .await?;
    Ok(before.is_some_and(|before| before != Status::Confirming && before != Status::Pending))
}

/// Whether the order's account was to be ended before its deposit.
pub async fn was_end_asked(pool: &AnyPool, order_id: &str) -> Result<bool, sqlx::Error> {
    let count: i64 = sqlx::query_scalar(
        "select count(*) from order_events where order_id = $1 and event = 'EndAsked'",
    )
    .bind(order_id)
    .fetch_one(pool)
    .await?;
    Ok(count > 0)
}

/// The story of one order, oldest first.
pub async fn of_order(pool: &AnyPool, order_id: &str) -> Result<Vec<EventRow>, sqlx::Error> {
    sqlx::query(
        "select id, happened_at, event, status_before, status_after, detail from order_events
         where order_id = $1 order by id limit 1000",
    )
    .bind(order_id)
    .try_map(read)
    .fetch_all(pool)
    .await
}
