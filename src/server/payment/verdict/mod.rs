//! What Toss's answers mean for an order. Pure: no database, no network.

pub mod account_end;
mod codes;
mod decide;
mod means;
mod reading;
mod sums;

pub use codes::{
    CancelRefusal, PASSING_REFUSALS_MAX, Refusal, cancel_refusal, is_kept, is_of_account, refusal,
};
pub use decide::{DEPOSIT_MARGIN_MS, DOUBT_MS_MAX, Decision, Facts, Planned, decide};
pub use reading::{ABSENT, Verdict, absent, on_payment, on_read};
pub use sums::won;
