//! Orders that are to be compared with Toss, what was found, and rows that break a law.

use sqlx::{AnyConnection, AnyPool, FromRow};

/// One order to be compared, or found to differ.
#[derive(Clone, Debug, FromRow)]
pub struct ProofRow {
    pub order_id: String,
    pub due_at: Option<i64>,
    /// How often Toss was asked about it since something changed.
    pub looks: i64,
    pub kept: Option<i64>,
    /// By how much Toss has more than the shop.
    pub drift: i64,
    pub cause: Option<String>,
    pub detail: Option<String>,
}

const SELECT: &str = "select order_id, due_at, looks, kept, drift, cause, detail from proofs";

/// Something has changed: the order is looked at when `due_at` comes, or before.
pub async fn call_up(
    tx: &mut AnyConnection,
    order_id: &str,
    due_at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into proofs (order_id, due_at, looks, rows_seen, paid, refunded, drift)
         values ($1, $2, 0, 0, 0, 0, 0)
         on conflict (order_id) do update set looks = 0, due_at =
             case when proofs.due_at < excluded.due_at then proofs.due_at else excluded.due_at end",
    )
    .bind(order_id)
    .bind(due_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// Those that are due, the longest due first.
pub async fn due(pool: &AnyPool, now: i64, most: i64) -> Result<Vec<ProofRow>, sqlx::Error> {
    let sql =
        format!("{SELECT} where due_at <= $1 order by due_at, order_id limit cast($2 as bigint)");
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(now).bind(most).fetch_all(pool).await
}

/// Those after `after` that are not finished with, due or not.
pub async fn open(pool: &AnyPool, after: &str, most: i64) -> Result<Vec<ProofRow>, sqlx::Error> {
    let sql = format!(
        "{SELECT} where order_id > $1 and (due_at is not null or drift <> 0)
         order by order_id limit cast($2 as bigint)"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(after).bind(most).fetch_all(pool).await
}

/// Puts a row off to `until`, which is a lease on it; `false` when it is not as it was read.
pub async fn take(tx: &mut AnyConnection, row: &ProofRow, until: i64) -> Result<bool, sqlx::Error> {
    let taken = sqlx::query(
        "update proofs set due_at = $1
         where order_id = $2 and (due_at = $3 or (due_at is null and $3 is null))",
    )
    .bind(until)
    .bind(&row.order_id)
    .bind(row.due_at)
    .execute(tx)
    .await?;
    Ok(taken.rows_affected() == 1)
}

/// Nothing is to be said of it.
pub async fn drop_row(tx: &mut AnyConnection, order_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("delete from proofs where order_id = $1").bind(order_id).execute(tx).await?;
    Ok(())
}

/// Looks at it later, with what was found before still standing.
pub async fn put_off(
    tx: &mut AnyConnection,
    order_id: &str,
    due_at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("update proofs set due_at = $1 where order_id = $2")
        .bind(due_at)
        .bind(order_id)
        .execute(tx)
        .await?;
    Ok(())
}

/// What a look came to.
#[derive(Clone, Debug)]
pub struct Looked<'a> {
    pub order_id: &'a str,
    pub due_at: Option<i64>,
    pub rows_seen: i64,
    pub paid: i64,
    pub refunded: i64,
    pub kept: i64,
    pub drift: i64,
    pub cause: Option<&'a str>,
    pub detail: Option<&'a str>,
    pub now: i64,
}

pub async fn note(tx: &mut AnyConnection, looked: &Looked<'_>) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update proofs set due_at = $1, looks = looks + 1, rows_seen = $2, paid = $3, refunded = $4,
                           kept = $5, drift = $6, cause = $7, detail = $8, looked_at = $9
         where order_id = $10",
    )
    .bind(looked.due_at)
    .bind(looked.rows_seen)
    .bind(looked.paid)
    .bind(looked.refunded)
    .bind(looked.kept)
    .bind(looked.drift)
    .bind(looked.cause)
    .bind(looked.detail)
    .bind(looked.now)
    .bind(looked.order_id)
    .execute(tx)
    .await?;
    Ok(())
}

/// What the figures tell.
#[derive(Clone, Copy, Debug, FromRow)]
pub struct Figures {
    pub drift: i64,
    pub offences: i64,
    /// How far the walk has come that follows closest.
    pub upto: Option<i64>,
}

pub async fn figures(pool: &AnyPool, mark: &str) -> Result<Figures, sqlx::Error> {
    sqlx::query_as(
        "select cast(coalesce((select sum(abs(drift)) from proofs where drift <> 0), 0) as bigint)
                    as drift,
                (select count(*) from proof_offences) as offences,
                (select upto from proof_marks where name = $1) as upto",
    )
    .bind(mark)
    .fetch_one(pool)
    .await
}

/// A row that breaks a law.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Offence {
    pub law: String,
    pub one: String,
    pub other: String,
}

/// Writes down what was found, also what was found before.
pub async fn keep_offences(
    tx: &mut AnyConnection,
    source: &str,
    found: &[Offence],
    now: i64,
) -> Result<(), sqlx::Error> {
    for offence in found {
        sqlx::query(
            "insert into proof_offences (law, source, one, other, found_at)
             values ($1, $2, $3, $4, $5)
             on conflict (law, one) do update set other = excluded.other, found_at = excluded.found_at",
        )
        .bind(&offence.law)
        .bind(source)
        .bind(&offence.one)
        .bind(&offence.other)
        .bind(now)
        .execute(&mut *tx)
        .await?;
    }
    Ok(())
}

/// Strikes out what a table's whole round, begun at `begun_at`, has not found again.
pub async fn strike_out(
    tx: &mut AnyConnection,
    source: &str,
    begun_at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("delete from proof_offences where source = $1 and found_at < $2")
        .bind(source)
        .bind(begun_at)
        .execute(tx)
        .await?;
    Ok(())
}

/// What the shop knows to have gone back, and what it was told that Toss would not give back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromRow)]
pub struct Refunds {
    pub known: i64,
    pub refused: i64,
}

pub async fn refunds(pool: &AnyPool, order_id: &str) -> Result<Refunds, sqlx::Error> {
    sqlx::query_as(
        "select cast(coalesce(sum(case when state in ('RUNNING', 'DONE') then amount else 0 end), 0)
                     as bigint) as known,
                cast(coalesce(sum(case when state = 'REFUSED' then amount else 0 end), 0)
                     as bigint) as refused
         from cancels where order_id = $1 and kind in ('REFUND', 'CONSOLE')",
    )
    .bind(order_id)
    .fetch_one(pool)
    .await
}
