//! Giving money back because the shop wants to. Written down here; the one road carries it out.

mod account;
mod request;
mod shown;

pub use account::{Given, give_account, has_account, withdraw, without_account};
pub use request::{Asked, Request, What, ask, preview, won, write_down};
pub use shown::shown;
