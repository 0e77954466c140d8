//! What the machine says: a program's CPU time and memory, and what a durable write costs.

use std::fs::File;
use std::io::{Seek, Write};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Linux tells user space times in hundredths of a second, whatever its own clock
/// (`USER_HZ`; proc(5)).
const TICK: Duration = Duration::from_millis(10);

/// A page of SQLite's.
const PAGE: [u8; 4096] = [b'.'; 4096];

/// Enough for a 99th percentile, over within a few seconds on the slowest disk.
const DURABLE_WRITES: usize = 200;

/// What a program has used since it was started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Usage {
    /// User and system time of all its threads.
    pub(super) cpu: Duration,
    pub(super) memory: Memory,
}

/// Resident memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Memory {
    pub(super) now_kib: u64,
    pub(super) peak_kib: u64,
}

impl Usage {
    /// `None` where the system has no `/proc`.
    pub(super) fn of(process: u32) -> Option<Usage> {
        let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
        let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
        Some(Usage { cpu: cpu(&stat)?, memory: memory(&status)? })
    }
}

/// `utime` and `stime` of `/proc/<pid>/stat`, its 14th and 15th field.
fn cpu(stat: &str) -> Option<Duration> {
    // The 2nd field is the program's name, which may hold spaces and brackets.
    let (_, from_third) = stat.rsplit_once(')')?;
    let mut times = from_third.split_ascii_whitespace().skip(11);
    let user: u32 = times.next()?.parse().ok()?;
    let system: u32 = times.next()?.parse().ok()?;
    TICK.checked_mul(user.checked_add(system)?)
}

/// `VmRSS` and `VmHWM` of `/proc/<pid>/status`.
fn memory(status: &str) -> Option<Memory> {
    let kib = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
        line.trim().strip_suffix("kB")?.trim_end().parse().ok()
    };
    Some(Memory { now_kib: kib("VmRSS")?, peak_kib: kib("VmHWM")? })
}

/// CPU time of the whole machine since its start, in ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shares {
    all: u64,
    /// What a virtual machine was to run in, and its host gave to others.
    stolen: u64,
}

impl Shares {
    /// `None` where the system has no `/proc`.
    pub(super) fn read() -> Option<Shares> {
        shares(&std::fs::read_to_string("/proc/stat").ok()?)
    }

    /// What was stolen between `earlier` and now, in percent of all.
    pub(super) fn stolen_since(self, earlier: Shares) -> Option<u64> {
        let all = self.all.checked_sub(earlier.all)?;
        (self.stolen.checked_sub(earlier.stolen)? * 100).checked_div(all)
    }
}

/// The first line of `/proc/stat`: user, nice, system, idle, iowait, irq, softirq, steal (proc(5)).
/// What follows is counted in those already.
fn shares(stat: &str) -> Option<Shares> {
    let times = stat.lines().next()?.strip_prefix("cpu ")?.split_ascii_whitespace().take(8);
    let times: Vec<u64> = times.map(str::parse).collect::<Result<_, _>>().ok()?;
    Some(Shares { all: times.iter().sum(), stolen: *times.get(7)? })
}

/// How long it takes to write a page into `file` and have the disk confirm it, sorted. Pages are
/// written over, as SQLite's log is once it has its size: a file that grows is slower. The file
/// is left to its folder.
pub(super) async fn durable_writes(file: PathBuf) -> Result<Vec<Duration>, String> {
    let writing = tokio::task::spawn_blocking(move || {
        let mut file = File::create(file)?;
        for _ in 0..DURABLE_WRITES {
            file.write_all(&PAGE)?;
        }
        file.sync_all()?;
        file.rewind()?;
        let mut took = Vec::with_capacity(DURABLE_WRITES);
        for _ in 0..DURABLE_WRITES {
            let started = Instant::now();
            file.write_all(&PAGE)?;
            file.sync_data()?;
            took.push(started.elapsed());
        }
        took.sort_unstable();
        Ok::<_, std::io::Error>(took)
    });
    let written = writing.await.map_err(|error| error.to_string())?;
    written.map_err(|error| format!("--folder: a file could not be written: {error}"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Memory, Shares, cpu, memory, shares};

    #[test]
    fn cpu_is_read_past_any_name() {
        let rest = "S 1 2 3 0 -1 4194560 5214 0 12 0 217 83 4 5 20 0 9 0 88 1 2";
        for name in ["gyesan", "a (b) c", ") 1 2"] {
            let stat = format!("4711 ({name}) {rest}");
            assert_eq!(cpu(&stat), Some(Duration::from_secs(3)), "{name}");
        }
        for stat in ["", "4711 (gyesan", "4711 (gyesan) S 1 2", &rest.replace("217", "x")] {
            assert_eq!(cpu(stat), None, "{stat}");
        }
    }

    #[test]
    fn what_the_host_took_is_a_part_of_all() {
        let before = shares("cpu  10 0 10 60 5 0 5 10 3 0\ncpu0 1 1 1 1 1 1 1 1 1 1\n").unwrap();
        assert_eq!(before, Shares { all: 100, stolen: 10 });
        let after = shares("cpu  30 0 30 100 5 0 5 30 3 0\n").unwrap();
        assert_eq!(after.stolen_since(before), Some(20));
        assert_eq!(after.stolen_since(after), None);
        assert_eq!(before.stolen_since(after), None);
        for stat in ["", "cpu0 1 1 1 1 1 1 1 1", "cpu  1 2 3 4 5 6 7", "cpu  1 2 3 4 5 6 7 x"] {
            assert_eq!(shares(stat), None, "{stat}");
        }
    }

    #[test]
    fn memory_is_read_in_kib() {
        let status = "Name:\tgyesan\nVmPeak:\t  999 kB\nVmHWM:\t   40960 kB\nVmRSS:\t   30720 kB\n";
        assert_eq!(memory(status), Some(Memory { now_kib: 30_720, peak_kib: 40_960 }));
        for status in ["", "VmRSS:\t1 kB", "VmHWM:\t1 kB\nVmRSS:\t1 MB", "VmHWM: x kB\nVmRSS: 1 kB"]
        {
            assert_eq!(memory(status), None, "{status}");
        }
    }
}
