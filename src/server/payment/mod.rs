//! Money: asked for, confirmed, given back; and what Toss says about it.

pub mod abandon;
pub mod confirm;
pub mod deposit_end;
pub mod inbox;
pub mod outcome;
pub mod refund;
pub mod settle;
pub mod verdict;
