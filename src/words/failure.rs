//! Why an order failed, where the shop itself says so: what is stored of it, and told to whoever reads the
//! order.
//!
//! Stored as JSON: `{"reason":"OUT_OF_STOCK","values":{"product":"…","charge":"NEVER"}}`. Names and values
//! that are in a database stay.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::domain::language::Language;
use crate::words::{en, ko};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", content = "values")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum Failure {
    OutOfStock {
        product: String,
        charge: Charge,
    },
    CouponUnavailable {
        charge: Charge,
    },
    /// The same person has used it by another browser.
    CouponUsedByBuyer {
        charge: Charge,
    },
    /// The return address named another amount.
    AmountMismatch,
    /// Toss has taken another amount.
    OtherAmountTaken,
    /// It was paid, and could not be written down as that.
    CompletionFailed,
    /// Toss takes no calls with the shop's keys, and said so with this code.
    KeysRefused {
        code: String,
    },
    NotPaidInTime,
    CanceledPayment,
    /// The bank has taken the deposit back.
    DepositReversed,
    ExpiredPayment,
    /// The payment is another order's.
    NotMatchedPayment,
    NotFoundPayment,
    NotDepositedInTime,
    /// At Toss, and nobody had wished for it here.
    AccountCanceled,
    AccountCanceledByShop,
    AccountCanceledByBuyer,
    TooManyAccounts,
    PayProcessCanceled,
    UserCancel,
    PayProcessAborted,
    RejectCardCompany,
    NotPaid,
}

/// What became of the buyer's money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Charge {
    Never,
    /// Taken, and given back.
    Undone,
}

impl Failure {
    /// For programs, and beside Toss's codes, some of which it shares.
    pub fn code(&self) -> &str {
        match self {
            Failure::OutOfStock { .. } => "OUT_OF_STOCK",
            Failure::CouponUnavailable { .. } => "COUPON_UNAVAILABLE",
            Failure::CouponUsedByBuyer { .. } => "COUPON_USED_BY_BUYER",
            Failure::AmountMismatch | Failure::OtherAmountTaken => "AMOUNT_MISMATCH",
            Failure::CompletionFailed => "COMPLETION_FAILED",
            Failure::KeysRefused { code } => code,
            Failure::NotPaidInTime => "NOT_PAID_IN_TIME",
            Failure::CanceledPayment | Failure::DepositReversed => "CANCELED_PAYMENT",
            Failure::ExpiredPayment => "EXPIRED_PAYMENT",
            Failure::NotMatchedPayment => "NOT_MATCHED_PAYMENT",
            Failure::NotFoundPayment => "NOT_FOUND_PAYMENT",
            Failure::NotDepositedInTime => "NOT_DEPOSITED_IN_TIME",
            Failure::AccountCanceled => "ACCOUNT_CANCELED",
            Failure::AccountCanceledByShop => "ACCOUNT_CANCELED_BY_SHOP",
            Failure::AccountCanceledByBuyer => "ACCOUNT_CANCELED_BY_BUYER",
            Failure::TooManyAccounts => "TOO_MANY_ACCOUNTS",
            Failure::PayProcessCanceled => "PAY_PROCESS_CANCELED",
            Failure::UserCancel => "USER_CANCEL",
            Failure::PayProcessAborted => "PAY_PROCESS_ABORTED",
            Failure::RejectCardCompany => "REJECT_CARD_COMPANY",
            Failure::NotPaid => "NOT_PAID",
        }
    }

    /// The same of an order whose money had been taken.
    pub fn undone(self) -> Failure {
        let charge = Charge::Undone;
        match self {
            Failure::OutOfStock { product, .. } => Failure::OutOfStock { product, charge },
            Failure::CouponUnavailable { .. } => Failure::CouponUnavailable { charge },
            Failure::CouponUsedByBuyer { .. } => Failure::CouponUsedByBuyer { charge },
            Failure::AmountMismatch
            | Failure::OtherAmountTaken
            | Failure::CompletionFailed
            | Failure::KeysRefused { .. }
            | Failure::NotPaidInTime
            | Failure::CanceledPayment
            | Failure::DepositReversed
            | Failure::ExpiredPayment
            | Failure::NotMatchedPayment
            | Failure::NotFoundPayment
            | Failure::NotDepositedInTime
            | Failure::AccountCanceled
            | Failure::AccountCanceledByShop
            | Failure::AccountCanceledByBuyer
            | Failure::TooManyAccounts
            | Failure::PayProcessCanceled
            | Failure::UserCancel
            | Failure::PayProcessAborted
            | Failure::RejectCardCompany
            | Failure::NotPaid => self,
        }
    }

    pub fn say(&self, language: Language) -> Cow<'static, str> {
        match language {
            Language::Ko => ko::failure::say(self),
            Language::En => en::failure::say(self),
        }
    }
}
