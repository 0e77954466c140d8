//! Writes that wait together are one set: one transaction, one wait for the disk.
//!
//! How: a write is a list of [`Statement`]s, decided before by what was read; whoever is at work takes
//! all that wait. The first statement of each says how its row was seen: where that has changed, the
//! write is not done and costs the others nothing. Where a later one finds no row, or the database
//! refuses one, the set is done again without that write. Nobody waits for company: alone, a write goes
//! at once.
//!
//! Invariant: nobody is told of a commit that did not happen, and everyone after it.

mod job;
mod joined;
pub(super) mod server;
pub(super) mod sqlite;

use std::sync::Arc;

use tokio::sync::oneshot;

use crate::server::db::queue::{AtWork, Queue};
use crate::server::db::refusal::undone;
use crate::server::db::sets::job::{Job, Told};
use crate::server::db::sets::server::Server;
use crate::server::db::sets::sqlite::File;
use crate::server::db::statement::Statement;

/// Writes that one set takes at most, so that none waits for too many others.
const SET_MAX: usize = 64;

/// The queue of writes. Clones are the same queue.
#[derive(Clone, Debug)]
pub(super) struct Sets {
    queue: Arc<Queue<Job>>,
    place: Place,
}

/// Where sets are written.
#[derive(Clone, Debug)]
enum Place {
    File(Arc<File>),
    Server(Arc<Server>),
}

impl Sets {
    /// Of an SQLite file.
    pub(super) fn of_file(file: File) -> Sets {
        Sets { queue: Queue::new(1, SET_MAX), place: Place::File(Arc::new(file)) }
    }

    /// Of a PostgreSQL server.
    pub(super) fn of_server(server: Server) -> Sets {
        let queue = Queue::new(server::SETS_AT_ONCE, SET_MAX);
        Sets { queue, place: Place::Server(Arc::new(server)) }
    }

    /// All of them, once, or nothing. See [`Db::write_all`].
    ///
    /// [`Db::write_all`]: crate::server::db::Db::write_all
    pub(super) async fn write(&self, statements: Vec<Statement>) -> Told {
        let (tell, told) = oneshot::channel();
        if let Some(at_work) = self.queue.push(Job { statements, tell }) {
            match self.place.clone() {
                // A thread of its own, on which nothing is waited for but the disk.
                Place::File(file) => {
                    drop(tokio::task::spawn_blocking(move || write_to_file(&file, at_work)));
                }
                Place::Server(server) => {
                    drop(tokio::spawn(async move { write_to_server(&server, at_work).await }));
                }
            }
        }
        told.await.unwrap_or_else(|_| Err(undone("the write was lost")))
    }

    /// Waits until nothing waits, and gives up the connections.
    pub(super) async fn close(&self) {
        while !self.queue.is_idle() {
            tokio::task::yield_now().await;
        }
        match &self.place {
            Place::File(file) => file.close(),
            Place::Server(server) => server.close().await,
        }
    }

    #[cfg(test)]
    pub(super) fn set(&self, pragma: &str) -> Result<(), sqlx::Error> {
        match &self.place {
            Place::File(file) => file.set(pragma),
            Place::Server(_) => Err(sqlx::Error::WorkerCrashed),
        }
    }
}

fn write_to_file(file: &File, at_work: AtWork<Job>) {
    let mut at_work = at_work;
    loop {
        // First its turn, then what waits by then.
        let turn = file.turn();
        let Some((next, jobs)) = at_work.next() else { return };
        file.write(turn, awaited(jobs));
        at_work = next;
    }
}

async fn write_to_server(server: &Server, at_work: AtWork<Job>) {
    let mut at_work = at_work;
    while let Some((next, jobs)) = at_work.next() {
        server.write(awaited(jobs)).await;
        at_work = next;
    }
}

/// Without those whose caller is gone.
fn awaited(mut jobs: Vec<Job>) -> Vec<Job> {
    jobs.retain(|job| !job.tell.is_closed());
    jobs
}
