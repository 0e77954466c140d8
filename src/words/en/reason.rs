//! Why something cannot be, in English.

use std::borrow::Cow;

use crate::domain::code::CouponCode;
use crate::words::Reason;
use crate::words::en::rule;

pub(in crate::words) fn say(it: &Reason) -> Cow<'static, str> {
    match it {
        Reason::Buyer => "Please check your details.",
        Reason::Unsold => "This product is not for sale.",
        Reason::Quantity { most } => {
            return format!("The quantity must be a number from 0 to {most}.").into();
        }
        Reason::TooManyLines { most } => {
            return format!("You can order up to {most} different products at once.").into();
        }
        Reason::NoLines => "There is nothing to order.",
        Reason::Short => "Fewer pieces are left than you asked for. Please check the quantities.",
        Reason::Lines => {
            "This cannot be ordered as it is. Please check the products and the amount."
        }
        Reason::Risen => {
            "A price has gone up in the meantime. Please check the amount and order again."
        }
        Reason::CodeForm => return rule::say(CouponCode::RULE),
        Reason::CodeTries => {
            "You have tried several coupon codes. Please wait a while and try again."
        }
        Reason::CodeUnknown => "This coupon code is not known. Please check it and try again.",
        Reason::CodeNotYet => "This coupon is not available yet.",
        Reason::CodeOver => "This coupon has expired.",
        Reason::CodeAllGone => "All of these coupons have been given out.",
        Reason::CodeHasIt => "You already have this coupon. Please look in your list of coupons.",
        Reason::CodeUsed => {
            "This coupon has already been used with the same mobile number or e-mail address."
        }
        Reason::CouponUnusable => {
            "The coupon was not applied to this order. Please check its conditions and discount in \
             the list of coupons."
        }
        Reason::NotHere => "This order was not placed in this browser.",
        Reason::PaymentBegun => "The payment has already begun, so the order cannot be changed.",
        Reason::Method => "This request method is not supported.",
        Reason::Refused => "This cannot be done as requested. Please check and try again.",
        Reason::Unavailable => {
            "Orders cannot be processed at the moment. Please try again in a little while."
        }
        Reason::Failed => "A temporary error occurred. Please try again in a little while.",
    }
    .into()
}
