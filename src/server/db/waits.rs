//! What waits for a time that no clock of ours can have meant.
//!
//! Why: times to look again are told by a clock that may be set. Where it was ahead and is set back,
//! all that was put off meanwhile would wait as long as it was ahead.

use crate::server::Error;
use crate::server::db::Db;

const HOUR_MS: i64 = 60 * 60 * 1_000;

/// Longer than any question to Toss is put off.
const PAYMENT_MS_MAX: i64 = HOUR_MS / 4;

/// Longer than a webhook, or a walk of the money proof, is.
const LOOK_MS_MAX: i64 = 2 * HOUR_MS;

/// Longer than a look of the money proof at an order is.
const PROOF_MS_MAX: i64 = 4 * 24 * HOUR_MS;

/// Longer than any lease: whoever has one asks Toss once, which takes a minute at most.
pub const LEASE_MS_MAX: i64 = 150_000;

/// What is so far ahead is due now; returns how much there was of it.
pub async fn bring_back(db: &Db, now: i64) -> Result<i64, Error> {
    let count: i64 = sqlx::query_scalar(
        "select (select count(*) from payments
                 where due_at is not null and due_at > cast($1 as bigint))
              + (select count(*) from webhooks
                 where due_at is not null and due_at > cast($2 as bigint))
              + (select count(*) from proofs
                 where due_at is not null and due_at > cast($3 as bigint))
              + (select count(*) from proof_marks
                 where due_at > cast($2 as bigint) or leased_until > cast($4 as bigint))",
    )
    .bind(now + PAYMENT_MS_MAX)
    .bind(now + LOOK_MS_MAX)
    .bind(now + PROOF_MS_MAX)
    .bind(now + LEASE_MS_MAX)
    .fetch_one(db.read())
    .await?;
    // Nothing is written, and nobody waits for the writer, while there is nothing to do.
    if count == 0 {
        return Ok(0);
    }
    let mut tx = db.write().await?;
    for (sql, most) in [
        ("update payments set due_at = $1 where due_at > $2", PAYMENT_MS_MAX),
        ("update webhooks set due_at = $1 where due_at > $2", LOOK_MS_MAX),
        ("update proofs set due_at = $1 where due_at > $2", PROOF_MS_MAX),
        ("update proof_marks set due_at = $1 where due_at > $2", LOOK_MS_MAX),
        ("update proof_marks set leased_until = $1 where leased_until > $2", LEASE_MS_MAX),
    ] {
        sqlx::query(sql).bind(now).bind(now + most).execute(&mut *tx).await?;
    }
    tx.commit().await?;
    Ok(count)
}
