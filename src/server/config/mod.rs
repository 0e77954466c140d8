//! The program's commands and settings, each also an environment variable.

mod backup;
mod coupon;
mod sandbox;
mod storage;
mod streams;
mod telemetry;
mod tools;
mod workers;

use std::net::SocketAddr;

use clap::{Args, Parser, Subcommand, ValueEnum};
use reqwest::Url;
use secrecy::SecretString;

pub use backup::{BackupArgs, RestoreArgs};
pub use coupon::{CouponCommand, IssueArgs, OfferArgs};
pub use sandbox::SandboxArgs;
pub use storage::{MEANT, Storage};
pub use streams::Streams;
pub use telemetry::OpenTelemetry;
pub use tools::{Bench, DrillArgs, ProveArgs, RefundArgs, SimulateArgs};
pub use workers::Workers;

/// A checkout for Korean shops: Toss Payments, in one binary.
#[derive(Debug, Parser)]
#[command(name = "gyesan", version, about, max_term_width = 100, flatten_help = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Option<Command>,

    #[command(flatten)]
    pub workers: Workers,
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
    /// Compare orders, ledger, stock, coupons and events with each other and with Toss's list of
    /// transactions: `drift 0 won`, or each row that differs, with its cause and what repairs it.
    Prove(Box<ProveArgs>),
    /// Make offers of coupons, and give coupons to customers.
    #[command(subcommand)]
    Coupon(CouponCommand),
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
    #[arg(long, env = "GYESAN_ADDR", default_value = "127.0.0.1:3000")]
    pub addr: SocketAddr,

    /// Where the sandbox listens, on a port of its own, so that origins differ as with Toss.
    #[arg(long, env = "GYESAN_SANDBOX_ADDR", default_value = "127.0.0.1:3100")]
    pub sandbox_addr: SocketAddr,

    /// Let the sandbox listen on an address that other machines reach, and answer to any host
    /// name. There is no password.
    #[arg(long, env = "GYESAN_SANDBOX_ALLOW_REMOTE", value_parser = clap::builder::FalseyValueParser::new(), action = clap::ArgAction::SetTrue)]
    pub sandbox_allow_remote: bool,

    /// Let the sandbox tell this shop of everything by webhook, as a Toss that has its address
    /// does: a deposit then shows at once.
    #[arg(long, env = "GYESAN_SANDBOX_WEBHOOKS", value_parser = clap::builder::FalseyValueParser::new(), action = clap::ArgAction::SetTrue)]
    pub sandbox_webhooks: bool,

    /// The shop's address as browsers see it [default: http:// and the address it listens on].
    #[arg(long, env = "PUBLIC_URL")]
    pub public_url: Option<Url>,

    #[command(flatten)]
    pub storage: Storage,

    #[command(flatten)]
    pub toss: Toss,

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

    /// What is logged: a level, or levels by part, as tracing's filters say it.
    #[arg(long, env = "GYESAN_LOG", default_value = "warn,gyesan=info")]
    pub log: String,

    /// Form of the log on standard error.
    #[arg(long, env = "GYESAN_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,

    #[command(flatten)]
    pub telemetry: OpenTelemetry,
    #[command(flatten)]
    pub streams: Streams,
}

/// Which Toss the shop talks to. None of the four set: the sandbox. All four: that Toss.
#[derive(Clone, Debug, Default, Args)]
pub struct Toss {
    /// Toss's API [real: https://api.tosspayments.com] [default: the sandbox].
    #[arg(long, env = "TOSS_API_URL")]
    pub toss_api_url: Option<Url>,

    /// Toss's browser script [real: https://js.tosspayments.com/v2/standard] [default: the
    /// sandbox's].
    #[arg(long, env = "TOSS_SCRIPT_URL")]
    pub toss_script_url: Option<Url>,

    /// Widget client key, test_gck_… or live_gck_… [default: Toss's public documentation key].
    #[arg(long, env = "TOSS_CLIENT_KEY")]
    pub toss_client_key: Option<String>,

    /// Toss's security key, 64 hex digits: checks the signature of the webhooks that have one.
    #[arg(long, env = "TOSS_SECURITY_KEY", hide_env_values = true)]
    pub toss_security_key: Option<SecretString>,

