//! The sandbox's own clock: real time until someone stops it or moves it forward.
//!
//! Why: ten minutes to confirm and fifteen days of idempotency can't be waited for in a test.
//! Everything in the sandbox asks this clock; only delays on the wire run on real time,
//! because the shop's time-outs do too.

use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

/// Korea has no summer time, so a fixed offset is the whole truth.
const KOREA: Offset = jiff::tz::offset(9);

/// How far the clock may be moved in total: beyond it, dates would leave four-digit years.
pub(crate) const AHEAD_MS_MAX: i64 = 100 * 365 * 24 * 60 * 60 * 1000;

/// A point in time, in milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Moment(i64);

impl Moment {
    /// Reads a time with an offset, as `2026-03-01T10:15:30+09:00`.
    pub(crate) fn parse(text: &str) -> Option<Moment> {
        text.parse().ok().map(|time: Timestamp| Moment(time.as_millisecond()))
    }

    /// How much later this is than `earlier`.
    pub(crate) fn ms_after(self, earlier: Moment) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    pub(crate) fn plus_ms(self, ms: i64) -> Moment {
        Moment(self.0.saturating_add(ms))
    }

    pub(crate) fn plus_minutes(self, minutes: i64) -> Moment {
        self.plus_ms(minutes.saturating_mul(60_000))
    }

    /// As Toss writes times (Toss: api.md §1.7).
    pub(crate) fn iso(self) -> String {
        let local = self.in_korea();
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}+09:00",
            local.year(),
            local.month(),
            local.day(),
            local.hour(),
            local.minute(),
            local.second()
        )
    }

    /// As webhooks say when they were made: microseconds, and no offset (Toss: webhooks.md §2).
    pub(crate) fn micros(self) -> String {
        let local = self.in_korea();
        let micros = local.subsec_nanosecond() / 1_000;
        let iso = self.iso();
        format!("{}.{micros:06}", iso.strip_suffix("+09:00").unwrap_or(&iso))
    }

    /// The middle of a payment key (Toss: api.md §3).
    pub(crate) fn compact(self) -> String {
        let local = self.in_korea();
        format!(
            "{:04}{:02}{:02}{:02}{:02}{:02}",
            local.year(),
            local.month(),
            local.day(),
            local.hour(),
            local.minute(),
            local.second()
        )
    }

    /// A Korean time as requests carry it, `2026-03-01T10:15:30` or the date alone for its
    /// midnight. Toss takes none with an offset.
    pub(crate) fn parse_korea(text: &str) -> Option<Moment> {
        if ![10, 19].contains(&text.len()) {
            return None;
        }
        let local: DateTime = text.parse().ok()?;
        KOREA.to_timestamp(local).ok().map(|timestamp| Moment(timestamp.as_millisecond()))
    }

    /// The same, and the forms that published clients send besides: without seconds, with
    /// fractions of one, with an offset. Not with a `Z`, which Toss was seen to refuse.
    pub(crate) fn parse_korea_loosely(text: &str) -> Option<Moment> {
        if let Some(moment) = Moment::parse_korea(text) {
            return Some(moment);
        }
        let (date, rest) = text.split_once('T').filter(|(date, _)| date.len() == 10)?;
        // An unescaped `+` in a query reads as a space.
        let at = rest.find(['+', '-', ' ']).unwrap_or(rest.len());
        let (time, offset) = (rest.get(..at)?, rest.get(at..)?.replacen(' ', "+", 1));
        let (time, fraction) = match time.split_once('.') {
            None if time.len() == 5 => (format!("{time}:00"), "0"),
            None => (time.to_owned(), "0"),
            Some((time, fraction)) => (time.to_owned(), fraction),
        };
        let is_fraction =
            (1..=9).contains(&fraction.len()) && fraction.bytes().all(|byte| byte.is_ascii_digit());
        if time.len() != 8 || !is_fraction || ![0, 6].contains(&offset.len()) {
            return None;
        }
        let offset = if offset.is_empty() { "+09:00" } else { &offset };
        Moment::parse(&format!("{date}T{time}.{fraction}{offset}"))
    }

    /// As the `Date` of an answer: `Sun, 01 Mar 2026 01:15:30 GMT`. Empty for a time that no calendar
    /// holds.
    pub(crate) fn header(self) -> String {
        let time = Timestamp::from_millisecond(self.0).unwrap_or_default();
        let printer = jiff::fmt::rfc2822::DateTimePrinter::new();
        printer.timestamp_to_rfc9110_string(&time).unwrap_or_default()
    }

    /// `2026-03` in Korea.
    pub(crate) fn month(self) -> String {
        let local = self.in_korea();
        format!("{:04}-{:02}", local.year(), local.month())
    }

    /// `2026-03-01` in Korea.
    pub(crate) fn date(self) -> String {
        let local = self.in_korea();
        format!("{:04}-{:02}-{:02}", local.year(), local.month(), local.day())
    }

    fn in_korea(self) -> DateTime {
        KOREA.to_datetime(Timestamp::from_millisecond(self.0).unwrap_or(Timestamp::UNIX_EPOCH))
    }
}

