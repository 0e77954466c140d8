//! The checkout, in English.

use std::borrow::Cow;

use crate::words::Checkout;

pub(in crate::words) fn say(it: Checkout<'_>) -> Cow<'static, str> {
    match it {
        Checkout::PageTitle { order_name } => format!("Pay for {order_name}").into(),
        Checkout::Title => "Order and payment".into(),
        Checkout::PastTitle => "Payment".into(),
        Checkout::ElsewhereTitle => "Checking your payment".into(),
        Checkout::Elsewhere => "A payment for the same cart is being checked. So that you are not charged twice, you can pay once that is done.".into(),
        Checkout::SeeElsewhere => "See the order being checked".into(),
        Checkout::NotHereTitle => "This order was not placed in this browser".into(),
        Checkout::NotHere => "Please pay in the browser you ordered with, or place a new order.".into(),
        Checkout::SeeOrder => "See the order".into(),
        Checkout::PastPaid => "This order has already been paid.".into(),
        Checkout::PastFailed => "This order ended without payment. Please place a new order.".into(),
        Checkout::PastExpired => "The time to pay for this order is over. Please place a new order.".into(),
        Checkout::Late => "The payment page has not loaded yet. Please check your internet connection and ad blocker.".into(),
        Checkout::TryAgain => "Try again".into(),
        Checkout::Methods => "Payment methods".into(),
        Checkout::LoadingMethods => "Loading payment methods".into(),
        Checkout::NeedsScript => "Please turn on JavaScript in your browser to pay.".into(),
        Checkout::Pay { amount } => format!("Pay {amount}").into(),
        Checkout::Loading => "Payment methods are being loaded.".into(),
        Checkout::Pricing => "The amount is being calculated again.".into(),
        Checkout::Paying => "Your payment is in progress. Please look at the payment window.".into(),
        Checkout::Broken => "You cannot pay because the payment methods could not be loaded.".into(),
        Checkout::Over => "This order can no longer be paid here.".into(),
        Checkout::NeedsAgreement => "You can pay once you agree to the required terms.".into(),
        Checkout::Changed => "The amount has changed. Please check it and press again.".into(),
        Checkout::NotRead => "The order could not be loaded again.".into(),
        Checkout::Unreachable => "The server could not be reached. Please check your internet connection and try again.".into(),
    }
}
