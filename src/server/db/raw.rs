//! What a commit costs that does nothing else: the measure beside which the benchmark sets its
//! own figures.

use std::time::{Duration, Instant};

use sqlx::{AnyConnection, Connection, Executor};

use crate::server::db::connect::PRAGMAS;

/// Inserts one row and commits, `count` times, one after the other; how long each took, sorted.
/// As durable as the shop's own commits.
pub async fn commits(url: &str, count: usize) -> Result<Vec<Duration>, sqlx::Error> {
    sqlx::any::install_default_drivers();
    let is_sqlite = url.starts_with("sqlite:");
    let url = if is_sqlite { format!("{url}?mode=rwc") } else { url.to_owned() };
    let mut connection = AnyConnection::connect(&url).await?;
    if is_sqlite {
        connection.execute(PRAGMAS).await?;
    }
    let table = "create table if not exists raw_commits (id bigint primary key, text text)";
    connection.execute(table).await?;
    connection.execute("delete from raw_commits").await?;
    let mut took = Vec::with_capacity(count);
    for id in (1_i64..).take(count) {
        let started = Instant::now();
        sqlx::query("insert into raw_commits (id, text) values ($1, 'one row and its commit')")
            .bind(id)
            .execute(&mut connection)
            .await?;
        took.push(started.elapsed());
    }
    connection.close().await?;
    took.sort_unstable();
    Ok(took)
}

/// Which settings of a PostgreSQL server make its commits less than durable.
pub async fn undurable(url: &str) -> Result<Vec<String>, sqlx::Error> {
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(url).await?;
    let found: Vec<String> = sqlx::query_scalar(
        "select name || ' = ' || setting from pg_settings
         where name in ('fsync', 'synchronous_commit') and setting <> 'on' order by name",
    )
    .fetch_all(&mut connection)
    .await?;
    connection.close().await?;
    Ok(found)
}
