//! Toss, as the shop calls it.

pub mod client;
pub mod spans;
