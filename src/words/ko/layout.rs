//! Around every page, in Korean.

use std::borrow::Cow;

use crate::words::Layout;

pub(in crate::words) fn say(it: Layout) -> Cow<'static, str> {
    match it {
        Layout::Sandbox => "시험용 상점입니다. 실제로 결제되지 않습니다.",
        Layout::Skip => "본문으로 건너뛰기",
        Layout::Menu => "주 메뉴",
        Layout::Cart => "장바구니",
        Layout::WhoPays => {
            "결제는 토스페이먼츠가 처리합니다. 카드 정보는 상점에 저장되지 않습니다."
        }
        Layout::Languages => "언어",
        Layout::ToShop => "상점으로 가기",
        Layout::NotFound => "찾을 수 없습니다",
        Layout::BadAddress => "주소가 올바르지 않습니다",
        Layout::Impossible => "진행할 수 없습니다",
        Layout::Trouble => "잠시 문제가 생겼습니다",
        Layout::NoSuchPage => "없는 주소입니다. 주소를 다시 확인해 주세요.",
    }
    .into()
}
