//! Wrong coupon codes, and coupons of which there are only so many, counted by visitor and by
//! address, so that nobody finds a code by trying and nobody takes all coupons at once.
//!
//! How: some are free, and each one beyond them brings a longer wait, for that visitor or that
//! address alone. Of codes only what was wrong is counted; a code that everybody knows may be
//! entered as often as it likes. All of it is in memory, of one instance.
//!
//! Why by visitor and address: whoever drops the cookie is another visitor, and whoever does not may
//! call from anywhere. Many people may share an address, so who was a customer before the first of an
//! address's tries does not wait for what others did there. There is no count for all, because
//! whoever used that up would lock everybody out.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

const HOUR_MS: i64 = 3_600_000;

/// How many are free, and what those beyond them cost.
#[derive(Clone, Copy, Debug)]
struct Rule {
    free: u32,
    /// After the first beyond them; doubled with each.
    wait_ms: i64,
    wait_ms_max: i64,
    /// All is forgotten so long after the last.
    forgotten_ms: i64,
}

/// A person who mistypes stops sooner.
const WRONG_OF_VISITOR: Rule =
    Rule { free: 10, wait_ms: 30_000, wait_ms_max: 6 * HOUR_MS, forgotten_ms: 24 * HOUR_MS };

/// A house, or everybody on one line of a mobile carrier.
const WRONG_OF_ADDRESS: Rule =
    Rule { free: 50, wait_ms: 10_000, wait_ms_max: HOUR_MS, forgotten_ms: 24 * HOUR_MS };

/// Where thousands share an address, a wait of seconds still lets all of them have theirs.
const CLAIMS_OF_ADDRESS: Rule =
    Rule { free: 50, wait_ms: 1_000, wait_ms_max: 300_000, forgotten_ms: HOUR_MS };

/// How many visitors, and how many addresses, are remembered: some megabytes.
const REMEMBERED_MAX: usize = 50_000;

/// Who tries.
#[derive(Clone, Copy, Debug)]
pub struct Trier<'a> {
    pub visitor_hash: &'a str,
    /// Where that can be told.
    pub address: Option<IpAddr>,
    /// Since when the shop knows the visitor as a customer.
    pub customer_since: Option<i64>,
}

/// Why one has to wait, and how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    OwnGuesses { ms: i64 },
    GuessesOfAddress { ms: i64 },
    ClaimsOfAddress { ms: i64 },
}

/// Clones count together.
#[derive(Clone, Debug, Default)]
pub struct Guesses {
    inside: Arc<Mutex<Inside>>,
}

#[derive(Debug, Default)]
struct Inside {
    wrong_of_visitors: HashMap<String, Streak>,
    wrong_of_addresses: HashMap<IpAddr, Streak>,
    claims_of_addresses: HashMap<IpAddr, Streak>,
}

/// One's tries, with no long time between them.
#[derive(Clone, Copy, Debug)]
struct Streak {
    count: u32,
    began_at: i64,
    last_at: i64,
}

impl Streak {
    fn wait_ms(self, rule: Rule, now: i64) -> i64 {
        let Some(beyond) = self.count.checked_sub(rule.free) else { return 0 };
        let wait = rule.wait_ms.saturating_mul(1_i64 << beyond.min(40)).min(rule.wait_ms_max);
        self.last_at.saturating_add(wait).saturating_sub(now).clamp(0, wait)
    }

    fn is_forgotten(self, rule: Rule, now: i64) -> bool {
        now >= self.last_at.saturating_add(rule.forgotten_ms)
    }
}

impl Guesses {
    /// Someone tried a code; says whether that may be answered. What is wrong is counted in the
    /// same moment, so that trying many at once brings no more answers.
    pub fn tried(&self, trier: &Trier<'_>, is_right: bool, now: i64) -> Result<(), Wait> {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let own = inside.wrong_of_visitors.get(trier.visitor_hash).copied();
        let ms = own.map_or(0, |streak| streak.wait_ms(WRONG_OF_VISITOR, now));
        if ms > 0 {
            return Err(Wait::OwnGuesses { ms });
        }
        let ms = trier.waits_ms(&inside.wrong_of_addresses, WRONG_OF_ADDRESS, now);
        if ms > 0 {
            return Err(Wait::GuessesOfAddress { ms });
        }
        if !is_right {
            let visitor = trier.visitor_hash.to_owned();
            count(&mut inside.wrong_of_visitors, visitor, WRONG_OF_VISITOR, now);
            if let Some(address) = trier.address {
                count(&mut inside.wrong_of_addresses, address, WRONG_OF_ADDRESS, now);
            }
        }
        Ok(())
    }

    /// Someone claims a coupon of which there are only so many.
    pub fn claims(&self, trier: &Trier<'_>, now: i64) -> Result<(), Wait> {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let ms = trier.waits_ms(&inside.claims_of_addresses, CLAIMS_OF_ADDRESS, now);
        if ms > 0 {
            return Err(Wait::ClaimsOfAddress { ms });
        }
        if let Some(address) = trier.address {
            count(&mut inside.claims_of_addresses, address, CLAIMS_OF_ADDRESS, now);
        }
        Ok(())
    }
}

impl Trier<'_> {
    fn waits_ms(&self, all: &HashMap<IpAddr, Streak>, rule: Rule, now: i64) -> i64 {
        let streak = self.address.and_then(|address| all.get(&address).copied());
        let Some(streak) = streak else { return 0 };
        let was_before = self.customer_since.is_some_and(|since| since < streak.began_at);
        if was_before { 0 } else { streak.wait_ms(rule, now) }
    }
}

