//! Sums of money, in Korean.

use std::borrow::Cow;

use crate::words::Sums;
use crate::words::ko::money;

pub(in crate::words) fn say(it: Sums) -> Cow<'static, str> {
    match it {
        Sums::Products => "상품 금액".into(),
        Sums::Discount => "쿠폰 할인".into(),
        Sums::Order => "주문 금액".into(),
        Sums::Payment => "결제 금액".into(),
        Sums::Line { price, pieces } => format!("{} × {pieces}개", money(price)).into(),
    }
}
