//! Korean, the shop's own language.

pub(super) mod layout;
pub(super) mod reason;

/// What it calls itself.
pub(super) const NAME: &str = "한국어";
