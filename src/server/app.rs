//! The handles of a running shop, which use cases are given.

use std::ops::Deref;
use std::sync::Arc;

use secrecy::SecretString;
use tokio::sync::Notify;

use crate::server::config::{Face, Waiting};
use crate::server::db::Db;
use crate::server::db::payments::Lease;
use crate::server::ledger::Ledger;
use crate::server::ledger::live::Live;
use crate::server::limits::budget::Budget;
use crate::server::limits::callers::Callers;
use crate::server::limits::guesses::Guesses;
use crate::server::runtime::clock::Clock;
use crate::server::runtime::failures::FailureLog;
use crate::server::runtime::metrics::Metrics;
use crate::server::runtime::presence::Presence;
use crate::server::runtime::tasks::Tasks;
use crate::server::token::Signer;
use crate::server::toss_api::client::{LEASE_MS, TossClient};

/// The handles of the running shop. Clones are the same: each request makes dozens.
#[derive(Clone, Debug)]
pub struct App(Arc<Handles>);

impl From<Handles> for App {
    fn from(handles: Handles) -> App {
        App(Arc::new(handles))
    }
}

impl Deref for App {
    type Target = Handles;

    fn deref(&self) -> &Handles {
        &self.0
    }
}

impl App {
    /// The right to ask Toss about a payment, from now on.
    pub fn lease(&self, now: i64) -> Lease {
        Lease { until: now + LEASE_MS, by: self.presence.number() }
    }
}

/// What an [`App`] is made of.
#[derive(Clone, Debug)]
pub struct Handles {
    pub db: Db,
    pub ledger: Ledger,
    pub toss: TossClient,
    pub clock: Clock,
    pub tasks: Tasks,
    pub metrics: Metrics,
    /// Open pages that follow their orders.
    pub live: Live,
    /// Questions of the background to Toss.
    pub budget: Budget,
    /// Questions that webhooks lead to: whoever posts many must not use up the other's.
    pub webhook_budget: Budget,
    /// Webhooks taken in.
    pub webhook_rate: Budget,
    /// What each address may do.
    pub callers: Callers,
    /// Wrong coupon codes.
    pub guesses: Guesses,
    /// Signs what browsers keep.
    pub signer: Signer,
    /// Toss's security key, if there is one: it signs some webhooks.
    pub security_key: Option<SecretString>,
    /// What the background work has failed at of late.
    pub failures: FailureLog,
    /// This program among those that serve the shop.
    pub presence: Presence,
    /// Wakes the background work before its time.
    pub wake: Arc<Notify>,
    pub shop: Arc<Shop>,
}

/// What pages need to know of the settings.
#[derive(Clone, Debug)]
pub struct Shop {
    /// Toss's public key for the browser.
    pub client_key: String,
    /// Where Toss's script is.
    pub script_url: String,
    /// The shop's own address as browsers see it, without a slash at the end.
    pub public_url: String,
    /// Whether the money is play money: a page says so.
    pub is_sandbox: bool,
    /// Of virtual accounts that wait.
    pub deposits: Waiting,
    pub face: Face,
}
