//! Time and randomness: the only place that asks the machine for either.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::tz::{Offset, TimeZone};
use rand::RngExt;

use crate::server::world;

/// The shop's clock. Tests move it forward; nothing moves it back.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    ahead_ms: Arc<AtomicI64>,
}

impl Clock {
    /// Milliseconds since 1970.
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    pub fn now(&self) -> i64 {
        let now = world::now().unwrap_or_else(|| jiff::Timestamp::now().as_millisecond());
        now + self.ahead_ms.load(Ordering::Relaxed)
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

/// `2026-11-22T16:25:00` in Korea, as Toss's list wants it (Toss: api.md §6.5).
pub fn korean_iso(ms: i64) -> String {
    let time = jiff::Timestamp::from_millisecond(ms).unwrap_or_default();
    time.to_zoned(TimeZone::fixed(Offset::constant(9))).strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// When a day begins in Korea: `2026-11-22`. An error is a sentence.
pub fn korean_midnight(day: &str) -> Result<i64, String> {
    let explain = || format!("{day} is no day such as 2026-11-22");
    let day: jiff::civil::Date = day.parse().map_err(|_| explain())?;
    let time = day.to_zoned(TimeZone::fixed(Offset::constant(9))).map_err(|_| explain())?;
    Ok(time.timestamp().as_millisecond())
}

/// A time of Toss's in milliseconds; without an offset it is Korean.
pub fn ms_of(text: &str) -> Option<i64> {
    if let Ok(time) = text.parse::<jiff::Timestamp>() {
        return Some(time.as_millisecond());
    }
    let korea = TimeZone::fixed(Offset::constant(9));
    let time = text.parse::<jiff::civil::DateTime>().ok()?.to_zoned(korea).ok()?;
    Some(time.timestamp().as_millisecond())
}

/// `20261122` in Korea.
fn korean_day(ms: i64) -> String {
    let time = jiff::Timestamp::from_millisecond(ms).unwrap_or_default();
    time.to_zoned(TimeZone::fixed(Offset::constant(9))).strftime("%Y%m%d").to_string()
}

/// A key for a new row: rows made later sort later, on every machine (UUID version 7).
pub fn row_id() -> String {
    let Some(world) = world::here() else { return uuid::Uuid::now_v7().simple().to_string() };
    // A simulated world counts its numbers, so that later ones sort later within a millisecond.
    let since_1970 = u64::try_from(world.now()).unwrap_or_default();
    format!("{since_1970:012x}7{:019x}", world.count())
}

/// Crockford's base 32: no letter that is read as another.
const LETTERS: [char; 32] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'j',
    'k', 'm', 'n', 'p', 'q', 'r', 's', 't', 'v', 'w', 'x', 'y', 'z',
];

/// `letters` random letters of 5 bits each, from a cryptographic generator.
pub fn random_text(letters: usize) -> String {
    let mut rng = rand::rng();
    let mut letter = || match world::random() {
        Some(number) => usize::try_from(number % 32).unwrap_or_default(),
        None => rng.random_range(0..LETTERS.len()),
    };
    (0..letters).filter_map(|_| LETTERS.get(letter())).collect()
}

/// A number from 0 to `most`.
pub fn chance(most: u64) -> u64 {
    match world::random() {
        Some(number) => number % most.saturating_add(1),
        None => rand::rng().random_range(0..=most),
    }
}

/// `20261122-8k3m9q7w2c5e8r4t6y`: the day for people, 90 random bits against guessing.
pub fn order_id(now: i64) -> String {
    format!("{}-{}", korean_day(now), random_text(18))
}

/// Whether it could be one of [`order_id`]'s: others are orders of somebody else.
pub fn is_order_id(text: &str) -> bool {
    text.split_once('-').is_some_and(|(day, letters)| {
        day.len() == 8
            && day.bytes().all(|byte| byte.is_ascii_digit())
            && letters.len() == 18
            && letters.chars().all(|letter| LETTERS.contains(&letter))
    })
}

#[cfg(test)]
mod tests {
    use super::{
        is_order_id, korean, korean_iso, korean_midnight, korean_of, ms_of, order_id, random_text,
    };
    use crate::domain::id::OrderId;

    #[test]
    fn pages_tell_korean_time() {
        assert_eq!(korean(0), "1970. 1. 1. 09:00");
        assert_eq!(korean_of("2026-03-01T10:16:02+09:00"), "2026. 3. 1. 10:16");
        assert_eq!(korean_of("soon"), "soon");
        assert_eq!(korean_iso(1_772_327_762_999), "2026-03-01T10:16:02");
        for text in ["2026-03-01T10:16:02+09:00", "2026-03-01T10:16:02", "2026-03-01T01:16:02Z"] {
            assert_eq!(ms_of(text), Some(1_772_327_762_000), "{text}");
        }
        assert_eq!(ms_of("soon"), None);
        assert_eq!(korean_midnight("1970-01-02"), Ok(15 * 3_600_000));
        assert!(korean_midnight("2026-02-30").unwrap_err().contains("2026-02-30"));
    }

    #[test]
    fn order_ids_are_well_formed_and_never_the_same() {
        let ids: std::collections::BTreeSet<_> = (0..1000).map(|_| order_id(0)).collect();
        assert_eq!(ids.len(), 1000);
        assert!(ids.iter().all(|id| OrderId::parse(id).is_ok() && id.starts_with("19700101-")));
        assert_eq!(random_text(26).len(), 26);
        assert!(ids.iter().all(|id| is_order_id(id)));
        for id in ["ord-20260301-0001", "19700101-", "19700101-oooooooooooooooooo", ""] {
            assert!(!is_order_id(id), "{id}");
        }
    }
}
