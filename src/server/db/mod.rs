//! The database: SQLite or PostgreSQL, by one set of SQL.
//!
//! How: `sqlx::any`, columns of bigint and text only. This file holds all that differs between
//! the two: how it is opened, how a write transaction begins, which failures pass by themselves.
//!
//! Why two pools: SQLite has one writer. Writes queue for the one connection that begins
//! IMMEDIATE, so that none fails half-way because another was first; reads go beside it.

use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::migrate::Migrator;
use sqlx::{Any, AnyPool, Executor, Transaction};

pub mod catalogue;
pub mod coupons;
pub mod customers;
pub mod events;
pub mod orders;
pub mod payments;
pub mod seed;

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// Readers beside the writer; a page needs two or three statements of under a millisecond.
const READERS: u32 = 8;

/// Longer than a writer is ever held; then the caller is told, not kept.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

/// Handles to the database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    readers: AnyPool,
    writer: AnyPool,
    begin: &'static str,
}

impl Db {
    /// Opens it. An SQLite file that is not there is made.
    pub async fn open(url: &str) -> Result<Db, sqlx::Error> {
        sqlx::any::install_default_drivers();
        if url.starts_with("sqlite:") {
            let url = if url.contains('?') { url.to_owned() } else { format!("{url}?mode=rwc") };
            let options: AnyConnectOptions = url.parse()?;
            // The writer first: it makes the file and turns WAL on.
            let writer = sqlite_pool(1).connect_with(options.clone()).await?;
            let readers = sqlite_pool(READERS).connect_with(options).await?;
            return Ok(Db { readers, writer, begin: "begin immediate" });
        }
        let options: AnyConnectOptions = url.parse()?;
        let pool = AnyPoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_with(options)
            .await?;
        Ok(Db { readers: pool.clone(), writer: pool, begin: "begin" })
    }

    /// Brings the tables up to date.
    pub async fn migrate(&self) -> Result<(), sqlx::migrate::MigrateError> {
        MIGRATIONS.run(&self.writer).await
    }

    /// For statements that change nothing.
    pub fn read(&self) -> &AnyPool {
        &self.readers
    }

    /// A transaction that may write. Nothing slow, and no call to Toss, while it is open.
    pub async fn write(&self) -> Result<Transaction<'static, Any>, sqlx::Error> {
        self.writer.begin_with(self.begin).await
    }

    /// Waits for open statements and closes all connections.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

fn sqlite_pool(connections: u32) -> AnyPoolOptions {
    AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .after_connect(|connection, _| {
            Box::pin(async move {
                // FULL: with NORMAL the last commits may be lost on power failure, and each
                // may be the only trace of someone's money.
                connection
                    .execute(
                        "pragma busy_timeout = 5000; pragma journal_mode = wal;
                         pragma synchronous = full; pragma foreign_keys = on;",
                    )
                    .await?;
                Ok(())
            })
        })
}

/// Whether the database was out of reach, so that the same statement may work later; a
/// constraint that refuses will refuse again.
pub fn is_outage(error: &sqlx::Error) -> bool {
    match error.as_database_error() {
        Some(error) => error.code().is_some_and(|code| {
            let sqlite_busy_locked_readonly_io_full = ["5", "6", "8", "10", "13", "261", "517"];
            let postgres = ["08", "40", "53", "55", "57", "58"];
            if code.len() == 5 {
                postgres.iter().any(|class| code.starts_with(class))
            } else {
                sqlite_busy_locked_readonly_io_full.contains(&code.as_ref())
            }
        }),
        None => !matches!(error, sqlx::Error::RowNotFound | sqlx::Error::ColumnDecode { .. }),
    }
}

/// Whether a unique constraint or index refused the row.
pub fn is_taken(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| error.is_unique_violation())
}
