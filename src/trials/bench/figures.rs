//! Figures as text: a table whose rows stand in proportion to each other.

use std::fmt;
use std::time::Duration;

use crate::trials::bench::machine::Memory;

const NANOS_PER_SECOND: u128 = 1_000_000_000;
const NANOS_PER_MS: u128 = 1_000_000;
const KIB_PER_MIB: u128 = 1_024;

/// Which call was timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Read,
    Confirm,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::Read => "read",
            Kind::Confirm => "confirm",
        }
    }
}

/// What one round came to. Only calls with a right answer count.
#[derive(Debug)]
pub(super) struct Figures {
    pub(super) kind: Kind,
    pub(super) at_once: u32,
    pub(super) right: u32,
    pub(super) elapsed: Duration,
    pub(super) p50: Option<Duration>,
    pub(super) p99: Option<Duration>,
    pub(super) shop_cpu: Option<Duration>,
    /// Of the sandbox and of this program.
    pub(super) other_cpu: Option<Duration>,
    pub(super) memory: Option<Memory>,
    /// In percent, of the machine's CPU time meanwhile.
    pub(super) stolen: Option<u64>,
}

/// A figure to two places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hundredths(u128);

impl fmt::Display for Hundredths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}.{:02}", self.0 / 100, self.0 % 100))
    }
}

/// `part / whole`, rounded; `None` for a whole of nothing.
pub(super) fn ratio(part: u128, whole: u128) -> Option<Hundredths> {
    let doubled = part.checked_mul(200)?.checked_add(whole)?;
    doubled.checked_div(whole.checked_mul(2)?).map(Hundredths)
}

/// The smallest of `sorted` that at least `percent` in a hundred do not exceed (nearest rank).
pub(super) fn percentile(sorted: &[Duration], percent: usize) -> Option<Duration> {
    let rank = sorted.len().checked_mul(percent)?.div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

impl Figures {
    /// Calls in a thousand seconds: whole numbers that keep their proportions.
    pub(super) fn rate(&self) -> u128 {
        let nanos = self.elapsed.as_nanos().max(1);
        u128::from(self.right) * NANOS_PER_SECOND * 1_000 / nanos
    }

    fn cpu_per_call(cpu: Option<Duration>, calls: u32) -> Option<Duration> {
        cpu?.checked_div(calls)
    }

    /// One row of the table; `first` is the same kind of call, one at a time.
    pub(super) fn row(&self, first: Option<&Figures>) -> String {
        let first = first.unwrap_or(self);
        let cpu = Figures::cpu_per_call(self.shop_cpu, self.right);
        let cpu_first = Figures::cpu_per_call(first.shop_cpu, first.right);
        let others = Figures::cpu_per_call(self.other_cpu, self.right);
        let mib = |kib: u64| ratio(kib.into(), KIB_PER_MIB);
        line([
            self.at_once.to_string(),
            self.kind.name().to_owned(),
            (self.rate() / 1_000).to_string(),
            cell(ratio(self.rate(), first.rate())),
            cell(self.p50.and_then(ms)),
            cell(self.p99.and_then(ms)),
            cell(cpu.and_then(ms)),
            cell(proportion(cpu, cpu_first)),
            cell(others.and_then(ms)),
            cell(self.memory.and_then(|memory| mib(memory.now_kib))),
            cell(self.memory.and_then(|memory| mib(memory.peak_kib))),
            self.stolen.map_or_else(|| "-".to_owned(), |percent| percent.to_string()),
        ])
    }
}

/// On what is measured.
pub(super) fn preface(durable: &[Duration]) -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let (p50, p99) = (percentile(durable, 50), percentile(durable, 99));
    format!(
        "{cores} cores, which the shop shares with the sandbox, the caller and PostgreSQL.\n\
         A durable write of 4 KiB in the folder: p50 {} ms, p99 {} ms.\n\
         call: read is GET /api/products, confirm is POST /api/confirm-payment, which commits \
         twice, before Toss is asked and after. ×: in proportion to one at a time.\n\
         CPU ms: of the shop, per call. others: of sandbox and caller, per call.\n\
         stolen %: of the CPU time, by the host of a virtual machine, for others. Where it is not \
         about 0, the figures say more of the host than of the shop.",
        cell(p50.and_then(ms)),
        cell(p99.and_then(ms)),
    )
}

pub(super) fn head() -> String {
    let names = [
        "at once", "call", "calls/s", "×", "p50 ms", "p99 ms", "CPU ms", "×", "others", "RSS MiB",
        "peak", "stolen %",
    ];
    line(names.map(str::to_owned))
}

