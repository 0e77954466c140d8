//! As many open files as this process may have: each open page that follows its order is one.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Files and connections that are not streams: requests, the database, calls to Toss.
const BESIDE_STREAMS: u64 = 1_000;

/// Raises the soft limit to the hard one; says what to do when that is too low for the streams.
pub fn raise_limit(streams_max: u32) -> Result<(), String> {
    let limit = getrlimit(Resource::Nofile);
    let raised = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit }).is_ok();
    let now = if raised { limit.maximum } else { limit.current };
    match now {
        Some(now) if now < u64::from(streams_max) + BESIDE_STREAMS => Err(format!(
            "only {now} files may be open, too few for {streams_max} streams: raise the limit \
             (ulimit -n, LimitNOFILE) or lower GYESAN_STREAMS_MAX"
        )),
        Some(_) | None => Ok(()),
    }
}
