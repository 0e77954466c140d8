//! From settings to a running shop, and to its graceful stop: the only part that sees every other.

mod alone;
mod backing_up;
mod bench;
mod canceling;
mod child;
mod connections;
mod coupon;
mod drill;
mod following;
pub(crate) mod log;
mod open_files;
mod product;
mod proving;
mod refunding;
mod router;
mod running;
mod simulate;
pub(crate) mod storage;
pub(crate) mod telemetry;
mod temporary;

pub use running::Running;

use std::io::Write;
use std::net::SocketAddr;

use clap::Parser;
use tokio::net::TcpListener;

use crate::sandbox::Reach;
use crate::server::config::{Cli, Command, Log, Serve};
use crate::server::db::catalogue;
use crate::server::{Error, crash, files};
use crate::startup::storage::open;
use crate::startup::telemetry::Telemetry;

/// Runs one command to its end. An error is one sentence that says what to do.
pub async fn run(cli: Cli) -> Result<(), String> {
    let command = match cli.command {
        Some(command) => command,
        // `gyesan` alone is `gyesan serve`: settings from the environment or their defaults.
        None => Cli::parse_from(["gyesan", "serve"]).command.ok_or("serve is a command")?,
    };
    match &command {
        // Beside a collector, if one is set.
        Command::Serve(_) => {}
        Command::Prove(_) => log::start(&cli.log, Some(proving::LOG_LEVELS))?,
        // Many histories at once have nothing to say that anybody could read.
        Command::Simulate(args) if args.seed.is_none() => {}
        Command::Simulate(_) => log::start(&cli.log, Some("error"))?,
        // What they measure and kill are programs of their own.
        Command::Bench(_) | Command::Drill(_) => log::start(&cli.log, Some("off"))?,
        Command::Migrate(_)
        | Command::Sandbox(_)
        | Command::Backup(_)
        | Command::Restore(_)
        | Command::Product(_)
        | Command::Cancel(_)
        | Command::Coupon(_)
        | Command::Refund(_) => log::start(&cli.log, None)?,
    }
    match command {
        Command::Serve(serve) => serve_until_stopped(*serve, &cli.log).await,
        Command::Migrate(kept) => {
            storage::open_or_make(&kept).await?.close().await;
            say("The database is up to date.");
            Ok(())
        }
        Command::Sandbox(args) => alone::run(*args).await,
        Command::Product(command) => product::run(command).await,
        Command::Cancel(args) => canceling::run(args).await,
        Command::Backup(args) => backing_up::back_up(args).await,
        Command::Restore(args) => backing_up::restore(args).await,
        Command::Bench(args) => bench::run(args).await,
        Command::Drill(args) => drill::run(args).await,
        Command::Coupon(command) => coupon::run(command).await,
        // On threads of its own, each with a runtime of its own.
        Command::Simulate(args) => tokio::task::spawn_blocking(move || simulate::run(&args))
            .await
            .map_err(|error| format!("the simulation ended early: {error}"))?,
        Command::Prove(args) => proving::run(*args).await,
        Command::Refund(args) => refunding::run(args).await,
    }
}

/// Prints a sentence on standard error.
pub fn complain(sentence: &str) {
    drop(writeln!(std::io::stderr(), "gyesan: {sentence}"));
}

/// A failure as a command tells it: in English, and with its cause.
fn in_english(error: &Error) -> String {
    let source = std::error::Error::source(error).map(ToString::to_string);
    match error {
        Error::Refund(refusal) => refusal.to_string(),
        // Written for the shop's pages; its code is English.
        Error::Refused(refused) => {
            let field = refused.field.as_ref().map(|field| format!(" ({field})"));
            format!("refused: {}{}", refused.code.as_str(), field.unwrap_or_default())
        }
        Error::Told(told) => format!("refused: {}", told.as_str()),
        Error::Short(product) => format!("refused: too few pieces of {}", product.product_id),
        Error::Database(_) | Error::OutOfOrder(_) | Error::Damaged(_) | Error::Ended(_) => {
            let hint = if error.is_outage() { "; try again once it takes writes" } else { "" };
            format!("{error}: {}{hint}", source.unwrap_or_default())
        }
    }
}

fn say(sentence: &str) {
    drop(writeln!(std::io::stdout(), "{sentence}"));
}

async fn serve_until_stopped(serve: Serve, log: &Log) -> Result<(), String> {
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

/// Listens, or says in a sentence why not.
async fn listen(setting: &str, addr: SocketAddr) -> Result<TcpListener, String> {
    TcpListener::bind(addr).await.map_err(|error| {
        format!("{setting}: cannot listen on {addr}: {error}; port 0 picks a free one")
    })
}

/// Listens for a sandbox, whose reach is nobody's accident.
async fn listen_for_sandbox(addr: SocketAddr, reach: Reach) -> Result<TcpListener, String> {
    match reach.refuses(addr) {
        Some(sentence) => Err(format!("GYESAN_SANDBOX_ADDR: {sentence}")),
        None => listen("GYESAN_SANDBOX_ADDR", addr).await,
    }
}

fn reach(allow_remote: bool) -> Reach {
    if allow_remote { Reach::Anywhere } else { Reach::Loopback }
}

/// `http://127.0.0.1:3000`
fn url_of(listener: &TcpListener) -> Result<String, String> {
    let addr = listener.local_addr().map_err(|error| error.to_string())?;
    Ok(format!("http://{addr}"))
}

/// Ends on Ctrl-C or SIGTERM.
async fn stop_signal() {
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}
