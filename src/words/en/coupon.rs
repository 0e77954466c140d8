//! Coupons, in English.

use std::borrow::Cow;

use crate::words::Coupon;
use crate::words::en::money;

pub(in crate::words) fn say(it: Coupon) -> Cow<'static, str> {
    match it {
        Coupon::Title => "Coupon".into(),
        Coupon::Unused => "No coupon".into(),
        Coupon::Code => "Coupon code".into(),
        Coupon::Claim => "Get coupon".into(),
        Coupon::Used => "This coupon has already been used.".into(),
        Coupon::NotYet => "This coupon cannot be used yet.".into(),
        Coupon::Over => "This coupon has expired.".into(),
        Coupon::BelowMinimum { minimum } => {
            format!("It can be used on orders of {} or more.", money(minimum)).into()
        }
        Coupon::TooLittle { least } => {
            format!("The total must be {} or more.", money(least)).into()
        }
        Coupon::TooMuch { most } => format!("The order must be {} or less.", money(most)).into(),
    }
}
