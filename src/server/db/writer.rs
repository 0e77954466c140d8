//! The one writer of an SQLite file: writes that wait together are committed together.
//!
//! How: writers queue for one connection. The first opens a transaction and sends a committer
//! to the end of the queue; each writer does its part inside a savepoint, leaves, and waits.
//! When the committer's turn comes, one commit, and so one wait for the disk, ends the wait of
//! all who were before it. Nobody waits for company: alone in the queue, a writer is followed
//! by its committer at once.
//!
//! Why: each commit of its own costs a flush of the disk, so that a busy shop would stand in a
//! line of flushes. PostgreSQL does the same inside itself.
//!
//! A writer sees what others of its batch have written before it. Whoever acts on that commits,
//! even with nothing of its own, and so waits until it is on the disk.
//!
//! Invariant: nobody is told of a commit that did not happen. A failure that undoes the whole
//! transaction takes the savepoint `whole` with it, and then the commit fails for everyone.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use sqlx::{Any, AnyConnection, Executor, Transaction};
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

use crate::server::world;

/// The queue for the one connection that writes. Clones are the same queue.
#[derive(Clone, Debug)]
pub(super) struct Writer {
    batch: Arc<Mutex<Batch>>,
}

/// What is to be committed together.
#[derive(Debug)]
struct Batch {
    connection: AnyConnection,
    /// Whether a transaction is open on the connection.
    is_open: bool,
    /// Whoever was last has left in the middle of its part.
    is_torn: bool,
    waiting: Vec<oneshot::Sender<Result<(), String>>>,
}

/// A write in progress. Dropped without [`Tx::commit`], it leaves no trace.
#[derive(Debug)]
pub struct Tx(Form);

#[derive(Debug)]
enum Form {
    /// A transaction of its own, where the database has many writers.
    Own(Transaction<'static, Any>),
    /// A part of a batch.
    Part(Part),
}

#[derive(Debug)]
struct Part {
    batch: OwnedMutexGuard<Batch>,
    is_over: bool,
}

impl Writer {
    pub(super) fn new(connection: AnyConnection) -> Writer {
        let batch = Batch { connection, is_open: false, is_torn: false, waiting: Vec::new() };
        Writer { batch: Arc::new(Mutex::new(batch)) }
    }

    /// Waits for its turn and begins a part of the batch that is open, or a new one.
    pub(super) async fn begin(&self) -> Result<Tx, sqlx::Error> {
        let mut batch = Arc::clone(&self.batch).lock_owned().await;
        if batch.is_torn {
            // Where that fails, the batch has ended and everyone in it knows; this is another.
            let _ = batch.mend().await;
        }
        if batch.is_open {
            batch.connection.execute("savepoint part").await?;
        } else {
            // Said first: a caller that leaves in the middle leaves an open transaction, which
            // the committer then ends.
            batch.is_open = true;
            batch.is_torn = true;
            // A task of its own: the commit belongs to all who wait for it, and must not end
            // with a request that someone has hung up on.
            let queue = Arc::clone(&self.batch);
            tokio::spawn(async move { queue.lock_owned().await.commit().await });
            let begun = async {
                batch.connection.execute("begin immediate").await?;
                batch.connection.execute("savepoint whole; savepoint part").await
            }
            .await;
            if let Err(error) = begun {
                batch.fail("the transaction could not begin").await;
                return Err(error);
            }
            batch.is_torn = false;
        }
        Ok(Tx(Form::Part(Part { batch, is_over: false })))
    }

    /// Sets something on the connection, between two batches.
    #[cfg(test)]
    pub(super) async fn set(&self, pragma: String) -> Result<(), sqlx::Error> {
        let mut batch = self.batch.lock().await;
        batch.commit().await;
        batch.connection.execute(sqlx::AssertSqlSafe(pragma)).await.map(|_| ())
    }

    /// Waits until what was begun has ended.
    pub(super) async fn finish(&self) {
        let mut batch = self.batch.lock().await;
        batch.commit().await;
    }
}

impl Batch {
    /// Undoes the part of a writer that left in the middle.
    async fn mend(&mut self) -> Result<(), sqlx::Error> {
        self.is_torn = false;
        if !self.is_open {
            return Ok(());
        }
        let mended = self.connection.execute("rollback to part; release part").await;
        if mended.is_err() {
            self.fail("a write before this one could not be undone").await;
        }
        mended.map(|_| ())
    }

    /// Ends the batch and tells everyone who waits how.
    async fn commit(&mut self) {
        // A failure to mend has been told to all.
        if self.is_torn && self.mend().await.is_err() {
            return;
        }
        if !self.is_open {
            return;
        }
        match self.connection.execute("release whole; commit").await {
            Ok(_) => {
                self.is_open = false;
                self.tell(&Ok(()));
            }
            Err(error) => self.fail(&error.to_string()).await,
        }
    }

    async fn fail(&mut self, why: &str) {
        self.is_open = false;
        self.is_torn = false;
        // An error means that nothing is open, which is what is wanted.
        let _ = self.connection.execute("rollback").await;
        self.tell(&Err(why.to_owned()));
    }

    fn tell(&mut self, ended: &Result<(), String>) {
        for one in self.waiting.drain(..) {
            // Whoever has hung up need not hear it.
            let _ = one.send(ended.clone());
        }
    }
}

impl Tx {
    pub(super) fn own(transaction: Transaction<'static, Any>) -> Tx {
        Tx(Form::Own(transaction))
    }

    /// Returns once what was written is on the disk.
    pub async fn commit(self) -> Result<(), sqlx::Error> {
        world::pass("commit", "before").await;
        let committed = match self.0 {
            Form::Own(transaction) => transaction.commit().await,
            Form::Part(part) => part.commit().await,
        };
        world::pass("commit", "after").await;
        committed
    }

    /// Undoes what was written, now rather than when the next writer comes.
    pub async fn rollback(self) -> Result<(), sqlx::Error> {
        let mut part = match self.0 {
            Form::Own(transaction) => return transaction.rollback().await,
            Form::Part(part) => part,
        };
        part.is_over = true;
        part.batch.mend().await
    }
}

impl Part {
    async fn commit(mut self) -> Result<(), sqlx::Error> {
        let part = &mut self;
        // A full disk undoes the whole transaction, and this savepoint with it.
        let released = part.batch.connection.execute("release part").await;
        released.map_err(|error| undone(&error.to_string()))?;
        part.is_over = true;
        let (tell, told) = oneshot::channel();
        part.batch.waiting.push(tell);
        drop(self);
        match told.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(why)) => Err(undone(&why)),
            Err(_) => Err(undone("the database was closed")),
        }
    }
}

/// Reads as an outage: the same write may succeed later.
fn undone(why: &str) -> sqlx::Error {
    sqlx::Error::Protocol(format!("the commit did not happen: {why}"))
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.is_over {
            self.batch.is_torn = true;
        }
    }
}

impl Deref for Tx {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        match &self.0 {
            Form::Own(transaction) => transaction,
            Form::Part(part) => &part.batch.connection,
        }
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        match &mut self.0 {
            Form::Own(transaction) => transaction,
            Form::Part(part) => &mut part.batch.connection,
        }
    }
}
