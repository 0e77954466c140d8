//! How an order was paid, in Korean.

use std::borrow::Cow;

use crate::words::Means;

pub(in crate::words) fn say(it: Means) -> Cow<'static, str> {
    match it {
        Means::Title => "결제 정보".into(),
        Means::Method => "결제 수단".into(),
        Means::ApprovedAt => "승인 시각".into(),
        Means::Detail => "상세".into(),
        Means::Receipt => "영수증".into(),
        Means::SeeReceipt => "영수증 보기".into(),
        Means::CashReceipt => "현금영수증".into(),
        Means::SeeCashReceipt => "현금영수증 보기".into(),
        Means::Card => "카드".into(),
        Means::Plan => "할부".into(),
        Means::CardPoints => "카드 포인트".into(),
        Means::Used => "사용".into(),
        Means::ByCard => "카드로 결제".into(),
        Means::ByBalance => "계좌·머니로 결제".into(),
        Means::ByPoints => "포인트·할인".into(),
        Means::Bank => "은행".into(),
        Means::Mobile => "휴대폰 번호".into(),
        Means::Approval => "승인 번호".into(),
        Means::Promotion => "즉시 할인".into(),
        Means::AtOnce => "일시불".into(),
        Means::FreeMonths { months } => format!("{months}개월 무이자 할부").into(),
        Means::Months { months } => format!("{months}개월 할부 (이자는 카드사 기준)").into(),
        Means::OnTheBill => "결제 금액은 통신사 요금에 합산되어 청구됩니다. 환불은 결제한 달에만 결제 취소로 처리됩니다.".into(),
        Means::ToTheGift => "환불되면 결제에 쓴 상품권으로 돌아갑니다.".into(),
    }
}
