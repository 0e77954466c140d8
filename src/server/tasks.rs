//! Work that must be finished even when the one who asked for it has gone.
//!
//! Why: a web server drops a request's future when the browser hangs up. Between asking Toss
//! for money and writing down its answer, that would leave an order in doubt for nothing. So
//! such work runs as a task of its own, and a graceful stop waits for it.

use std::future::Future;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_util::task::TaskTracker;
use tracing::Instrument;

/// Runs work to its end.
#[derive(Clone, Debug, Default)]
pub struct Tasks {
    tracker: TaskTracker,
}

impl Tasks {
    /// Starts it; dropping the handle does not stop it.
    pub fn start<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> JoinHandle<T> {
        // Part of the story of whoever asked for it.
        self.tracker.spawn(work.in_current_span())
    }

    /// Waits for everything that was started, at most `patience`; says whether all ended.
    pub async fn finish(&self, patience: Duration) -> bool {
        self.tracker.close();
        tokio::time::timeout(patience, self.tracker.wait()).await.is_ok()
    }
}