    /// Widget secret key, test_gsk_… or live_gsk_… [default: Toss's public documentation key].
    #[arg(long, env = "TOSS_SECRET_KEY", hide_env_values = true)]
    pub toss_secret_key: Option<SecretString>,
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    Text,
    Json,
}

/// Toss's public documentation pair, safe to print (Toss: api.md §1.2).
pub const DOCS_CLIENT_KEY: &str = "test_gck_docs_Ovk5rk1EwkEbP0W43n07xlzm";
pub const DOCS_SECRET_KEY: &str = "test_gsk_docs_OaPz8L5KdmQXkzRz3y47BMw6";

/// Which Toss, once the settings have been found consistent.
#[derive(Debug)]
pub enum Chosen {
    /// Our own stand-in, with this pair of keys.
    Sandbox { client_key: String, secret_key: SecretString },
    /// A Toss at these addresses.
    Remote { api: Url, script: Url, client_key: String, secret_key: SecretString },
}

impl Toss {
    /// Decides which Toss is meant, or says in one sentence what is wrong and what to do.
    pub fn choose(self) -> Result<Chosen, String> {
        let keys = match (self.toss_client_key, self.toss_secret_key) {
            (None, None) => None,
            (Some(client), Some(secret)) => Some(check_keys(client, secret)?),
            (Some(_), None) => {
                return Err("TOSS_SECRET_KEY is missing: TOSS_CLIENT_KEY and TOSS_SECRET_KEY are \
                            a pair, set both (test_gsk_… goes with test_gck_…)"
                    .to_owned());
            }
            (None, Some(_)) => {
                return Err("TOSS_CLIENT_KEY is missing: TOSS_CLIENT_KEY and TOSS_SECRET_KEY are \
                            a pair, set both (test_gck_… goes with test_gsk_…)"
                    .to_owned());
            }
        };
        let is_live = keys.as_ref().is_some_and(|(client, _)| client.starts_with("live_"));
        match (self.toss_api_url, self.toss_script_url) {
            (None, None) if is_live => {
                Err("live keys are set but no Toss address, so the sandbox \
                 would be used: set TOSS_API_URL=https://api.tosspayments.com and \
                 TOSS_SCRIPT_URL=https://js.tosspayments.com/v2/standard, or use test keys"
                    .to_owned())
            }
            (None, None) => {
                let (client_key, secret_key) = keys.unwrap_or_else(|| {
                    (DOCS_CLIENT_KEY.to_owned(), SecretString::from(DOCS_SECRET_KEY))
                });
                Ok(Chosen::Sandbox { client_key, secret_key })
            }
            (Some(_), None) => Err("TOSS_SCRIPT_URL is missing: it goes with TOSS_API_URL, for \
                 example TOSS_SCRIPT_URL=https://js.tosspayments.com/v2/standard"
                .to_owned()),
            (None, Some(_)) => Err("TOSS_API_URL is missing: it goes with TOSS_SCRIPT_URL, for \
                 example TOSS_API_URL=https://api.tosspayments.com"
                .to_owned()),
            (Some(api), Some(script)) => {
                for (name, url) in [("TOSS_API_URL", &api), ("TOSS_SCRIPT_URL", &script)] {
                    if !matches!(url.scheme(), "http" | "https") {
                        return Err(format!("{name} must be an http or https address, not {url}"));
                    }
                    if is_live && url.scheme() != "https" {
                        return Err(format!(
                            "live keys must not go to {url}, a sandbox or an open line: set {name} \
                             to Toss's https address, or use test keys"
                        ));
                    }
                }
                let (client_key, secret_key) = keys.ok_or(
                    "TOSS_CLIENT_KEY and TOSS_SECRET_KEY are missing: a Toss address needs the \
                     keys of its merchant, for example test_gck_… and test_gsk_…",
                )?;
                Ok(Chosen::Remote { api, script, client_key, secret_key })
            }
        }
    }
}

