//! Why something cannot be, in English.

use std::borrow::Cow;

use crate::domain::code::CouponCode;
use crate::words::en::{cart, coupon, order, rule};
use crate::words::{Cart, Coupon, OrderPage, Reason};

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
        Reason::NoOrder => return order::say(OrderPage::NotFound),
        Reason::UnsoldProduct { product } => {
            return format!("This product is not for sale ({product})").into();
        }
        Reason::ShortOf { product, pieces } => return short(product, *pieces),
        Reason::ShortNow { product, pieces } => {
            let short = short(product, *pieces);
            return format!("{short} You were not charged. Please change the quantity and order again.")
                .into();
        }
        Reason::TooLittle { least } | Reason::CouponTooLittle { least } => {
            return coupon::say(Coupon::TooLittle { least: *least });
        }
        Reason::TooMuch { most } => return coupon::say(Coupon::TooMuch { most: *most }),
        Reason::CouponUnknown => "The coupon was not found",
        Reason::CouponUsed => return coupon::say(Coupon::Used),
        Reason::CouponUsedElsewhere => "This coupon was used for another order.",
        Reason::CouponUsedByBuyer => return say(&Reason::CodeUsed),
        Reason::CouponNotYet => return coupon::say(Coupon::NotYet),
        Reason::CouponOver => return coupon::say(Coupon::Over),
        Reason::CouponMinimum { minimum } => {
            return coupon::say(Coupon::BelowMinimum { minimum: *minimum });
        }
        Reason::CouponLost { why } => {
            let why = say(why);
            return format!("{why} Please choose another coupon, or none.").into();
        }
        Reason::CodeWait { seconds } => {
            return again("You have entered several wrong coupon codes", *seconds);
        }
        Reason::CodeWaitAddress { seconds } => {
            return again(
                "Several wrong coupon codes were entered from your internet address",
                *seconds,
            );
        }
        Reason::CodeWaitClaims { seconds } => {
            return again("Many coupons were given out to your internet address", *seconds);
        }
        Reason::Crowd => {
            "Too many requests at once come from your address. Please try again in a moment."
        }
        Reason::Unrecorded => {
            "Your payment has not been taken in yet. Please do not pay again, and reload this page in \
             a little while."
        }
        Reason::OtherPayment => {
            "Another payment has already been made for this order. This payment was not approved."
        }
        Reason::RepeatedPayment => {
            "You have already ordered with this cart, so this payment was not approved. To pay once \
             more, please confirm it in the browser you ordered with."
        }
        Reason::DoubtedPayment => {
            "Another payment for the same cart is being checked, so this payment was not approved. \
             Please do not pay again until that is done."
        }
        Reason::RepeatedCart => {
            "You have already ordered with this cart. Please reload the page and confirm that you want \
             to pay once more."
        }
        Reason::DoubtedCart => {
            "Another payment for the same cart is being checked. Please do not pay again until that is \
             done."
        }
        Reason::NotYoursToLeave => {
            "Only the browser that ordered can leave the payment of this order."
        }
        Reason::OtherSite => "Requests from other sites are not taken.",
        Reason::NoOrigin => "A request with a cookie needs an Origin header with the shop's address.",
        Reason::ContentType { expected } => {
            return format!("The Content-Type must be {expected}.").into();
        }
        Reason::BodyTooLarge { most } => {
            return format!("The body of a request may have {most} bytes.").into();
        }
        Reason::Missing => "There is no value",
        Reason::Unreadable { text } => return format!("The request cannot be read: {text}").into(),
        Reason::NoSuchApi => "There is no API at this address.",
        Reason::NoStream => {
            "Live updates are not available at the moment. Please look again in a little while."
        }
        Reason::Refused => "This cannot be done as requested. Please check and try again.",
        Reason::Unavailable => {
            "Orders cannot be processed at the moment. Please try again in a little while."
        }
        Reason::Failed => "A temporary error occurred. Please try again in a little while.",
    }
    .into()
}

fn short(product: &str, pieces: i64) -> Cow<'static, str> {
    cart::say(match pieces {
        0 => Cart::ShortOfAll { name: product },
        pieces => Cart::Short { name: product, pieces },
    })
}

fn again(what: &str, seconds: i64) -> Cow<'static, str> {
    let (count, one, many) = match seconds {
        ..60 => (seconds, "second", "seconds"),
        60..3_600 => ((seconds + 59) / 60, "minute", "minutes"),
        3_600.. => ((seconds + 3_599) / 3_600, "hour", "hours"),
    };
    let unit = if count == 1 { one } else { many };
    format!("{what}. Please try again in {count} {unit}.").into()
}
