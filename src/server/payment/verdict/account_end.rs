//! Why a virtual account that waits for its deposit is to be ended: as it is stored, as the buyer reads of it
//! then, and as Toss is told.

use crate::domain::language::Language;
use crate::server::db::payments::PaymentRow;
use crate::server::db::reasons::Reason;
use crate::words::{Cancel, Failure};

/// Toss ended the account, and nobody had wished for it here.
pub const AT_TOSS: Failure = Failure::AccountCanceled;
/// The due date is over.
pub const OVERDUE: Failure = Failure::NotDepositedInTime;
pub const BY_SHOP: Failure = Failure::AccountCanceledByShop;
pub const BY_BUYER: Failure = Failure::AccountCanceledByBuyer;
pub const TOO_MANY: Failure = Failure::TooManyAccounts;

/// Why an account that still waits is to be ended, if it is. Its due date is by Toss's clock, which
/// nobody sets here.
pub fn wanted(payment: &PaymentRow, toss_at: Option<i64>) -> Option<Reason> {
    match (&payment.end_code, payment.deposit_by.zip(toss_at)) {
        (Some(code), _) => Some(Reason::Own(of_code(code))),
        (None, Some((by, toss_at))) if toss_at >= by => Some(Reason::Own(OVERDUE)),
        (None, Some(_) | None) => None,
    }
}

/// What Toss is told: the words of staff, or the shop's own.
pub fn words(payment: &PaymentRow) -> String {
    let own = || match payment.end_code.as_deref().map(of_code) {
        Some(BY_BUYER) => Cancel::ByBuyer,
        Some(TOO_MANY) => Cancel::TooMany,
        Some(BY_SHOP) => Cancel::ByStaff,
        Some(_) | None => Cancel::Overdue,
    };
    let kept = payment.end_words.clone();
    kept.unwrap_or_else(|| own().say(Language::default()).into_owned())
}

/// Nothing had been paid into such an account, and nothing is said to be on its way back.
fn of_code(code: &str) -> Failure {
    let known = [OVERDUE, BY_SHOP, BY_BUYER, TOO_MANY];
    known.into_iter().find(|it| it.code() == code).unwrap_or(AT_TOSS)
}
