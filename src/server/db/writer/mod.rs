//! The one writer of an SQLite file: writes that wait together are committed together.
//!
//! How: writers queue for one connection. The first opens a transaction and sends a committer
//! to the end of the queue; each writer does its part inside a savepoint, leaves, and waits.
//! When the committer's turn comes, one commit, and so one wait for the disk, ends the wait of
//! all who were before it. Nobody waits for company: alone in the queue, a writer is followed
//! by its committer at once. Writes that are whole from the start ([`Db::write_all`]) need no turn
//! each: whoever has its turn does all that wait, on a thread of its own, and commits them.
//!
//! Why: each commit of its own costs a flush of the disk, so that a busy shop would stand in a
//! line of flushes. PostgreSQL does the same inside itself.
//!
//! A writer sees what others of its batch have written before it. Whoever acts on that commits,
//! even with nothing of its own, and so waits until it is on the disk.
//!
//! Invariant: nobody is told of a commit that did not happen. A failure that undoes the whole
//! transaction takes the savepoint `whole` with it, and then the commit fails for everyone.
//!
//! [`Db::write_all`]: crate::server::db::Db::write_all

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, MutexGuard, PoisonError};

use sqlx::error::ErrorKind;
use sqlx::{AnyConnection, Executor};
use tokio::runtime::Handle;
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

use crate::server::db::together::{Together, is_unchanged};

mod tx;

pub use tx::Tx;

/// `whole` is what a failure that undoes everything takes along, `part` what one writer does. Parts
/// stand inside each other and are not released one by one, which would cost a message each.
const BEGIN: &str = "begin immediate; savepoint whole; savepoint part;";
const BEGIN_PART: &str = "savepoint part;";

/// Waits for nobody.
const CHECKPOINT: &str = "pragma wal_checkpoint(passive)";

/// Whole writes that one turn takes at most, so that others have theirs.
const JOBS_MAX: usize = 64;

/// The queue for the one connection that writes. Clones are the same queue.
#[derive(Clone, Debug)]
pub(super) struct Writer {
    batch: Arc<Mutex<Batch>>,
    /// How many wait for their turn.
    queued: Arc<AtomicUsize>,
    jobs: Jobs,
}

/// Whole writes that wait; whoever has its turn does them all.
type Jobs = Arc<std::sync::Mutex<VecDeque<Job>>>;

#[derive(Debug)]
struct Job {
    all: Together,
    tell: oneshot::Sender<Result<(), sqlx::Error>>,
}

/// What is to be committed together.
#[derive(Debug)]
struct Batch {
    connection: AnyConnection,
    /// Whether a transaction is open on the connection.
    is_open: bool,
    last: Last,
    waiting: Vec<oneshot::Sender<Result<(), String>>>,
}