fn count<K: Eq + Hash>(all: &mut HashMap<K, Streak>, who: K, rule: Rule, now: i64) {
    if all.len() >= REMEMBERED_MAX && !all.contains_key(&who) {
        all.retain(|_, streak| !streak.is_forgotten(rule, now));
        // So many at once are somebody's; those who wait are the last to be let go.
        if all.len() >= REMEMBERED_MAX {
            all.retain(|_, streak| streak.wait_ms(rule, now) > 0);
        }
        if all.len() >= REMEMBERED_MAX {
            all.clear();
        }
    }
    let new = Streak { count: 0, began_at: now, last_at: now };
    let streak = all.entry(who).or_insert(new);
    if streak.is_forgotten(rule, now) {
        *streak = new;
    }
    streak.count = streak.count.saturating_add(1);
    streak.last_at = now;
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::{
        CLAIMS_OF_ADDRESS, Guesses, HOUR_MS, REMEMBERED_MAX, Trier, WRONG_OF_ADDRESS,
        WRONG_OF_VISITOR, Wait,
    };

    const HERE: Option<IpAddr> = Some(IpAddr::V4(Ipv4Addr::new(203, 0, 113, 9)));
    const THERE: Option<IpAddr> = Some(IpAddr::V4(Ipv4Addr::new(203, 0, 113, 10)));

    fn trier(visitor_hash: &str, address: Option<IpAddr>) -> Trier<'_> {
        Trier { visitor_hash, address, customer_since: None }
    }

    #[test]
    fn a_visitor_waits_ever_longer_and_is_forgiven_in_the_end() {
        let guesses = Guesses::default();
        let one = trier("one", None);
        for _ in 0..WRONG_OF_VISITOR.free {
            assert_eq!(guesses.tried(&one, true, 0), Ok(()));
            assert_eq!(guesses.tried(&one, false, 0), Ok(()));
        }
        let mut now = 0;
        let mut waits = Vec::new();
        for _ in 0..12 {
            let Err(Wait::OwnGuesses { ms }) = guesses.tried(&one, false, now) else { panic!() };
            // What is not answered costs nothing, and a right one is not answered either.
            assert_eq!(guesses.tried(&one, true, now), Err(Wait::OwnGuesses { ms }));
            assert_eq!(guesses.tried(&trier("two", None), true, now), Ok(()));
            now += ms;
            assert_eq!(guesses.tried(&one, false, now), Ok(()));
            waits.push(ms / 1_000);
        }
        assert_eq!(waits[..4], [30, 60, 120, 240]);
        assert_eq!(waits[11], 6 * 3_600);
        now += 24 * HOUR_MS;
        for _ in 0..WRONG_OF_VISITOR.free {
            assert_eq!(guesses.tried(&one, false, now), Ok(()));
        }
    }

    #[test]
    fn an_address_waits_whatever_its_cookies_and_nobody_elsewhere_or_known_before_does() {
        let guesses = Guesses::default();
        let names: Vec<String> = (0..1_000).map(|name| name.to_string()).collect();
        let tried = |name: &str| guesses.tried(&trier(name, HERE), false, 5).is_ok();
        let answered = names.iter().filter(|name| tried(name)).count();
        assert_eq!(answered, usize::try_from(WRONG_OF_ADDRESS.free).unwrap());
        let ms = 10_000;
        let wait = Err(Wait::GuessesOfAddress { ms });
        assert_eq!(guesses.tried(&trier("new", HERE), true, 5), wait);
        for (since, told) in [(Some(4), Ok(())), (Some(5), wait)] {
            let trier = Trier { customer_since: since, ..trier("known", HERE) };
            assert_eq!(guesses.tried(&trier, true, 5), told, "{since:?}");
        }
        assert_eq!(guesses.tried(&trier("new", THERE), true, 5), Ok(()));
        assert_eq!(guesses.tried(&trier("new", None), true, 5), Ok(()));
        assert_eq!(guesses.tried(&trier("new", HERE), true, 5 + ms), Ok(()));
    }

    #[test]
    fn claims_of_an_address_slow_down() {
        let guesses = Guesses::default();
        let guesses = &guesses;
        let at =
            |now: i64| (0..300).filter(move |_| guesses.claims(&trier("x", HERE), now).is_ok());
        assert_eq!(at(0).count(), usize::try_from(CLAIMS_OF_ADDRESS.free).unwrap());
        assert_eq!(guesses.claims(&trier("x", HERE), 0), Err(Wait::ClaimsOfAddress { ms: 1_000 }));
        assert_eq!(at(1_000).count(), 1);
        assert_eq!(at(2_999).count(), 0);
        assert_eq!(at(3_000).count(), 1);
        assert_eq!(guesses.claims(&trier("x", THERE), 0), Ok(()));
        assert_eq!(guesses.claims(&trier("x", None), 0), Ok(()));
    }

    #[test]
    fn as_many_as_fit_are_remembered_and_those_who_wait_longest() {
        let guesses = Guesses::default();
        for _ in 0..WRONG_OF_VISITOR.free {
            assert!(guesses.tried(&trier("bad", None), false, 0).is_ok());
        }
        for name in 0..REMEMBERED_MAX + 10 {
            let name = format!("n{name}");
            assert!(guesses.tried(&trier(&name, None), false, 0).is_ok());
        }
        assert!(guesses.inside.lock().unwrap().wrong_of_visitors.len() <= REMEMBERED_MAX);
        assert!(guesses.tried(&trier("bad", None), false, 0).is_err());
    }
}
