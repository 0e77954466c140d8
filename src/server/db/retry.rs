//! Writes that are tried again when they lost a race.

use std::time::Duration;

use crate::server::Error;
use crate::server::db::failures::is_lost_race;
use crate::server::runtime::clock;
use crate::server::runtime::machine::{self, Patience};

/// How often a write that lost a race is tried again, and at most how long it waits between.
const TRIES_MAX: u32 = 6;
const TRY_AGAIN_MS_MAX: u64 = 80;

/// Longer than a race takes, and shorter than a lock is waited for.
const BRIEFLY: Duration = Duration::from_secs(2);

/// Runs a write, again if it lost a race against another. `attempt` begins and commits its own
/// transaction and has no other effect.
pub async fn repeated<T, F>(attempt: impl FnMut() -> F) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    repeated_while(attempt, || true).await
}

/// As [`repeated`], for a request: a race is lost within moments, and a database that somebody keeps
/// locked is told to whoever waits, who can try again.
pub async fn repeated_briefly<T, F>(attempt: impl FnMut() -> F) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    let patience = Patience::of(BRIEFLY);
    repeated_while(attempt, || patience.is_left()).await
}

async fn repeated_while<T, F>(
    mut attempt: impl FnMut() -> F,
    may: impl Fn() -> bool,
) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    for tries in 1..TRIES_MAX {
        match attempt().await {
            Err(Error::Database(error)) if is_lost_race(&error) && may() => {
                tracing::debug!(tries, "a write lost a race and is tried again");
            }
            ended => return ended,
        }
        // By chance, so that two who met do not meet again.
        let wait = clock::chance(TRY_AGAIN_MS_MAX * u64::from(tries) / 2);
        machine::sleep(Duration::from_millis(wait)).await;
    }
    attempt().await
}
