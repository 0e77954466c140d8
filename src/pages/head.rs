//! What a page puts into its head.
//!
//! Invariant: no value stands in a page as markup. The library prints a title as it was given, into a
//! place where `</title>` ends it; so titles are made here, and nothing else names the library. Its
//! other elements have attributes alone, which it escapes.

use leptos::prelude::*;
use leptos_meta::Title as RawTitle;

use crate::pages::Surroundings;

pub use leptos_meta::{Meta, MetaTags, provide_meta_context};

/// The page's title, as text, and the shop's name; without a text that name alone. The page itself is made
/// by the server alone, so nobody sees it escaped.
#[component]
pub fn Title(#[prop(into, default = String::new())] text: String) -> impl IntoView {
    let name = use_context::<Surroundings>().map(|around| around.name.to_string());
    let parts = [text, name.unwrap_or_default()];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let text = escaped(&parts.join(" · "));
    view! { <RawTitle text /> }
}

/// Text as HTML text.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
