//! Advice after a failure, in English.

use std::borrow::Cow;

use crate::words::Advice;

pub(in crate::words) fn say(it: Advice) -> Cow<'static, str> {
    match it {
        Advice::OutOfStock => "Please order fewer pieces or another product. Nothing was charged.".into(),
        Advice::CouponGone => "You can order again without the coupon. Nothing was charged.".into(),
        Advice::OtherAmount => "The amount to be paid did not match the order, so it was not approved. Please start the payment again.".into(),
        Advice::MoneyBack => "Everything you paid has been cancelled. Depending on the card company it may take a few days to show.".into(),
        Advice::NotDeposited => "No deposit was made. You can order the same products again if you like.".into(),
        Advice::TooLate => "The time to pay was over, so the payment was not approved. Please pay again.".into(),
        Advice::Limit => "Please check your limit or balance, or try another payment method. Nothing was charged.".into(),
        Advice::AsYouLike => "You can pay again whenever you like. Nothing was charged.".into(),
        Advice::OutOfHours => "This payment method is not available at this time. Please try later or use another one.".into(),
        Advice::Other => "Nothing was charged. Please try again or use another payment method.".into(),
    }
}
