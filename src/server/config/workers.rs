//! How many threads run the program's tasks.

use std::num::NonZeroUsize;
use std::thread::available_parallelism;

use clap::Args;

use crate::server::config::parse;

/// Threads for tasks; the database's own come on top.
#[derive(Clone, Copy, Debug, Args)]
pub struct Workers {
    /// Threads that run the program's tasks [default: half as many as there are cores].
    #[arg(long, env = "TOKIO_WORKER_THREADS", global = true, value_parser = parse::threads)]
    pub worker_threads: Option<NonZeroUsize>,
}

impl Workers {
    /// Half of the cores, at least one. The other half is the database's, whose threads are busy
    /// whenever these wait; and each idle worker is woken for tasks that another has taken by
    /// then, which a payment with a dozen hand-overs pays for a dozen times.
    pub fn count(&self) -> usize {
        let cores = available_parallelism().map_or(1, NonZeroUsize::get);
        self.worker_threads.map_or((cores / 2).max(1), NonZeroUsize::get)
    }
}
