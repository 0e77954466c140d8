//! How many questions the background may ask Toss: buyers who wait come first, and Toss limits calls
//! (Toss: api.md §8, §10 rule 12).

use std::sync::{Arc, Mutex, PoisonError};

/// A bucket that fills by the minute. Clones are the same bucket.
#[derive(Clone, Debug)]
pub struct Budget {
    inside: Arc<Mutex<Inside>>,
    per_minute: u32,
}

#[derive(Debug)]
struct Inside {
    /// Thousandths of a question.
    left: i64,
    filled_at: i64,
}

impl Budget {
    /// Full at first, so that a start after a crash can look at what was left in doubt.
    pub fn per_minute(per_minute: u32) -> Budget {
        let left = i64::from(per_minute) * 1_000;
        Budget { inside: Arc::new(Mutex::new(Inside { left, filled_at: 0 })), per_minute }
    }

    /// Takes as many as there are, at most `wanted`.
    pub fn take(&self, now: i64, wanted: u32) -> u32 {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let full = i64::from(self.per_minute) * 1_000;
        let passed = now.saturating_sub(inside.filled_at).clamp(0, 60_000);
        inside.filled_at = inside.filled_at.max(now);
        inside.left = (inside.left + passed * full / 60_000).min(full);
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
    use super::Budget;

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
    }
}
