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
mod faults;
mod fields;
mod gate;
mod line;
mod merchants;
mod payments;
mod state;
#[cfg(test)]
mod tests;
mod wallet;

use std::io;
use std::sync::Arc;

use axum::Router;
use tokio::net::TcpListener;

pub use assumptions::Assumptions;
pub use merchants::{KeyKind, PairRefused};

use crate::sandbox::line::{Line, Lines};
use crate::sandbox::merchants::Accounts;
use crate::sandbox::state::State;

/// How a sandbox is to be.
#[derive(Clone, Debug)]
pub struct Config {
    accounts: Accounts,
    assumptions: Assumptions,
    seed: Option<u64>,
}

impl Default for Config {
    /// The public pairs of Toss's documentation, the advised assumptions, and real chance.
    fn default() -> Self {
        Config { accounts: Accounts::documented(), assumptions: Assumptions::default(), seed: None }
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
}

/// One Toss of one's own, in memory. Clones are the same sandbox.
#[derive(Clone, Debug)]
pub struct Sandbox {
    state: Arc<State>,
}

impl Sandbox {
    pub fn new(config: Config) -> Sandbox {
        Sandbox { state: Arc::new(State::new(config)) }
    }

    /// Answers on `listener` until `shutdown` is done. Faults in force end with it, so that no
    /// held call keeps it up.
    pub async fn serve(
        self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> io::Result<()> {
        let address = listener.local_addr()?;
        self.state.link_to(&format!("http://{address}"));
        let service = self.router().into_make_service_with_connect_info::<Line>();
        let state = Arc::clone(&self.state);
        axum::serve(Lines(listener), service)
            .with_graceful_shutdown(async move {
                shutdown.await;
                state.closing.open();
            })
            .await
    }

    fn router(&self) -> Router {
        Router::new()
            .merge(api::routes())
            .merge(control::routes())
            .merge(browser::routes())
            .fallback(api::no_such_path)
            .with_state(Arc::clone(&self.state))
    }
}
