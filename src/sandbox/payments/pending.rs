//! What is not over yet of a payment: transitions that were not told, and cancels that run on.

use serde::{Deserialize, Serialize};

use crate::sandbox::clock::Moment;
use crate::toss;

/// A transition, as a payment notes it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Transition {
    /// It ended without money.
    Ended,
    /// A transaction was made: an issue, an approval, a deposit, its reversal or a cancel.
    Moved,
    /// A cancel that ran on has come to its end.
    CancelEnded(Box<toss::Cancel>),
}

/// A cancel that was answered `IN_PROGRESS`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RunningCancel {
    /// Of the cancel.
    pub(super) transaction_key: String,
    pub(super) ends_at: Moment,
}
