//! Banks in Korean.

use crate::domain::bank::Bank;

pub(in crate::words) fn say(it: Bank) -> &'static str {
    match it {
        Bank::Kookmin => "KB국민은행",
        Bank::Shinhan => "신한은행",
        Bank::Woori => "우리은행",
        Bank::Hana => "하나은행",
        Bank::Nonghyup => "NH농협은행",
        Bank::Ibk => "IBK기업은행",
        Bank::Kakao => "카카오뱅크",
        Bank::Toss => "토스뱅크",
        Bank::K => "케이뱅크",
        Bank::First => "SC제일은행",
        Bank::Im => "iM뱅크(대구)",
        Bank::Busan => "부산은행",
        Bank::Kyongnam => "경남은행",
        Bank::Kwangju => "광주은행",
        Bank::Jeonbuk => "전북은행",
        Bank::Jeju => "제주은행",
        Bank::Suhyup => "Sh수협은행",
        Bank::Saemaul => "새마을금고",
        Bank::Shinhyup => "신협",
        Bank::Post => "우체국예금보험",
        Bank::LocalNonghyup => "단위농협",
        Bank::Forestry => "산림조합",
        Bank::Savings => "저축은행중앙회",
        Bank::Kdb => "한국산업은행",
        Bank::Citi => "씨티은행",
        Bank::Hsbc => "홍콩상하이은행",
    }
}
