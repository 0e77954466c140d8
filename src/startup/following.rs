//! The loop that feeds all streams of open pages by one look at the database at a time.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use crate::server::App;
use crate::server::runtime::failures::FailureLog;

/// How often the database is asked what other instances did, while anyone listens.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// How long a look waits after another, however much this instance does.
const LOOKS_APART: Duration = Duration::from_millis(50);

/// Feeds the streams until the shop stops, and ends them then.
pub async fn follow(app: App, mut stopped: watch::Receiver<bool>) {
    let failures = FailureLog::new("streams");
    let feeding = async {
        let mut looked_at = app.clock.now();
        loop {
            if app.live.count() == 0 {
                app.live.woken().await;
                // A stream that begins has read its order itself.
                looked_at = app.clock.now();
                continue;
            }
            // A time-out is the ordinary case: nothing was done here.
            drop(timeout(LOOK_EVERY, app.live.woken()).await);
            let now = app.clock.now();
            let look = async {
                // A clock that was set back is where it is.
                app.live.look(&app.db, &app.metrics, looked_at.min(now)).await?;
                // After a failure the next look goes back as far.
                looked_at = now;
                Ok(())
            };
            failures.watch(&app.clock, look).await;
            sleep(LOOKS_APART).await;
        }
    };
    tokio::select! {
        () = feeding => {}
        // An error means that the shop is gone, which is a stop too.
        _ = stopped.wait_for(|stopped| *stopped) => {}
    }
    app.live.end();
}
