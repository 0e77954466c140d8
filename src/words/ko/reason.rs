//! Why something cannot be, in Korean.

use std::borrow::Cow;

use crate::domain::code::CouponCode;
use crate::words::Reason;
use crate::words::ko::rule;

pub(in crate::words) fn say(it: &Reason) -> Cow<'static, str> {
    match it {
        Reason::Buyer => "주문자 정보를 다시 확인해 주세요.",
        Reason::Unsold => "판매하지 않는 상품입니다.",
        Reason::Quantity { most } => {
            return format!("수량은 0~{most} 사이의 숫자여야 합니다.").into();
        }
        Reason::TooManyLines { most } => {
            return format!("한 번에 {most}가지 상품까지 주문할 수 있습니다.").into();
        }
        Reason::NoLines => "주문할 상품이 없습니다.",
        Reason::Short => "주문하신 수량만큼 남지 않은 상품이 있습니다. 수량을 확인해 주세요.",
        Reason::Lines => "이대로는 주문할 수 없습니다. 상품과 금액을 확인해 주세요.",
        Reason::Risen => "그사이 가격이 올랐습니다. 금액을 확인하고 다시 주문해 주세요.",
        Reason::CodeForm => return rule::say(CouponCode::RULE),
        Reason::CodeTries => {
            "쿠폰 코드를 여러 번 시도했습니다. 잠시 기다린 뒤에 다시 시도해 주세요."
        }
        Reason::CodeUnknown => "등록되지 않은 쿠폰 코드입니다. 코드를 다시 확인해 주세요.",
        Reason::CodeNotYet => "아직 받을 수 없는 쿠폰입니다.",
        Reason::CodeOver => "기간이 끝난 쿠폰입니다.",
        Reason::CodeAllGone => "선착순 마감된 쿠폰입니다.",
        Reason::CodeHasIt => "이미 받은 쿠폰입니다. 쿠폰 목록에서 확인해 주세요.",
        Reason::CodeUsed => "같은 휴대폰 번호나 이메일로 이미 사용한 쿠폰입니다.",
        Reason::CouponUnusable => {
            "쿠폰을 이 주문에 적용하지 않았습니다. 쿠폰 목록에서 조건과 할인 금액을 확인해 주세요."
        }
        Reason::NotHere => "이 브라우저에서 한 주문이 아닙니다.",
        Reason::PaymentBegun => "이미 결제가 시작된 주문은 바꿀 수 없습니다.",
        Reason::Method => "지원하지 않는 요청 방식입니다.",
        Reason::Refused => "요청하신 대로 할 수 없습니다. 다시 확인해 주세요.",
        Reason::Unavailable => "지금은 주문을 처리할 수 없습니다. 잠시 후 다시 시도해 주세요.",
        Reason::Failed => "일시적인 오류가 발생했습니다. 잠시 후 다시 시도해 주세요.",
    }
    .into()
}
