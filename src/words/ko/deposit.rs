//! Deposits, in Korean.

use std::borrow::Cow;

use crate::words::Deposit;

pub(in crate::words) fn say(it: Deposit<'_>) -> Cow<'static, str> {
    match it {
        Deposit::Title => "입금할 계좌".into(),
        Deposit::Bank => "은행".into(),
        Deposit::Number => "계좌번호".into(),
        Deposit::Amount => "입금 금액".into(),
        Deposit::Due => "입금 기한".into(),
        Deposit::Until { time } => format!("{time}까지").into(),
        Deposit::Over => "입금 기한이 지났습니다. 입금하지 마세요.".into(),
        Deposit::Units => "일 |시간 |분 |초 |남음".into(),
        Deposit::Copy => "계좌번호 복사".into(),
        Deposit::Copied => "계좌번호를 복사했습니다.".into(),
        Deposit::NotCopied => {
            "복사하지 못했습니다. 계좌번호를 골라 두었으니 직접 복사해 주세요.".into()
        }
        Deposit::EndTitle => "입금하지 않고 주문 취소".into(),
        Deposit::End => "주문 취소".into(),
    }
}
