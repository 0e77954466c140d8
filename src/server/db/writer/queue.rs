//! The queue for the one connection that writes.

use std::sync::Arc;

use sqlx::{AnyConnection, Executor};
use tokio::runtime::Handle;
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::server::db::shelf::Shelf;
use crate::server::db::writer::Tx;
use crate::server::db::writer::batch::{BEGIN, BEGIN_PART, Batch, Last};

/// Waits for nobody.
const CHECKPOINT: &str = "pragma wal_checkpoint(passive)";

/// The queue for the one connection that writes. Clones are the same queue.
#[derive(Clone, Debug)]
pub(in crate::server::db) struct Writer {
    batch: Arc<Mutex<Batch>>,
}

impl Writer {
    pub(in crate::server::db) fn new(connection: AnyConnection) -> Writer {
        let batch = Batch { connection, is_open: false, last: Last::Well, waiting: Vec::new() };
        Writer { batch: Arc::new(Mutex::new(batch)) }
    }

    /// Waits for its turn and begins a part of the batch that is open, or a new one.
    pub(in crate::server::db) async fn begin(&self, shelf: Shelf) -> Result<Tx, sqlx::Error> {
        let mut batch = self.turn().await;
        if batch.is_open {
            batch.connection.execute(BEGIN_PART).await?;
        } else {
            self.open(&mut batch);
            if let Err(error) = batch.connection.execute(BEGIN).await {
                batch.fail("the transaction could not begin").await;
                return Err(error);
            }
            batch.last = Last::Well;
        }
        Ok(Tx::part(batch, shelf))
    }

    /// For a set, which is written through another connection: as [`Writer::turn`], with all that is
    /// begun here ended. Not for a task.
    pub(in crate::server::db) fn turn_of_thread(&self, runtime: &Handle) -> OwnedMutexGuard<Batch> {
        runtime.block_on(async {
            let mut batch = self.turn().await;
            batch.commit().await;
            batch
        })
    }

    /// Waits until nobody else writes, and ends what the one before has left.
    async fn turn(&self) -> OwnedMutexGuard<Batch> {
        let mut batch = Arc::clone(&self.batch).lock_owned().await;
        // Where that fails, the batch has ended and everyone in it knows; the next is another.
        let _ = batch.mend().await;
        batch
    }

    /// Says that a transaction is open, before it is: a caller that leaves in the middle leaves
    /// one that the committer ends.
    fn open(&self, batch: &mut Batch) {
        batch.is_open = true;
        batch.last = Last::Torn;
        // A task of its own: the commit belongs to all who wait for it, and must not end with a
        // request that someone has hung up on.
        let queue = Arc::clone(&self.batch);
        tokio::spawn(async move { queue.lock_owned().await.commit().await });
    }

    /// Sets something on the connection, between two batches.
    #[cfg(test)]
    pub(in crate::server::db) async fn set(&self, pragma: String) -> Result<(), sqlx::Error> {
        let mut batch = self.batch.lock().await;
        batch.commit().await;
        batch.connection.execute(sqlx::AssertSqlSafe(pragma)).await.map(|_| ())
    }

    /// Waits until what was begun has ended.
    pub(in crate::server::db) async fn finish(&self) {
        let mut batch = self.batch.lock().await;
        batch.commit().await;
    }

    /// Brings what is written from the log into the file. The connection itself is closed with the
    /// last handle, at a time of its own.
    pub(in crate::server::db) async fn empty_log(&self) {
        let mut batch = self.batch.lock().await;
        // Where another program is reading, the log stays beside the file and is as good.
        let _ = batch.connection.execute(CHECKPOINT).await;
    }
}
