//! What background work fails at: told at first, then once a minute with its number, and when it is
//! over.
//!
//! Why: such work tries again by itself. A database that takes nothing fails every round of it, twice
//! a second, once for each order that is due, and the log would hold nothing else.

use std::sync::{Arc, Mutex, PoisonError};

use crate::server::Error;
use crate::server::runtime::clock::Clock;

/// How often it is told that something still fails.
const TOLD_EVERY_MS: i64 = 60_000;

/// One kind of work. Clones are the same.
#[derive(Clone, Debug)]
pub struct FailureLog {
    work: &'static str,
    spell: Arc<Mutex<Spell>>,
}

/// Failures since it last worked; none at all is as good as it gets.
#[derive(Clone, Copy, Debug, Default)]
struct Spell {
    failures: u64,
    began_at: i64,
    told_at: i64,
}

/// What is to be told of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    First,
    Still { failures: u64, seconds: i64 },
}

impl FailureLog {
    pub fn new(work: &'static str) -> FailureLog {
        FailureLog { work, spell: Arc::default() }
    }

    /// Does one round of the work; the first that fails at nothing is told as the end of them.
    pub async fn watch<T>(&self, clock: &Clock, round: impl Future<Output = Result<T, Error>>) {
        let before = self.now().failures;
        match round.await {
            Err(error) => self.failed(&error, clock.now()),
            Ok(_) if self.now().failures == before => self.over(clock.now()),
            // A part of it failed, and has told so itself.
            Ok(_) => {}
        }
    }

    /// Something failed that is tried again.
    pub fn failed(&self, error: &Error, now: i64) {
        let source = std::error::Error::source(error).map(ToString::to_string);
        match self.count(now) {
            None => {}
            Some(Told::First) => {
                tracing::error!(work = self.work, error.source = source, "{error}");
            }
            Some(Told::Still { failures, seconds }) => {
                tracing::error!(
                    work = self.work,
                    error.source = source,
                    failures,
                    duration_s = seconds,
                    "still failing: {error}"
                );
            }
        }
    }

    fn over(&self, now: i64) {
        let spell = std::mem::take(&mut *self.spell.lock().unwrap_or_else(PoisonError::into_inner));
        if spell.failures > 0 {
            let seconds = now.saturating_sub(spell.began_at).div_euclid(1_000);
            let (work, failures) = (self.work, spell.failures);
            tracing::info!(work, failures, duration_s = seconds, "works again");
        }
    }

    fn count(&self, now: i64) -> Option<Told> {
        let mut spell = self.spell.lock().unwrap_or_else(PoisonError::into_inner);
        spell.failures += 1;
        if spell.failures == 1 {
            (spell.began_at, spell.told_at) = (now, now);
            return Some(Told::First);
        }
        // A clock that was set back does not silence it.
        if (spell.told_at..spell.told_at.saturating_add(TOLD_EVERY_MS)).contains(&now) {
            return None;
        }
        spell.told_at = now;
        let seconds = now.saturating_sub(spell.began_at).div_euclid(1_000);
        Some(Told::Still { failures: spell.failures, seconds })
    }

    fn now(&self) -> Spell {
        *self.spell.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::{FailureLog, TOLD_EVERY_MS, Told};

    #[test]
    fn the_first_failure_is_told_and_then_one_a_minute() {
        let failures = FailureLog::new("work");
        assert_eq!(failures.count(7), Some(Told::First));
        let mut told = Vec::new();
        // Twice a second for three minutes.
        for round in 1..=360 {
            told.extend(failures.count(7 + round * 500));
        }
        let still = |failures, seconds| Told::Still { failures, seconds };
        assert_eq!(told, [still(121, 60), still(241, 120), still(361, 180)]);
        failures.over(8);
        assert_eq!(failures.count(9), Some(Told::First));
        assert_eq!(failures.count(9 + TOLD_EVERY_MS), Some(still(2, 60)));
    }
}
