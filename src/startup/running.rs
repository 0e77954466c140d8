//! A shop that is up: sandbox, database, pages and background work, started and stopped together.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::watch;

use crate::sandbox::{self, Reach, Sandbox};
use crate::server::config::{Chosen, Proof, Seed, Serve};
use crate::server::db::seed;
use crate::server::ledger::Ledger;
use crate::server::ledger::live::Live;
use crate::server::limits::budget::Budget;
use crate::server::limits::callers::{Callers, Limits};
use crate::server::limits::guesses::Guesses;
use crate::server::ops::background::{self, Places};
use crate::server::ops::presence;
use crate::server::runtime::clock::Clock;
use crate::server::runtime::failures::FailureLog;
use crate::server::runtime::metrics::Metrics;
use crate::server::runtime::presence::Presence;
use crate::server::runtime::tasks::Tasks;
use crate::server::token::Signer;
use crate::server::toss_api::client::TossClient;
use crate::server::{App, Handles, Shop, proof};
use crate::startup::connections::{self, BESIDE_STREAMS};
use crate::startup::following::follow;
use crate::startup::listener::{listen, listen_for_sandbox, reach, url_of};
use crate::startup::router::{Ops, ops, router};
use crate::startup::storage::{open_or_make, takes_writes};

/// How often background work looks for orders that are due.
const TICK_EVERY: Duration = Duration::from_millis(500);

/// How often the instance says that it is up.
const BEAT_EVERY: Duration = Duration::from_secs(2);

/// How often the proof takes a step; most find that nothing is due.
const PROVE_EVERY: Duration = Duration::from_secs(2);

/// How long a stop waits for work in flight: a call to Toss may take 60 s, and what it was
/// about is written down, so that the next start asks again.
const STOP_PATIENCE: Duration = Duration::from_secs(20);

/// How long it then waits to be written down as gone; whoever comes next finds that out otherwise.
const LEAVE_PATIENCE: Duration = Duration::from_secs(1);

/// How long it then waits for the database to be closed; what counts has been committed.
const CLOSE_PATIENCE: Duration = Duration::from_secs(3);

/// All of a stop, as docs/OPERATIONS.md states it: below the 30 s that most process managers grant.
pub const STOP_MAX: Duration = Duration::from_secs(25);

