//! Gyesan: a checkout for Korean shops.
//!
//! The folders are the architecture, and `src/tests/tidy.rs` holds who may know whom. Feature
//! gates stand here and nowhere else.

pub mod api;
pub mod contract;
pub mod domain;

#[cfg(feature = "ssr")]
pub mod sandbox;
#[cfg(feature = "ssr")]
pub mod server;
#[cfg(feature = "ssr")]
pub mod toss;
