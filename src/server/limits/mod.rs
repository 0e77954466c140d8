//! How often and how much at a time: calls to Toss, callers by their address, wrong coupon codes.

pub mod address;
pub mod budget;
pub mod callers;
pub mod guesses;
