//! The database: SQLite or PostgreSQL, by one set of SQL.
//!
//! How: `sqlx::any`, columns of bigint and text only. This file holds all that differs between
//! the two: how it is opened, how a write transaction begins, which failures pass by themselves.
//!
//! A bound limit, and a bound value that is compared with a column of some partial index's condition,
//! go through `cast`: SQLite plans the whole statement again for each new value of it otherwise.
//!
//! Why a writer of its own: SQLite has one. Writes queue for the one connection that begins
//! IMMEDIATE, so that none fails half-way because another was first; reads go beside it.

use std::future::Future;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::migrate::Migrator;
use sqlx::{AnyConnection, AnyPool, Connection, Executor};

use crate::server::db::reader::Idle;
use crate::server::db::together::{Together, is_unchanged};
use crate::server::db::writer::Writer;
use crate::server::{Error, clock, world};

pub mod bearers;
pub mod cancels;
pub mod catalogue;
pub mod changes;
pub mod copying;
pub mod coupons;
pub mod customers;
pub mod events;
pub mod marks;
pub mod offers;
pub mod orders;
pub mod payments;
pub mod proof;
pub mod proofs;
pub mod questions;
pub mod ranges;
pub mod raw;
mod reader;
pub mod refund_lines;
pub mod rehearsal;
pub mod repeats;
pub mod secrets;
pub mod seed;
mod states;
pub mod temporary;
mod together;
pub mod transactions;
pub mod waits;
pub mod webhooks;
mod writer;

pub use reader::Reader;
pub use together::Statement;
pub use writer::Tx;

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// Readers beside SQLite's writer; a page needs two or three statements of under a millisecond.
const READERS: u32 = 8;

/// To PostgreSQL, per instance: more than its disk can serve at once on a small machine, and few
/// enough for ten instances on a server as it comes, which takes 100.
const CONNECTIONS: u32 = 10;

/// Longer than a writer is ever held; then the caller is told, not kept.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

/// How often a write that lost a race is tried again, and at most how long it waits between.
const TRIES_MAX: u32 = 6;
const TRY_AGAIN_MS_MAX: u64 = 80;

/// Handles to the database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    readers: AnyPool,
    /// Of SQLite, which has one; PostgreSQL writes through the pool.
    writer: Option<Writer>,
    /// Of SQLite.
    idle: Option<Idle>,
}

impl Db {
    /// Opens it. An SQLite file that is not there is made.
    pub async fn open(url: &str) -> Result<Db, sqlx::Error> {
        Db::open_with(url, READERS).await
    }

    /// With so many connections that read beside SQLite's writer.
    pub async fn open_with(url: &str, readers: u32) -> Result<Db, sqlx::Error> {
        sqlx::any::install_default_drivers();
        let pool = AnyPoolOptions::new().acquire_timeout(ACQUIRE_TIMEOUT);
        if url.starts_with("sqlite:") {
            let url = if url.contains('?') { url.to_owned() } else { format!("{url}?mode=rwc") };
            let options: AnyConnectOptions = url.parse()?;
            // The writer first: it makes the file and turns WAL on.
            let mut writer = AnyConnection::connect_with(&options).await?;
            writer.execute(PRAGMAS).await?;
            let most = usize::try_from(readers / 2).unwrap_or_default();
            let readers = pool
                .max_connections(readers)
                .test_before_acquire(false)
                .after_connect(|connection, _| {
                    Box::pin(async move { connection.execute(PRAGMAS).await.map(|_| ()) })
                })
                .connect_with(options.clone())
                .await?;
            let idle = Some(Idle::new(options, PRAGMAS, most));
            return Ok(Db { readers, writer: Some(Writer::new(writer)), idle });
        }
        let options: AnyConnectOptions = url.parse()?;
        let readers = pool
            .max_connections(CONNECTIONS)
            .after_connect(|connection, _| {
                Box::pin(async move { connection.execute(LOCK_TIMEOUT).await.map(|_| ()) })
            })
            .connect_with(options)
            .await?;
        Ok(Db { readers, writer: None, idle: None })
    }

