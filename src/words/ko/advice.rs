//! Advice after a failure, in Korean.

use std::borrow::Cow;

use crate::words::Advice;

pub(in crate::words) fn say(it: Advice) -> Cow<'static, str> {
    match it {
        Advice::OutOfStock => "수량을 줄이거나 다른 상품을 골라 다시 주문해 주세요. 결제되지 않았습니다.".into(),
        Advice::CouponGone => "쿠폰 없이 다시 주문할 수 있습니다. 결제되지 않았습니다.".into(),
        Advice::OtherAmount => "결제하려던 금액이 주문 금액과 달라 승인하지 않았습니다. 처음부터 다시 결제해 주세요.".into(),
        Advice::MoneyBack => "결제된 금액은 모두 취소되었습니다. 카드사에 따라 취소 표시까지 며칠 걸릴 수 있습니다.".into(),
        Advice::NotDeposited => "입금된 금액은 없습니다. 원하시면 같은 상품을 다시 주문할 수 있습니다.".into(),
        Advice::TooLate => "결제 시간이 지나 승인되지 않았습니다. 다시 결제해 주세요.".into(),
        Advice::Limit => "한도나 잔액을 확인하거나 다른 결제 수단으로 다시 시도해 주세요. 결제되지 않았습니다.".into(),
        Advice::AsYouLike => "원하실 때 다시 결제할 수 있습니다. 결제되지 않았습니다.".into(),
        Advice::OutOfHours => "지금은 이 결제 수단을 쓸 수 없는 시간입니다. 나중에 또는 다른 결제 수단으로 시도해 주세요.".into(),
        Advice::Other => "결제되지 않았습니다. 다시 시도하거나 다른 결제 수단을 이용해 주세요.".into(),
    }
}
