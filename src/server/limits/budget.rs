//! How many questions the background may ask Toss: buyers who wait come first, and Toss limits calls
//! (Toss: api.md §8, §10 rule 12). And how often each caller may do what costs something.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

/// How much earlier than the last caller one may have read the clock.
const OVERTAKEN_MS_MAX: i64 = 1_000;

/// A bucket that fills by the minute. Clones are the same bucket.
#[derive(Clone, Debug)]
pub struct Budget {
    inside: Arc<Mutex<Bucket>>,
    per_minute: u32,
}

#[derive(Debug)]
struct Bucket {
    /// Thousandths of a question.
    left: i64,
    filled_at: i64,
}

impl Bucket {
    fn full(per_minute: u32) -> Bucket {
        Bucket { left: i64::from(per_minute) * 1_000, filled_at: 0 }
    }

    fn fill(&mut self, now: i64, per_minute: u32) {
        let full = i64::from(per_minute) * 1_000;
        let passed = now.saturating_sub(self.filled_at).clamp(0, 60_000);
        // Callers overtake each other by little; a clock that was set back begins anew.
        let is_set_back = now < self.filled_at - OVERTAKEN_MS_MAX;
        self.filled_at = if is_set_back { now } else { self.filled_at.max(now) };
        self.left = (self.left + passed * full / 60_000).min(full);
    }

    fn is_full(&self, per_minute: u32) -> bool {
        self.left >= i64::from(per_minute) * 1_000
    }
}

/// How many callers are remembered at a time: some megabytes.
const CALLERS_MAX: usize = 50_000;

/// A bucket for each caller. Clones are the same buckets.
#[derive(Clone, Debug)]
pub struct Budgets<K> {
    inside: Arc<Mutex<HashMap<K, Bucket>>>,
    per_minute: u32,
}

impl<K: Eq + Hash> Budgets<K> {
    pub fn per_minute(per_minute: u32) -> Budgets<K> {
        Budgets { inside: Arc::default(), per_minute }
    }

    /// Takes one of this caller's; says whether there was one.
    pub fn take(&self, caller: K, now: i64) -> bool {
        let per_minute = self.per_minute;
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        if inside.len() >= CALLERS_MAX && !inside.contains_key(&caller) {
            inside.retain(|_, bucket| {
                bucket.fill(now, per_minute);
                !bucket.is_full(per_minute)
            });
            // So many at once are somebody's; nobody else is to be refused for it.
            if inside.len() >= CALLERS_MAX {
                inside.clear();
            }
        }
        let bucket = inside.entry(caller).or_insert_with(|| Bucket::full(per_minute));
        bucket.fill(now, per_minute);
        let has_one = bucket.left >= 1_000;
        if has_one {
            bucket.left -= 1_000;
        }
        has_one
    }
}

impl Budget {
    /// Full at first, so that a start after a crash can look at what was left in doubt.
    pub fn per_minute(per_minute: u32) -> Budget {
        Budget { inside: Arc::new(Mutex::new(Bucket::full(per_minute))), per_minute }
    }

    /// Takes as many as there are, at most `wanted`.
    pub fn take(&self, now: i64, wanted: u32) -> u32 {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        inside.fill(now, self.per_minute);
        let taken = (inside.left / 1_000).clamp(0, i64::from(wanted));
        inside.left -= taken * 1_000;
        u32::try_from(taken).unwrap_or(0)
    }

    /// Gives back what was not used.
    pub fn give_back(&self, unused: i64) {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let full = i64::from(self.per_minute) * 1_000;
        inside.left = (inside.left + unused.max(0) * 1_000).min(full);
    }
}

#[cfg(test)]
mod tests {
    use super::{Budget, Budgets, CALLERS_MAX};

    #[test]
    fn a_minute_holds_what_it_says() {
        let budget = Budget::per_minute(60);
        assert_eq!(budget.take(0, 50), 50);
        assert_eq!(budget.take(0, 50), 10);
        assert_eq!(budget.take(0, 50), 0);
        assert_eq!(budget.take(1_000, 50), 1);
        budget.give_back(5);
        assert_eq!(budget.take(1_000, 50), 5);
        assert_eq!(budget.take(3_600_000, 100), 60);
        // The clock is set back.
        assert_eq!(budget.take(0, 50), 0);
        assert_eq!(budget.take(1_000, 50), 1);
    }

    #[test]
    fn each_caller_has_a_budget_of_its_own_and_as_many_as_there_are_fit() {
        let budgets = Budgets::per_minute(2);
        assert_eq!([1, 1, 1, 2].map(|caller| budgets.take(caller, 0)), [true, true, false, true]);
        assert!(!budgets.take(1, 29_999));
        assert!(budgets.take(1, 60_000));
        for caller in 0..2 * CALLERS_MAX {
            assert!(budgets.take(10 + caller, 60_000), "{caller}");
        }
        assert!(budgets.inside.lock().unwrap().len() <= CALLERS_MAX);
    }
}
