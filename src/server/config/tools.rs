//! Settings of the commands that are not `serve`: measuring, drilling, refunding.

use std::path::PathBuf;

use clap::Args;

use crate::server::config::Storage;

#[derive(Clone, Debug, Args)]
pub struct DrillArgs {
    /// A PostgreSQL server (postgres://user@host:port) on which databases may be made [default:
    /// SQLite files].
    #[arg(long)]
    pub postgres: Option<String>,
}

#[derive(Clone, Debug, Args)]
pub struct RefundArgs {
    /// The order.
    pub order_id: String,

    /// In won [default: everything that is left].
    #[arg(long)]
    pub amount: Option<i64>,

    /// What Toss and the buyer are told, at most 200 characters.
    #[arg(long)]
    pub reason: String,

    #[command(flatten)]
    pub storage: Storage,
}

/// Three levels of this many are less than the payments a sandbox remembers, and are confirmed
/// before an authentication ends after 10 minutes.
const BENCH_CALLS_MAX: i64 = 10_000;

#[derive(Clone, Debug, Args)]
pub struct Bench {
    /// Confirm calls at each level of concurrency, and as many plain reads to compare with.
    #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(1..=BENCH_CALLS_MAX))]
    pub calls: u32,

    /// Where the measured database is put, in a folder that is removed at the end; its disk is
    /// measured too [default: the system's folder for temporary files].
    #[arg(long)]
    pub folder: Option<PathBuf>,

    /// The sandbox alone, without the shop.
    #[arg(long)]
    pub sandbox: bool,
}
