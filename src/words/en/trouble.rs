//! Trouble while paying, in English.

use std::borrow::Cow;

use crate::words::Trouble;

pub(in crate::words) fn say(it: Trouble) -> Cow<'static, str> {
    match it {
        Trouble::Script => "Toss Payments could not be loaded. Please check your internet connection and ad blocker, and try again.".into(),
        Trouble::Canceled => "You cancelled the payment. Nothing was charged, and you can pay again.".into(),
        Trouble::NoMethod => "Please choose a payment method.".into(),
        Trouble::NoAgreement => "Please agree to the required terms.".into(),
        Trouble::NoCard => "Please choose your card company and the instalment plan.".into(),
        Trouble::NoRefundAccount => "Please enter all details of the account for refunds.".into(),
        Trouble::DepositLimit => "The amount is above the limit for virtual accounts. Please choose another payment method.".into(),
        Trouble::DueDate => "The deposit period of the virtual account is too long. Please choose another payment method.".into(),
        Trouble::Unhealthy => "The card company or bank you chose has a service failure. Please choose another payment method.".into(),
        Trouble::NotInTest => "This payment method does not work in a test environment. Please choose another one.".into(),
        Trouble::Unable => "You cannot pay with this method. Please choose another one.".into(),
        Trouble::Busy => "Your last request is still being processed. Please press again in a moment.".into(),
        Trouble::Aborted => "The payment was interrupted and nothing was charged. Please try again in a little while.".into(),
        Trouble::Declined => "The card company declined the payment and nothing was charged. Please check your card limit or try another card.".into(),
        Trouble::NoWindow => "The payment window cannot be opened on this device. Please reload the page and try again.".into(),
        Trouble::NoAmount => "The amount could not be set. Please reload the page and try again.".into(),
        Trouble::NotDrawn => "The payment form could not be shown. Please reload the page and try again.".into(),
        Trouble::Settings => "You cannot pay because of a problem with the shop’s payment settings. Please contact the shop.".into(),
        Trouble::Unfinished => "The payment was not finished. Please try again.".into(),
        Trouble::Other => "The payment could not be made. Please try again in a little while.".into(),
    }
}
