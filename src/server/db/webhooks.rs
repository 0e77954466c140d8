//! The inbox of webhooks: filed as they came, worked through later, forgotten in the end.

use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, FromRow};

use crate::server::Error;
use crate::server::db::Db;

/// One as filed.
#[derive(Clone, FromRow)]
pub struct WebhookRow {
    pub id: String,
    pub event_type: String,
    pub order_id: Option<String>,
    pub body: String,
    /// How often it was looked into before.
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

/// How many there are at most: some megabytes, and weeks of a shop whose orders are a few hundred a
/// day. Two instances may be above it by what they file at the same moment.
pub const ROWS_MAX: i64 = 10_000;

/// How many junk ones make room at once, so that not each new one has to look for the oldest.
const ROOM: i64 = 100;

/// How many of one order there are at most. They are worked through together, and all of them lead
/// to one question.
pub const OF_ORDER_MAX: usize = 20;

/// Files it; `false` when the same one was filed before, which is then looked into once more,
/// because whoever sent the first may have known the future. On the disk when this returns.
pub async fn file(db: &Db, arrived: &Arrived<'_>) -> Result<bool, Error> {
    let mut tx = db.write().await?;
    let filed = sqlx::query(
        "insert into webhooks (id, received_at, digest, event_type, order_id, body,
                               transmission_id, due_at, tried, outcome)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9)
         on conflict (digest) do nothing",
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
    .await?;
    let is_new = filed.rows_affected() == 1;
    if is_new {
        if let Some(order_id) = arrived.order_id {
            bound_order(&mut tx, order_id, arrived.id, db.locking()).await?;
        }
        bound(&mut tx).await?;
    } else if arrived.due_at.is_some() {
        sqlx::query(
            "update webhooks set due_at = $1 where digest = $2 and due_at is null and tried < $3",
        )
        .bind(arrived.due_at)
        .bind(arrived.digest)
        .bind(LOOKS_MAX)
        .execute(&mut *tx)
        .await?;
    }
    tx.commit().await?;
    Ok(is_new)
}

/// Deletes an order's oldest but `new` beyond [`OF_ORDER_MAX`], those first that are done with.
async fn bound_order(
    tx: &mut AnyConnection,
    order_id: &str,
    new: &str,
    locking: &str,
) -> Result<(), sqlx::Error> {
    let count: i64 = sqlx::query_scalar("select count(*) from webhooks where order_id = $1")
        .bind(order_id)
        .fetch_one(&mut *tx)
        .await?;
    let too_many = count - i64::try_from(OF_ORDER_MAX).unwrap_or(i64::MAX);
    if too_many <= 0 {
        return Ok(());
    }
    // Those are held by their keys' order: of the same order's webhooks that come at once each has some
    // of the same to delete.
    let sql = format!(
        "with oldest as (
             select id from webhooks where order_id = $1 and id <> $2
             order by case when due_at is null then 0 else 1 end, received_at, id
             limit cast($3 as bigint)
         ), held as (
             select id from webhooks where id in (select id from oldest) order by id{locking}
         )
         delete from webhooks where id in (select id from held)"
    );
    sqlx::query(AssertSqlSafe(sql))
        .bind(order_id)
        .bind(new)
        .bind(too_many)
        .execute(&mut *tx)
        .await?;
    Ok(())
}

/// Keeps the table within [`ROWS_MAX`]: what is about no order of the shop goes first, then what is
/// done with, then what came to nothing; within each the oldest.
async fn bound(tx: &mut AnyConnection) -> Result<(), sqlx::Error> {
    const OLDEST: &str = "select id from (
        select webhooks.id as id, webhooks.received_at as received_at,
               case when orders.id is null then 0
                    when webhooks.due_at is not null then 3
                    when webhooks.given_up_at is not null then 2
                    else 1 end as worth
        from webhooks left join orders on orders.id = webhooks.order_id
    ) as each_one";
    let count: i64 =
        sqlx::query_scalar("select count(*) from webhooks").fetch_one(&mut *tx).await?;
    let too_many = count - ROWS_MAX;
    if too_many <= 0 {
        return Ok(());
    }
    let sql = format!(
        "delete from webhooks where id in (
             {OLDEST} where worth < 3 order by worth, received_at, id limit cast($1 as bigint)
         )"
    );
    let gone =
        sqlx::query(sqlx::AssertSqlSafe(sql)).bind(too_many + ROOM).execute(&mut *tx).await?;
    let too_many = too_many - i64::try_from(gone.rows_affected()).unwrap_or(i64::MAX);
    if too_many <= 0 {
        return Ok(());
    }
    let sql = format!(
        "delete from webhooks where id in (
             {OLDEST} order by worth, received_at, id limit cast($1 as bigint)
         )"
    );
    sqlx::query(sqlx::AssertSqlSafe(sql)).bind(too_many).execute(&mut *tx).await?;
    Ok(())
}

/// Whether anything is due. Nothing is written, and nobody waits for the writer, while it is not.
async fn is_any_due(db: &Db, now: i64) -> Result<bool, sqlx::Error> {
    let due: i64 =
        sqlx::query_scalar("select count(*) from webhooks where due_at <= cast($1 as bigint)")
            .bind(now)
            .fetch_one(db.read())
            .await?;
    Ok(due > 0)
}

