//! Work that must be finished even when the one who asked for it has gone.
//!
//! Why: a web server drops a request's future when the browser hangs up. Between asking Toss
//! for money and writing down its answer, that would leave an order in doubt for nothing. So
//! such work runs as a task of its own, and a graceful stop waits for it.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_util::task::TaskTracker;
use tracing::Instrument;

use crate::server::Error;
use crate::server::runtime::asked_in::carried;
use crate::server::runtime::machine::{self, Pause, Standstill};

/// Runs work to its end.
#[derive(Clone, Debug, Default)]
pub struct Tasks {
    tracker: TaskTracker,
}

/// A piece of work that was started; dropping it does not stop the work.
#[derive(Debug)]
#[must_use]
pub struct Work<T>(Form<T>);

#[derive(Debug)]
enum Form<T> {
    Task(JoinHandle<T>),
    /// A task of a simulated world, and where it leaves its result.
    Simulated {
        id: u64,
        left: Arc<Mutex<Option<T>>>,
    },
}

impl Tasks {
    /// Starts it.
    pub fn start<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Work<T> {
        let work = carried(work);
        let Some(world) = machine::here() else {
            // Part of the story of whoever asked for it.
            return Work(Form::Task(self.tracker.spawn(work.in_current_span())));
        };
        let left = Arc::new(Mutex::new(None));
        let place = Arc::clone(&left);
        let id = world.start(Box::pin(async move {
            let result = work.await;
            *place.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
        }));
        Work(Form::Simulated { id, left })
    }

    /// Waits for everything that was started, at most `patience`; says whether all ended.
    pub async fn finish(&self, patience: Duration) -> bool {
        self.tracker.close();
        tokio::time::timeout(patience, self.tracker.wait()).await.is_ok()
    }
}

impl<T> Work<T> {
    /// Waits for its result.
    pub async fn ended(self) -> Result<T, Error> {
        match self.0 {
            Form::Task(task) => Ok(task.await?),
            Form::Simulated { id, left } => {
                Standstill::at(Pause::Task { id, until: i64::MAX }).await;
                taken(&left).ok_or(Error::Impossible("a simulated task left nothing"))
            }
        }
    }

    /// Waits for its result as long as `patience` lasts; the work goes on without us then.
    pub async fn ended_within(self, patience: Duration) -> Result<Option<T>, Error> {
        match self.0 {
            Form::Task(task) => match tokio::time::timeout(patience, task).await {
                Ok(ended) => Ok(Some(ended?)),
                Err(_elapsed) => Ok(None),
            },
            Form::Simulated { id, left } => {
                let now = machine::now().unwrap_or_default();
                Standstill::at(Pause::Task { id, until: now + machine::ms(patience) }).await;
                Ok(taken(&left))
            }
        }
    }
}

fn taken<T>(left: &Mutex<Option<T>>) -> Option<T> {
    left.lock().unwrap_or_else(PoisonError::into_inner).take()
}
