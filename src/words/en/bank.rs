//! Banks in English.

use crate::domain::bank::Bank;

pub(in crate::words) fn say(it: Bank) -> &'static str {
    match it {
        Bank::Kookmin => "KB Kookmin Bank",
        Bank::Shinhan => "Shinhan Bank",
        Bank::Woori => "Woori Bank",
        Bank::Hana => "Hana Bank",
        Bank::Nonghyup => "NH NongHyup Bank",
        Bank::Ibk => "Industrial Bank of Korea (IBK)",
        Bank::Kakao => "KakaoBank",
        Bank::Toss => "Toss Bank",
        Bank::K => "K bank",
        Bank::First => "SC First Bank",
        Bank::Im => "iM Bank (Daegu)",
        Bank::Busan => "BNK Busan Bank",
        Bank::Kyongnam => "BNK Kyongnam Bank",
        Bank::Kwangju => "Kwangju Bank",
        Bank::Jeonbuk => "Jeonbuk Bank",
        Bank::Jeju => "Jeju Bank",
        Bank::Suhyup => "Sh Suhyup Bank",
        Bank::Saemaul => "MG Saemaul Geumgo",
        Bank::Shinhyup => "Shinhyup (Credit Unions)",
        Bank::Post => "Korea Post",
        Bank::LocalNonghyup => "Local NongHyup",
        Bank::Forestry => "Forestry Cooperatives",
        Bank::Savings => "Korea Federation of Savings Banks",
        Bank::Kdb => "Korea Development Bank (KDB)",
        Bank::Citi => "Citibank Korea",
        Bank::Hsbc => "HSBC",
    }
}
