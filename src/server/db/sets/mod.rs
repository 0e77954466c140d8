//! Writes that wait together are one set: one transaction, one wait for the disk.
//!
//! How: a write is a list of [`Statement`]s, decided before by what was read; whoever is at work takes
//! all that wait. The first statement of each says how its row was seen: where that has changed, the
//! write is not done and costs the others nothing. Where a later one finds no row, or the database
//! refuses one, the set is done again without that write. Nobody waits for company: alone, a write goes
//! at once.
//!
//! Invariant: nobody is told of a commit that did not happen, and everyone after it.

mod joined;
mod refusal;
pub(super) mod server;
pub(super) mod sqlite;

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use crate::server::db::sets::refusal::undone;
use crate::server::db::sets::server::Server;
use crate::server::db::sets::sqlite::File;
use crate::server::db::statement::Statement;

/// Writes that one set takes at most, so that none waits for too many others.
const SET_MAX: usize = 64;

/// A write that waits: what it is, and who is to be told whether it was done.
struct Job {
    statements: Vec<Statement>,
    tell: oneshot::Sender<Told>,
}

/// `false`: a row was not as the write had seen it, and nothing was written.
type Told = Result<bool, sqlx::Error>;

/// The queue of writes. Clones are the same queue.
#[derive(Clone, Debug)]
pub(super) struct Sets(Arc<Queue>);

#[derive(Debug)]
struct Queue {
    waiting: Mutex<VecDeque<Job>>,
    /// Sets under way.
    busy: AtomicUsize,
    place: Place,
}

/// Where sets are written.
#[derive(Debug)]
enum Place {
    File(File),
    Server(Box<Server>),
}

impl std::fmt::Debug for Job {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Job")
    }
}

impl Sets {
    /// Of an SQLite file.
    pub(super) fn of_file(file: File) -> Sets {
        Sets::new(Place::File(file))
    }

    /// Of a PostgreSQL server.
    pub(super) fn of_server(server: Server) -> Sets {
        Sets::new(Place::Server(Box::new(server)))
    }

    fn new(place: Place) -> Sets {
        Sets(Arc::new(Queue { waiting: Mutex::default(), busy: AtomicUsize::new(0), place }))
    }

    /// All of them, once, or nothing. See [`Db::write_all`].
    ///
    /// [`Db::write_all`]: crate::server::db::Db::write_all
    pub(super) async fn write(&self, statements: Vec<Statement>) -> Told {
        let (tell, told) = oneshot::channel();
        let is_first = {
            let mut waiting = lock(&self.0.waiting);
            waiting.push_back(Job { statements, tell });
            let most = match self.0.place {
                Place::File(_) => 1,
                Place::Server(_) => server::SETS_AT_ONCE,
            };
            let is_first = self.0.busy.load(Ordering::Relaxed) < most;
            self.0.busy.fetch_add(usize::from(is_first), Ordering::Relaxed);
            is_first
        };
        if is_first {
            let busy = Busy(Arc::clone(&self.0));
            match self.0.place {
                // A thread of its own, on which nothing is waited for but the disk.
                Place::File(_) => drop(tokio::task::spawn_blocking(move || busy.write_to_file())),
                Place::Server(_) => drop(tokio::spawn(busy.write_to_server())),
            }
        }
        told.await.unwrap_or_else(|_| Err(undone("the write was lost")))
    }

    /// Waits until nothing waits, and gives up the connections.
    pub(super) async fn close(&self) {
        while self.0.busy.load(Ordering::Relaxed) > 0 {
            tokio::task::yield_now().await;
        }
        match &self.0.place {
            Place::File(file) => file.close(),
            Place::Server(server) => server.close().await,
        }
    }

    #[cfg(test)]
    pub(super) fn set(&self, pragma: &str) -> Result<(), sqlx::Error> {
        match &self.0.place {
            Place::File(file) => file.set(pragma),
            Place::Server(_) => Err(sqlx::Error::WorkerCrashed),
        }
    }
}

/// Somebody is at work on the queue, until this is dropped.
struct Busy(Arc<Queue>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.busy.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Busy {
    /// All that wait; `None`, and nobody is at work any more, where nothing does.
    fn next(self) -> Option<(Busy, Vec<Job>)> {
        let queue = Arc::clone(&self.0);
        let mut waiting = lock(&queue.waiting);
        let most = waiting.len().min(SET_MAX);
        // Nobody waits for those whose caller is gone.
        let jobs: Vec<_> = waiting.drain(..most).filter(|job| !job.tell.is_closed()).collect();
        if jobs.is_empty() && waiting.is_empty() {
            // While nobody can come in between.
            drop(self);
            return None;
        }
        Some((self, jobs))
    }

    fn write_to_file(mut self) {
        while let Place::File(file) = &self.0.place {
            // First its turn, then what waits by then.
            let turn = file.turn();
            let Some((busy, jobs)) = self.next() else { return };
            if let Place::File(file) = &busy.0.place {
                file.write(turn, jobs);
            }
            self = busy;
        }
    }

    async fn write_to_server(mut self) {
        while let Some((busy, jobs)) = self.next() {
            if let Place::Server(server) = &busy.0.place {
                server.write(jobs).await;
            }
            self = busy;
        }
    }
}

fn lock<T>(place: &Mutex<T>) -> MutexGuard<'_, T> {
    place.lock().unwrap_or_else(PoisonError::into_inner)
}

fn tell(job: Job, told: Told) {
    // Whoever has hung up need not hear it.
    drop(job.tell.send(told));
}
