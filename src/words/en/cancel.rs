//! What Toss is told of a cancel, in English.

use std::borrow::Cow;

use crate::words::Cancel;

pub(in crate::words) fn say(it: Cancel) -> Cow<'static, str> {
    match it {
        Cancel::Unfit => "Cancelled by itself: the order cannot be completed",
        Cancel::Overdue => "No deposit in time",
        Cancel::ByBuyer => "Asked for by the buyer",
        Cancel::TooMany => "Too many accounts wait for deposits",
        Cancel::ByStaff => "Cancelled before a deposit",
    }
    .into()
}
