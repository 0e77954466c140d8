//! The page of an order, in Korean.

use std::borrow::Cow;

use crate::words::OrderPage;
use crate::words::ko::money;

pub(in crate::words) fn say(it: OrderPage<'_>) -> Cow<'static, str> {
    match it {
        OrderPage::Lines => "주문 상품".into(),
        OrderPage::Title => "주문 정보".into(),
        OrderPage::Number => "주문 번호".into(),
        OrderPage::Time => "주문 시각".into(),
        OrderPage::Buyer => "주문자".into(),
        OrderPage::Email => "이메일".into(),
        OrderPage::Mobile => "휴대폰".into(),
        OrderPage::Masked => "주문한 브라우저가 아니어서 일부 정보를 가렸습니다.".into(),
        OrderPage::NotFound => "주문을 찾을 수 없습니다. 주문 번호를 확인해 주세요.".into(),
        OrderPage::PayNow => "이어서 결제하기".into(),
        OrderPage::PayAgain => "다시 결제하기".into(),
        OrderPage::PayAgainFor { name, amount } => format!("{name} {} 다시 결제하기", money(amount)).into(),
        OrderPage::ToCart => "장바구니로 돌아가기".into(),
        OrderPage::LookAgain => "지금 다시 확인하기".into(),
        OrderPage::LookByHand => "JavaScript가 꺼져 있어 이 화면은 저절로 바뀌지 않습니다. 위 버튼을 눌러 다시 확인해 주세요.".into(),
        OrderPage::ResultTitle => "결제 결과".into(),
        OrderPage::FailTitle => "결제 실패".into(),
        OrderPage::TossSaid { words } => format!("토스가 보낸 내용: “{words}”").into(),
        OrderPage::OtherAmount => "이 주소의 금액이 주문 금액과 다릅니다. 아래는 실제 주문 상태입니다.".into(),
        OrderPage::BadReturn { rule } => format!("결제창에서 돌아온 주소를 읽을 수 없습니다 ({rule}).").into(),
        OrderPage::DigitsWanted { field } => format!("{field}는 숫자여야 합니다").into(),
        OrderPage::RepeatTitle => "한 번 더 결제할까요?".into(),
        OrderPage::RepeatWaits => "같은 장바구니로 받은 계좌가 입금을 기다리고 있습니다".into(),
        OrderPage::RepeatPaid => "같은 장바구니를 이미 결제했습니다".into(),
        OrderPage::Repeat { since, order_id } => format!("{since}에 주문한 {order_id} 주문이 있습니다. 한 번 더 결제하면 상품을 두 번 사게 됩니다.").into(),
        OrderPage::NothingTaken => "방금 승인한 결제는 아직 진행하지 않았고, 돈은 나가지 않았습니다.".into(),
        OrderPage::SeeFirst => "이미 한 주문 보기".into(),
        OrderPage::RepeatNow => "한 번 더 결제하기".into(),
    }
}