/// A shop that is up.
#[derive(Debug)]
pub struct Running {
    pub app: App,
    /// Where the shop listens.
    pub addr: SocketAddr,
    /// Where figures and health are told, if that is an address of their own.
    pub ops_url: Option<String>,
    /// Where the sandbox listens, if it is ours.
    pub sandbox_url: Option<String>,
    pub toss_url: String,
    stop: watch::Sender<bool>,
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

impl Running {
    /// Opens the database, starts the sandbox if it is to be used, the shop and its background
    /// work. Everything listens when this returns.
    pub async fn start(serve: Serve) -> Result<Running, String> {
        // All of them before anything is done.
        let (chosen, security_key) = (serve.toss.clone().choose()?, serve.toss.security_key()?);
        let face = serve.face.face()?;
        serve.storage.url()?;
        findable(&serve)?;
        let (stop, stopped) = watch::channel(false);
        let shop_listener = listen("GYESAN_ADDR", serve.addr).await?;
        let shop_url = url_of(&shop_listener)?;
        let public_url = match &serve.public_url {
            Some(url) => url.as_str().trim_end_matches('/').to_owned(),
            None => shop_url.clone(),
        };
        let mut tasks = Vec::new();
        let (api, script, client_key, secret_key, sandbox_url) = match chosen {
            Chosen::Remote { api, script, client_key, secret_key } => {
                (api, script.to_string(), client_key, secret_key, None)
            }
            Chosen::Sandbox { client_key, secret_key } => {
                let reach = reach(serve.sandbox_allow_remote);
                let listener = listen_for_sandbox(serve.sandbox_addr, reach).await?;
                let url = url_of(&listener)?;
                let seen = seen_from_browsers(&url, &public_url);
                let webhooks = serve.sandbox_webhooks.then(|| format!("{shop_url}/webhooks/toss"));
                let sandbox = sandbox_with(&client_key, &secret_key, reach, webhooks.as_deref())?;
                let until = wait_for(stopped.clone());
                tasks.push(tokio::spawn(async move {
                    if let Err(error) = sandbox.serve(listener, until).await {
                        tracing::error!(%error, "the sandbox stopped");
                    }
                }));
                let api = Url::parse(&url).map_err(|error| error.to_string())?;
                (api, format!("{seen}/v2/standard"), client_key, secret_key, Some(url))
            }
        };
        let clock = Clock::running_ahead(serve.ahead_seconds.saturating_mul(1_000));
        let db = open_or_make(&serve.storage).await?;
        takes_writes(&serve.storage, &db, clock.now()).await?;
        let wants_seed = match serve.seed {
            Seed::Always => true,
            Seed::Auto => sandbox_url.is_some(),
            Seed::Never => false,
        };
        if wants_seed {
            seed::fill_if_empty(&db)
                .await
                .map_err(|error| format!("sample products could not be stored: {error}"))?;
        }
        let addr = shop_listener.local_addr().map_err(|error| error.to_string())?;
        let toss_url = api.to_string();
        let metrics = Metrics::default();
        let toss = TossClient::new(api, secret_key, metrics.clone())
            .map_err(|error| format!("the HTTP client did not start: {error}"))?;
        let is_sandbox = sandbox_url.is_some();
        let deposits = serve.deposits.limits();
        let shop = Arc::new(Shop {
            client_key,
            script_url: script,
            public_url,
            is_sandbox,
            deposits,
            face,
        });
        let signer = Signer::of_shop(&db, clock.now())
            .await
            .map_err(|error| format!("the key that signs cookies could not be read: {error}"))?;
        let live = Live::new(&serve.streams);
        let app = App::from(Handles {
            ledger: Ledger::heard_by(db.clone(), metrics.clone(), live.clone()),
            db,
            toss,
            clock,
            tasks: Tasks::default(),
            metrics,
            live,
            budget: Budget::per_minute(serve.questions_per_minute),
            webhook_budget: Budget::per_minute(serve.questions_per_minute),
            webhook_rate: Budget::per_minute(serve.webhooks_per_minute),
            callers: Callers::behind(
                serve.streams.proxies,
                Limits {
                    webhooks: serve.webhooks_of_address_per_minute,
                    connections: serve.connections.connections_of_address_max,
                    connections_of_all: serve.streams.max.saturating_add(BESIDE_STREAMS),
                },
            ),
            guesses: Guesses::default(),
            failures: FailureLog::new("background"),
            signer,
            security_key,
            presence: Presence::default(),
            wake: Arc::default(),
            shop,
        });

        let (ops_url, place) = match serve.ops_addr {
            None => (None, Ops::Public),
            Some(addr) => {
                let listener = listen("GYESAN_OPS_ADDR", addr).await?;
                let (url, until) = (url_of(&listener)?, wait_for(stopped.clone()));
                let router = ops(app.clone()).into_make_service();
                tasks.push(tokio::spawn(async move {
                    let serving = axum::serve(listener, router).with_graceful_shutdown(until);
                    if let Err(error) = serving.await {
                        tracing::error!(%error, "the figures are no longer served");
                    }
                }));
                (Some(url), Ops::Apart)
            }
        };

        let (callers, until) = (app.callers.clone(), stopped.clone());
        let router = router(app.clone(), serve.csp, place);
        tasks.push(tokio::spawn(connections::serve(
            shop_listener,
            router,
            callers,
            serve.connections,
            until,
        )));
        if serve.proof == Proof::On {
            tasks.push(tokio::spawn(keep_proving(app.clone(), stopped.clone())));
        }
        tasks.push(tokio::spawn(follow(app.clone(), stopped.clone())));
        tasks.push(tokio::spawn(be_present(app.clone(), stopped.clone())));
        tasks.push(tokio::spawn(work(app.clone(), stopped)));
        Ok(Running { app, addr, ops_url, sandbox_url, toss_url, stop, tasks })
    }

    /// Takes no new request from now on.
    pub fn begin_stop(&self) {
        self.stop.send_replace(true);
    }

    /// Takes no new request, finishes what is in flight, closes the database.
    pub async fn stop(self) {
        self.begin_stop();
        let ends = async {
            for task in self.tasks {
                drop(task.await);
            }
        };
        let finished = tokio::time::timeout(STOP_PATIENCE, async {
            ends.await;
            self.app.tasks.finish(STOP_PATIENCE).await
        });
        if !matches!(finished.await, Ok(true)) {
            tracing::warn!(
                "stopped with work in flight; orders in doubt are asked about at the next start"
            );
        }
        let left = tokio::time::timeout(LEAVE_PATIENCE, presence::leave(&self.app));
        if !matches!(left.await, Ok(Ok(()))) {
            tracing::warn!("what is in flight is taken up some seconds after the next start");
        }
        if tokio::time::timeout(CLOSE_PATIENCE, self.app.db.close()).await.is_err() {
            tracing::warn!("the database was not closed in time");
        }
    }
}

/// Background work: settles what is due until it is told to stop.
async fn work(app: App, mut stopped: watch::Receiver<bool>) {
    let places = Places::default();
    let mut every = tokio::time::interval(TICK_EVERY);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = stopped.changed() => return,
            _ = every.tick() => {}
            () = app.wake.notified() => {}
        }
        let mut is_more = true;
        while is_more && !*stopped.borrow() {
            is_more = false;
            let round = async {
                is_more = background::tick_beside(&app, &places).await?;
                Ok(())
            };
            app.failures.watch(&app.clock, round).await;
        }
    }
}

