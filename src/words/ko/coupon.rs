//! Coupons, in Korean.

use std::borrow::Cow;

use crate::words::Coupon;
use crate::words::ko::money;

pub(in crate::words) fn say(it: Coupon) -> Cow<'static, str> {
    match it {
        Coupon::Title => "쿠폰".into(),
        Coupon::Unused => "사용 안 함".into(),
        Coupon::Code => "쿠폰 코드".into(),
        Coupon::Claim => "쿠폰 받기".into(),
        Coupon::Used => "이미 사용한 쿠폰입니다.".into(),
        Coupon::NotYet => "아직 사용할 수 없는 쿠폰입니다.".into(),
        Coupon::Over => "사용 기간이 지난 쿠폰입니다.".into(),
        Coupon::BelowMinimum { minimum } => {
            format!("{} 이상 주문할 때 사용할 수 있습니다.", money(minimum)).into()
        }
        Coupon::TooLittle { least } => {
            format!("결제 금액은 {} 이상이어야 합니다.", money(least)).into()
        }
        Coupon::TooMuch { most } => format!("주문 금액은 {} 이하여야 합니다.", money(most)).into(),
    }
}
