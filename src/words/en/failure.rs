//! Why an order failed, in English.

use std::borrow::Cow;

use crate::words::{Charge, Failure};

pub(in crate::words) fn say(it: &Failure) -> Cow<'static, str> {
    match it {
        Failure::OutOfStock { product, charge } => {
            format!("Not enough pieces of ‘{product}’ are left. {}", end(*charge)).into()
        }
        Failure::CouponUnavailable { charge } => {
            format!("The coupon can no longer be used. {}", end(*charge)).into()
        }
        Failure::CouponUsedByBuyer { charge } => format!(
            "The coupon has already been used with the same mobile number or e-mail address. {}",
            end(*charge)
        )
        .into(),
        Failure::AmountMismatch => "The amount to pay does not match the order.".into(),
        Failure::OtherAmountTaken => {
            "The amount that was paid does not match the order, so the payment was cancelled."
                .into()
        }
        Failure::CompletionFailed => {
            "The order could not be completed, so the payment was cancelled.".into()
        }
        Failure::KeysRefused { .. } => {
            "The shop's payment settings have a problem, and you were not charged. Please contact \
             the shop."
                .into()
        }
        Failure::NotPaidInTime => "The time to pay has passed, so the order has expired.".into(),
        Failure::CanceledPayment => "The payment was cancelled.".into(),
        Failure::DepositReversed => {
            "The bank took the deposit back, so the payment was cancelled.".into()
        }
        Failure::ExpiredPayment => "The payment has expired. Please try again.".into(),
        Failure::NotMatchedPayment => "The payment does not belong to this order.".into(),
        Failure::NotFoundPayment => "This payment does not exist.".into(),
        Failure::NotDepositedInTime => {
            "No deposit was made in time, so the order has expired.".into()
        }
        Failure::AccountCanceled => {
            "The virtual account was cancelled before a deposit. Please do not pay into it.".into()
        }
        Failure::AccountCanceledByShop => {
            "The shop cancelled the order before a deposit. Please do not pay into the account."
                .into()
        }
        Failure::AccountCanceledByBuyer => {
            "The order was cancelled before a deposit, as you asked. Please do not pay into the \
             account."
                .into()
        }
        Failure::TooManyAccounts => {
            "An order of yours already waits for a deposit, so the new virtual account was \
             cancelled. Please pay for that order first, or cancel it."
                .into()
        }
        Failure::PayProcessCanceled | Failure::UserCancel => "You cancelled the payment.".into(),
        Failure::PayProcessAborted => {
            "The payment was interrupted, and you were not charged.".into()
        }
        Failure::RejectCardCompany => {
            "The card company declined the payment, and you were not charged.".into()
        }
        Failure::NotPaid => "The payment was not finished.".into(),
    }
}

fn end(charge: Charge) -> &'static str {
    match charge {
        Charge::Never => "You were not charged.",
        Charge::Undone => "The payment was cancelled.",
    }
}
