//! What the server does: use cases, the database, calls to Toss.

pub mod abandon;
pub mod address;
pub mod backup;
pub mod bearer;
pub mod budget;
pub mod callers;
pub mod catalogue;
pub mod checkout;
pub mod clock;
pub mod config;
pub mod confirm;
pub mod cookie;
pub mod coupon;
pub mod crash;
pub mod db;
pub mod door;
pub mod ending;
mod error;
pub mod face;
pub mod files;
pub mod form;
pub mod guesses;
pub mod kept_cart;
pub mod ledger;
pub mod live;
pub mod metrics;
pub mod offer;
pub mod order;
pub mod origin;
pub mod pricing;
pub mod prove;
pub mod ready;
pub mod refund;
mod refusal;
pub mod repeat;
mod same;
pub mod seen;
pub mod settle;
pub mod shelf;
pub mod story;
pub mod tasks;
pub mod token;
pub mod toss_client;
pub mod trouble;
pub mod verdict;
pub mod visitor;
pub mod webhooks;
pub mod world;

pub use error::Error;
pub use refusal::Refusal;

use std::sync::Arc;

use secrecy::SecretString;
use tokio::sync::Notify;

use crate::server::budget::Budget;
use crate::server::callers::Callers;
use crate::server::clock::Clock;
use crate::server::db::Db;
use crate::server::ending::Waiting;
use crate::server::face::Face;
use crate::server::guesses::Guesses;
use crate::server::ledger::Ledger;
use crate::server::live::Live;
use crate::server::metrics::Metrics;
use crate::server::tasks::Tasks;
use crate::server::token::Signer;
use crate::server::toss_client::TossClient;
use crate::server::trouble::Trouble;

/// The handles of the running shop. Cheap to clone.
#[derive(Clone, Debug)]
pub struct App {
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
    pub trouble: Trouble,
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
