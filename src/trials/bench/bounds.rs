//! What is promised of the figures, and whether it is kept: how much a shop adds to Toss's own
//! time, and how much more it does when more is asked of it.

use std::time::Duration;

use crate::trials::bench::figures::{Figures, cell, ms, percentile, ratio};

/// What a shop may add to Toss's own time at the median, besides two raw commits.
const ADDED: Duration = Duration::from_millis(1);

/// At 64 at once on SQLite, in proportion to one at a time.
const TIMES_WANTED: u128 = 4;

/// What the confirms of one table are held against.
#[derive(Debug)]
pub(super) struct Beside {
    /// One row and its commit, in the same kind of database on the same disk.
    pub(super) raw: Vec<Duration>,
    /// What Toss itself took for a confirm.
    pub(super) toss: Vec<Duration>,
    pub(super) is_sqlite: bool,
}

impl Beside {
    /// Both are sorted here.
    pub(super) fn told(mut self, confirms: &[&Figures]) -> String {
        self.raw.sort_unstable();
        self.toss.sort_unstable();
        let shown = |sorted: &[Duration], percent| cell(percentile(sorted, percent).and_then(ms));
        let mut text = format!(
            "A raw commit: p50 {} ms, p99 {} ms. Toss's own time for a confirm: p50 {} ms, p99 {} \
             ms.",
            shown(&self.raw, 50),
            shown(&self.raw, 99),
            shown(&self.toss, 50),
            shown(&self.toss, 99),
        );
        if let Some(added) = self.added(confirms) {
            text.push_str(&added);
        }
        if let Some(times) = self.times(confirms) {
            text.push_str(&times);
        }
        text
    }

    fn added(&self, confirms: &[&Figures]) -> Option<String> {
        let alone = confirms.iter().find(|figures| figures.at_once == 1)?;
        let added = alone.p50?.saturating_sub(percentile(&self.toss, 50)?);
        let bound = percentile(&self.raw, 50)? * 2 + ADDED;
        Some(format!(
            "\nAdded to Toss's own time, one at a time, at the median: {} ms; wanted: at most two \
             raw commits and 1 ms, {} ms: {}.",
            cell(ms(added)),
            cell(ms(bound)),
            verdict(added <= bound),
        ))
    }

    fn times(&self, confirms: &[&Figures]) -> Option<String> {
        let (first, last) = (confirms.first()?, confirms.last()?);
        let times = cell(ratio(last.rate(), first.rate()));
        let told = format!("\nConfirms a second at {} : {} = {times}", last.at_once, first.at_once);
        if !self.is_sqlite {
            return Some(told + ".");
        }
        let is_met = last.rate() >= first.rate() * TIMES_WANTED;
        Some(format!("{told}; wanted: at least {TIMES_WANTED}: {}.", verdict(is_met)))
    }
}

fn verdict(is_met: bool) -> &'static str {
    if is_met { "met" } else { "NOT met" }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Beside;
    use crate::trials::bench::figures::{Figures, Kind};

    fn figures(at_once: u32, elapsed: u64, p50: u64) -> Figures {
        Figures {
            kind: Kind::Confirm,
            at_once,
            right: 1_000,
            elapsed: Duration::from_millis(elapsed),
            p50: Some(Duration::from_micros(p50)),
            p99: None,
            shop_cpu: None,
            other_cpu: None,
            memory: None,
            stolen: None,
        }
    }

    fn told(p50: u64, elapsed_at_64: u64, is_sqlite: bool) -> String {
        let micros = |it: [u64; 3]| it.map(Duration::from_micros).to_vec();
        let beside = Beside { raw: micros([900, 200, 100]), toss: micros([50, 30, 40]), is_sqlite };
        beside.told(&[&figures(1, 4_000, p50), &figures(64, elapsed_at_64, 9_000)])
    }

    #[test]
    fn what_is_wanted_is_held_against_what_was_measured() {
        assert_eq!(
            told(1_440, 1_000, true),
            "A raw commit: p50 0.20 ms, p99 0.90 ms. Toss's own time for a confirm: p50 0.04 ms, \
             p99 0.05 ms.\n\
             Added to Toss's own time, one at a time, at the median: 1.40 ms; wanted: at most two \
             raw commits and 1 ms, 1.40 ms: met.\n\
             Confirms a second at 64 : 1 = 4.00; wanted: at least 4: met."
        );
        let missed = told(1_441, 1_001, true);
        assert_eq!(missed.matches("NOT met").count(), 2, "{missed}");
        assert!(told(1_440, 4_000, false).ends_with("at 64 : 1 = 1.00."));
    }
}
