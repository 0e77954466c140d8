//! An emulator of Toss Payments, as if another company had written it.
//!
//! It speaks Toss's HTTP API under `/v1`, Toss's browser script under `/v2`, and can be told
//! to fail in every way Toss can under `/__sandbox`. A shop knows it as an API address, a
//! script address and a pair of keys, and can't tell it from Toss in the ways that matter.
//! Invariant: nothing here knows the shop.

mod api;
mod assumptions;
mod background;
mod browser;
mod buyer;
mod calls;
mod clock;
mod codes;
mod config;
mod connection;
mod control;
mod dice;
mod direct;
mod faults;
mod fields;
mod gate;
mod json_body;
mod language;
mod lifecycle;
mod merchants;
mod middleware;
mod not_found;
mod payments;
mod processor;
mod reach;
mod state;
mod store;
#[cfg(test)]
mod tests;
mod vault;
mod webhooks;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use tokio::net::TcpListener;

pub use assumptions::{Assumptions, KeyForm};
pub use config::Config;
pub use direct::{Direct, Posted};
pub use merchants::{KeyKind, PairRefused};
pub use reach::Reach;

use crate::sandbox::connection::{BreakableListener, ConnectionHandle};
use crate::sandbox::state::State;
use crate::sandbox::store::Store;

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
        self.state.processor.link_to(&format!("http://{address}"));
        let service = self.router().into_make_service_with_connect_info::<ConnectionHandle>();
        let state = Arc::clone(&self.state);
        let serving = async {
            let stopped = Arc::clone(&state);
            let served = axum::serve(BreakableListener(listener), service)
                .with_graceful_shutdown(async move {
                    shutdown.await;
                    stopped.lifecycle.closing.open();
                })
                .await;
            // Whatever ended it, nothing else goes on without it.
            state.lifecycle.closing.open();
            served
        };
        let (served, (), ()) =
            tokio::join!(serving, background::run(Arc::clone(&state)), self.keep_stored());
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
            .fallback(not_found::no_such_path)
            .layer(from_fn_with_state(Arc::clone(&self.state), middleware::every_call))
            .with_state(Arc::clone(&self.state))
    }
}
