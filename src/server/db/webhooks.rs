//! The inbox of webhooks: filed as they came, worked through later.

use sqlx::{AnyPool, FromRow};

use crate::server::Error;
use crate::server::db::{Db, is_taken};

/// One as filed.
#[derive(Clone, FromRow)]
pub struct WebhookRow {
    pub id: String,
    pub received_at: i64,
    pub event_type: String,
    pub order_id: Option<String>,
    pub body: String,
    pub tried: i64,
}

// A body holds keys and personal data.
impl std::fmt::Debug for WebhookRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WebhookRow").field("id", &self.id).finish_non_exhaustive()
    }
}

/// What is to be filed.
#[derive(Clone, Copy)]
pub struct Arrived<'a> {
    pub id: &'a str,
    /// Repeats of one event have the same.
    pub digest: &'a str,
    pub event_type: &'a str,
    pub order_id: Option<&'a str>,
    pub body: &'a str,
    pub transmission_id: Option<&'a str>,
    /// Absent where there is nothing to do about it.
    pub due_at: Option<i64>,
    pub outcome: Option<&'a str>,
    pub now: i64,
}

impl std::fmt::Debug for Arrived<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Arrived").field("id", &self.id).finish_non_exhaustive()
    }
}

/// How often one event may come again and be looked into again.
const LOOKS_MAX: i64 = 50;

/// Files it; `false` when the same one was filed before, which is then looked into once more,
/// because whoever sent the first may have known the future. On the disk when this returns.
pub async fn file(db: &Db, arrived: &Arrived<'_>) -> Result<bool, Error> {
    let mut tx = db.write().await?;
    let filed = sqlx::query(
        "insert into webhooks (id, received_at, digest, event_type, order_id, body,
                               transmission_id, due_at, tried, outcome)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9)",
    )
    .bind(arrived.id)
    .bind(arrived.now)
    .bind(arrived.digest)
    .bind(arrived.event_type)
    .bind(arrived.order_id)
    .bind(arrived.body)
    .bind(arrived.transmission_id)
    .bind(arrived.due_at)
    .bind(arrived.outcome)
    .execute(&mut *tx)
    .await;
    match filed {
        Ok(_) => {
            tx.commit().await?;
            Ok(true)
        }
        Err(error) if is_taken(&error) => {
            drop(tx);
            look_again(db, arrived).await.map(|()| false)
        }
        Err(error) => Err(error.into()),
    }
}

async fn look_again(db: &Db, arrived: &Arrived<'_>) -> Result<(), Error> {
    if arrived.due_at.is_none() {
        return Ok(());
    }
    let mut tx = db.write().await?;
    sqlx::query(
        "update webhooks set due_at = $1 where digest = $2 and due_at is null and tried < $3",
    )
    .bind(arrived.due_at)
    .bind(arrived.digest)
    .bind(LOOKS_MAX)
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(())
}

/// Those that are due, taken until `until` by this instance alone.
pub async fn take_due(db: &Db, now: i64, until: i64, most: i64) -> Result<Vec<WebhookRow>, Error> {
    let due: i64 = sqlx::query_scalar("select count(*) from webhooks where due_at <= $1")
        .bind(now)
        .fetch_one(db.read())
        .await?;
    // Nothing is written, and nobody waits for the writer, while there is nothing to do.
    if due == 0 {
        return Ok(Vec::new());
    }
    let mut tx = db.write().await?;
    let sql = format!(
        "select id, received_at, event_type, order_id, body, tried from webhooks
         where due_at is not null and due_at <= $1 order by due_at limit cast($2 as bigint){}",
        db.passing_over()
    );
    let rows: Vec<WebhookRow> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(now).bind(most).fetch_all(&mut *tx).await?;
    for row in &rows {
        sqlx::query("update webhooks set due_at = $1, tried = tried + 1 where id = $2")
            .bind(until)
            .bind(&row.id)
            .execute(&mut *tx)
            .await?;
    }
    tx.commit().await?;
    Ok(rows)
}

/// Writes down what came of one; `due_at` is when to try again, if at all.
pub async fn conclude(db: &Db, id: &str, due_at: Option<i64>, outcome: &str) -> Result<(), Error> {
    let mut tx = db.write().await?;
    sqlx::query("update webhooks set due_at = $1, outcome = $2, given_up_at = null where id = $3")
        .bind(due_at)
        .bind(outcome)
        .bind(id)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(())
}

/// Writes down that one came to nothing. It stays, and counts in [`given_up`].
pub async fn give_up(db: &Db, id: &str, outcome: &str, now: i64) -> Result<(), Error> {
    let mut tx = db.write().await?;
    sqlx::query("update webhooks set due_at = null, outcome = $1, given_up_at = $2 where id = $3")
        .bind(outcome)
        .bind(now)
        .bind(id)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(())
}

/// How many came to nothing although the shop knew their order.
pub async fn given_up(pool: &AnyPool) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("select count(*) from webhooks where given_up_at is not null")
        .fetch_one(pool)
        .await
}

/// How many are still to be worked through.
pub async fn backlog(pool: &AnyPool) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("select count(*) from webhooks where due_at is not null")
        .fetch_one(pool)
        .await
}