/// Says that this instance is up, and takes up what others were at that are not.
async fn be_present(app: App, mut stopped: watch::Receiver<bool>) {
    let failures = FailureLog::new("presence");
    let mut every = tokio::time::interval(BEAT_EVERY);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = stopped.changed() => return,
            _ = every.tick() => {}
        }
        failures.watch(&app.clock, presence::round(&app)).await;
    }
}

/// The money proof in small steps, beside the rest: Toss takes up to a minute for its list.
async fn keep_proving(app: App, mut stopped: watch::Receiver<bool>) {
    if let Ok(recognised) = proof::recognise(&app).await
        && let Some(complaint) = recognised.complaint()
    {
        let url = app.toss.url();
        tracing::error!(toss.url = url, "the money proof rests: as to toss, {complaint}");
        return;
    }
    let failures = FailureLog::new("proof");
    let mut every = tokio::time::interval(PROVE_EVERY);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = stopped.changed() => return,
            _ = every.tick() => {}
        }
        // A step that is left in the middle is taken again by whoever comes next.
        tokio::select! {
            _ = stopped.changed() => return,
            () = failures.watch(&app.clock, proof::step(&app)) => {}
        }
    }
}

fn sandbox_with(
    client_key: &str,
    secret_key: &SecretString,
    reach: Reach,
    webhooks: Option<&str>,
) -> Result<Sandbox, String> {
    let mut config = sandbox::Config::default().with_reach(reach);
    if let Some(address) = webhooks {
        config = config.with_webhook(address)?;
    }
    config
        .with_pair(client_key, secret_key.expose_secret())
        .map(Sandbox::new)
        .map_err(|refused| format!("the sandbox does not take these keys: {refused:?}"))
}

/// A shop that listens on all addresses has none of its own: browsers would be sent to 0.0.0.0.
fn findable(serve: &Serve) -> Result<(), String> {
    if serve.public_url.is_some() || !serve.addr.ip().is_unspecified() {
        return Ok(());
    }
    Err(format!(
        "PUBLIC_URL is missing: the shop is to listen on all addresses of this machine ({}), and its \
         pages must name the one that browsers use, for example \
         PUBLIC_URL=https://shop.example.com or PUBLIC_URL=http://192.168.0.5:{}",
        serve.addr,
        serve.addr.port()
    ))
}

/// Where browsers find the sandbox: on the shop's own host, if it listens on all addresses.
fn seen_from_browsers(sandbox_url: &str, public_url: &str) -> String {
    let (sandbox, shop) = (Url::parse(sandbox_url), Url::parse(public_url));
    if let (Ok(mut sandbox), Ok(shop)) = (sandbox, shop)
        && matches!(sandbox.host_str(), Some("0.0.0.0" | "[::]"))
        && sandbox.set_host(shop.host_str()).is_ok()
    {
        return sandbox.as_str().trim_end_matches('/').to_owned();
    }
    sandbox_url.to_owned()
}

/// Ends when the shop is told to stop.
async fn wait_for(mut stopped: watch::Receiver<bool>) {
    // An error means that the shop is gone, which is a stop too.
    drop(stopped.wait_for(|stopped| *stopped).await);
}

#[cfg(test)]
mod tests {
    use super::seen_from_browsers;

    #[test]
    fn browsers_find_a_sandbox_of_all_addresses_on_the_shops_host() {
        for (sandbox, shop, seen) in [
            ("http://127.0.0.1:3100", "https://shop.example.com", "http://127.0.0.1:3100"),
            ("http://0.0.0.0:3100", "http://192.168.0.5:3000", "http://192.168.0.5:3100"),
            ("http://[::]:3100", "http://shop.example.com", "http://shop.example.com:3100"),
        ] {
            assert_eq!(seen_from_browsers(sandbox, shop), seen);
        }
    }
}
