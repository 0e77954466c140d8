//! The queue for the one connection that writes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use sqlx::{AnyConnection, Executor};
use tokio::runtime::Handle;
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

use crate::server::db::together::Together;
use crate::server::db::writer::Tx;
use crate::server::db::writer::batch::{BEGIN, BEGIN_PART, Batch, Job, Jobs, Last, lock, undone};

/// Waits for nobody.
const CHECKPOINT: &str = "pragma wal_checkpoint(passive)";

/// The queue for the one connection that writes. Clones are the same queue.
#[derive(Clone, Debug)]
pub(in crate::server::db) struct Writer {
    batch: Arc<Mutex<Batch>>,
    /// How many wait for their turn.
    queued: Arc<AtomicUsize>,
    jobs: Jobs,
}

/// Counted while it waits, also if it is dropped meanwhile.
struct Queued<'a>(&'a AtomicUsize);

impl<'a> Queued<'a> {
    fn on(count: &'a AtomicUsize) -> Queued<'a> {
        count.fetch_add(1, Ordering::Relaxed);
        Queued(count)
    }
}

impl Drop for Queued<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Writer {
    pub(in crate::server::db) fn new(connection: AnyConnection) -> Writer {
        let batch = Batch { connection, is_open: false, last: Last::Well, waiting: Vec::new() };
        Writer { batch: Arc::new(Mutex::new(batch)), queued: Arc::default(), jobs: Arc::default() }
    }

    /// Waits for its turn and begins a part of the batch that is open, or a new one.
    pub(in crate::server::db) async fn begin(&self) -> Result<Tx, sqlx::Error> {
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
        Ok(Tx::part(batch))
    }

    /// One whole write, in one message. See [`Db::write_all`].
    ///
    /// [`Db::write_all`]: crate::server::db::Db::write_all
    pub(in crate::server::db) async fn write_all(&self, all: Together) -> Result<(), sqlx::Error> {
        let (tell, mut told) = oneshot::channel();
        lock(&self.jobs).push_back(Job { all, tell });
        let mut batch = tokio::select! {
            biased;
            // By somebody who has had its turn since.
            done = &mut told => return done.unwrap_or_else(|_| Err(undone("the write was lost"))),
            batch = self.turn() => batch,
        };
        let (job, is_alone) = {
            let mut jobs = lock(&self.jobs);
            (jobs.pop_front(), jobs.is_empty())
        };
        match job {
            Some(job) if is_alone && !batch.is_open && self.queued.load(Ordering::Relaxed) == 0 => {
                let written = batch.write_alone(job.all).await;
                drop(batch);
                let _ = job.tell.send(written);
            }
            Some(job) => {
                let (jobs, runtime) = (Arc::clone(&self.jobs), Handle::current());
                // A thread of its own: between two messages it waits for the database alone, and not
                // for its turn among all tasks as well.
                tokio::task::spawn_blocking(move || {
                    runtime.block_on(async move { batch.work_through(job, &jobs).await });
                });
            }
            None => drop(batch),
        }
        told.await.unwrap_or_else(|_| Err(undone("the write was lost")))
    }

    /// Waits until nobody else writes, and ends what the one before has left.
    async fn turn(&self) -> OwnedMutexGuard<Batch> {
        let queued = Queued::on(&self.queued);
        let mut batch = Arc::clone(&self.batch).lock_owned().await;
        drop(queued);
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
