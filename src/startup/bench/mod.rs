//! `gyesan bench`: what a confirm call costs in time, CPU and memory; and what it costs the
//! sandbox alone, which must not be the bottleneck of any such measurement.
//!
//! How: the shop and the sandbox run as children of this program, so that the shop's CPU and
//! memory can be told from the sandbox's and from those of the calls made here. Orders are
//! placed and authenticated beforehand; `POST /api/confirm-payment` alone is timed.
//!
//! Why ratios: machines differ, and one machine differs from hour to hour. What holds is how
//! the figures of one run stand to each other, so each level is also told in proportion to one
//! call at a time, and each confirm in proportion to a plain read (`GET /api/products`).

mod figures;
mod load;
mod machine;
mod rig;
mod twin;

use std::time::Duration;

use crate::server::config::Bench;
use crate::startup::bench::figures::{Figures, Kind};
use crate::startup::bench::load::{Call, Load};
use crate::startup::bench::machine::Usage;
use crate::startup::bench::rig::Rig;
use crate::startup::child::Folder;
use crate::startup::{complain, say, stop_signal};

/// One buyer alone, a busy shop, and far more at once than a small machine has cores.
const LEVELS: [u32; 3] = [1, 16, 64];

/// Sent before each timed round at the same concurrency: four for each connection of the
/// highest level, so that no timed call opens a connection or is the first of its kind.
const WARM_UP_CALLS: u32 = 256;

/// Failures told one by one; they tend to be alike.
const FAILURES_TOLD: usize = 3;

/// Measures, prints, and fails if any call was not answered as it should be.
pub(super) async fn run(args: Bench) -> Result<(), String> {
    tokio::select! {
        measured = measure(&args) => measured,
        // Whatever was under way is dropped, and with it the children and the folder.
        () = stop_signal() => Err("the benchmark was stopped before its end".to_owned()),
    }
}

async fn measure(args: &Bench) -> Result<(), String> {
    if cfg!(debug_assertions) {
        complain("this is a debug build, whose figures say nothing: run `make bench`");
    }
    if args.sandbox {
        return twin::measure().await;
    }
    let folder = Folder::make(args.folder.as_deref())?;
    let durable = machine::durable_writes(folder.path().join("probe")).await?;
    let rounds = u32::try_from(LEVELS.len()).unwrap_or(u32::MAX);
    let rig = Rig::start(folder, rounds * (args.calls + WARM_UP_CALLS)).await?;
    let load = Load::new(&rig.shop.url, &rig.sandbox.url, &rig.client_key)?;

    say(&figures::preface(args.calls, &durable));
    say(&figures::head());
    let mut all: Vec<Figures> = Vec::new();
    let mut tally = Tally::default();
    for at_once in LEVELS {
        for kind in [Kind::Read, Kind::Confirm] {
            let count = WARM_UP_CALLS + args.calls;
            let calls = match kind {
                Kind::Read => (0..count).map(|_| Call::Read).collect(),
                Kind::Confirm => load.orders(count).await?,
            };
            let figures = round(&rig, &load, kind, at_once, calls, &mut tally).await?;
            say(&figures.row(all.iter().find(|first| first.kind == kind)));
            all.push(figures);
        }
    }
    say(&figures::proportions(&all));
    // The shop and its sandbox have ended when the other one is measured.
    drop(rig);
    let alone = twin::measure().await;
    tally.tell()?;
    alone
}

/// Warms up, then times the rest of `calls`.
async fn round(
    rig: &Rig,
    load: &Load,
    kind: Kind,
    at_once: u32,
    mut calls: Vec<Call>,
    tally: &mut Tally,
) -> Result<Figures, String> {
    let warm_up = usize::try_from(WARM_UP_CALLS).unwrap_or(usize::MAX).min(calls.len());
    let timed = calls.split_off(warm_up);
    let warmed = load.send(calls, at_once).await?;
    tally.warm_up += warmed.took.len();
    tally.failures.extend(warmed.failures);

    let before = Usages::read(rig);
    let mut sent = load.send(timed, at_once).await?;
    let after = Usages::read(rig);
    tally.timed += sent.took.len();
    tally.failures.append(&mut sent.failures);
    sent.took.sort_unstable();
    Ok(Figures {
        kind,
        at_once,
        right: u32::try_from(sent.took.len()).unwrap_or(u32::MAX),
        elapsed: sent.elapsed,
        p50: figures::percentile(&sent.took, 50),
        p99: figures::percentile(&sent.took, 99),
        shop_cpu: spent(before.shop, after.shop),
        other_cpu: spent(before.sandbox, after.sandbox)
            .zip(spent(before.own, after.own))
            .map(|(sandbox, own)| sandbox + own),
        memory: after.shop.map(|usage| usage.memory),
    })
}

fn spent(before: Option<Usage>, after: Option<Usage>) -> Option<Duration> {
    Some(after?.cpu.saturating_sub(before?.cpu))
}

/// What each of the three programs has used so far.
struct Usages {
    shop: Option<Usage>,
    sandbox: Option<Usage>,
    own: Option<Usage>,
}

impl Usages {
    fn read(rig: &Rig) -> Usages {
        Usages {
            shop: Usage::of(rig.shop.id()),
            sandbox: Usage::of(rig.sandbox.id()),
            own: Usage::of(std::process::id()),
        }
    }
}

/// All calls of a run.
#[derive(Default)]
struct Tally {
    timed: usize,
    warm_up: usize,
    failures: Vec<String>,
}

impl Tally {
    fn tell(self) -> Result<(), String> {
        let Tally { timed, warm_up, failures } = self;
        say(&format!(
            "Answered as they should be: {timed} timed calls and {warm_up} to warm up; failures: {}.",
            failures.len()
        ));
        if failures.is_empty() {
            return Ok(());
        }
        let told: Vec<&str> = failures.iter().take(FAILURES_TOLD).map(String::as_str).collect();
        Err(format!("{} calls failed, for example: {}", failures.len(), told.join("; ")))
    }
}
