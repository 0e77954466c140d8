//! The one writer of an SQLite file: writes that wait together are committed together.
//!
//! How: writers queue for one connection. The first opens a transaction and sends a committer
//! to the end of the queue; each writer does its part inside a savepoint, leaves, and waits.
//! When the committer's turn comes, one commit, and so one wait for the disk, ends the wait of
//! all who were before it. Nobody waits for company: alone in the queue, a writer is followed
//! by its committer at once. Writes that are whole from the start are sets (`db/sets`), which take turns
//! with what is here.
//!
//! Why: each commit of its own costs a flush of the disk, so that a busy shop would stand in a
//! line of flushes. PostgreSQL does the same inside itself.
//!
//! A writer sees what others of its batch have written before it. Whoever acts on that commits,
//! even with nothing of its own, and so waits until it is on the disk.
//!
//! Invariant: nobody is told of a commit that did not happen. A failure that undoes the whole
//! transaction takes the savepoint `whole` with it, and then the commit fails for everyone.

mod batch;
mod queue;
mod tx;

pub(super) use batch::Batch;
pub(super) use queue::Writer;
pub use tx::Tx;
