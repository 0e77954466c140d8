//! An emulator of Toss Payments, as if another company had written it.
//!
//! It speaks Toss's HTTP API under `/v1`, Toss's browser script under `/v2`, and can be told
//! to fail in every way Toss can under `/__sandbox`. A shop knows it as an API address, a
//! script address and a pair of keys, and can't tell it from Toss in the ways that matter.
//! Invariant: nothing here knows the shop.

mod api;
mod assumptions;
mod browser;
mod calls;
mod clock;
mod codes;
mod control;
mod dice;
mod direct;
mod door;
mod faults;
mod fields;
mod gate;
mod line;
mod merchants;
mod missing;
mod payments;
mod state;
mod store;
#[cfg(test)]
mod tests;
mod wallet;
mod webhooks;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::middleware::from_fn_with_state;
use tokio::net::TcpListener;

pub use assumptions::Assumptions;
pub use direct::{Direct, Posted};
pub use door::Reach;
pub use merchants::{KeyKind, PairRefused};
pub use webhooks::KeyForm;

use crate::sandbox::line::{Line, Lines};
use crate::sandbox::merchants::Accounts;
use crate::sandbox::state::State;
use crate::sandbox::store::Store;
use crate::sandbox::webhooks::Registration;

/// How a sandbox is to be.
#[derive(Clone, Debug)]
pub struct Config {
    accounts: Accounts,
    assumptions: Assumptions,
    seed: Option<u64>,
    webhooks: Vec<Registration>,
    webhook_wait: Duration,
    latency_ms: u64,
    reach: Reach,
    clock_at: Option<i64>,
}

impl Default for Config {
    /// The public pairs of Toss's documentation, the advised assumptions, and real chance.
    fn default() -> Self {
        Config {
            accounts: Accounts::documented(),
            assumptions: Assumptions::default(),
            seed: None,
            webhooks: Vec::new(),
            webhook_wait: webhooks::WAIT,
            latency_ms: 0,
            reach: Reach::Loopback,
            clock_at: None,
        }
    }
}

impl Config {
    /// Registers one more merchant with this pair of keys. A pair that is registered already,
    /// as the documented ones are, changes nothing.
    pub fn with_pair(mut self, client_key: &str, secret_key: &str) -> Result<Config, PairRefused> {
        self.accounts.add("sandbox01", None, client_key, secret_key)?;
        Ok(self)
    }

    /// Registers one more merchant, with an API version of its own: `2022-11-16` or
    /// `2024-06-01`. Several pairs of one merchant id are one merchant.
    pub fn with_merchant(
        mut self,
        m_id: &str,
        version: &str,
        client_key: &str,
        secret_key: &str,
    ) -> Result<Config, PairRefused> {
        self.accounts.add(m_id, Some(version), client_key, secret_key)?;
        Ok(self)
    }

    /// The same seed and the same calls give the same keys.
    pub fn with_seed(self, seed: u64) -> Config {
        Config { seed: Some(seed), ..self }
    }

    pub fn with_assumptions(self, assumptions: Assumptions) -> Config {
        Config { assumptions, ..self }
    }

    /// Every event of every merchant is told to `url`, which may be on this machine.
    pub fn with_webhook(mut self, url: &str) -> Result<Config, String> {
        let url = webhooks::address(url).map_err(|fault| fault.to_string())?;
        self.webhooks.push(Registration::of_all(url));
        Ok(self)
    }

    /// Each answer of the API comes so many milliseconds later.
    pub fn with_latency_ms(self, latency_ms: u64) -> Config {
        Config { latency_ms: latency_ms.min(door::LATENCY_MS_MAX), ..self }
    }

    pub fn with_reach(self, reach: Reach) -> Config {
        Config { reach, ..self }
    }

    /// The clock stands at this time, in milliseconds since 1970, and moves only when told to.
    pub fn with_clock_at(self, ms: i64) -> Config {
        Config { clock_at: Some(ms), ..self }
    }

    /// How long a receiver of webhooks may take, in place of Toss's ten seconds.
    #[cfg(test)]
    fn with_webhook_wait(self, webhook_wait: Duration) -> Config {
        Config { webhook_wait, ..self }
    }
}

/// One Toss of one's own, in memory unless it is `restored`. Clones are the same sandbox.
#[derive(Clone, Debug)]
pub struct Sandbox {
    state: Arc<State>,
    store: Option<Arc<Store>>,
}

impl Sandbox {
    pub fn new(config: Config) -> Sandbox {
        Sandbox { state: Arc::new(State::new(config)), store: None }
    }

    /// Goes on where the sandbox that last wrote `file` stopped, and keeps everything there.
    /// A file that is not there yet is begun. An error is a sentence.
    pub fn restored(config: Config, file: PathBuf) -> Result<Sandbox, String> {
        let state = Arc::new(State::new(config));
        let store = Store::open(file, &state)?;
        Ok(Sandbox { state, store: Some(Arc::new(store)) })
    }

    /// Answers on `listener` until `shutdown` is done. Faults in force end with it, so that no
    /// held call keeps it up.
    pub async fn serve(
        self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> io::Result<()> {
        let address = listener.local_addr()?;
        if let Some(refused) = self.state.reach.refuses(address) {
            return Err(io::Error::other(refused));
        }
        self.state.link_to(&format!("http://{address}"));
        let service = self.router().into_make_service_with_connect_info::<Line>();
        let state = Arc::clone(&self.state);
        let serving = async {
            let stopped = Arc::clone(&state);
            let served = axum::serve(Lines(listener), service)
                .with_graceful_shutdown(async move {
                    shutdown.await;
                    stopped.closing.open();
                })
                .await;
            // Whatever ended it, nothing else goes on without it.
            state.closing.open();
            served
        };
        let (served, (), ()) =
            tokio::join!(serving, webhooks::carry(Arc::clone(&state)), self.keep_stored());
        // Once more, with the calls that were answered while it stopped.
        if let Some(store) = &self.store {
            store.write(&self.state).await;
        }
        served
    }

    /// The same service without a network, for a program that plays both sides.
    pub fn direct(&self) -> Direct {
        Direct::new(self.router(), Arc::clone(&self.state))
    }

    async fn keep_stored(&self) {
        if let Some(store) = &self.store {
            store.keep(&self.state).await;
        }
    }

    fn router(&self) -> Router {
        Router::new()
            .merge(api::routes())
            .merge(control::routes())
            .merge(browser::routes())
            .fallback(missing::no_such_path)
            .layer(from_fn_with_state(Arc::clone(&self.state), door::attend))
            .with_state(Arc::clone(&self.state))
    }
}
