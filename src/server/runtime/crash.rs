//! Points at which a drill kills the program, to show that what it was doing survives.
//!
//! Each database commit and each call to Toss passes one before and one after. Only the
//! command `drill` sets a point, for a shop of its own; otherwise passing costs one load.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// Where to die, counted from 1; 0 is nowhere.
static AT: AtomicU64 = AtomicU64::new(0);
static PASSED: AtomicU64 = AtomicU64::new(0);

/// What the drill counts: a commit, or a call to Toss.
#[derive(Clone, Copy, Debug)]
pub struct Drill {
    /// The point at which the program kills itself; a number beyond the last kills nothing.
    pub at: u64,
}

static SAID: OnceLock<fn(&str)> = OnceLock::new();

/// Begins to count. `say` prints where the program dies, for the table.
pub fn arm(drill: Drill, say: fn(&str)) {
    let _ = SAID.set(say);
    PASSED.store(0, Ordering::SeqCst);
    AT.store(drill.at, Ordering::SeqCst);
}

/// A point: `what` is about to be done, or has been.
pub fn point(what: &'static str, side: &'static str) {
    let at = AT.load(Ordering::Relaxed);
    if at == 0 {
        return;
    }
    if PASSED.fetch_add(1, Ordering::SeqCst) + 1 == at {
        if let Some(say) = SAID.get() {
            say(&format!("{side} {what}"));
        }
        kill();
    }
}

/// As if the machine had lost its power: nothing is flushed, nobody is told.
fn kill() -> ! {
    let own = std::process::id().to_string();
    let killed = std::process::Command::new("kill").args(["-9", &own]).status();
    drop(killed);
    std::process::abort()
}
