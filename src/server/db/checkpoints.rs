//! How far each walk of the money proof has come. A mark is leased, so that instances share the work
//! and a death leaves it to the next.

use sqlx::{AnyConnection, AnyPool, FromRow};

/// Where a walk stands.
#[derive(Clone, Debug, FromRow)]
pub struct Mark {
    pub name: String,
    /// Everything before it has been walked through.
    pub upto: i64,
    /// The end of the part that is being walked through.
    pub window_to: Option<i64>,
    /// The last key that was seen of it.
    pub after_key: Option<String>,
    pub due_at: i64,
    /// How often in a row Toss has not answered.
    pub tries: i64,
    pub leased_until: Option<i64>,
}

const SELECT: &str = "select name, upto, window_to, after_key, due_at, tries, leased_until
                      from proof_marks where name = $1";

pub async fn read(pool: &AnyPool, name: &str) -> Result<Option<Mark>, sqlx::Error> {
    sqlx::query_as(SELECT).bind(name).fetch_optional(pool).await
}

/// Sets one out; another instance may have done so.
pub async fn set_out(
    tx: &mut AnyConnection,
    name: &str,
    upto: i64,
    due_at: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into proof_marks (name, upto, due_at, tries) values ($1, $2, $3, 0)
         on conflict (name) do nothing",
    )
    .bind(name)
    .bind(upto)
    .bind(due_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// Takes a mark that is due until `until`; `None` when it is not, or somebody else is at it.
pub async fn lease(
    tx: &mut AnyConnection,
    name: &str,
    now: i64,
    until: i64,
) -> Result<Option<Mark>, sqlx::Error> {
    let leased = sqlx::query(
        "update proof_marks set leased_until = $1
         where name = $2 and due_at <= $3 and (leased_until is null or leased_until <= $3)",
    )
    .bind(until)
    .bind(name)
    .bind(now)
    .execute(&mut *tx)
    .await?;
    if leased.rows_affected() == 0 {
        return Ok(None);
    }
    sqlx::query_as(SELECT).bind(name).fetch_optional(tx).await
}

/// Writes down where it stands now and ends the lease; `false` when the lease had ended already,
/// and another instance may be further.
pub async fn put(
    tx: &mut AnyConnection,
    mark: &Mark,
    leased_until: i64,
) -> Result<bool, sqlx::Error> {
    let put = sqlx::query(
        "update proof_marks set upto = $1, window_to = $2, after_key = $3, due_at = $4, tries = $5,
                                leased_until = null
         where name = $6 and leased_until = $7",
    )
    .bind(mark.upto)
    .bind(mark.window_to)
    .bind(&mark.after_key)
    .bind(mark.due_at)
    .bind(mark.tries)
    .bind(&mark.name)
    .bind(leased_until)
    .execute(tx)
    .await?;
    Ok(put.rows_affected() == 1)
}

/// When anything was first asked of Toss.
pub async fn first_payment_at(pool: &AnyPool) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar("select min(created_at) from payments").fetch_one(pool).await
}

/// A payment of which Toss has told.
#[derive(Clone, Debug, FromRow)]
pub struct Sample {
    pub order_id: String,
    pub payment_key: String,
    pub m_id: Option<String>,
}

/// The newest few of them, and the first.
pub async fn samples(pool: &AnyPool) -> Result<Vec<Sample>, sqlx::Error> {
    const NEWEST_MAX: i64 = 3;
    let select = "select order_id, payment_key, m_id from payments where method is not null
                  order by created_at";
    let newest = sqlx::AssertSqlSafe(format!("{select} desc limit cast($1 as bigint)"));
    let mut samples: Vec<Sample> = sqlx::query_as(newest).bind(NEWEST_MAX).fetch_all(pool).await?;
    let first = sqlx::AssertSqlSafe(format!("{select} limit 1"));
    let first: Option<Sample> = sqlx::query_as(first).fetch_optional(pool).await?;
    let is_new = |first: &Sample| samples.iter().all(|it| it.order_id != first.order_id);
    let first = first.filter(is_new);
    samples.extend(first);
    Ok(samples)
}
