//! Settings of the commands that are not `serve`: measuring, drilling, refunding, proving.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Args;

use crate::domain::actor::Actor;
use crate::domain::id::OrderId;
use crate::server::config::{Storage, Toss, parse};
use crate::server::runtime::clock;

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
    #[arg(value_parser = parse::order_id)]
    pub order_id: OrderId,

    /// Who does it, as the order's events keep it.
    #[arg(long = "staff", env = "GYESAN_STAFF", default_value = "command line", value_parser = parse::staff)]
    pub by: Actor,

    /// In won [default: everything that is left].
    #[arg(long, conflicts_with_all = ["line", "withdraw"], allow_negative_numbers = true, value_parser = parse::whole)]
    pub amount: Option<i64>,

    /// Pieces of a product of the order, such as tee=1; as often as there are products.
    #[arg(long, value_name = "PRODUCT=PIECES", conflicts_with = "withdraw")]
    pub line: Vec<String>,

    /// What Toss and the buyer are told, such as "고객 요청"; at most 200 characters.
    #[arg(long, required_unless_present_any = ["withdraw", "dry_run", "account"])]
    pub reason: Option<String>,

    /// Put the pieces on the shelf again once the money is back; not for an amount, which is of
    /// no product.
    #[arg(long, conflicts_with = "amount")]
    pub restock: bool,

    /// Give the buyer the coupon back once everything of the order is back.
    #[arg(long)]
    pub restore_coupon: bool,

    /// Bank to which a deposited virtual account is refunded, by Toss's code, such as 20. For an
    /// order whose refund waits for an account, this and the next two name it.
    #[arg(long, requires = "account")]
    pub bank: Option<String>,

    /// Its account number, digits alone.
    #[arg(long, requires = "holder")]
    pub account: Option<String>,

    /// Whose account it is.
    #[arg(long, requires = "bank")]
    pub holder: Option<String>,

    /// Take back a refund that still waits for the buyer's account.
    #[arg(long)]
    pub withdraw: bool,

    /// Say what would be given back, and write nothing.
    #[arg(long)]
    pub dry_run: bool,

    #[command(flatten)]
    pub storage: Storage,
}

#[derive(Clone, Debug, Args)]
pub struct ProveArgs {
    /// Settle what is safe to settle: record what Toss says, complete an order that is paid, give
    /// money back that no order can keep.
    #[arg(long)]
    pub repair: bool,

    /// The first day of Toss's list, in Korea, such as 2026-11-22 [default: that of the first
    /// payment].
    #[arg(long, value_parser = clock::korean_midnight)]
    pub from: Option<i64>,

    /// The last day of it [default: today].
    #[arg(long, value_parser = clock::korean_midnight)]
    pub to: Option<i64>,

    #[command(flatten)]
    pub storage: Storage,

    #[command(flatten)]
    pub toss: Toss,

    /// Where the running shop's sandbox listens, if no Toss is set.
    #[arg(long, env = "GYESAN_SANDBOX_ADDR", default_value = "127.0.0.1:3100", value_parser = parse::listening)]
    pub sandbox_addr: SocketAddr,
}

#[derive(Clone, Debug, Args)]
pub struct SimulateArgs {
    /// How many histories.
    #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u64).range(1..))]
    pub seeds: u64,

    /// The first seed; the others follow it.
    #[arg(long, default_value_t = 1)]
    pub first: u64,

    /// Plays one history and tells its story.
    #[arg(long, conflicts_with_all = ["seeds", "first"])]
    pub seed: Option<u64>,

    /// Events of each history.
    #[arg(long, default_value_t = 50)]
    pub events: usize,

    /// Histories at once, each thread on a core of its own [default: as many as there are cores].
    #[arg(long, value_parser = parse::threads)]
    pub threads: Option<NonZeroUsize>,

    /// Ends after so many minutes, whatever is left.
    #[arg(long, value_parser = clap::value_parser!(u64).range(0..=MINUTES_MAX))]
    pub minutes: Option<u64>,

    /// Goes on after a history that broke something.
    #[arg(long)]
    pub keep_going: bool,
}

/// Longer than any history is played, and a number of seconds still.
const MINUTES_MAX: u64 = 1_000_000;

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

    /// A PostgreSQL server (postgres://user@host:port) on which databases may be made: the same on
    /// it too. `make bench` starts one.
    #[arg(long, env = "GYESAN_TEST_POSTGRES", hide_env_values = true)]
    pub postgres: Option<String>,

    /// The sandbox alone, without the shop.
    #[arg(long)]
    pub sandbox: bool,

    /// Pages alone.
    #[arg(long, conflicts_with = "sandbox")]
    pub pages: bool,

    /// Alone how soon a shop that was killed with open payments has settled them.
    #[arg(long, conflicts_with_all = ["sandbox", "pages"])]
    pub kill: bool,

    /// How many payments are open when it is killed.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=BENCH_CALLS_MAX))]
    pub open: u32,
}
