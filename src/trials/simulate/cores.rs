//! A core of its own for each thread that plays histories.
//!
//! How: a thread keeps to one core before it opens its database, whose threads then keep to it too.
//!
//! Why: a history and its database never work at once, they hand over to each other for each
//! statement; to wake a thread on another core takes longer than the statement.

/// The cores that this process may use, from the one it is on.
#[derive(Clone, Debug)]
pub(super) struct Cores(Vec<usize>);

impl Cores {
    /// None where the system does not say.
    #[cfg(target_os = "linux")]
    pub(super) fn allowed() -> Cores {
        use rustix::thread::{CpuSet, sched_getaffinity, sched_getcpu};
        let Ok(set) = sched_getaffinity(None) else { return Cores(Vec::new()) };
        let mut cores: Vec<usize> = (0..CpuSet::MAX_CPU).filter(|at| set.is_set(*at)).collect();
        // Two processes at once are not likely to be on the same one.
        let here = sched_getcpu();
        let first = cores.iter().position(|at| *at == here).unwrap_or_default();
        cores.rotate_left(first);
        Cores(cores)
    }

    #[cfg(not(target_os = "linux"))]
    pub(super) fn allowed() -> Cores {
        Cores(Vec::new())
    }

    /// This thread, and those that it starts from now on, keep to one of them, if the system lets
    /// them.
    #[cfg(target_os = "linux")]
    pub(super) fn keep_to_one(&self, thread: usize) {
        use rustix::thread::{CpuSet, sched_setaffinity};
        let Some(core) = self.0.iter().cycle().nth(thread) else { return };
        let mut set = CpuSet::new();
        set.set(*core);
        // Where it is refused histories are slower, and the same.
        let _ = sched_setaffinity(None, &set);
    }

    #[cfg(not(target_os = "linux"))]
    pub(super) fn keep_to_one(&self, _thread: usize) {}
}
