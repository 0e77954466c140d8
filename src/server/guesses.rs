//! Wrong coupon codes, counted by visitor and for the whole instance, so that nobody finds a code
//! by trying.
//!
//! How: only what was wrong is counted, in memory; a code that everybody knows may be claimed as
//! often as it likes. Whoever drops the cookie is another visitor, hence the count for the
//! instance; while that is used up, nobody can enter a code, right or wrong.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Of one visitor in a window: a person who mistypes stops sooner.
const OF_VISITOR_MAX: u32 = 10;

/// Of all visitors in a window: at this rate half of all codes of six letters take ten years.
const OF_INSTANCE_MAX: u32 = 1_000;

const WINDOW_MS: i64 = 600_000;

/// Clones count together.
#[derive(Clone, Debug, Default)]
pub struct Guesses {
    inside: Arc<Mutex<Inside>>,
}

/// Of one window; as many visitors at most as there are guesses for all.
#[derive(Debug, Default)]
struct Inside {
    began_at: i64,
    of_instance: u32,
    of_visitors: HashMap<String, u32>,
}

impl Guesses {
    /// A visitor tried a code; says whether that may be answered. What is wrong is counted in the
    /// same moment, so that trying many at once brings no more answers.
    pub fn tried(&self, visitor_hash: &str, is_right: bool, now: i64) -> bool {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        if now >= inside.began_at.saturating_add(WINDOW_MS) {
            *inside = Inside { began_at: now, ..Inside::default() };
        }
        let own = inside.of_visitors.get(visitor_hash).copied().unwrap_or(0);
        if own >= OF_VISITOR_MAX || inside.of_instance >= OF_INSTANCE_MAX {
            return false;
        }
        if !is_right {
            inside.of_instance += 1;
            inside.of_visitors.insert(visitor_hash.to_owned(), own + 1);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::{Guesses, OF_INSTANCE_MAX, OF_VISITOR_MAX, WINDOW_MS};

    #[test]
    fn nobody_guesses_for_long_and_everybody_may_again_later() {
        let guesses = Guesses::default();
        for _ in 0..OF_VISITOR_MAX {
            assert!(guesses.tried("one", true, 0));
            assert!(guesses.tried("one", false, 0));
        }
        assert!(!guesses.tried("one", false, WINDOW_MS - 1));
        assert!(!guesses.tried("one", true, WINDOW_MS - 1));
        assert!(guesses.tried("two", true, WINDOW_MS - 1));
        assert!(guesses.tried("one", true, WINDOW_MS));
        for other in 0..OF_INSTANCE_MAX {
            assert!(guesses.tried(&other.to_string(), false, WINDOW_MS));
        }
        assert!(!guesses.tried("two", true, WINDOW_MS));
        assert!(guesses.tried("two", true, 2 * WINDOW_MS));
    }
}
