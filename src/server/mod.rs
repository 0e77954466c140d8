//! What the server does: use cases, the database, calls to Toss.

mod app;
pub mod config;
mod damage;
pub mod db;
mod error;
pub mod files;
pub mod identity;
pub mod ledger;
pub mod limits;
pub mod ops;
pub mod payment;
pub mod proof;
mod refusal;
pub mod runtime;
pub mod shop;
pub mod token;
pub mod toss_api;
pub mod web;

pub use app::{App, Handles, Shop};
pub use damage::Damage;
pub use error::{Error, Refused, Wrong};
pub use refusal::Refusal;
