//! Webhooks in: filed as they came, answered at once, worked through later. A body is a hint to
//! look and never a fact: what is true is asked of Toss (Toss: webhooks.md §4, §5).
//!
//! Anybody may post. What is no notice of Toss's form is answered as if it were, counted, and kept
//! nowhere; of what is, the words are kept that are needed, as many as the table holds.

mod drain;
mod hint;
mod receive;
mod secret;

pub use drain::tick;
pub use receive::{BODY_BYTES_MAX, receive, take_in};
