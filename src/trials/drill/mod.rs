//! `gyesan drill`: kills a shop at every point at which it could die, and looks whether what must
//! hold holds once it is up again.
//!
//! How: each commit and each call to Toss is a point before and a point after
//! ([`crate::server::runtime::crash`]). For each fault of Toss the same journey is made again and again,
//! with the shop killed (SIGKILL) at the first point, the second, and so on, until the journey
//! passes its last. The faults are gone through side by side, and beside them a shop is told to
//! stop while Toss is slow. After each death the shop is started again on the same database, its
//! background work runs, the buyer reloads the page, and the invariants are checked, here and
//! against Toss.

mod case;
mod ground;
mod stop;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::server::config::DrillArgs;
use crate::startup::console::{complain, say};
use crate::startup::stopping::stop_signal;
use crate::trials::drill::case::{Case, Ended};
use crate::trials::drill::ground::Ground;
use crate::trials::temporary::Temporary;

/// No journey has as many points; if one did, it would never end.
const POINTS_MAX: u64 = 200;

/// What Toss does to the first call of its kind.
const FAULTS: [(&str, Option<(&str, &str)>); 7] = [
    ("none", None),
    ("answer lost, money not taken", Some(("confirm", r#"{"kind":"lose","when":"before"}"#))),
    ("answer lost, money taken", Some(("confirm", r#"{"kind":"lose","when":"after"}"#))),
    ("500 after the money was taken", Some(("confirm", r#"{"kind":"fail","when":"after"}"#))),
    ("declined", Some(("confirm", r#"{"kind":"refuse","code":"REJECT_CARD_PAYMENT"}"#))),
    ("wrong amount", Some(("confirm", r#"{"kind":"wrongAmount"}"#))),
    ("refund's answer lost", Some(("cancel", r#"{"kind":"lose","when":"after"}"#))),
];

/// Goes through every point under every fault, prints the table, and fails if anything did not
/// hold.
pub async fn run(args: DrillArgs) -> Result<(), String> {
    let postgres = args.postgres.map(|server| Arc::new(Temporary::on(&server, "drill")));
    let (mut lanes, mut stopping) = (JoinSet::new(), JoinSet::new());
    // A case mostly waits, for a start or for a lease, so that few cores carry all lanes.
    for (at, (name, fault)) in FAULTS.into_iter().enumerate() {
        let postgres = postgres.clone();
        lanes.spawn(async move { (at, lane(name, fault, postgres).await) });
    }
    stopping.spawn(stop::play(postgres.clone()));
    let played = tokio::select! {
        played = ended(&mut lanes, &mut stopping) => played,
        () = stop_signal() => Err("the drill was stopped before its end".to_owned()),
    };
    // After a failure some are still at it.
    lanes.shutdown().await;
    stopping.shutdown().await;
    let cleared = match postgres {
        Some(postgres) => postgres.clear().await,
        None => Ok(()),
    };
    played.and(cleared)
}

/// Waits for all lanes, or for the first that could not be gone through.
async fn ended(
    lanes: &mut JoinSet<(usize, Result<Vec<Ended>, String>)>,
    stopping: &mut JoinSet<Result<(), String>>,
) -> Result<(), String> {
    let begun = Instant::now();
    let mut columns = BTreeMap::new();
    while let Some(lane) = lanes.join_next().await {
        let (at, column) = lane.map_err(|error| format!("a fault: {error}"))?;
        columns.insert(at, column?);
    }
    let columns: Vec<_> =
        FAULTS.into_iter().map(|(name, _)| name).zip(columns.into_values()).collect();
    report(&columns, begun.elapsed());
    while let Some(stopped) = stopping.join_next().await {
        stopped.map_err(|error| error.to_string())??;
    }
    say("SIGTERM with a confirm in flight: the buyer was told, the program ended well.");
    let broken = columns.iter().flat_map(|(_, column)| column).filter(|it| !it.offences.is_empty());
    match broken.count() {
        0 => Ok(()),
        count => Err(format!("{count} cases broke an invariant: see above")),
    }
}

/// All points under one fault, on a ground of its own: what strikes one lane must not strike
/// another.
async fn lane(
    name: &str,
    fault: Option<(&str, &str)>,
    postgres: Option<Arc<Temporary>>,
) -> Result<Vec<Ended>, String> {
    let explain = |error: String| format!("fault “{name}”: {error}");
    let ground = Ground::prepare(postgres).await.map_err(explain)?;
    let mut column = Vec::new();
    for point in 1..=POINTS_MAX {
        let case = Case { ground: &ground, fault, point };
        let ended = case.play().await;
        let ended = ended.map_err(|error| explain(format!("point {point}: {error}")))?;
        let is_last = ended.died_at.is_none();
        column.push(ended);
        if is_last {
            break;
        }
    }
    Ok(column)
}

fn report(columns: &[(&str, Vec<Ended>)], took: Duration) {
    for (name, column) in columns {
        say(&format!("\n### {name}\n"));
        say("| point | killed | the order when all is settled |\n| ---: | --- | --- |");
        for (point, ended) in (1..).zip(column) {
            let died_at = ended.died_at.as_deref().unwrap_or("not at all");
            let status = ended.status.as_deref().unwrap_or("the buyer was told of none");
            say(&format!("| {point} | {died_at} | {status} |"));
            for offence in &ended.offences {
                say(&format!("BROKEN: {offence}"));
            }
        }
    }
    let deaths: usize = columns
        .iter()
        .map(|(_, column)| column.iter().filter(|it| it.died_at.is_some()).count())
        .sum();
    let cases: usize = columns.iter().map(|(_, column)| column.len()).sum();
    let (faults, seconds) = (columns.len(), took.as_secs());
    say(&format!("\n{cases} cases, {deaths} deaths, {faults} faults."));
    // Not of the table, which is the same each time.
    complain(&format!("the drill took {seconds} s"));
}
