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

/// Starts the browser's side: the islands that are on the page.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
