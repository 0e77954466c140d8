//! Secrets of the shop itself, made once and shared by its instances.

use sqlx::{AnyConnection, AnyPool};

pub async fn of_name(pool: &AnyPool, name: &str) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar("select value from shop_secrets where name = $1")
        .bind(name)
        .fetch_optional(pool)
        .await
}

/// Keeps one, unless another instance was first.
pub async fn insert(
    tx: &mut AnyConnection,
    name: &str,
    value: &str,
    now: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into shop_secrets (name, value, made_at) values ($1, $2, $3)
         on conflict (name) do nothing",
    )
    .bind(name)
    .bind(value)
    .bind(now)
    .execute(&mut *tx)
    .await?;
    Ok(())
}
