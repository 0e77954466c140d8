//! The database: SQLite or PostgreSQL, by one set of SQL.
//!
//! How: `sqlx::any`, columns of bigint and text only. `handle`, `opening`, `failures` and
//! `sets` hold all that differs between the two: how it is opened, how a write transaction begins, which
//! failures pass by themselves, how writes that wait are sent together.
//!
//! A bound limit, and a bound value that is compared with a column of some partial index's condition,
//! go through `cast`: SQLite plans the whole statement again for each new value of it otherwise.
//!
//! Why a writer of its own: SQLite has one. Writes queue for the one connection that begins
//! IMMEDIATE, so that none fails half-way because another was first; reads go beside it.

pub mod awaited;
pub mod bearers;
pub mod cancels;
pub mod catalogue;
pub mod changes;
pub mod checkpoints;
mod connect;
pub mod copying;
pub mod coupons;
pub mod customers;
pub mod events;
mod failures;
mod file;
mod handle;
pub mod instances;
pub mod invariants;
pub mod issuing;
mod migrations;
pub mod offers;
mod opening;
mod order_row;
pub mod orders;
pub mod particulars;
pub mod payments;
pub mod pieces;
mod pooled;
pub mod probe;
pub mod proofs;
pub mod questions;
mod queue;
pub mod ranges;
pub mod raw;
mod reader;
pub mod reasons;
pub mod refund_lines;
mod refusal;
pub mod rehearsal;
pub mod repeats;
mod retry;
pub mod secrets;
pub mod seed;
mod sets;
pub mod sheets;
pub mod shelf;
mod statement;
mod states;
pub mod stored;
pub mod temporary;
pub mod transactions;
pub mod waits;
pub mod webhooks;
mod worths;
mod writer;

pub use failures::is_taken;
pub use handle::Db;
pub use opening::is_sqlite;
pub use reader::Reader;
pub use retry::{repeated, repeated_briefly};
pub use statement::Statement;
pub use writer::Tx;
