//! What is to be committed together, and how its parts begin, end and are undone.

use std::collections::VecDeque;
use std::sync::{Arc, MutexGuard, PoisonError};

use sqlx::error::ErrorKind;
use sqlx::{AnyConnection, Executor};
use tokio::sync::oneshot;

use crate::server::db::together::{Together, is_unchanged};

/// `whole` is what a failure that undoes everything takes along, `part` what one writer does. Parts
/// stand inside each other and are not released one by one, which would cost a message each.
pub(super) const BEGIN: &str = "begin immediate; savepoint whole; savepoint part;";
pub(super) const BEGIN_PART: &str = "savepoint part;";

/// Whole writes that one turn takes at most, so that others have theirs.
const JOBS_MAX: usize = 64;

/// Whole writes that wait; whoever has its turn does them all.
pub(super) type Jobs = Arc<std::sync::Mutex<VecDeque<Job>>>;

#[derive(Debug)]
pub(super) struct Job {
    pub(super) all: Together,
    pub(super) tell: oneshot::Sender<Result<(), sqlx::Error>>,
}

/// What is to be committed together.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) connection: AnyConnection,
    /// Whether a transaction is open on the connection.
    pub(super) is_open: bool,
    pub(super) last: Last,
    pub(super) waiting: Vec<oneshot::Sender<Result<(), String>>>,
}

/// How whoever was last has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Last {
    /// With its part done, or without a trace.
    Well,
    /// In the middle of its part, which is to be undone.
    Torn,
    /// While a message was under way that began a part and ended it, or did not. Undoing might
    /// undo the part before, so that all must go.
    Unsure,
}

impl Batch {
    /// Nobody else waits: the commit goes with the message.
    pub(super) async fn write_alone(&mut self, all: Together) -> Result<(), sqlx::Error> {
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
    pub(super) async fn work_through(&mut self, first: Job, jobs: &Jobs) {
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
    pub(super) async fn work(
        &mut self,
        all: Together,
    ) -> (Result<(), sqlx::Error>, Option<Verdict>) {
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
    pub(super) async fn mend(&mut self) -> Result<(), sqlx::Error> {
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
    pub(super) async fn commit(&mut self) {
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

    pub(super) async fn fail(&mut self, why: &str) {
        self.is_open = false;
        self.last = Last::Well;
        // An error means that nothing is open, which is what is wanted.
        let _ = self.connection.execute("rollback").await;
        self.tell(&Err(why.to_owned()));
    }

    /// Hears how the batch ends that is open now.
    pub(super) fn told(&mut self) -> Verdict {
        let (tell, told) = oneshot::channel();
        if self.is_open {
            self.waiting.push(tell);
        }
        Verdict(told)
    }

    pub(super) fn tell(&mut self, ended: &Result<(), String>) {
        for one in self.waiting.drain(..) {
            // Whoever has hung up need not hear it.
            let _ = one.send(ended.clone());
        }
    }
}

/// How a batch will end.
pub(super) struct Verdict(oneshot::Receiver<Result<(), String>>);

impl Verdict {
    pub(super) async fn ended(self) -> Result<(), sqlx::Error> {
        match self.0.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(why)) => Err(undone(&why)),
            Err(_) => Err(undone("the database was closed")),
        }
    }
}

pub(super) fn lock(jobs: &Jobs) -> MutexGuard<'_, VecDeque<Job>> {
    jobs.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Reads as an outage: the same write may succeed later.
pub(super) fn undone(why: &str) -> sqlx::Error {
    sqlx::Error::Protocol(format!("the commit did not happen: {why}"))
}

/// Whether a statement was refused because of what is stored, rather than by the disk.
pub(super) fn is_in_the_way(error: &sqlx::Error) -> bool {
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