/// A widget pair of one environment; never a secret where the browser's key belongs.
fn check_keys(client: String, secret: SecretString) -> Result<(String, SecretString), String> {
    use secrecy::ExposeSecret;

    let kind = |key: &str| {
        let known = [
            ("test_gck_", "test", "client"),
            ("live_gck_", "live", "client"),
            ("test_gsk_", "test", "secret"),
            ("live_gsk_", "live", "secret"),
            ("test_ck_", "test", "individual"),
            ("live_ck_", "live", "individual"),
            ("test_sk_", "test", "individual secret"),
            ("live_sk_", "live", "individual secret"),
        ];
        let found = known.into_iter().find(|(prefix, _, _)| key.starts_with(prefix));
        found.map(|(_, environment, kind)| (environment, kind))
    };
    let (client_kind, secret_kind) = (kind(&client), kind(secret.expose_secret()));
    if let Some((_, "secret" | "individual secret")) = client_kind {
        return Err("TOSS_CLIENT_KEY holds a secret key, which every buyer's browser would see: \
                    put the key that starts with test_gck_ or live_gck_ there"
            .to_owned());
    }
    let Some((client_environment, "client")) = client_kind else {
        return Err("TOSS_CLIENT_KEY must be the widget's client key, which starts with \
                    test_gck_ or live_gck_ (Toss's developer centre: 결제위젯 연동 키)"
            .to_owned());
    };
    let Some((secret_environment, "secret")) = secret_kind else {
        return Err("TOSS_SECRET_KEY must be the widget's secret key, which starts with \
                    test_gsk_ or live_gsk_ (Toss's developer centre: 결제위젯 연동 키)"
            .to_owned());
    };
    if client_environment != secret_environment {
        return Err(format!(
            "TOSS_CLIENT_KEY is a {client_environment} key and TOSS_SECRET_KEY a \
             {secret_environment} key: use two of one environment"
        ));
    }
    Ok((client, secret))
}

#[cfg(test)]
mod tests {
    use super::{Chosen, Toss};

    fn choose(api: &str, script: &str, client: &str, secret: &str) -> Result<Chosen, String> {
        let set = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let url = |text: &str| set(text).map(|text| text.parse().unwrap());
        Toss {
            toss_api_url: url(api),
            toss_script_url: url(script),
            toss_client_key: set(client),
            toss_secret_key: set(secret).map(Into::into),
            toss_security_key: None,
        }
        .choose()
    }

    #[test]
    fn nothing_set_is_the_sandbox_and_everything_set_is_not() {
        assert!(matches!(choose("", "", "", ""), Ok(Chosen::Sandbox { .. })));
        let own = choose("", "", "test_gck_a", "test_gsk_b");
        assert!(
            matches!(own, Ok(Chosen::Sandbox { client_key, .. }) if client_key == "test_gck_a")
        );
        let real = ["https://api.tosspayments.com", "https://js.tosspayments.com/v2/standard"];
        for (client, secret) in [("live_gck_a", "live_gsk_b"), ("test_gck_a", "test_gsk_b")] {
            assert!(matches!(choose(real[0], real[1], client, secret), Ok(Chosen::Remote { .. })));
        }
    }

    #[test]
    fn what_is_inconsistent_is_named() {
        let (api, script) = ("http://127.0.0.1:1/", "http://127.0.0.1:1/v2/standard");
        for (api, script, client, secret, named) in [
            ("", "", "live_gck_a", "live_gsk_b", "sandbox would be used"),
            (api, script, "live_gck_a", "live_gsk_b", "live keys must not go to"),
            ("", "", "test_gsk_a", "test_gsk_b", "TOSS_CLIENT_KEY holds a secret key"),
            ("", "", "test_sk_a", "test_gsk_b", "TOSS_CLIENT_KEY holds a secret key"),
            ("", "", "test_ck_a", "test_sk_b", "test_gck_"),
            ("", "", "test_gck_a", "test_gck_b", "TOSS_SECRET_KEY must be"),
            ("", "", "test_gck_a", "live_gsk_b", "one environment"),
            ("", "", "test_gck_a", "", "TOSS_SECRET_KEY is missing"),
            ("", "", "", "test_gsk_b", "TOSS_CLIENT_KEY is missing"),
            (api, "", "", "", "TOSS_SCRIPT_URL is missing"),
            ("", script, "", "", "TOSS_API_URL is missing"),
            (api, script, "", "", "TOSS_CLIENT_KEY and TOSS_SECRET_KEY are missing"),
            ("ftp://x/", script, "test_gck_a", "test_gsk_b", "TOSS_API_URL must be"),
        ] {
            let told = choose(api, script, client, secret).unwrap_err();
            assert!(told.contains(named), "{told}");
            assert!(!told.contains("_gsk_b"), "a secret was printed: {told}");
        }
    }
}
