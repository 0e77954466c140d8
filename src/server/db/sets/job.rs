//! A write that waits for its set.

use tokio::sync::oneshot;

use crate::server::db::statement::Statement;

/// A write that waits: what it is, and who is to be told whether it was done.
pub(super) struct Job {
    pub(super) statements: Vec<Statement>,
    pub(super) tell: oneshot::Sender<Told>,
}

/// `false`: a row was not as the write had seen it, and nothing was written.
pub(super) type Told = Result<bool, sqlx::Error>;

impl std::fmt::Debug for Job {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Job")
    }
}

pub(super) fn tell(job: Job, told: Told) {
    // Whoever has hung up need not hear it.
    drop(job.tell.send(told));
}
