//! Refunds, in Korean.

use std::borrow::Cow;

use crate::words::Refund;
use crate::words::ko::money;

pub(in crate::words) fn say(it: Refund<'_>) -> Cow<'static, str> {
    match it {
        Refund::Title => "환불 내역".into(),
        Refund::AccountNeeded => "환불 계좌를 기다리고 있습니다".into(),
        Refund::Asked => "환불을 요청했습니다".into(),
        Refund::Running => "환불 처리 중입니다".into(),
        Refund::Done => "환불 완료".into(),
        Refund::Refused => "환불하지 못했습니다. 상점에 문의해 주세요".into(),
        Refund::Line { name, pieces } => format!("{name} {pieces}개").into(),
        Refund::OfAmount => "금액 환불".into(),
        Refund::Account { account } => format!("입금 계좌 {account}").into(),
        Refund::Why { reason } => format!("사유: {reason}").into(),
        Refund::FormTitle => "환불받을 계좌".into(),
        Refund::FormAsks { amount } => {
            format!("{}을 돌려드릴 계좌를 적어 주세요.", money(amount)).into()
        }
        Refund::WasRefused => {
            "적어 주신 계좌로 환불할 수 없었습니다. 은행·계좌번호·예금주를 다시 확인해 주세요."
                .into()
        }
        Refund::Bank => "은행".into(),
        Refund::ChooseBank => "은행을 골라 주세요".into(),
        Refund::Number => "계좌번호".into(),
        Refund::DigitsOnly => "숫자만".into(),
        Refund::Holder => "예금주".into(),
        Refund::Send => "이 계좌로 환불받기".into(),
        Refund::KeptShort => {
            "계좌번호는 환불에만 쓰고, 환불이 끝나면 뒤 네 자리만 남기고 지웁니다.".into()
        }
    }
}
