//! Time and randomness: the only place that asks the machine for either.
//!
//! There are three clocks. The one that people read ([`Clock::now`]) says when something happened and
//! when to look again; it may be set, and then jumps. The machine's uptime is set by nobody, and a
//! restart begins it anew. Toss's own clock comes with each of its answers.
//!
//! Invariant: that a time is over, so that nothing will be paid any more, is never the word of the
//! first clock alone.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Instant;

use jiff::tz::{Offset, TimeZone};
use rand::RngExt;

use crate::server::runtime::machine;
use crate::words::{Moment, spoken};

/// The shop's clocks. Clones are the same.
#[derive(Clone, Debug)]
pub struct Clock {
    hands: Arc<Hands>,
}

#[derive(Debug)]
struct Hands {
    /// Which start of the machine its uptime counts from.
    boot: Arc<str>,
    /// How much time tests have let pass.
    passed_ms: AtomicI64,
    /// How far the clock that people read has been set, which is no time that passed.
    set_ms: AtomicI64,
    /// What Toss's clock showed at an uptime of 0; [`NEVER`] before its first answer.
    toss_ms: AtomicI64,
    /// What our own did when it was last watched.
    seen_ms: AtomicI64,
    /// The uptime at which it was last found to have been set ahead.
    set_ahead_at: AtomicI64,
    /// The uptime of the last whole look.
    watched_at: AtomicI64,
}

/// Before anything that can be told.
const NEVER: i64 = i64::MIN;

/// A clock that is set right by time servers moves by less in half a second.
const JUMP_MS_MIN: i64 = 2_000;

/// Two readings that lie further apart were interrupted, and are not compared.
const READING_MS_MAX: i64 = 500;

/// How often what waits is looked through for times that another clock has meant.
const WATCH_EVERY_MS: i64 = 60_000;

/// How long the machine has been up, and since which start. Nobody sets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uptime {
    pub boot: Arc<str>,
    pub ms: i64,
}

impl Uptime {
    /// How much later this is; `None` where a restart lies between, or another machine.
    pub fn since(&self, earlier: &Uptime) -> Option<i64> {
        let passed = self.ms.saturating_sub(earlier.ms);
        (self.boot == earlier.boot && passed >= 0).then_some(passed)
    }
}

/// What [`Clock::watch`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watched {
    /// How far the clock that people read was set since the last time, if it was.
    pub jump_ms: Option<i64>,
    /// A minute has passed since this was last said.
    pub is_minute: bool,
}

impl Default for Clock {
    fn default() -> Clock {
        Clock::running_ahead(0)
    }
}

impl Clock {
    /// A clock that is wrong by so much.
    pub fn running_ahead(ms: i64) -> Clock {
        Clock::on_machine(&boot(), ms)
    }

    /// As [`Clock::running_ahead`], on a machine that was started so.
    pub fn on_machine(boot: &str, ahead_ms: i64) -> Clock {
        let clock = Clock {
            hands: Arc::new(Hands {
                boot: boot.into(),
                passed_ms: AtomicI64::new(0),
                set_ms: AtomicI64::new(ahead_ms),
                toss_ms: AtomicI64::new(NEVER),
                seen_ms: AtomicI64::new(0),
                set_ahead_at: AtomicI64::new(NEVER),
                watched_at: AtomicI64::new(NEVER),
            }),
        };
        let seen_ms = clock.now() - clock.uptime_ms();
        clock.hands.seen_ms.store(seen_ms, Ordering::Relaxed);
        clock
    }

    /// What people's clocks show: milliseconds since 1970.
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    pub fn now(&self) -> i64 {
        let now = machine::now().unwrap_or_else(|| jiff::Timestamp::now().as_millisecond());
        let Hands { passed_ms, set_ms, .. } = &*self.hands;
        now + passed_ms.load(Ordering::Relaxed) + set_ms.load(Ordering::Relaxed)
    }

    pub fn uptime(&self) -> Uptime {
        Uptime { boot: Arc::clone(&self.hands.boot), ms: self.uptime_ms() }
    }

