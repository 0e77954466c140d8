//! Why a refund is not taken, in English.

use std::borrow::Cow;

use crate::domain::refund::REASON_LENGTH_MAX;
use crate::words::Refusal;

pub(in crate::words) fn say(it: &Refusal) -> Cow<'static, str> {
    match it {
        Refusal::NoOrder => "The order was not found.".into(),
        Refusal::NotYours => "This order was not placed in this browser.".into(),
        Refusal::NotPaid => "This order cannot be refunded.".into(),
        Refusal::Underway => "A refund of this order is being made already.".into(),
        Refusal::AccountAwaited => {
            "A refund of this order waits for an account. Please name one, or take the refund back."
                .into()
        }
        Refusal::AllBack => "This order has been refunded in full.".into(),
        Refusal::JustChanged => "This order has just changed. Please look again.".into(),
        Refusal::NothingWaits => "No refund waits for an account.".into(),
        Refusal::Inevitable => {
            "The order cannot be completed, so its cancellation cannot be taken back.".into()
        }
        Refusal::NoReason => "Please give a reason for the refund".into(),
        Refusal::ReasonTooLong { length } => {
            format!("The reason has {length} characters, and may have {REASON_LENGTH_MAX}").into()
        }
        Refusal::NotADeposit => {
            "An account for the refund is only for orders that were paid by a deposit".into()
        }
        Refusal::Amount { left } => format!("From ₩1 to ₩{left} can be refunded").into(),
        Refusal::NoSuchProduct { product, have } => {
            format!("“{product}” is not in this order ({})", have.join(", ")).into()
        }
        Refusal::Pieces { name, left: 0 } => {
            format!("All pieces of “{name}” have been refunded already").into()
        }
        Refusal::Pieces { name, left } => {
            format!("From 1 to {left} pieces of “{name}” can be refunded").into()
        }
        Refusal::Worthless => "Nothing was paid for these pieces (₩0)".into(),
    }
}
