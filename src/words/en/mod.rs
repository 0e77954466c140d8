//! English, for guests: plain, polite and short.

pub(super) mod layout;
pub(super) mod reason;

/// What it calls itself.
pub(super) const NAME: &str = "English";
