//! What the server does: use cases, the database, calls to Toss.

pub mod catalogue;
pub mod checkout;
pub mod clock;
pub mod config;
pub mod confirm;
pub mod coupon;
pub mod db;
pub mod door;
mod error;
pub mod files;
pub mod form;
pub mod order;
pub mod settle;
pub mod tasks;
pub mod toss_client;
pub mod verdict;
pub mod visitor;

pub use error::Error;

use crate::server::clock::Clock;
use crate::server::db::Db;
use crate::server::tasks::Tasks;
use crate::server::toss_client::TossClient;

/// The handles of the running shop. Cheap to clone.
#[derive(Clone, Debug)]
pub struct App {
    pub db: Db,
    pub toss: TossClient,
    pub clock: Clock,
    pub tasks: Tasks,
    pub shop: std::sync::Arc<Shop>,
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
}
