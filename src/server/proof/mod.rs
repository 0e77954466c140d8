//! The money proof: what the shop believes, held against itself and against Toss, all the time.
//!
//! How: two walks go through Toss's list of approvals and cancels (`walk`), one just behind now and
//! one a day later, because rows may appear late. Each new row calls its order up; another round
//! goes through the shop's own tables, range by range, asks whether a law is broken (`laws`), and
//! calls up what the list has not shown. An order that was called up is read at Toss where the list
//! alone does not show that all is well (`look`), and what differs is settled if that is safe.
//!
//! Why through a list: webhooks get lost, and are nowhere set up in many shops. A cancel in Toss's
//! console must reach the order all the same.
//!
//! Invariant: nothing here changes an order but by `settle`.

mod cause;
mod laws;
mod look;
mod recognise;
mod step;
mod walk;
mod whole;

pub use cause::Cause;
pub use look::{Finding, Repair};
pub use recognise::{Recognised, recognise};
pub use step::{PAGE_ROWS, Step, step, step_by};
pub use walk::SOON;
pub use whole::{Asked, Report, Stopped, whole};
