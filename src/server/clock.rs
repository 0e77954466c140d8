//! Time and randomness: the only place that asks the machine for either.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::tz::{Offset, TimeZone};
use rand::RngExt;

/// The shop's clock. Tests move it forward; nothing moves it back.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    ahead_ms: Arc<AtomicI64>,
}

impl Clock {
    /// Milliseconds since 1970.
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    pub fn now(&self) -> i64 {
        jiff::Timestamp::now().as_millisecond() + self.ahead_ms.load(Ordering::Relaxed)
    }

    /// Moves it forward.
    pub fn advance(&self, ms: i64) {
        self.ahead_ms.fetch_add(ms.max(0), Ordering::Relaxed);
    }
}

/// `2026. 11. 22. 16:25` in Korea. Empty for a time that no calendar holds.
pub fn korean(ms: i64) -> String {
    let Ok(time) = jiff::Timestamp::from_millisecond(ms) else { return String::new() };
    let korea = TimeZone::fixed(Offset::constant(9));
    time.to_zoned(korea).strftime("%Y. %-m. %-d. %H:%M").to_string()
}

/// A time of Toss's (`2026-03-01T10:16:02+09:00`) as [`korean`]; as it came when unreadable.
pub fn korean_of(text: &str) -> String {
    match text.parse::<jiff::Timestamp>() {
        Ok(time) => korean(time.as_millisecond()),
        Err(_) => text.to_owned(),
    }
}

/// `20261122` in Korea.
fn korean_day(ms: i64) -> String {
    let time = jiff::Timestamp::from_millisecond(ms).unwrap_or_default();
    time.to_zoned(TimeZone::fixed(Offset::constant(9))).strftime("%Y%m%d").to_string()
}

/// A key for a new row: rows made later sort later, on every machine (UUID version 7).
pub fn row_id() -> String {
    uuid::Uuid::now_v7().simple().to_string()
}

/// Crockford's base 32: no letter that is read as another.
const LETTERS: [char; 32] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'j',
    'k', 'm', 'n', 'p', 'q', 'r', 's', 't', 'v', 'w', 'x', 'y', 'z',
];

/// `letters` random letters of 5 bits each, from a cryptographic generator.
pub fn random_text(letters: usize) -> String {
    let mut rng = rand::rng();
    (0..letters).filter_map(|_| LETTERS.get(rng.random_range(0..LETTERS.len()))).collect()
}

/// A number from 0 to `most`.
pub fn chance(most: u64) -> u64 {
    rand::rng().random_range(0..=most)
}

/// `20261122-8k3m9q7w2c5e8r4t6y`: the day for people, 90 random bits against guessing.
pub fn order_id(now: i64) -> String {
    format!("{}-{}", korean_day(now), random_text(18))
}

#[cfg(test)]
mod tests {
    use super::{korean, korean_of, order_id, random_text};
    use crate::domain::id::OrderId;

    #[test]
    fn pages_tell_korean_time() {
        assert_eq!(korean(0), "1970. 1. 1. 09:00");
        assert_eq!(korean_of("2026-03-01T10:16:02+09:00"), "2026. 3. 1. 10:16");
        assert_eq!(korean_of("soon"), "soon");
    }

    #[test]
    fn order_ids_are_well_formed_and_never_the_same() {
        let ids: std::collections::BTreeSet<_> = (0..1000).map(|_| order_id(0)).collect();
        assert_eq!(ids.len(), 1000);
        assert!(ids.iter().all(|id| OrderId::parse(id).is_ok() && id.starts_with("19700101-")));
        assert_eq!(random_text(26).len(), 26);
    }
}
