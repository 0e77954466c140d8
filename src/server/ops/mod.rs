//! For whoever runs the shop: copies of it, and whether it can work.

pub mod backup;
pub mod ready;
