//! From settings to a running shop, and to its graceful stop: the only part that sees every other.

mod alone;
mod backing_up;
mod bench;
mod child;
mod coupon;
mod drill;
mod following;
mod open_files;
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
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use crate::sandbox::Reach;
use crate::server::config::{Cli, Command, LogFormat, Serve};
use crate::server::{Error, crash, files};
use crate::startup::storage::open;
use crate::startup::telemetry::Telemetry;

/// What commands other than `serve` log.
const LOG_LEVELS: &str = "warn,gyesan=info";

/// Runs one command to its end. An error is one sentence that says what to do.
pub async fn run(cli: Cli) -> Result<(), String> {
    match cli.command {
        Some(Command::Serve(serve)) => serve_until_stopped(*serve).await,
        // `gyesan` alone is `gyesan serve`: settings from the environment or their defaults.
        None => match Cli::parse_from(["gyesan", "serve"]).command {
            Some(Command::Serve(serve)) => serve_until_stopped(*serve).await,
            Some(_) | None => Ok(()),
        },
        Some(Command::Migrate(kept)) => {
            start_log(LOG_LEVELS, LogFormat::Text);
            storage::open_or_make(&kept).await?.close().await;
            say("The database is up to date.");
            Ok(())
        }
        Some(Command::Sandbox(args)) => alone::run(*args).await,
        Some(Command::Backup(args)) => backing_up::back_up(args).await,
        Some(Command::Restore(args)) => backing_up::restore(args).await,
        Some(Command::Bench(args)) => bench::run(args).await,
        Some(Command::Drill(args)) => drill::run(args).await,
        Some(Command::Coupon(command)) => coupon::run(command).await,
        // On threads of its own, each with a runtime of its own.
        Some(Command::Simulate(args)) => tokio::task::spawn_blocking(move || simulate::run(&args))
            .await
            .map_err(|error| format!("the simulation ended early: {error}"))?,
        Some(Command::Prove(args)) => proving::run(*args).await,
        Some(Command::Refund(args)) => refunding::run(args).await,
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
        Error::Database(_) | Error::OutOfOrder(_) | Error::Damaged(_) | Error::Ended(_) => {
            let hint = if error.is_outage() { "; try again once it takes writes" } else { "" };
            format!("{error}: {}{hint}", source.unwrap_or_default())
        }
    }
}

fn say(sentence: &str) {
    drop(writeln!(std::io::stdout(), "{sentence}"));
}

fn start_log(levels: &str, format: LogFormat) {
    start_log_beside(&Telemetry::default(), levels, format);
}

fn start_log_beside(telemetry: &Telemetry, levels: &str, format: LogFormat) {
    let filter = EnvFilter::new(levels);
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start in one process, as tests do, keeps the first log.
    let started = match (telemetry.layer(), format) {
        (None, LogFormat::Text) => log.try_init(),
        (None, LogFormat::Json) => log.json().try_init(),
        (Some(layer), format) => {
            let log = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
            let log = match format {
                LogFormat::Text => log.boxed(),
                LogFormat::Json => log.json().boxed(),
            };
            let log = log.with_filter(EnvFilter::new(levels));
            tracing_subscriber::registry().with(layer).with(log).try_init().map_err(Into::into)
        }
    };
    drop(started);
}

async fn serve_until_stopped(serve: Serve) -> Result<(), String> {
    let telemetry = Telemetry::start(&serve.telemetry)?;
    start_log_beside(&telemetry, &serve.log, serve.log_format);
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
