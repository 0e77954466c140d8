//! The commands of the program, one file each.

pub mod backup;
pub mod cancel;
pub mod coupon;
pub mod product;
pub mod prove;
pub mod refund;
pub mod sandbox;
pub mod serve;

use clap::Parser;

use crate::server::config::{Cli, Command};
use crate::startup::console::say;
use crate::startup::{log, storage};
use crate::trials::{bench, drill, simulate};

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
        Command::Prove(_) => log::start(&cli.log, Some(prove::LOG_LEVELS))?,
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
        Command::Serve(serve) => serve::run(*serve, &cli.log).await,
        Command::Migrate(kept) => {
            storage::open_or_make(&kept).await?.close().await;
            say("The database is up to date.");
            Ok(())
        }
        Command::Sandbox(args) => sandbox::run(*args).await,
        Command::Product(command) => product::run(command).await,
        Command::Cancel(args) => cancel::run(args).await,
        Command::Backup(args) => backup::back_up(args).await,
        Command::Restore(args) => backup::restore(args).await,
        Command::Bench(args) => bench::run(args).await,
        Command::Drill(args) => drill::run(args).await,
        Command::Coupon(command) => coupon::run(command).await,
        // On threads of its own, each with a runtime of its own.
        Command::Simulate(args) => tokio::task::spawn_blocking(move || simulate::run(&args))
            .await
            .map_err(|error| format!("the simulation ended early: {error}"))?,
        Command::Prove(args) => prove::run(*args).await,
        Command::Refund(args) => refund::run(args).await,
    }
}
