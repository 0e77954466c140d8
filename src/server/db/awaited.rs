//! Virtual accounts: how many wait for a deposit, from where, that one is to be ended, that one was made.

use sqlx::{AnyConnection, AnyPool, FromRow};

use crate::domain::actor::Actor;
use crate::domain::order::Status;
use crate::server::db::events;

/// Writes down, with its event, that an account is to be ended, due at once. Where that is wished for
/// already the first wish counts. `words` are those of whoever wishes it, if there are any.
pub async fn wish_end(
    tx: &mut AnyConnection,
    order_id: &str,
    by: &Actor,
    (code, words): (&str, Option<&str>),
    now: i64,
) -> Result<(), sqlx::Error> {
    let wished = sqlx::query(
        "update payments set end_code = $1, end_words = $2, due_at = $3, asked = 0
         where order_id = $4 and end_code is null",
    )
    .bind(code)
    .bind(words)
    .bind(now)
    .bind(order_id)
    .execute(&mut *tx)
    .await?;
    if wished.rows_affected() == 1 {
        let waits = (Status::WaitingForDeposit, Status::WaitingForDeposit);
        let detail = format!("code={code}");
        events::adding(order_id, "EndAsked", waits, by, &detail, now).run(tx).await?;
    }
    Ok(())
}

/// How many accounts waited before this order's did.
#[derive(Clone, Copy, Debug, FromRow)]
pub struct Before {
    pub of_phone: i64,
    pub of_email: i64,
    pub from_address: i64,
}

/// Counts them. Of two that were issued at once the one that was asked for first is before.
pub async fn before(pool: &AnyPool, order_id: &str) -> Result<Before, sqlx::Error> {
    sqlx::query_as(
        "select cast(coalesce(sum(case when other.buyer_mobile_phone = own.buyer_mobile_phone
                                       then 1 else 0 end), 0) as bigint) as of_phone,
                cast(coalesce(sum(case when lower(other.buyer_email) = lower(own.buyer_email)
                                       then 1 else 0 end), 0) as bigint) as of_email,
                cast(coalesce(sum(case when other.placed_from = own.placed_from
                                       then 1 else 0 end), 0) as bigint) as from_address
         from orders own
         join payments asked on asked.order_id = own.id
         join orders other on other.status = 'WAITING_FOR_DEPOSIT' and other.id <> own.id
         join payments waits on waits.order_id = other.id
         where own.id = $1 and waits.end_code is null
           and (waits.created_at < asked.created_at
                or (waits.created_at = asked.created_at and other.id < own.id))",
    )
    .bind(order_id)
    .fetch_one(pool)
    .await
}

/// Keeps from where an order was placed.
pub async fn came_from(
    tx: &mut AnyConnection,
    order_id: &str,
    address: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("update orders set placed_from = $1 where id = $2")
        .bind(address)
        .bind(order_id)
        .execute(tx)
        .await?;
    Ok(())
}

/// Orders placed before `before` of which it is still known from where, though nothing waits.
pub async fn known_from(
    pool: &AnyPool,
    before: i64,
    most: i64,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(
        "select id from orders
         where placed_from is not null and created_at < $1 and status <> 'WAITING_FOR_DEPOSIT'
         order by created_at limit cast($2 as bigint)",
    )
    .bind(before)
    .bind(most)
    .fetch_all(pool)
    .await
}

/// Forgets it.
pub async fn forget_from(tx: &mut AnyConnection, order_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("update orders set placed_from = null where id = $1")
        .bind(order_id)
        .execute(tx)
        .await?;
    Ok(())
}

/// Whether an order is paid by a deposit to a virtual account, so that only the buyer knows where
/// it can go back to.
pub async fn is_deposit(tx: &mut AnyConnection, order_id: &str) -> Result<bool, sqlx::Error> {
    let number: Option<Option<String>> =
        sqlx::query_scalar("select account_number from payments where order_id = $1")
            .bind(order_id)
            .fetch_optional(tx)
            .await?;
    Ok(number.flatten().is_some())
}
