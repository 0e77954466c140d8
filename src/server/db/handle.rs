//! The handle to the database, and all that differs between the two while it is in use.

use sqlx::any::AnyPoolOptions;
use sqlx::migrate::MigrateError;
use sqlx::{Any, AnyPool, Transaction};

use crate::server::damage::Damage;
use crate::server::db::migrations::MIGRATIONS;
use crate::server::db::pieces::Gathered;
use crate::server::db::pooled;
use crate::server::db::reader::{Idle, Reader};
use crate::server::db::sets::Sets;
use crate::server::db::shelf::Shelf;
use crate::server::db::statement::Statement;
use crate::server::db::states::written_out;
use crate::server::db::writer::{Tx, Writer};
use crate::server::runtime::machine;

/// Handles to the database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    pub(super) readers: AnyPool,
    /// Of SQLite, which has one; PostgreSQL writes through the pool.
    pub(super) writer: Option<Writer>,
    /// Connections for the reads that a payment waits for; a pooler's are taken for each anew.
    pub(super) idle: Option<Idle>,
    /// Writes that are known whole before they begin.
    pub(super) sets: Sets,
    pub(super) gathered: Gathered,
    pub(super) shelf: Shelf,
    /// Of PostgreSQL: see `pooled`.
    pub(super) is_pooled: bool,
}

impl Db {
    /// Brings the tables up to date. An order in a state that there is not is named, which no step gets
    /// over (see `migrations/0024_states.sql`).
    pub async fn migrate(&self) -> Result<(), MigrateError> {
        let Err(failed) = self.migrate_all().await else { return Ok(()) };
        let strange = written_out("select id from orders where status not in [any] limit 1");
        let strange = sqlx::query_scalar(sqlx::AssertSqlSafe(strange));
        let strange: Result<Option<String>, _> = strange.fetch_optional(&self.readers).await;
        match strange {
            Ok(Some(id)) => {
                let damage = Damage::new("orders", "status", &id);
                Err(MigrateError::Execute(sqlx::Error::Decode(Box::new(damage))))
            }
            Ok(None) | Err(_) => Err(failed),
        }
    }

    async fn migrate_all(&self) -> Result<(), MigrateError> {
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
        let shelf = self.shelf.clone();
        match &self.writer {
            Some(writer) => writer.begin(shelf).await,
            None => self.begin().await.map(|transaction| Tx::own(transaction, shelf)),
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
    /// called from a task that nobody drops: who has hung up is left out.
    pub async fn write_all(&self, statements: Vec<Statement>) -> Result<bool, sqlx::Error> {
        machine::pass("commit", "before").await;
        let is_of_stock = statements.iter().any(Statement::is_of_stock);
        let written = self.sets.write(statements).await;
        if is_of_stock {
            self.shelf.has_changed();
        }
        let is_written = written?;
        if is_written {
            machine::pass("commit", "after").await;
        }
        Ok(is_written)
    }

    /// As [`Db::write_all`], for what comes of itself, at times of its own, and no payment hangs on: a
    /// drill counts nothing of it.
    pub async fn write_aside(&self, statements: Vec<Statement>) -> Result<bool, sqlx::Error> {
        self.sets.write(statements).await
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
            Some(writer) => {
                self.sets.set(pragma)?;
                writer.set(pragma.to_owned()).await
            }
            None => Err(sqlx::Error::WorkerCrashed),
        }
    }

    /// Waits for open statements and closes all connections. SQLite's file is then whole without
    /// the log beside it, unless another program has it open.
    pub async fn close(&self) {
        self.sets.close().await;
        self.gathered.close().await;
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