/// Each confirm as a multiple of the read at the same concurrency.
pub(super) fn proportions(all: &[Figures]) -> String {
    let of = |kind: Kind| all.iter().filter(move |figures| figures.kind == kind);
    let mut text = String::new();
    if all.iter().any(|figures| figures.shop_cpu.is_none()) {
        text.push_str("CPU and memory: not available, because this system has no /proc.\n");
    }
    for (confirm, read) in of(Kind::Confirm).zip(of(Kind::Read)) {
        let cpu = |figures: &Figures| Figures::cpu_per_call(figures.shop_cpu, figures.right);
        text.push_str(&format!(
            "A confirm at {}: {} reads of CPU, {} reads of time.\n",
            confirm.at_once,
            cell(proportion(cpu(confirm), cpu(read))),
            cell(ratio(read.rate(), confirm.rate())),
        ));
    }
    text.trim_end().to_owned()
}

pub(super) fn ms(time: Duration) -> Option<Hundredths> {
    ratio(time.as_nanos(), NANOS_PER_MS)
}

fn proportion(part: Option<Duration>, whole: Option<Duration>) -> Option<Hundredths> {
    ratio(part?.as_nanos(), whole?.as_nanos())
}

pub(super) fn cell(figure: Option<Hundredths>) -> String {
    figure.map_or_else(|| "-".to_owned(), |figure| figure.to_string())
}

fn line(cells: [String; 12]) -> String {
    let [at_once, call, rate, rate_ratio, p50, p99, cpu, cpu_ratio, others, now, peak, stolen] =
        cells;
    format!(
        "{at_once:>7}  {call:<7} {rate:>8} {rate_ratio:>6}  {p50:>8} {p99:>8}  {cpu:>7} \
         {cpu_ratio:>5} {others:>7}  {now:>7} {peak:>7}  {stolen:>8}"
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Figures, Kind, head, percentile, proportions, ratio};
    use crate::trials::bench::machine::Memory;

    #[test]
    fn percentiles_are_of_the_nearest_rank() {
        let to = |last: u64| (1..=last).map(Duration::from_millis).collect::<Vec<_>>();
        for (last, percent, rank) in [
            (1, 50, 1),
            (1, 99, 1),
            (2, 50, 1),
            (3, 50, 2),
            (10, 99, 10),
            (100, 99, 99),
            (101, 99, 100),
            (2_000, 50, 1_000),
            (2_000, 99, 1_980),
            (5, 100, 5),
            (5, 0, 1),
        ] {
            let found = percentile(&to(last), percent);
            assert_eq!(found, Some(Duration::from_millis(rank)), "{percent} of {last}");
        }
        assert_eq!(percentile(&[], 50), None);
    }

    #[test]
    fn ratios_are_rounded_to_two_places() {
        for (part, whole, text) in
            [(1, 3, "0.33"), (2, 3, "0.67"), (5, 1, "5.00"), (1, 200, "0.01"), (0, 7, "0.00")]
        {
            assert_eq!(ratio(part, whole).unwrap().to_string(), text);
        }
        assert_eq!(ratio(1, 0), None);
    }

    fn figures(kind: Kind, at_once: u32, elapsed: u64, cpu: Option<u64>) -> Figures {
        Figures {
            kind,
            at_once,
            right: 1_000,
            elapsed: Duration::from_millis(elapsed),
            p50: Some(Duration::from_micros(1_234)),
            p99: Some(Duration::from_micros(98_765)),
            shop_cpu: cpu.map(Duration::from_millis),
            other_cpu: cpu.map(Duration::from_millis),
            memory: cpu.map(|_| Memory { now_kib: 30_720, peak_kib: 40_960 }),
            stolen: cpu.map(|_| 7),
        }
    }

    #[test]
    fn rows_stand_under_their_heads() {
        let first = figures(Kind::Confirm, 1, 4_000, Some(800));
        let many = figures(Kind::Confirm, 64, 1_000, Some(600));
        let table = [head(), first.row(None), many.row(Some(&first))].join("\n");
        assert_eq!(
            table,
            "\
at once  call     calls/s      ×    p50 ms   p99 ms   CPU ms     ×  others  RSS MiB    peak  stolen %
      1  confirm      250   1.00      1.23    98.77     0.80  1.00    0.80    30.00   40.00         7
     64  confirm     1000   4.00      1.23    98.77     0.60  0.75    0.60    30.00   40.00         7"
        );
    }

    #[test]
    fn what_is_not_known_is_said() {
        let read = figures(Kind::Read, 1, 500, Some(100));
        let confirm = figures(Kind::Confirm, 1, 4_000, Some(800));
        let told = proportions(&[read, confirm]);
        assert_eq!(told, "A confirm at 1: 8.00 reads of CPU, 8.00 reads of time.");
        assert!(!told.contains("not available"));

        let blind = figures(Kind::Confirm, 16, 4_000, None);
        let row = blind.row(None);
        assert!(row.split_whitespace().skip(6).all(|cell| cell == "-"), "{row}");
        assert!(proportions(&[blind]).contains("not available"));
    }
}
