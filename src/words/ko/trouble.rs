//! Trouble while paying, in Korean.

use std::borrow::Cow;

use crate::words::Trouble;

pub(in crate::words) fn say(it: Trouble) -> Cow<'static, str> {
    match it {
        Trouble::Script => "토스페이먼츠 결제 모듈을 불러오지 못했습니다. 인터넷 연결과 광고 차단 설정을 확인하고 다시 시도해 주세요.".into(),
        Trouble::Canceled => "결제를 취소했습니다. 결제된 금액은 없으며 다시 결제할 수 있습니다.".into(),
        Trouble::NoMethod => "결제 수단을 선택해 주세요.".into(),
        Trouble::NoAgreement => "필수 약관에 동의해 주세요.".into(),
        Trouble::NoCard => "카드사와 할부 개월을 선택해 주세요.".into(),
        Trouble::NoRefundAccount => "환불받을 계좌 정보를 모두 입력해 주세요.".into(),
        Trouble::DepositLimit => "가상계좌로 결제할 수 있는 금액을 넘었습니다. 다른 결제 수단을 선택해 주세요.".into(),
        Trouble::DueDate => "가상계좌 입금 기한이 너무 깁니다. 다른 결제 수단을 선택해 주세요.".into(),
        Trouble::Unhealthy => "선택한 카드사나 은행에 장애가 있습니다. 다른 결제 수단을 선택해 주세요.".into(),
        Trouble::NotInTest => "시험 환경에서는 쓸 수 없는 결제 수단입니다. 다른 결제 수단을 선택해 주세요.".into(),
        Trouble::Unable => "이 결제 수단으로는 결제할 수 없습니다. 다른 결제 수단을 선택해 주세요.".into(),
        Trouble::Busy => "앞선 요청을 처리하고 있습니다. 잠시 후 다시 눌러 주세요.".into(),
        Trouble::Aborted => "결제가 중단되어 결제되지 않았습니다. 잠시 후 다시 시도해 주세요.".into(),
        Trouble::Declined => "카드사에서 승인을 거절해 결제되지 않았습니다. 카드 한도를 확인하거나 다른 카드로 시도해 주세요.".into(),
        Trouble::NoWindow => "이 기기에서는 결제창을 열 수 없습니다. 새로고침한 뒤 다시 시도해 주세요.".into(),
        Trouble::NoAmount => "결제 금액을 설정하지 못했습니다. 새로고침한 뒤 다시 시도해 주세요.".into(),
        Trouble::NotDrawn => "결제 화면을 그리지 못했습니다. 새로고침한 뒤 다시 시도해 주세요.".into(),
        Trouble::Settings => "상점의 결제 설정에 문제가 있어 결제할 수 없습니다. 상점에 문의해 주세요.".into(),
        Trouble::Unfinished => "결제를 마치지 않았습니다. 다시 시도해 주세요.".into(),
        Trouble::Other => "결제를 진행하지 못했습니다. 잠시 후 다시 시도해 주세요.".into(),
    }
}