/// All that is due of at most `most` orders of the shop, taken until `until` by this instance
/// alone. Orders come in turn, however many are filed about one: those first of which Toss knows a
/// payment, those before others that were looked into less often.
pub async fn take_due(db: &Db, now: i64, until: i64, most: i64) -> Result<Vec<WebhookRow>, Error> {
    if most <= 0 || !is_any_due(db, now).await? {
        return Ok(Vec::new());
    }
    let mut order_ids: Vec<String> = sqlx::query_scalar(
        "select webhooks.order_id from webhooks
         join orders on orders.id = webhooks.order_id
         left join payments on payments.order_id = webhooks.order_id
         where webhooks.due_at is not null and webhooks.due_at <= cast($1 as bigint)
         group by webhooks.order_id
         order by min(case when payments.order_id is null then 1 else 0 end),
                  min(webhooks.tried), min(webhooks.due_at), webhooks.order_id
         limit cast($2 as bigint)",
    )
    .bind(now)
    .bind(most)
    .fetch_all(db.read())
    .await?;
    if order_ids.is_empty() {
        return Ok(Vec::new());
    }
    // Every instance takes them in one order, so that no two wait for each other.
    order_ids.sort();
    let mut taken = Vec::new();
    let mut tx = db.write().await?;
    for order_id in &order_ids {
        let rows: Vec<WebhookRow> = sqlx::query_as(
            "update webhooks set due_at = $1, tried = tried + 1
             where order_id = $2 and due_at is not null and due_at <= cast($3 as bigint)
             returning id, event_type, order_id, body, tried - 1 as tried",
        )
        .bind(until)
        .bind(order_id)
        .bind(now)
        .fetch_all(&mut *tx)
        .await?;
        taken.extend(rows);
    }
    tx.commit().await?;
    Ok(taken)
}

/// Those that are due and about no order of the shop, at most `most`; those first that were looked
/// into less often.
pub async fn of_no_order(db: &Db, now: i64, most: i64) -> Result<Vec<WebhookRow>, Error> {
    if !is_any_due(db, now).await? {
        return Ok(Vec::new());
    }
    let rows = sqlx::query_as(
        "select webhooks.id as id, event_type, order_id, body, tried from webhooks
         left join orders on orders.id = webhooks.order_id
         where webhooks.due_at is not null and webhooks.due_at <= cast($1 as bigint)
           and orders.id is null
         order by webhooks.tried, webhooks.due_at, webhooks.id limit cast($2 as bigint)",
    )
    .bind(now)
    .bind(most)
    .fetch_all(db.read())
    .await?;
    Ok(rows)
}

/// What is written down of one about no order of the shop.
#[derive(Clone, Debug)]
pub enum Waits<'a> {
    /// The order of its cancel is known by now.
    Found { id: &'a str, order_id: &'a str },
    /// To be looked into again at `due_at`, if at all.
    Still { id: &'a str, tried: i64, due_at: Option<i64>, outcome: &'a str },
}

/// Writes that down. What another instance has looked into meanwhile stays as it is.
pub async fn note_waiting(db: &Db, all: &[Waits<'_>]) -> Result<(), Error> {
    if all.is_empty() {
        return Ok(());
    }
    let mut tx = db.write().await?;
    for one in all {
        let statement = match *one {
            Waits::Found { id, order_id } => {
                sqlx::query("update webhooks set order_id = $1 where id = $2")
                    .bind(order_id)
                    .bind(id)
            }
            Waits::Still { id, tried, due_at, outcome } => sqlx::query(
                "update webhooks set due_at = $1, outcome = $2, tried = tried + 1
                 where id = $3 and tried = $4 and due_at is not null",
            )
            .bind(due_at)
            .bind(outcome)
            .bind(id)
            .bind(tried),
        };
        statement.execute(&mut *tx).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// What came of one; `due_at` is when to try again, if at all.
#[derive(Clone, Copy, Debug)]
pub struct Concluded<'a> {
    pub id: &'a str,
    pub due_at: Option<i64>,
    pub outcome: &'a str,
    /// When the shop stopped to look into it although it knew the order: it stays, and counts in
    /// [`given_up`].
    pub given_up_at: Option<i64>,
}

/// Writes that down.
pub async fn conclude(db: &Db, all: &[Concluded<'_>]) -> Result<(), Error> {
    let mut tx = db.write().await?;
    for one in all {
        sqlx::query(
            "update webhooks set due_at = $1, outcome = $2, given_up_at = $3 where id = $4",
        )
        .bind(one.due_at)
        .bind(one.outcome)
        .bind(one.given_up_at)
        .bind(one.id)
        .execute(&mut *tx)
        .await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Deletes what is done with and came before `before`, at most `most`; says how many.
pub async fn forget(db: &Db, before: i64, most: i64) -> Result<usize, Error> {
    let ids: Vec<String> = sqlx::query_scalar(
        "select id from webhooks
         where due_at is null and given_up_at is null and received_at < $1
         order by received_at limit cast($2 as bigint)",
    )
    .bind(before)
    .bind(most)
    .fetch_all(db.read())
    .await?;
    if ids.is_empty() {
        return Ok(0);
    }
    let mut tx = db.write().await?;
    for id in &ids {
        // Unless it has come again.
        sqlx::query("delete from webhooks where id = $1 and due_at is null")
            .bind(id)
            .execute(&mut *tx)
            .await?;
    }
    tx.commit().await?;
    Ok(ids.len())
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
