//! `gyesan bench`: what a confirm call costs in time, CPU and memory; and what it costs the
//! sandbox alone, which must not be the bottleneck of any such measurement.
//!
//! How: the shop and the sandbox run as children of this program, so that the shop's CPU and
//! memory can be told from the sandbox's and from those of the calls made here. Orders are
//! placed and authenticated beforehand; `POST /api/confirm-payment` alone is timed.
//!
//! Why ratios: machines differ, and one machine differs from hour to hour. What holds is how
//! the figures of one run stand to each other, so each level is also told in proportion to one
//! call at a time, each confirm in proportion to a plain read (`GET /api/products`), and what the
//! shop adds to Toss's own time in proportion to a raw commit on the same disk.

mod bounds;
mod figures;
mod kill;
mod load;
mod machine;
mod pages;
mod rig;
mod twin;

use std::time::Duration;

use crate::server::config::Bench;
use crate::server::db::raw;
use crate::startup::console::{complain, say};
use crate::startup::stopping::stop_signal;
use crate::trials::bench::bounds::Beside;
use crate::trials::bench::figures::{Figures, Kind};
use crate::trials::bench::load::{Call, Load};
use crate::trials::bench::machine::{Shares, Usage};
use crate::trials::bench::rig::{Ground, Rig};
use crate::trials::child::Folder;
use crate::trials::temporary::Temporary;

/// One buyer alone, a busy shop, and far more at once than a small machine has cores.
const LEVELS: [u32; 3] = [1, 16, 64];

/// A Toss that answers at once shows what the shop itself costs, the other what buyers see.
const LATENCIES: [Duration; 2] = [Duration::ZERO, Duration::from_millis(200)];

/// Sent before each timed round at the same concurrency: four for each connection of the
/// highest level, so that no timed call opens a connection or is the first of its kind.
const WARM_UP_CALLS: u32 = 256;

/// With latency a call is mostly waiting: as many for each that is sent at once as are over in
/// some seconds, and fewer to warm up.
const CALLS_EACH_WHEN_SLOW: u32 = 40;
const WARM_UP_EACH_WHEN_SLOW: u32 = 4;

/// Before and after the confirms that they are set beside.
const RAW_COMMITS: usize = 400;

/// Confirms at the sandbox alone, for its own time.
const TOSS_CALLS: u32 = 60;

/// Failures told one by one; they tend to be alike.
const FAILURES_TOLD: usize = 3;

/// Measures, prints, and fails if any call was not answered as it should be.
pub async fn run(args: Bench) -> Result<(), String> {
    let databases = args.postgres.as_deref().map(|server| Temporary::on(server, "bench"));
    let measured = tokio::select! {
        measured = measure(&args, databases.as_ref()) => measured,
        // Whatever was under way is dropped, and with it the children and the folder.
        () = stop_signal() => Err("the benchmark was stopped before its end".to_owned()),
    };
    let cleared = match databases {
        Some(databases) => databases.clear().await,
        None => Ok(()),
    };
    measured.and(cleared)
}

async fn measure(args: &Bench, databases: Option<&Temporary>) -> Result<(), String> {
    if cfg!(debug_assertions) {
        complain("this is a debug build, whose figures say nothing: run `make bench`");
    }
    if args.sandbox {
        return twin::measure().await;
    }
    let folder = Folder::make(args.folder.as_deref())?;
    if args.pages || args.kill {
        let mut tally = Tally::default();
        beside(args, databases, &mut tally).await?;
        return tally.tell();
    }
    let durable = machine::durable_writes(folder.path().join("probe")).await?;
    say(&figures::preface(&durable));
    let mut tally = Tally::default();
    measure_on(Ground::Sqlite(folder), args.calls, &mut tally).await?;
    match databases {
        Some(databases) => {
            measure_on(Ground::on_server(databases).await?, args.calls, &mut tally).await?
        }
        None => say("\nPostgreSQL was not measured: no server was named (--postgres); `make \
                     bench` starts one where its programs are installed."),
    }
    let alone = twin::measure().await;
    beside(args, databases, &mut tally).await?;
    tally.tell()?;
    alone
}

/// What is measured beside confirms, each on a new database of each kind.
async fn beside(
    args: &Bench,
    databases: Option<&Temporary>,
    tally: &mut Tally,
) -> Result<(), String> {
    for is_kill in [false, true] {
        // All of it, unless one was asked for.
        if (args.pages && is_kill) || (args.kill && !is_kill) {
            continue;
        }
        let mut grounds = vec![Ground::Sqlite(Folder::make(args.folder.as_deref())?)];
        if let Some(databases) = databases {
            grounds.push(Ground::on_server(databases).await?);
        }
        for ground in grounds {
            match is_kill {
                true => kill::measure(ground, args.open).await?,
                false => pages::measure(ground, tally).await?,
            }
        }
    }
    Ok(())
}

