//! Card companies in Korean.

use crate::domain::issuer::Issuer;

pub(in crate::words) fn say(it: Issuer) -> &'static str {
    match it {
        Issuer::IbkBc => "기업BC",
        Issuer::Kwangju => "광주은행",
        Issuer::Lotte => "롯데카드",
        Issuer::Kdb => "산업은행",
        Issuer::Bc => "BC카드",
        Issuer::Samsung => "삼성카드",
        Issuer::Saemaul => "새마을금고",
        Issuer::Shinhan => "신한카드",
        Issuer::Shinhyup => "신협",
        Issuer::Citi => "씨티카드",
        Issuer::WooriBc => "우리BC카드",
        Issuer::Woori => "우리카드",
        Issuer::Post => "우체국",
        Issuer::Savings => "저축은행",
        Issuer::Jeonbuk => "전북은행",
        Issuer::Jeju => "제주은행",
        Issuer::Kakao => "카카오뱅크",
        Issuer::K => "케이뱅크",
        Issuer::Toss => "토스뱅크",
        Issuer::Hana => "하나카드",
        Issuer::Hyundai => "현대카드",
        Issuer::Kookmin => "KB국민카드",
        Issuer::Nonghyup => "NH농협카드",
        Issuer::Suhyup => "Sh수협은행",
    }
}
