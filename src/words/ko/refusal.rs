//! Why a refund is not taken, in Korean.

use std::borrow::Cow;

use crate::domain::refund::REASON_LENGTH_MAX;
use crate::words::Refusal;

pub(in crate::words) fn say(it: &Refusal) -> Cow<'static, str> {
    match it {
        Refusal::NoOrder => "주문을 찾을 수 없습니다.".into(),
        Refusal::NotYours => "이 브라우저에서 한 주문이 아닙니다.".into(),
        Refusal::NotPaid => "환불할 수 있는 주문이 아닙니다.".into(),
        Refusal::Underway => "이 주문은 이미 환불하고 있습니다.".into(),
        Refusal::AccountAwaited => {
            "이 주문의 환불이 환불 계좌를 기다리고 있습니다. 계좌를 적거나 환불을 거두어 주세요."
                .into()
        }
        Refusal::AllBack => "이 주문은 전액 환불되었습니다.".into(),
        Refusal::JustChanged => "이 주문은 방금 바뀌었습니다. 다시 확인해 주세요.".into(),
        Refusal::NothingWaits => "환불 계좌를 기다리는 환불이 없습니다.".into(),
        Refusal::Inevitable => "완료할 수 없는 주문의 취소는 거둘 수 없습니다.".into(),
        Refusal::NoReason => "환불 사유를 적어 주세요".into(),
        Refusal::ReasonTooLong { length } => {
            format!("환불 사유는 {REASON_LENGTH_MAX}자까지 적을 수 있습니다 (지금 {length}자)")
                .into()
        }
        Refusal::NotADeposit => "가상계좌로 입금된 주문에만 환불 계좌를 적을 수 있습니다".into(),
        Refusal::Amount { left } => format!("1원부터 {left}원까지 환불할 수 있습니다").into(),
        Refusal::NoSuchProduct { product, have } => {
            format!("‘{product}’ 상품은 이 주문에 없습니다 ({})", have.join(", ")).into()
        }
        Refusal::Pieces { name, left: 0 } => {
            format!("‘{name}’ 상품은 이미 모두 환불되었습니다").into()
        }
        Refusal::Pieces { name, left } => {
            format!("‘{name}’ 상품은 1개부터 {left}개까지 환불할 수 있습니다").into()
        }
        Refusal::Worthless => "고른 상품에는 돌려줄 금액이 없습니다 (0원)".into(),
    }
}