    /// Makes a database on a PostgreSQL server.
    pub async fn create(server: &str, name: &str) -> Result<(), sqlx::Error> {
        sqlx::any::install_default_drivers();
        let mut admin = AnyConnection::connect(&format!("{server}/postgres")).await?;
        // The name is the caller's own and needs no escaping.
        let sql = sqlx::AssertSqlSafe(format!("create database {name}"));
        sqlx::query(sql).execute(&mut admin).await?;
        admin.close().await
    }

    /// Brings the tables up to date.
    pub async fn migrate(&self) -> Result<(), sqlx::migrate::MigrateError> {
        if self.writer.is_some() {
            return MIGRATIONS.run(&self.readers).await;
        }
        // Instances that start together wait for the one that is first, however long it takes.
        let patient = AnyPoolOptions::new().max_connections(1);
        let patient = patient.connect_with(self.readers.connect_options().as_ref().clone()).await?;
        let migrated = MIGRATIONS.run(&patient).await;
        patient.close().await;
        migrated
    }

    /// For statements that change nothing.
    pub fn read(&self) -> &AnyPool {
        &self.readers
    }

    /// As [`Db::read`], for what a payment waits for.
    pub async fn reader(&self) -> Result<Reader, sqlx::Error> {
        let kept = match &self.idle {
            Some(idle) => idle.take().await?,
            None => None,
        };
        match kept {
            Some(reader) => Ok(reader),
            None => self.readers.acquire().await.map(Reader::pooled),
        }
    }

    /// A transaction that may write. Nothing slow, and no call to Toss, while it is open.
    pub async fn write(&self) -> Result<Tx, sqlx::Error> {
        match &self.writer {
            Some(writer) => writer.begin().await,
            None => self.readers.begin().await.map(Tx::own),
        }
    }

    /// Writes all of them, once, or nothing; returns once they are on the disk. `false` where one
    /// that is to change a row has found none; what it has found instead is on the disk too. To be
    /// called from a task that nobody drops: half of a message may have been worked through.
    pub async fn write_all(&self, statements: Vec<Statement>) -> Result<bool, sqlx::Error> {
        world::pass("commit", "before").await;
        let written = match &self.writer {
            Some(writer) => writer.write_all(Together::for_sqlite(statements)).await,
            None => self.write_to_server(Together::for_postgres(statements)).await,
        };
        match written {
            Ok(()) => {
                world::pass("commit", "after").await;
                Ok(true)
            }
            Err(error) if is_unchanged(&error) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn write_to_server(&self, messages: Vec<Together>) -> Result<(), sqlx::Error> {
        // One message is a transaction of its own.
        if messages.len() == 1 {
            for message in messages {
                message.query("", "").execute(&self.readers).await?;
            }
            return Ok(());
        }
        let mut tx = self.readers.begin().await?;
        for message in messages {
            if let Err(error) = message.query("", "").execute(&mut *tx).await {
                tx.rollback().await?;
                return Err(error);
            }
        }
        tx.commit().await
    }

    /// What a statement that reads a row to act on it ends with: nobody changes it until the
    /// transaction ends. SQLite has one writer, so that nobody can.
    pub fn locking(&self) -> &'static str {
        if self.writer.is_some() { "" } else { " for update" }
    }

    /// What a statement that chooses rows to work on ends with: rows that another instance is
    /// at are passed over. SQLite has one writer, which sees none of those.
    pub fn passing_over(&self) -> &'static str {
        if self.writer.is_some() { "" } else { " for update skip locked" }
    }

    /// Sets something on the connection that writes, as a fault of the disk would. SQLite only.
    #[cfg(test)]
    pub async fn set_on_writer(&self, pragma: &str) -> Result<(), sqlx::Error> {
        match &self.writer {
            Some(writer) => writer.set(pragma.to_owned()).await,
            None => Err(sqlx::Error::WorkerCrashed),
        }
    }