/// The clock. Shared by everything in one sandbox.
#[derive(Debug)]
pub(crate) struct Clock {
    hands: Mutex<Hands>,
}

/// Where the clock has been moved to. All there is to store of it.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Hands {
    ahead_ms: i64,
    /// Where it stands, once stopped.
    stopped_at_ms: Option<i64>,
}

/// What the clock shows, for the control API.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    pub(crate) now: Moment,
    pub(crate) ahead_ms: i64,
    pub(crate) stopped: bool,
}

impl Clock {
    pub(crate) fn new() -> Clock {
        Clock { hands: Mutex::new(Hands::default()) }
    }

    /// Stands at this time until it is moved forward.
    pub(crate) fn stopped_at(ms: i64) -> Clock {
        let hands = Hands { ahead_ms: 0, stopped_at_ms: Some(ms) };
        Clock { hands: Mutex::new(hands) }
    }

    pub(crate) fn hands(&self) -> Hands {
        *self.hands.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Goes on as a clock with these hands did. While nobody ran it, real time passed for it too.
    pub(crate) fn set_hands(&self, hands: Hands) {
        let ahead_ms = hands.ahead_ms.clamp(-AHEAD_MS_MAX, AHEAD_MS_MAX);
        *self.hands.lock().unwrap_or_else(PoisonError::into_inner) = Hands { ahead_ms, ..hands };
    }

    pub(crate) fn now(&self) -> Moment {
        self.read().now
    }

    pub(crate) fn read(&self) -> Reading {
        let hands = self.hands();
        let base = hands.stopped_at_ms.unwrap_or_else(real_ms);
        Reading {
            now: Moment(base.saturating_add(hands.ahead_ms)),
            ahead_ms: hands.ahead_ms,
            stopped: hands.stopped_at_ms.is_some(),
        }
    }

    /// Moves the clock forward; it never runs back, so no state can be undone by it.
    pub(crate) fn advance(&self, ms: i64) {
        let mut hands = self.hands.lock().unwrap_or_else(PoisonError::into_inner);
        hands.ahead_ms = hands.ahead_ms.saturating_add(ms.max(0)).min(AHEAD_MS_MAX);
    }

    pub(crate) fn stop(&self) {
        let mut hands = self.hands.lock().unwrap_or_else(PoisonError::into_inner);
        hands.stopped_at_ms.get_or_insert_with(real_ms);
    }

    /// Runs on from where it stood; the time it stood still is not made up for.
    pub(crate) fn start(&self) {
        let mut hands = self.hands.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(stopped_at_ms) = hands.stopped_at_ms.take() {
            let stood_ms = real_ms().saturating_sub(stopped_at_ms);
            hands.ahead_ms = hands.ahead_ms.saturating_sub(stood_ms);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the sandbox's clock")]
fn real_ms() -> i64 {
    Timestamp::now().as_millisecond()
}
