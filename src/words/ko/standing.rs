//! How an order stands, in Korean.

use std::borrow::Cow;

use crate::words::Standing;
use crate::words::ko::money;

pub(in crate::words) fn say(it: Standing<'_>) -> Cow<'static, str> {
    match it {
        Standing::Pending => "아직 결제하지 않은 주문입니다".into(),
        Standing::InDoubt => "확인 중입니다, 다시 결제하지 마세요".into(),
        Standing::Ending => "주문을 취소하고 있습니다".into(),
        Standing::Waiting => "입금을 기다리고 있습니다".into(),
        Standing::Completed => "결제가 완료되었습니다".into(),
        Standing::Canceling => "결제를 취소하고 있습니다".into(),
        Standing::Refunding => "환불하고 있습니다".into(),
        Standing::AccountWanted => "환불받을 계좌를 알려 주세요".into(),
        Standing::AccountAwaited => "환불받을 계좌를 기다리고 있습니다".into(),
        Standing::PartlyRefunded => "일부 금액이 환불되었습니다".into(),
        Standing::Refunded => "전액 환불되었습니다".into(),
        Standing::Expired => "결제 시간이 지났습니다".into(),
        Standing::Failed => "결제되지 않았습니다".into(),
        Standing::PendingMeans => "결제를 마치면 주문이 확정됩니다.".into(),
        Standing::InDoubtMeans => "카드사의 답을 기다리고 있습니다. 결과가 나오면 이 화면이 바뀝니다. 창을 닫아도 확인은 계속됩니다.".into(),
        Standing::Checking => "결제 결과 확인 중".into(),
        Standing::EndingMeans => "입금 전에 이 주문을 취소하고 있습니다. 받으신 계좌로 입금하지 마세요. 취소가 끝나면 이 화면이 바뀝니다.".into(),
        Standing::WaitingElsewhere => "입금할 계좌는 주문한 브라우저에서만 보입니다. 그 브라우저에서 이 주문을 열어 확인해 주세요. 입금이 확인되면 이 화면이 바뀝니다.".into(),
        Standing::WaitingAgain => "은행이 입금을 되돌려 다시 입금을 기다리고 있습니다. 주문하신 상품은 그대로 맡아 두었습니다. 아래 계좌로 기한 안에 다시 입금해 주세요.".into(),
        Standing::WaitingMeans => "아래 계좌로 기한 안에 정확한 금액을 한 번에 입금해 주세요. 입금이 확인되면 이 화면이 바뀝니다.".into(),
        Standing::TooLateToEnd => "취소가 요청되었지만 그 전에 입금되어 결제가 완료되었습니다. 주문을 원하지 않으시면 상점에 환불을 요청해 주세요.".into(),
        Standing::Approved { amount } => format!("{} 결제가 승인되었습니다.", money(amount)).into(),
        Standing::CancelingMeans => "결제된 금액을 돌려드리고 있습니다. 취소가 끝나면 이 화면이 바뀝니다. 다시 결제하지 마세요.".into(),
        Standing::CancelingLabel => "결제 취소 중".into(),
        Standing::RefundingMeans => "환불을 요청했습니다. 처리가 끝나면 이 화면이 바뀝니다.".into(),
        Standing::RefundingLabel => "환불 처리 중".into(),
        Standing::AccountElsewhere => "가상계좌로 입금하신 금액은 다른 계좌로 돌려드립니다. 환불받을 계좌는 주문한 브라우저에서 이 주문을 열어 적을 수 있습니다.".into(),
        Standing::AccountWantedMeans => "가상계좌로 입금하신 금액은 알려 주신 계좌로 돌려드립니다. 환불받을 계좌를 적어 주시면 바로 진행합니다.".into(),
        Standing::RefundedOf { amount, refunded } => format!("결제 금액 {} 가운데 {} 환불되었습니다.", money(amount), money(refunded)).into(),
        Standing::RefundedPart { refunded } => format!("{} 환불되었습니다", money(refunded)).into(),
        Standing::EndingBeforeDeposit => "입금 전에 주문을 취소하고 있습니다".into(),
        Standing::DecidedBy { time } => format!("늦어도 {time}까지 결제 여부가 확정됩니다.").into(),
        Standing::Undecided { time } => format!("{time}까지 확인하려 했지만 결제사에 연결되지 않았습니다. 연결되는 대로 확정하며, 주문이 완료되지 않으면 결제 금액은 청구되지 않거나 돌려드립니다.").into(),
    }
}
