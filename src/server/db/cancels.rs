//! Money that is to go back: an outbox, written with the decision and kept until Toss has done it.

use sqlx::{AnyConnection, AnyPool, FromRow};

/// Why money goes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The order could not be kept.
    Compensation,
    /// The shop gives it back.
    Refund,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Compensation => "COMPENSATION",
            Kind::Refund => "REFUND",
        }
    }
}

/// One row of the outbox.
#[derive(Clone, Debug, FromRow)]
pub struct CancelRow {
    pub id: String,
    pub order_id: String,
    pub kind: String,
    /// Absent: everything that is left.
    pub amount: Option<i64>,
    pub sealed: String,
    /// Counts definite refusals: what is asked anew has a key of its own.
    pub attempt: i64,
    /// Refusals that may pass, under this attempt's key.
    pub passing_refusals: i64,
}

/// What is to go back.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    pub id: &'a str,
    pub order_id: &'a str,
    pub kind: Kind,
    pub amount: Option<i64>,
    pub reason: &'a str,
    /// The body of the cancel.
    pub sealed: &'a str,
    pub now: i64,
}

/// Writes one down. A second while one is open is refused by `cancels_one_open`.
pub async fn insert(tx: &mut AnyConnection, wanted: Wanted<'_>) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into cancels (id, order_id, kind, amount, reason, sealed, attempt, created_at,
                              passing_refusals)
         values ($1, $2, $3, $4, $5, $6, 1, $7, 0)",
    )
    .bind(wanted.id)
    .bind(wanted.order_id)
    .bind(wanted.kind.as_str())
    .bind(wanted.amount)
    .bind(wanted.reason)
    .bind(wanted.sealed)
    .bind(wanted.now)
    .execute(tx)
    .await?;
    Ok(())
}

/// The one that is open for an order.
pub async fn open_of(pool: &AnyPool, order_id: &str) -> Result<Option<CancelRow>, sqlx::Error> {
    sqlx::query_as(
        "select id, order_id, kind, amount, sealed, attempt, passing_refusals from cancels
         where order_id = $1 and closed_at is null",
    )
    .bind(order_id)
    .fetch_optional(pool)
    .await
}

/// Toss has done it.
pub async fn close(
    tx: &mut AnyConnection,
    order_id: &str,
    refused_code: Option<&str>,
    now: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update cancels set closed_at = $1, refused_code = coalesce($2, refused_code)
         where order_id = $3 and closed_at is null",
    )
    .bind(now)
    .bind(refused_code)
    .bind(order_id)
    .execute(tx)
    .await?;
    Ok(())
}

/// A definite refusal of what must go back all the same: the next try is a new request.
pub async fn try_anew(
    tx: &mut AnyConnection,
    id: &str,
    refused_code: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "update cancels set attempt = attempt + 1, refused_code = $1, passing_refusals = 0
         where id = $2",
    )
    .bind(refused_code)
    .bind(id)
    .execute(tx)
    .await?;
    Ok(())
}

/// Counts a refusal that may pass.
pub async fn refused_in_passing(tx: &mut AnyConnection, id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("update cancels set passing_refusals = passing_refusals + 1 where id = $1")
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}

/// How many are open.
pub async fn open_count(pool: &AnyPool) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("select count(*) from cancels where closed_at is null").fetch_one(pool).await
}
