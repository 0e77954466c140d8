//! What people read, by language. Everything else speaks in codes with values.
//!
//! Each theme is an enum of what there is to say, with its values as fields. Each language has one
//! function for each theme, which says all of it: a sentence that is missing does not compile.
//!
//! Invariant: none of it is in the WASM. An island reads what the server has put into its page.

mod en;
mod ko;
mod layout;
mod reason;
#[cfg(test)]
mod tests;

use leptos::prelude::use_context;

pub use layout::Layout;
pub use reason::Reason;

use crate::domain::language::Language;

/// The language of the request that is being answered; the default where there is none.
pub fn spoken() -> Language {
    use_context().unwrap_or_default()
}

/// What a language calls itself, for whoever looks for it.
pub fn own_name(language: Language) -> &'static str {
    match language {
        Language::Ko => ko::NAME,
        Language::En => en::NAME,
    }
}