    fn uptime_ms(&self) -> i64 {
        let now = machine::now().unwrap_or_else(uptime_ms);
        now + self.hands.passed_ms.load(Ordering::Relaxed)
    }

    /// Lets time pass.
    pub fn advance(&self, ms: i64) {
        self.hands.passed_ms.fetch_add(ms.max(0), Ordering::Relaxed);
    }

    /// Sets the clock that people read, ahead or back. No time passes.
    pub fn set(&self, ms: i64) {
        self.hands.set_ms.fetch_add(ms, Ordering::Relaxed);
    }

    /// Toss's clock has just shown this.
    pub fn heard(&self, toss_at: i64) {
        self.hands.toss_ms.store(toss_at - self.uptime_ms(), Ordering::Relaxed);
    }

    /// What Toss's clock shows now, if it has been heard since the start.
    pub fn at_toss(&self) -> Option<i64> {
        let toss_ms = self.hands.toss_ms.load(Ordering::Relaxed);
        (toss_ms != NEVER).then(|| toss_ms + self.uptime_ms())
    }

    /// Whether the clock that people read was set ahead within the last `ms`.
    pub fn was_set_ahead_within(&self, ms: i64) -> bool {
        let at = self.hands.set_ahead_at.load(Ordering::Relaxed);
        at != NEVER && self.uptime_ms() - at < ms
    }

    /// Compares the clock that people read with the uptime. For the background, in each round.
    pub fn watch(&self) -> Watched {
        let (before, now, uptime) = (self.uptime_ms(), self.now(), self.uptime_ms());
        let watched_at = self.hands.watched_at.load(Ordering::Relaxed);
        let is_minute = watched_at == NEVER || uptime - watched_at >= WATCH_EVERY_MS;
        if is_minute {
            self.hands.watched_at.store(uptime, Ordering::Relaxed);
        }
        if uptime - before > READING_MS_MAX {
            return Watched { jump_ms: None, is_minute };
        }
        let seen_ms = self.hands.seen_ms.swap(now - uptime, Ordering::Relaxed);
        let jump_ms = now - uptime - seen_ms;
        if jump_ms >= JUMP_MS_MIN {
            self.hands.set_ahead_at.store(uptime, Ordering::Relaxed);
        }
        Watched { jump_ms: Some(jump_ms).filter(|ms| ms.abs() >= JUMP_MS_MIN), is_minute }
    }
}

/// Where Linux tells how long the machine has been up, sleep included. Kept open, so that it can be
/// read when files have run out.
static UPTIME: LazyLock<Option<Mutex<File>>> =
    LazyLock::new(|| File::open("/proc/uptime").ok().map(Mutex::new));

/// In place of the machine's start, where that is not told.
static PROGRAM_START: LazyLock<Instant> = LazyLock::new(Instant::now);

fn uptime_ms() -> i64 {
    let told = UPTIME.as_ref().and_then(|file| {
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        let mut text = String::new();
        file.seek(SeekFrom::Start(0)).ok()?;
        file.read_to_string(&mut text).ok()?;
        uptime_of(&text)
    });
    told.unwrap_or_else(|| machine::ms(PROGRAM_START.elapsed()))
}

/// `350735.47 234388.90`: up, and idle, in seconds.
fn uptime_of(text: &str) -> Option<i64> {
    let (seconds, rest) = text.split_once('.')?;
    let hundredths: i64 = rest.get(..2)?.parse().ok()?;
    Some(seconds.parse::<i64>().ok()? * 1_000 + hundredths * 10)
}

/// Which start of the machine this is. Where it is not told, each program is a start of its own.
fn boot() -> String {
    let told = std::fs::read_to_string("/proc/sys/kernel/random/boot_id");
    match told.as_deref().map(str::trim) {
        Ok(told) if !told.is_empty() && UPTIME.is_some() => told.to_owned(),
        Ok(_) | Err(_) => row_id(),
    }
}

