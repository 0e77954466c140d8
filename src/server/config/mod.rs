//! The program's commands and settings, each also an environment variable.

mod backup;
mod connections;
mod coupon;
mod deposits;
mod face;
mod log;
mod parse;
mod product;
mod sandbox;
mod storage;
mod streams;
mod telemetry;
mod tools;
mod toss;
mod workers;

use std::net::SocketAddr;

use clap::{Args, Parser, Subcommand, ValueEnum};
use reqwest::Url;

pub use backup::{BackupArgs, RestoreArgs};
pub use connections::Connections;
pub use coupon::{CouponCommand, IssueArgs, OfferArgs};
pub use deposits::{CancelArgs, Deposits, Waiting};
pub use face::{Face, FaceArgs, Logo, PicturesArgs, picture_kind, short_hash};
pub use log::{Log, LogFormat};
pub use product::{ImportArgs, ProductArgs, ProductCommand};
pub use sandbox::SandboxArgs;
pub use storage::{MEANT, Pooler, Storage};
pub use streams::Streams;
pub use telemetry::OpenTelemetry;
pub use tools::{Bench, DrillArgs, ProveArgs, RefundArgs, SimulateArgs};
pub use toss::{Chosen, DOCS_CLIENT_KEY, DOCS_SECRET_KEY, Toss};
pub use workers::Workers;

/// A checkout for Korean shops: Toss Payments, in one binary.
#[derive(Debug, Parser)]
#[command(name = "gyesan", version, about, max_term_width = 100, flatten_help = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Option<Command>,

    #[command(flatten)]
    pub workers: Workers,

    #[command(flatten)]
    pub log: Log,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the shop, and beside it the sandbox unless a real Toss is set (the default).
    Serve(Box<Serve>),
    /// Bring the database's tables up to date, and stop.
    Migrate(Storage),
    /// Serve the stand-in for Toss alone, for any shop in any language.
    Sandbox(Box<SandboxArgs>),
    /// Kill a shop of its own at every point at which it could die, under every fault of Toss, and
    /// check that what must hold holds once it is up again.
    Drill(DrillArgs),
    /// Play random histories of shop, Toss, people, faults and deaths on a simulated clock, and check
    /// what must hold; each follows from its seed and can be played again.
    Simulate(SimulateArgs),
    /// Give money of a paid order back. It is written down; the running shop asks Toss for it.
    Refund(RefundArgs),
    /// End the virtual account of an order that waits for its deposit. It is written down; the running
    /// shop asks Toss for it, and if the buyer pays first, the order is paid.
    Cancel(CancelArgs),
    /// Compare orders, ledger, stock, coupons and events with each other and with Toss's list of
    /// transactions: `drift 0 won`, or each row that differs, with its cause and what repairs it.
    Prove(Box<ProveArgs>),
    /// Make offers of coupons, and give coupons to customers.
    #[command(subcommand)]
    Coupon(CouponCommand),
    /// Put products on the shelf, change them, bring it to a table, list it.
    #[command(subcommand)]
    Product(ProductCommand),
    /// Copy the whole database into a file, also while the shop runs, and check the copy. SQLite only.
    Backup(BackupArgs),
    /// Put what `gyesan backup` has made in the place of the database, while no shop runs. SQLite only.
    Restore(RestoreArgs),
    /// Measure confirm calls against a shop of its own: calls per second, latency, CPU, memory.
    Bench(Bench),
}

#[derive(Clone, Debug, Args)]
pub struct Serve {
    /// Where the shop listens; port 0 picks a free one and prints it.
    #[arg(long, env = "GYESAN_ADDR", default_value = "127.0.0.1:3000", value_parser = parse::listening)]
    pub addr: SocketAddr,

    /// Where the sandbox listens, on a port of its own, so that origins differ as with Toss.
    #[arg(long, env = "GYESAN_SANDBOX_ADDR", default_value = "127.0.0.1:3100", value_parser = parse::listening)]
    pub sandbox_addr: SocketAddr,

    /// Let the sandbox listen on an address that other machines reach, and answer to any host
    /// name. There is no password.
    #[arg(long, env = "GYESAN_SANDBOX_ALLOW_REMOTE", value_parser = parse::switch, action = clap::ArgAction::SetTrue)]
    pub sandbox_allow_remote: bool,

    /// Let the sandbox tell this shop of everything by webhook, as a Toss that has its address
    /// does: a deposit then shows at once.
    #[arg(long, env = "GYESAN_SANDBOX_WEBHOOKS", value_parser = parse::switch, action = clap::ArgAction::SetTrue)]
    pub sandbox_webhooks: bool,

    /// The shop's address as browsers see it, such as https://shop.example.com; must be set where
    /// the shop listens on all addresses [default: http:// and the address it listens on].
    #[arg(long, env = "PUBLIC_URL", value_parser = parse::public_url)]
    pub public_url: Option<Url>,

    #[command(flatten)]
    pub storage: Storage,

    #[command(flatten)]
    pub toss: Toss,

    /// Where /metrics, /healthz and /readyz stand, such as 127.0.0.1:9100; the shop's own address
    /// then has none of them [default: the shop's own address].
    #[arg(long, env = "GYESAN_OPS_ADDR", value_parser = parse::listening)]
    pub ops_addr: Option<SocketAddr>,

    /// Put sample products into an empty catalogue: `auto` does so with the sandbox only.
    #[arg(long, env = "GYESAN_SEED", value_enum, default_value_t = Seed::Auto)]
    pub seed: Seed,

    /// Content-Security-Policy of the pages. Toss does not publish which hosts its script
    /// loads from, so it can be turned to reporting, or off, without a new build.
    #[arg(long, env = "GYESAN_CSP", value_enum, default_value_t = Csp::On)]
    pub csp: Csp,

    /// Questions to Toss per minute that nobody waits for: orders in doubt, money going back.
    /// As many again for those that webhooks lead to.
    #[arg(long, env = "GYESAN_QUESTIONS_PER_MINUTE", default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..=60_000))]
    pub questions_per_minute: u32,

    /// Compare orders with Toss's list of transactions all the time, and settle what differs.
    #[arg(long, env = "GYESAN_PROOF", value_enum, default_value_t = Proof::On)]
    pub proof: Proof,

    /// Webhooks taken in per minute; more are told to come again.
    #[arg(long, env = "GYESAN_WEBHOOKS_PER_MINUTE", default_value_t = 6_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub webhooks_per_minute: u32,

    /// As many of these at most from one address (of IPv6: from one network, /64).
    #[arg(long, env = "GYESAN_WEBHOOKS_OF_ADDRESS_PER_MINUTE", default_value_t = 600, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub webhooks_of_address_per_minute: u32,

    /// How far the shop's clock runs ahead; for the drill.
    #[arg(long, hide = true, default_value_t = 0)]
    pub ahead_seconds: i64,

    /// The point at which the program kills itself; for the drill.
    #[arg(long, hide = true)]
    pub crash_at: Option<u64>,

    #[command(flatten)]
    pub telemetry: OpenTelemetry,
    #[command(flatten)]
    pub streams: Streams,
    #[command(flatten)]
    pub connections: Connections,
    #[command(flatten)]
    pub deposits: Deposits,
    #[command(flatten)]
    pub face: FaceArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Seed {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Csp {
    On,
    Report,
    Off,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Proof {
    On,
    Off,
}
