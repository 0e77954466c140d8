//! The one road: whoever wants to know how a payment stands ends here: the return page, a webhook,
//! the background work, staff.
//!
//! It leases the payment, asks Toss where that is needed, decides by `verdict` and the table of
//! states, and records by compare-and-set, with the event in the same transaction. Every way
//! here is harmless to repeat. Toss is never called inside a database transaction.

mod account_limits;
mod attempt;
mod back;
mod end_account;
mod given_back;
mod hold;
mod record;
mod road;

pub use attempt::{Attempt, Came, Settled, Why};
pub use hold::{take, taking};
pub use road::{ask, settle};
