//! Says that this instance is up, and takes up what those were at that are not: in seconds, and not only
//! once their leases have ended by themselves.
//!
//! Invariant: to be taken for gone does no harm. Whoever is at a payment still, and whoever takes it up, ask
//! Toss with one idempotency key.

use crate::server::db::{instances, repeated};
use crate::server::{App, Error};

/// Says that this program is up.
pub async fn beat(app: &App) -> Result<(), Error> {
    instances::beat(&app.db, app.presence.number()).await
}

/// Says that, and ends the leases of those that are gone.
pub async fn round(app: &App) -> Result<(), Error> {
    beat(app).await?;
    let all = instances::all(app.db.read()).await?;
    for one in app.presence.gone(&all, app.clock.uptime().ms) {
        let ended = repeated(async || instances::bury(&app.db, one, app.clock.now()).await);
        if let Some(leases) = ended.await? {
            tracing::warn!(leases, "another instance is gone; what it was at is taken up");
            app.wake.notify_one();
        }
    }
    Ok(())
}

/// This program goes, and what it leaves in the middle is anybody's.
pub async fn leave(app: &App) -> Result<(), Error> {
    let all = instances::all(app.db.read()).await?;
    for one in all.into_iter().filter(|it| it.number == app.presence.number()) {
        repeated(async || instances::bury(&app.db, one, app.clock.now()).await).await?;
    }
    Ok(())
}