/// How whoever was last has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Last {
    /// With its part done, or without a trace.
    Well,
    /// In the middle of its part, which is to be undone.
    Torn,
    /// While a message was under way that began a part and ended it, or did not. Undoing might
    /// undo the part before, so that all must go.
    Unsure,
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
    pub(super) fn new(connection: AnyConnection) -> Writer {
        let batch = Batch { connection, is_open: false, last: Last::Well, waiting: Vec::new() };
        Writer { batch: Arc::new(Mutex::new(batch)), queued: Arc::default(), jobs: Arc::default() }
    }

    /// Waits for its turn and begins a part of the batch that is open, or a new one.
    pub(super) async fn begin(&self) -> Result<Tx, sqlx::Error> {
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
    pub(super) async fn write_all(&self, all: Together) -> Result<(), sqlx::Error> {
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

    /// Brings what is written from the log into the file. The connection itself is closed with the
    /// last handle, at a time of its own.
    pub(super) async fn empty_log(&self) {
        let mut batch = self.batch.lock().await;
        // Where another program is reading, the log stays beside the file and is as good.
        let _ = batch.connection.execute(CHECKPOINT).await;
    }
}

impl Batch {
    /// Nobody else waits: the commit goes with the message.
    async fn write_alone(&mut self, all: Together) -> Result<(), sqlx::Error> {
        self.is_open = true;
        self.last = Last::Unsure;
        let written = all.query("begin immediate;", "commit").execute(&mut self.connection).await;
        match &written {
            Ok(_) => {
                self.is_open = false;
                self.last = Last::Well;
            }
            Err(error) => self.fail(&error.to_string()).await,
        }
        written.map(|_| ())
    }

    /// Does all whole writes that wait, and commits them together.
    async fn work_through(&mut self, first: Job, jobs: &Jobs) {
        let (mut next, mut ended) = (Some(first), Vec::new());
        while let Some(job) = next {
            // Nobody waits for it any more.
            if !job.tell.is_closed() {
                ended.push((self.work(job.all).await, job.tell));
            }
            next = if ended.len() < JOBS_MAX { lock(jobs).pop_front() } else { None };
        }
        self.commit().await;
        for ((written, verdict), tell) in ended {
            // Also where nothing was written: what was in the way may be of the same batch, and is
            // acted on only once that is on the disk.
            let on_disk = match verdict {
                Some(verdict) => verdict.ended().await,
                None => Ok(()),
            };
            let _ = tell.send(on_disk.and(written));
        }
    }

    /// One whole write as a part of the batch, and how that will end.
    async fn work(&mut self, all: Together) -> (Result<(), sqlx::Error>, Option<Verdict>) {
        // Where that fails, the batch has ended and everyone in it knows; the next is another.
        let _ = self.mend().await;
        let begin = if self.is_open { BEGIN_PART } else { BEGIN };
        (self.is_open, self.last) = (true, Last::Unsure);
        let written = all.query(begin, "").execute(&mut self.connection).await.map(|_| ());
        match &written {
            Ok(()) => self.last = Last::Well,
            // One of the statements, so that the part had begun.
            Err(error) if is_unchanged(error) || is_in_the_way(error) => self.last = Last::Torn,
            Err(error) => {
                self.fail(&error.to_string()).await;
                return (written, None);
            }
        }
        (written, Some(self.told()))
    }

    /// Undoes what a writer has left that did not leave well.
    async fn mend(&mut self) -> Result<(), sqlx::Error> {
        let last = std::mem::replace(&mut self.last, Last::Well);
        if !self.is_open || last == Last::Well {
            return Ok(());
        }
        if last == Last::Unsure {
            let why = "a write was left in the middle";
            self.fail(why).await;
            return Err(undone(why));
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
        if self.mend().await.is_err() || !self.is_open {
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
        self.last = Last::Well;
        // An error means that nothing is open, which is what is wanted.
        let _ = self.connection.execute("rollback").await;
        self.tell(&Err(why.to_owned()));
    }

    /// Hears how the batch ends that is open now.
    fn told(&mut self) -> Verdict {
        let (tell, told) = oneshot::channel();
        if self.is_open {
            self.waiting.push(tell);
        }
        Verdict(told)
    }

    fn tell(&mut self, ended: &Result<(), String>) {
        for one in self.waiting.drain(..) {
            // Whoever has hung up need not hear it.
            let _ = one.send(ended.clone());
        }
    }
}

/// How a batch will end.
struct Verdict(oneshot::Receiver<Result<(), String>>);

impl Verdict {
    async fn ended(self) -> Result<(), sqlx::Error> {
        match self.0.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(why)) => Err(undone(&why)),
            Err(_) => Err(undone("the database was closed")),
        }
    }
}

fn lock(jobs: &Jobs) -> MutexGuard<'_, VecDeque<Job>> {
    jobs.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Reads as an outage: the same write may succeed later.
fn undone(why: &str) -> sqlx::Error {
    sqlx::Error::Protocol(format!("the commit did not happen: {why}"))
}

/// Whether a statement was refused because of what is stored, rather than by the disk.
fn is_in_the_way(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| {
        matches!(
            error.kind(),
            ErrorKind::UniqueViolation
                | ErrorKind::ForeignKeyViolation
                | ErrorKind::NotNullViolation
                | ErrorKind::CheckViolation
        )
    })
}
