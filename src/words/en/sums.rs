//! Sums of money, in English.

use std::borrow::Cow;

use crate::words::Sums;
use crate::words::en::money;

pub(in crate::words) fn say(it: Sums) -> Cow<'static, str> {
    match it {
        Sums::Products => "Products".into(),
        Sums::Discount => "Coupon discount".into(),
        Sums::Order => "Order total".into(),
        Sums::Payment => "Total".into(),
        Sums::Line { price, pieces } => format!("{} × {pieces}", money(price)).into(),
    }
}