/// All tables of one database.
async fn measure_on(ground: Ground, calls: u32, tally: &mut Tally) -> Result<(), String> {
    let tables = u32::try_from(LEVELS.len() * LATENCIES.len()).unwrap_or(u32::MAX);
    let rig = Rig::start(ground, tables * (calls + WARM_UP_CALLS)).await?;
    let load = Load::new(&rig.shop.url, &rig.sandbox.url, &rig.client_key)?;
    for latency in LATENCIES {
        load.set_latency(latency).await?;
        say(&format!("\n{}, Toss at {} ms\n", rig.ground.name(), latency.as_millis()));
        say(&figures::head());
        table(&rig, &load, latency, calls, tally).await?;
    }
    Ok(())
}

/// One table, and what it is held against.
async fn table(
    rig: &Rig,
    load: &Load,
    latency: Duration,
    calls: u32,
    tally: &mut Tally,
) -> Result<(), String> {
    let mut all: Vec<Figures> = Vec::new();
    let mut beside = Beside {
        raw: Vec::new(),
        toss: load.toss_alone(&rig.secret_key, TOSS_CALLS).await?,
        is_sqlite: matches!(rig.ground, Ground::Sqlite(_)),
    };
    for at_once in LEVELS {
        // A read does not ask Toss.
        if latency.is_zero() {
            let reads = (0..WARM_UP_CALLS + calls).map(|_| Call::Read).collect();
            let plan = Plan { kind: Kind::Read, at_once, warm_up: WARM_UP_CALLS };
            let figures = round(rig, load, plan, reads, tally).await?;
            say(&figures.row(all.iter().find(|first| first.kind == Kind::Read)));
            all.push(figures);
        }
        let (warm_up, timed) = match latency {
            Duration::ZERO => (WARM_UP_CALLS, calls),
            _ => (at_once * WARM_UP_EACH_WHEN_SLOW, calls.min(at_once * CALLS_EACH_WHEN_SLOW)),
        };
        let orders = load.orders(warm_up + timed).await?;
        if at_once == 1 {
            beside.raw.extend(raw_commits(rig).await?);
        }
        let plan = Plan { kind: Kind::Confirm, at_once, warm_up };
        let figures = round(rig, load, plan, orders, tally).await?;
        if at_once == 1 {
            beside.raw.extend(raw_commits(rig).await?);
        }
        say(&figures.row(all.iter().find(|first| first.kind == Kind::Confirm)));
        all.push(figures);
    }
    let confirms: Vec<&Figures> = all.iter().filter(|it| it.kind == Kind::Confirm).collect();
    say(&format!("\n{}", beside.told(&confirms)));
    if latency.is_zero() {
        say(&figures::proportions(&all));
    }
    Ok(())
}

async fn raw_commits(rig: &Rig) -> Result<Vec<Duration>, String> {
    let commits = raw::commits(&rig.ground.raw(), RAW_COMMITS).await;
    commits.map_err(|error| format!("the raw commits failed: {error}"))
}

/// What one round is to be.
struct Plan {
    kind: Kind,
    at_once: u32,
    warm_up: u32,
}

/// Warms up, then times the rest of `calls`.
async fn round(
    rig: &Rig,
    load: &Load,
    plan: Plan,
    mut calls: Vec<Call>,
    tally: &mut Tally,
) -> Result<Figures, String> {
    let Plan { kind, at_once, warm_up } = plan;
    let warm_up = usize::try_from(warm_up).unwrap_or(usize::MAX).min(calls.len());
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
        stolen: after.machine.zip(before.machine).and_then(|(now, then)| now.stolen_since(then)),
    })
}

fn spent(before: Option<Usage>, after: Option<Usage>) -> Option<Duration> {
    Some(after?.cpu.saturating_sub(before?.cpu))
}

/// What each of the three programs has used so far, and the machine.
struct Usages {
    shop: Option<Usage>,
    sandbox: Option<Usage>,
    own: Option<Usage>,
    machine: Option<Shares>,
}

impl Usages {
    fn read(rig: &Rig) -> Usages {
        Usages {
            shop: Usage::of(rig.shop.id()),
            sandbox: Usage::of(rig.sandbox.id()),
            own: Usage::of(std::process::id()),
            machine: Shares::read(),
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
