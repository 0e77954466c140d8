//! Which of the programs that serve one shop are up, as this one sees it.
//!
//! How: each counts in the database that it is up. Where another's count stands still for some seconds and
//! some looks of whoever reads it, that one is gone. No clock of another machine is read, and one that
//! has itself stood still takes nobody for gone before it has looked again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::server::runtime::clock;

/// How long a count stands still of one that is gone: some beats, so that a slow disk is not a death.
const GONE_MS: i64 = 5_500;

/// And over how many looks: whoever has slept has had no look meanwhile.
const GONE_LOOKS: u32 = 3;

/// This program among them. Clones are the same.
#[derive(Clone, Debug)]
pub struct Presence {
    number: i64,
    seen: Arc<Mutex<HashMap<i64, Seen>>>,
}

/// One that has said that it is up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instance {
    pub number: i64,
    /// How often.
    pub beats: i64,
}

/// What was seen of another.
#[derive(Clone, Copy, Debug)]
struct Seen {
    beats: i64,
    /// Uptime of this machine when that was new.
    at: i64,
    looks: u32,
}

impl Default for Presence {
    fn default() -> Presence {
        let most = u64::try_from(i64::MAX).unwrap_or(u64::MAX);
        let number = i64::try_from(clock::chance(most)).unwrap_or(i64::MAX);
        Presence { number, seen: Arc::default() }
    }
}

impl Presence {
    /// What leases of this program are known by.
    pub fn number(&self) -> i64 {
        self.number
    }

    /// Takes in a look, and says who is gone.
    pub fn gone(&self, all: &[Instance], uptime: i64) -> Vec<Instance> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.retain(|number, _| all.iter().any(|it| it.number == *number));
        let mut gone = Vec::new();
        for one in all.iter().filter(|one| one.number != self.number) {
            let new = Seen { beats: one.beats, at: uptime, looks: 0 };
            let of_one = seen.entry(one.number).or_insert(new);
            if of_one.beats != one.beats {
                *of_one = new;
            }
            of_one.looks = of_one.looks.saturating_add(1);
            if of_one.looks >= GONE_LOOKS && uptime - of_one.at >= GONE_MS {
                gone.push(*one);
            }
        }
        gone
    }
}

#[cfg(test)]
mod tests {
    use super::{Instance, Presence};

    #[test]
    fn whoever_is_not_heard_of_over_some_looks_and_seconds_is_gone() {
        let presence = Presence { number: 1, seen: Default::default() };
        let heard = |beats| [Instance { number: 1, beats: 9 }, Instance { number: 2, beats }];
        // Each row: the uptime at a look, the other's count, and whether that one is gone.
        for (uptime, beats, is_gone) in [
            (0, 1, false),
            // A machine that slept has not looked.
            (100_000, 1, false),
            (101_000, 2, false),
            (102_000, 3, false),
            (104_000, 3, false),
            (106_000, 3, false),
            (108_000, 3, true),
            // It was not, after all.
            (110_000, 4, false),
        ] {
            let gone = presence.gone(&heard(beats), uptime);
            assert_eq!(!gone.is_empty(), is_gone, "at {uptime}");
            assert!(gone.iter().all(|it| it.number == 2));
        }
        assert!(presence.gone(&[], 111_000).is_empty());
    }
}
