//! Gyesan: a checkout for Korean shops.
//!
//! The folders are the architecture, and `src/tests/tidy.rs` holds who may know whom. Feature
//! gates stand here and nowhere else.

#![recursion_limit = "256"]

pub mod api;
pub mod components;
pub mod contract;
pub mod domain;
pub mod pages;
pub mod widget;
pub mod words;

#[cfg(feature = "ssr")]
pub mod commands;
#[cfg(feature = "ssr")]
pub mod sandbox;
#[cfg(feature = "ssr")]
pub mod server;
#[cfg(feature = "ssr")]
pub mod startup;
#[cfg(feature = "ssr")]
pub mod toss;
#[cfg(feature = "ssr")]
pub mod trials;

#[cfg(all(test, feature = "ssr"))]
mod tests;
