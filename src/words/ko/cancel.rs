//! What Toss is told of a cancel, in Korean.

use std::borrow::Cow;

use crate::words::Cancel;

pub(in crate::words) fn say(it: Cancel) -> Cow<'static, str> {
    match it {
        Cancel::Unfit => "주문을 완료할 수 없어 자동 취소",
        Cancel::Overdue => "입금 기한 경과",
        Cancel::ByBuyer => "구매자 요청",
        Cancel::TooMany => "입금 대기 한도 초과",
        Cancel::ByStaff => "입금 전 주문 취소",
    }
    .into()
}
