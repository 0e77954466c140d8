//! Databases that a command or a test makes on a PostgreSQL server for itself alone, by their end.

use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor};

/// Drops every database of the server whose name begins so, whoever is connected to it.
pub async fn drop_all(server: &str, prefix: &str) -> Result<(), sqlx::Error> {
    sqlx::any::install_default_drivers();
    let mut admin = AnyConnection::connect(&format!("{server}/postgres")).await?;
    let names: Vec<String> = sqlx::query_scalar(
        "select cast(datname as text) from pg_database
         where starts_with(cast(datname as text), $1) order by datname",
    )
    .bind(prefix)
    .fetch_all(&mut admin)
    .await?;
    for name in names {
        // As its maker named it, which was without quotes.
        let sql = format!("drop database if exists {name} with (force)");
        admin.execute(AssertSqlSafe(sql)).await?;
    }
    admin.close().await
}
