//! `gyesan serve`: the shop, until it is told to stop.

use crate::server::config::{Log, Serve};
use crate::server::db::catalogue;
use crate::server::files;
use crate::server::runtime::crash;
use crate::startup::console::{complain, say};
use crate::startup::stopping::stop_signal;
use crate::startup::telemetry::Telemetry;
use crate::startup::{Running, log, open_files};

/// Runs a shop until Ctrl-C or SIGTERM, and then finishes what is in flight.
pub async fn run(serve: Serve, log: &Log) -> Result<(), String> {
    let telemetry = Telemetry::start(&serve.telemetry)?;
    log::start_beside(&telemetry, log, None)?;
    if let Err(sentence) = open_files::raise_limit(serve.streams.max) {
        complain(&sentence);
    }
    let crash_at = serve.crash_at;
    let running = Running::start(serve).await?;
    if let Some(at) = crash_at {
        crash::arm(crash::Drill { at }, |point| complain(&format!("drill: {point}")));
    }
    say(&format!("Shop:  {}", running.app.shop.public_url));
    match &running.sandbox_url {
        Some(url) => say(&format!(
            "Toss:  the sandbox at {url} (play money; its control page is {url}/__sandbox/)"
        )),
        None => say(&format!("Toss:  {}", running.toss_url)),
    }
    if let Some(url) = &running.ops_url {
        say(&format!("Ops:   {url}/metrics, /healthz, /readyz"));
    }
    if catalogue::is_empty(running.app.db.read()).await.unwrap_or(false) {
        complain(
            "the shelf is empty: `gyesan product add tee --name 티셔츠 --price 29000 --stock 10`, or \
             `gyesan product import products.csv --pictures FOLDER`",
        );
    }
    if !files::are_built() {
        complain(
            "the browser's side is not built, so nothing moves in the pages: run `make front`",
        );
    }
    stop_signal().await;
    say("Stopping: requests in flight are finished first.");
    running.stop().await;
    telemetry.finish().await;
    Ok(())
}
