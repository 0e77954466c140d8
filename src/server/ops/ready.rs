//! `GET /readyz`: whether the shop can do its work, which is to write down what happens.

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use crate::server::db::probe;
use crate::server::runtime::failures::FailureLog;
use crate::server::{App, Error};

/// How long an answer counts, so that whoever asks often does not write often.
const KEPT: Duration = Duration::from_secs(1);

/// Longer than a commit takes anywhere, and as long as whoever asks will wait.
const PATIENCE: Duration = Duration::from_secs(3);

/// The last probe of one shop. Clones are the same.
#[derive(Clone, Debug)]
pub struct Ready {
    last: Arc<Mutex<Option<(Instant, bool)>>>,
    failures: FailureLog,
}

impl Default for Ready {
    fn default() -> Ready {
        Ready { last: Arc::default(), failures: FailureLog::new("readiness") }
    }
}

impl Ready {
    /// Whoever asks while another does hears the same answer.
    async fn is_ready(&self, app: &App) -> bool {
        let mut last = self.last.lock().await;
        if let Some((at, is_ready)) = *last
            && at.elapsed() < KEPT
        {
            return is_ready;
        }
        let mut is_ready = false;
        let round = async {
            let written = timeout(PATIENCE, probe::write(&app.db, app.clock.now())).await;
            written.unwrap_or(Err(sqlx::Error::PoolTimedOut)).map_err(Error::from)?;
            is_ready = true;
            Ok::<(), Error>(())
        };
        self.failures.watch(&app.clock, round).await;
        *last = Some((Instant::now(), is_ready));
        is_ready
    }
}

/// Ready is: one row has been written and committed just now.
pub async fn show(State(app): State<App>, Extension(ready): Extension<Ready>) -> Response {
    if ready.is_ready(&app).await {
        return "ready\n".into_response();
    }
    (StatusCode::SERVICE_UNAVAILABLE, "the database takes no writes\n").into_response()
}
