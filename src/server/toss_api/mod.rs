//! Toss, as the shop calls it.

pub mod answer;
pub mod client;
pub mod spans;
