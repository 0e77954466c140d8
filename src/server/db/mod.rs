//! The database: SQLite or PostgreSQL, by one set of SQL.
//!
//! How: `sqlx::any`, columns of bigint and text only. This file and `opening` hold all that differs
//! between the two: how it is opened, how a write transaction begins, which failures pass by
//! themselves.
//!
//! A bound limit, and a bound value that is compared with a column of some partial index's condition,
//! go through `cast`: SQLite plans the whole statement again for each new value of it otherwise.
//!
//! Why a writer of its own: SQLite has one. Writes queue for the one connection that begins
//! IMMEDIATE, so that none fails half-way because another was first; reads go beside it.

use std::future::Future;
use std::time::Duration;

use sqlx::any::AnyPoolOptions;
use sqlx::migrate::Migrator;
use sqlx::{Any, AnyPool, Transaction};

use crate::server::Error;
use crate::server::db::reader::Idle;
use crate::server::db::together::{Together, is_unchanged};
use crate::server::db::writer::Writer;
use crate::server::runtime::clock;
use crate::server::runtime::machine::{self, Patience};

pub mod awaited;
pub mod bearers;
pub mod cancels;
pub mod catalogue;
pub mod changes;
pub mod checkpoints;
pub mod copying;
pub mod coupons;
pub mod customers;
pub mod events;
pub mod invariants;
pub mod offers;
mod opening;
pub mod orders;
pub mod payments;
mod pooled;
pub mod probe;
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

pub use opening::is_sqlite;
pub use reader::Reader;
pub use together::Statement;
pub use writer::Tx;

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// How often a write that lost a race is tried again, and at most how long it waits between.
const TRIES_MAX: u32 = 6;
const TRY_AGAIN_MS_MAX: u64 = 80;

/// Longer than a race takes, and shorter than a lock is waited for.
const BRIEFLY: Duration = Duration::from_secs(2);

/// Handles to the database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    readers: AnyPool,
    /// Of SQLite, which has one; PostgreSQL writes through the pool.
    writer: Option<Writer>,
    /// Of SQLite.
    idle: Option<Idle>,
    /// Of PostgreSQL: see `pooled`.
    is_pooled: bool,
}

impl Db {
    /// Brings the tables up to date.
    pub async fn migrate(&self) -> Result<(), sqlx::migrate::MigrateError> {
        if self.writer.is_some() {
            return MIGRATIONS.run(&self.readers).await;
        }
        if self.is_pooled {
            return pooled::migrate(&self.readers.connect_options()).await;
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
            None => self.begin().await.map(Tx::own),
        }
    }

    async fn begin(&self) -> Result<Transaction<'static, Any>, sqlx::Error> {
        if self.is_pooled {
            return self.readers.begin_with(pooled::BEGIN).await;
        }
        self.readers.begin().await
    }

    /// Whether a pooler that hands out its connections by transaction stands in front of the server.
    pub fn is_pooled(&self) -> bool {
        self.is_pooled
    }

    /// Writes all of them, once, or nothing; returns once they are on the disk. `false` where one
    /// that is to change a row has found none; what it has found instead is on the disk too. To be
    /// called from a task that nobody drops: half of a message may have been worked through.
    pub async fn write_all(&self, statements: Vec<Statement>) -> Result<bool, sqlx::Error> {
        machine::pass("commit", "before").await;
        let written = match &self.writer {
            Some(writer) => writer.write_all(Together::for_sqlite(statements)).await,
            None => self.write_to_server(Together::for_postgres(statements)).await,
        };
        match written {
            Ok(()) => {
                machine::pass("commit", "after").await;
                Ok(true)
            }
            Err(error) if is_unchanged(&error) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn write_to_server(&self, messages: Vec<Together>) -> Result<(), sqlx::Error> {
        // One message is a transaction of its own.
        if messages.len() == 1 && !self.is_pooled {
            for message in messages {
                message.query("", "").execute(&self.readers).await?;
            }
            return Ok(());
        }
        let mut tx = self.begin().await?;
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

/// Runs a write, again if it lost a race against another. `attempt` begins and commits its own
/// transaction and has no other effect.
pub async fn repeated<T, F>(attempt: impl FnMut() -> F) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    repeated_while(attempt, || true).await
}

/// As [`repeated`], for a request: a race is lost within moments, and a database that somebody keeps
/// locked is told to whoever waits, who can try again.
pub async fn repeated_briefly<T, F>(attempt: impl FnMut() -> F) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    let patience = Patience::of(BRIEFLY);
    repeated_while(attempt, || patience.is_left()).await
}

async fn repeated_while<T, F>(
    mut attempt: impl FnMut() -> F,
    may: impl Fn() -> bool,
) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    for tries in 1..TRIES_MAX {
        match attempt().await {
            Err(Error::Database(error)) if is_lost_race(&error) && may() => {
                tracing::debug!(tries, "a write lost a race and is tried again");
            }
            ended => return ended,
        }
        // By chance, so that two who met do not meet again.
        let wait = clock::chance(TRY_AGAIN_MS_MAX * u64::from(tries) / 2);
        machine::sleep(Duration::from_millis(wait)).await;
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
