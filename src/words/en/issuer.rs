//! Card companies in English.

use crate::domain::issuer::Issuer;

pub(in crate::words) fn say(it: Issuer) -> &'static str {
    match it {
        Issuer::IbkBc => "IBK BC Card",
        Issuer::Kwangju => "Kwangju Bank",
        Issuer::Lotte => "Lotte Card",
        Issuer::Kdb => "Korea Development Bank (KDB)",
        Issuer::Bc => "BC Card",
        Issuer::Samsung => "Samsung Card",
        Issuer::Saemaul => "MG Saemaul Geumgo",
        Issuer::Shinhan => "Shinhan Card",
        Issuer::Shinhyup => "Shinhyup (Credit Unions)",
        Issuer::Citi => "Citi Card",
        Issuer::WooriBc => "Woori BC Card",
        Issuer::Woori => "Woori Card",
        Issuer::Post => "Korea Post",
        Issuer::Savings => "Savings Banks",
        Issuer::Jeonbuk => "Jeonbuk Bank",
        Issuer::Jeju => "Jeju Bank",
        Issuer::Kakao => "KakaoBank",
        Issuer::K => "K bank",
        Issuer::Toss => "Toss Bank",
        Issuer::Hana => "Hana Card",
        Issuer::Hyundai => "Hyundai Card",
        Issuer::Kookmin => "KB Kookmin Card",
        Issuer::Nonghyup => "NH NongHyup Card",
        Issuer::Suhyup => "Sh Suhyup Bank",
    }
}