/// A time in Korea, in the language of the request. Empty for one that no calendar holds.
pub fn korean(ms: i64) -> String {
    moment(ms).map(|moment| moment.say(spoken())).unwrap_or_default()
}

fn moment(ms: i64) -> Option<Moment> {
    let time = jiff::Timestamp::from_millisecond(ms).ok()?;
    let time = time.to_zoned(TimeZone::fixed(Offset::constant(9)));
    let (year, month, day) = (time.year(), time.month(), time.day());
    Some(Moment { year, month, day, hour: time.hour(), minute: time.minute() })
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

/// A time in a header: `Sun, 22 Nov 2026 07:25:00 GMT`.
pub fn ms_of_header(text: &str) -> Option<i64> {
    let parser = jiff::fmt::rfc2822::DateTimeParser::new();
    parser.parse_timestamp(text).ok().map(|time| time.as_millisecond())
}

/// `20261122` in Korea.
fn korean_day(ms: i64) -> String {
    let time = jiff::Timestamp::from_millisecond(ms).unwrap_or_default();
    time.to_zoned(TimeZone::fixed(Offset::constant(9))).strftime("%Y%m%d").to_string()
}

/// A key for a new row: rows made later sort later, on every machine (UUID version 7).
pub fn row_id() -> String {
    let Some(world) = machine::here() else { return uuid::Uuid::now_v7().simple().to_string() };
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
    let mut letter = || match machine::random() {
        Some(number) => usize::try_from(number % 32).unwrap_or_default(),
        None => rng.random_range(0..LETTERS.len()),
    };
    (0..letters).filter_map(|_| LETTERS.get(letter())).collect()
}

/// A number from 0 to `most`.
pub fn chance(most: u64) -> u64 {
    match machine::random() {
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
        Clock, Uptime, Watched, is_order_id, korean, korean_iso, korean_midnight, korean_of, ms_of,
        ms_of_header, order_id, random_text, uptime_of,
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
    fn headers_tell_the_time_of_greenwich() {
        assert_eq!(ms_of_header("Sun, 22 Nov 2026 07:25:01 GMT"), Some(1_795_332_301_000));
        for text in ["", "soon", "2026-11-22T07:25:01Z"] {
            assert_eq!(ms_of_header(text), None, "{text}");
        }
    }

    #[test]
    fn the_machine_tells_how_long_it_is_up() {
        assert_eq!(uptime_of("350735.47 234388.90\n"), Some(350_735_470));
        for text in ["", "soon", "1", "1.2"] {
            assert_eq!(uptime_of(text), None, "{text}");
        }
    }

    #[test]
    fn what_has_passed_is_told_by_a_clock_that_nobody_sets() {
        let clock = Clock::default();
        let begun = clock.uptime();
        clock.set(3_600_000);
        assert!(clock.uptime().since(&begun).unwrap() < 60_000);
        clock.advance(3_600_000);
        assert!((3_600_000..3_660_000).contains(&clock.uptime().since(&begun).unwrap()));
        // After a restart nobody knows.
        let later = Uptime { boot: "another".into(), ms: begun.ms + 1 };
        assert_eq!(later.since(&begun), None);
        assert_eq!(begun.since(&clock.uptime()), None);
    }

    #[test]
    fn a_clock_that_was_set_is_noticed_once() {
        let clock = Clock::default();
        assert_eq!(clock.watch(), Watched { jump_ms: None, is_minute: true });
        clock.advance(3_600_000);
        assert_eq!(clock.watch(), Watched { jump_ms: None, is_minute: true });
        assert!(!clock.was_set_ahead_within(3_600_000));
        for ms in [-1_200_000, 1_200_000] {
            clock.set(ms);
            let watched = clock.watch();
            assert!(watched.jump_ms.is_some_and(|jump| (jump - ms).abs() < 500), "{watched:?}");
            assert_eq!(clock.watch().jump_ms, None);
            assert_eq!(clock.was_set_ahead_within(60_000), ms > 0);
        }
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