    /// Waits for open statements and closes all connections. SQLite's file is then whole without
    /// the log beside it, unless another program has it open.
    pub async fn close(&self) {
        if let Some(writer) = &self.writer {
            writer.finish().await;
        }
        if let Some(idle) = &self.idle {
            idle.close().await;
        }
        self.readers.close().await;
        if let Some(writer) = &self.writer {
            writer.empty_log().await;
        }
    }
}

/// FULL: with NORMAL the last commits may be lost on power failure, and each may be the only
/// trace of someone's money. What a part of a batch can be undone with needs no disk: it is of no use
/// once the program has ended.
const PRAGMAS: &str = "pragma busy_timeout = 5000; pragma journal_mode = wal;
                       pragma synchronous = full; pragma foreign_keys = on;
                       pragma temp_store = memory;";

/// As long as SQLite's writer waits: then the caller is told, not kept.
const LOCK_TIMEOUT: &str = "set lock_timeout = 5000";

/// Runs a write, again if it lost a race against another. `attempt` begins and commits its own
/// transaction and has no other effect.
pub async fn repeated<T, F>(mut attempt: impl FnMut() -> F) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    for tries in 1..TRIES_MAX {
        match attempt().await {
            Err(Error::Database(error)) if is_lost_race(&error) => {
                tracing::debug!(tries, "a write lost a race and is tried again");
            }
            ended => return ended,
        }
        // By chance, so that two who met do not meet again.
        let wait = clock::chance(TRY_AGAIN_MS_MAX * u64::from(tries) / 2);
        world::sleep(Duration::from_millis(wait)).await;
    }
    attempt().await
}

/// Whether the database undid the transaction because another one was in its way:
/// serialization failure and deadlock (PostgreSQL), busy and locked (SQLite).
fn is_lost_race(error: &sqlx::Error) -> bool {
    const CODES: [&str; 7] = ["40001", "40P01", "5", "6", "261", "262", "517"];
    let code = error.as_database_error().and_then(|error| error.code());
    code.is_some_and(|code| CODES.contains(&code.as_ref()))
}

/// Whether the database was out of reach or took nothing, so that the same statement may work
/// later; a constraint that refuses will refuse again.
pub fn is_outage(error: &sqlx::Error) -> bool {
    match error.as_database_error() {
        Some(error) => error.code().is_some_and(|code| is_passing(&code)),
        None => !matches!(error, sqlx::Error::RowNotFound | sqlx::Error::ColumnDecode { .. }),
    }
}

fn is_passing(code: &str) -> bool {
    /// Busy, locked, read-only, failed to read or write, full, not to be opened.
    const SQLITE: [u32; 6] = [5, 6, 8, 10, 13, 14];
    /// Connections, races, want of room, locks, shutdowns, trouble of the machine; 25006 is what a
    /// server says that only reads.
    const POSTGRES: [&str; 7] = ["08", "25006", "40", "53", "55", "57", "58"];
    if code.len() == 5 {
        return POSTGRES.iter().any(|class| code.starts_with(class));
    }
    // The lowest byte is the kind, the rest its circumstances.
    code.parse::<u32>().is_ok_and(|code| SQLITE.contains(&(code & 0xff)))
}

/// Whether a unique constraint or index refused the row.
pub fn is_taken(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| error.is_unique_violation())
}

#[cfg(test)]
mod tests {
    use super::is_passing;

    #[test]
    fn outages_are_told_from_refusals() {
        for (code, passes) in [
            ("5", true),
            ("8", true),
            ("13", true),
            // Busy by a snapshot, a write that failed, a file that was moved away.
            ("517", true),
            ("778", true),
            ("1032", true),
            ("1", false),
            ("19", false),
            ("2067", false),
            ("25006", true),
            ("25P02", false),
            ("40001", true),
            ("57P01", true),
            ("53300", true),
            ("23505", false),
            ("42601", false),
        ] {
            assert_eq!(is_passing(code), passes, "{code}");
        }
    }
}
