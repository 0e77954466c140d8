//! Settings of `gyesan sandbox`, a stand-in for Toss alone.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use secrecy::SecretString;

use crate::server::config::parse;

/// A sandbox of its own. Keys of any kind are for play here: nothing leaves it but webhooks.
#[derive(Clone, Debug, Args)]
pub struct SandboxArgs {
    /// Where the sandbox listens; port 0 picks a free one and prints it.
    #[arg(long, env = "GYESAN_SANDBOX_ADDR", default_value = "127.0.0.1:3100", value_parser = parse::listening)]
    pub addr: SocketAddr,

    /// Listen on an address that other machines reach, and answer to any host name. There is no
    /// password: whoever reaches the sandbox can read and move everything in it.
    #[arg(long, env = "GYESAN_SANDBOX_ALLOW_REMOTE", value_parser = parse::switch, action = clap::ArgAction::SetTrue)]
    pub allow_remote: bool,

    /// The same seed and the same calls give the same keys, ids and faults [default: by chance].
    #[arg(long, env = "GYESAN_SANDBOX_SEED")]
    pub seed: Option<u64>,

    /// Keep everything in this file over a restart [default: in memory alone].
    #[arg(long, value_name = "FILE", env = "GYESAN_SANDBOX_STATE")]
    pub state: Option<PathBuf>,

    /// Tell every event to this address, such as http://127.0.0.1:8080/webhook; may be given more
    /// than once, in the environment with commas between.
    #[arg(long, value_name = "URL", env = "GYESAN_SANDBOX_SHOP_WEBHOOK", value_delimiter = ',')]
    pub shop_webhook: Vec<String>,

    /// Answer each API call so many milliseconds late.
    #[arg(long, env = "GYESAN_SANDBOX_LATENCY_MS", default_value_t = 0, value_parser = clap::value_parser!(u64).range(0..=120_000))]
    pub latency_ms: u64,

    /// A client key of your own, beside the public ones of Toss's documentation; goes with
    /// --secret-key.
    #[arg(long, env = "GYESAN_SANDBOX_CLIENT_KEY", requires = "secret_key")]
    pub client_key: Option<String>,

    /// The secret key that goes with --client-key.
    #[arg(
        long,
        env = "GYESAN_SANDBOX_SECRET_KEY",
        hide_env_values = true,
        requires = "client_key"
    )]
    pub secret_key: Option<SecretString>,

    /// One more merchant: its id, API version (2022-11-16 or 2024-06-01), client key and secret
    /// key, with colons between; may be given more than once, in the environment with commas
    /// between.
    #[arg(
        long,
        value_name = "ID:VERSION:CLIENT:SECRET",
        env = "GYESAN_SANDBOX_MERCHANTS",
        hide_env_values = true,
        value_delimiter = ','
    )]
    pub merchant: Vec<SecretString>,
}
