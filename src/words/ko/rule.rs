//! What a value must be, in Korean.

use std::borrow::Cow;

use crate::domain::bank::Wrong;
use crate::domain::rule::Rule;

pub(in crate::words) fn say(it: Rule) -> Cow<'static, str> {
    match it {
        Rule::Id { name, marks, least, most } => {
            format!("{name}는 영문, 숫자, {marks} {least}~{most}자여야 합니다").into()
        }
        Rule::Name { most } => format!("이름은 눈에 보이는 글자로 1~{most}자 입력해 주세요").into(),
        Rule::Email => "이메일은 name@example.com 형식으로 입력해 주세요".into(),
        Rule::Mobile => {
            "휴대폰 번호는 010-1234-5678처럼 010(011, 016~019)으로 시작하게 입력해 주세요".into()
        }
        Rule::CouponCode { least, most } => {
            format!("쿠폰 코드는 한글, 영문, 숫자, -, _ {least}~{most}자입니다.").into()
        }
        Rule::Amount => "금액은 0 이상의 원 단위 정수여야 합니다".into(),
        Rule::Quantity { most } => format!("수량은 1~{most}개여야 합니다").into(),
        Rule::TooManyLines { most } => {
            format!("한 번에 {most}가지 상품까지 주문할 수 있습니다").into()
        }
        Rule::NoLines => "주문할 상품이 없습니다".into(),
    }
}

/// Of an account for a refund.
pub(in crate::words) fn account(it: Wrong) -> &'static str {
    match it {
        Wrong::Bank => "은행을 목록에서 골라 주세요",
        Wrong::Number => "계좌번호는 숫자 6~20자리로 입력해 주세요",
        Wrong::Holder => "예금주는 1~60자로 입력해 주세요",
    }
}
