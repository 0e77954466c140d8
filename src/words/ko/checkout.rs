//! The checkout, in Korean.

use std::borrow::Cow;

use crate::words::Checkout;

pub(in crate::words) fn say(it: Checkout<'_>) -> Cow<'static, str> {
    match it {
        Checkout::PageTitle { order_name } => format!("{order_name} 결제").into(),
        Checkout::Title => "주문·결제".into(),
        Checkout::PastTitle => "결제".into(),
        Checkout::ElsewhereTitle => "결제 확인 중".into(),
        Checkout::Elsewhere => "같은 장바구니의 결제를 확인하고 있습니다. 두 번 결제되지 않도록, 확인이 끝난 뒤에 결제할 수 있습니다.".into(),
        Checkout::SeeElsewhere => "확인 중인 주문 보기".into(),
        Checkout::NotHereTitle => "이 브라우저에서 한 주문이 아닙니다".into(),
        Checkout::NotHere => "주문한 브라우저에서 결제하거나, 상품을 담아 새로 주문해 주세요.".into(),
        Checkout::SeeOrder => "주문 보기".into(),
        Checkout::PastPaid => "이미 결제가 완료된 주문입니다.".into(),
        Checkout::PastFailed => "결제되지 않고 끝난 주문입니다. 새로 주문해 주세요.".into(),
        Checkout::PastExpired => "결제 시간이 지난 주문입니다. 새로 주문해 주세요.".into(),
        Checkout::Late => "결제 화면을 아직 불러오지 못했습니다. 인터넷 연결과 광고 차단 설정을 확인해 주세요.".into(),
        Checkout::TryAgain => "다시 시도".into(),
        Checkout::Methods => "결제 수단".into(),
        Checkout::LoadingMethods => "결제 수단을 불러오는 중".into(),
        Checkout::NeedsScript => "결제하려면 브라우저의 JavaScript를 켜 주세요.".into(),
        Checkout::Pay { amount } => format!("{amount} 결제하기").into(),
        Checkout::Loading => "결제 수단을 불러오고 있습니다.".into(),
        Checkout::Pricing => "금액을 다시 계산하고 있습니다.".into(),
        Checkout::Paying => "결제를 진행하고 있습니다. 결제창을 확인해 주세요.".into(),
        Checkout::Broken => "결제 수단을 불러오지 못해 결제할 수 없습니다.".into(),
        Checkout::Over => "이 주문은 더 이상 여기에서 결제할 수 없습니다.".into(),
        Checkout::NeedsAgreement => "필수 약관에 동의하면 결제할 수 있습니다.".into(),
        Checkout::Changed => "결제 금액이 바뀌었습니다. 금액을 확인하고 다시 눌러 주세요.".into(),
        Checkout::NotRead => "주문을 다시 불러오지 못했습니다.".into(),
        Checkout::Unreachable => "서버에 연결하지 못했습니다. 인터넷 연결을 확인하고 다시 시도해 주세요.".into(),
    }
}
