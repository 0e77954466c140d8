//! Card companies, banks, easy-pay providers and carriers, with Toss's codes (Toss: api.md §9).

use crate::sandbox::language::Word;

/// A card issuer or acquirer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Company {
    /// Two characters, as answers carry it.
    pub(crate) code: &'static str,
    pub(crate) korean: &'static str,
    /// What a request may say instead of the code.
    pub(crate) english: &'static str,
    /// The first eight digits of a card of this company. Invented.
    pub(crate) digits: &'static str,
}

/// An easy-pay provider.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Provider {
    /// Its method code in the widget.
    pub(crate) code: &'static str,
    /// As answers carry it.
    pub(crate) korean: &'static str,
}

/// A bank. Its codes are other codes than those of the card companies.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Bank {
    /// Two digits, as answers carry it.
    pub(crate) code: &'static str,
    pub(crate) korean: &'static str,
    /// What a request may say instead of the code.
    pub(crate) english: &'static str,
}

macro_rules! companies {
    ($($code:literal $korean:literal $english:literal $digits:literal,)*) => {
        /// Every company of the table; the first ones are what a window offers first.
        pub(crate) const CARD_COMPANIES: &[Company] = &[
            $(Company { code: $code, korean: $korean, english: $english, digits: $digits },)*
        ];
    };
}

macro_rules! banks {
    ($($code:literal $korean:literal $english:literal,)*) => {
        /// Every bank of the table; the first ones are what a window offers first.
        pub(crate) const BANKS: &[Bank] = &[
            $(Bank { code: $code, korean: $korean, english: $english },)*
        ];
    };
}

macro_rules! providers {
    ($(#[$doc:meta])* $name:ident: $($code:literal $korean:literal,)*) => {
        $(#[$doc])*
        pub(crate) const $name: &[Provider] = &[
            $(Provider { code: $code, korean: $korean },)*
        ];
    };
}

companies! {
    "41" "신한" "SHINHAN" "43301234",
    "11" "국민" "KOOKMIN" "46734501",
    "51" "삼성" "SAMSUNG" "53100012",
    "61" "현대" "HYUNDAI" "43281302",
    "71" "롯데" "LOTTE" "51380212",
    "21" "하나" "HANA" "94100012",
    "W1" "우리" "WOORI" "53879212",
    "91" "농협" "NONGHYEOP" "54612012",
    "31" "비씨" "BC" "94200912",
    "15" "카카오뱅크" "KAKAOBANK" "53651012",
    "24" "토스뱅크" "TOSSBANK" "52340012",
    "3A" "케이뱅크" "KBANK" "51420012",
    "3K" "기업비씨" "IBK_BC" "94300012",
    "46" "광주" "GWANGJUBANK" "45230012",
    "30" "산업" "KDBBANK" "55710012",
    "38" "새마을" "SAEMAUL" "94620012",
    "62" "신협" "SHINHYEOP" "94780012",
    "36" "씨티" "CITI" "51560012",
    "33" "우리비씨" "WOORI_BC" "94550012",
    "37" "우체국" "POST" "94490012",
    "39" "저축" "SAVINGBANK" "94340012",
    "35" "전북" "JEONBUKBANK" "52820012",
    "42" "제주" "JEJUBANK" "46370012",
    "34" "수협" "SUHYEOP" "54090012",
    "6D" "다이너스" "DINERS" "36180012",
    "6I" "디스커버" "DISCOVER" "60110012",
    "4M" "마스터" "MASTER" "52040012",
    "3C" "유니온페이" "UNIONPAY" "62580012",
    "7A" "아멕스" "AMEX" "37770012",
    "4J" "JCB" "JCB" "35690012",
    "4V" "비자" "VISA" "49060012",
}

banks! {
    "88" "신한" "SHINHAN",
    "06" "국민" "KOOKMIN",
    "20" "우리" "WOORI",
    "81" "하나" "HANA",
    "11" "농협" "NONGHYEOP",
    "03" "기업" "IBK",
    "90" "카카오" "KAKAOBANK",
    "92" "토스" "TOSSBANK",
    "89" "케이" "KBANK",
    "39" "경남" "KYONGNAMBANK",
    "34" "광주" "GWANGJUBANK",
    "12" "단위농협" "LOCALNONGHYEOP",
    "32" "부산" "BUSANBANK",
    "45" "새마을" "SAEMAUL",
    "64" "산림" "SANLIM",
    "48" "신협" "SHINHYUP",
    "27" "씨티" "CITI",
    "71" "우체국" "POST",
    "50" "저축" "SAVINGBANK",
    "37" "전북" "JEONBUKBANK",
    "35" "제주" "JEJUBANK",
    "54" "홍콩상하이" "HSBC",
    "31" "대구" "DAEGUBANK",
    "02" "산업" "KDB",
    "23" "SC제일" "SC",
    "07" "수협" "SUHYEOP",
}

providers! {
    /// Easy-pay providers with domestic contracts.
    EASY_PAYS:
    "TOSSPAY" "토스페이",
    "NAVERPAY" "네이버페이",
    "KAKAOPAY" "카카오페이",
    "PAYCO" "페이코",
    "SAMSUNGPAY" "삼성페이",
    "APPLEPAY" "애플페이",
    "LPAY" "엘페이",
    "SSG" "SSG페이",
    "PINPAY" "핀페이",
    "KBPAY" "KB페이",
}

providers! {
    /// Easy pay from abroad, in dollars (Toss: sdk.md §3.2). Their Korean names are ours.
    FOREIGN_EASY_PAYS:
    "PAYPAL" "페이팔",
    "ALIPAY" "알리페이",
    "ALIPAYHK" "알리페이HK",
    "GCASH" "지캐시",
    "TOUCHNGO" "터치앤고",
    "BOOST" "부스트",
    "BPI" "BPI",
    "BILLEASE" "빌이즈",
    "DANA" "다나",
    "TRUEMONEY" "트루머니",
    "RABBIT_LINE_PAY" "래빗라인페이",
    "PAYPAY" "페이페이",
}

/// Mobile carriers (Toss: sdk.md §5.1).
pub(crate) const CARRIERS: [&str; 6] = ["SKT", "KT", "LGU", "HELLO", "KCT", "SK7"];

/// The company by code, Korean or English name.
pub(crate) fn card_company(name: &str) -> Option<&'static Company> {
    CARD_COMPANIES
        .iter()
        .find(|company| [company.code, company.korean, company.english].contains(&name))
}

/// The bank by code, Korean or English name. People also write `신한은행`.
pub(crate) fn bank(name: &str) -> Option<&'static Bank> {
    let short = name.strip_suffix("은행").unwrap_or(name);
    BANKS.iter().find(|bank| bank.code == name || [bank.korean, bank.english].contains(&short))
}

/// The provider by method code or Korean name.
pub(crate) fn easy_pay(name: &str) -> Option<&'static Provider> {
    EASY_PAYS.iter().find(|provider| [provider.code, provider.korean].contains(&name))
}

pub(crate) fn foreign_easy_pay(name: &str) -> Option<&'static Provider> {
    FOREIGN_EASY_PAYS.iter().find(|provider| [provider.code, provider.korean].contains(&name))
}

impl Provider {
    pub(crate) fn word(&self) -> Word {
        Word::new(self.korean, self.code)
    }
}

impl Company {
    pub(crate) fn word(&self) -> Word {
        Word::new(self.korean, self.english)
    }
}

impl Bank {
    pub(crate) fn word(&self) -> Word {
        Word::new(self.korean, self.english)
    }
}

/// Reads and writes an institution of a table by its code, for what is kept over a restart.
macro_rules! by_code {
    ($module:ident, $kind:ty, $find:path) => {
        pub(crate) mod $module {
            use serde::de::Error;
            use serde::{Deserialize, Deserializer, Serializer};

            use super::*;

            pub(crate) fn serialize<S: Serializer>(
                it: &&'static $kind,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(it.code)
            }

            pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
                deserializer: D,
            ) -> Result<&'static $kind, D::Error> {
                let code = String::deserialize(deserializer)?;
                $find(&code).ok_or_else(|| D::Error::custom(format!("{code} is not in the table")))
            }
        }
    };
}

by_code!(company_by_code, Company, card_company);
by_code!(bank_by_code, Bank, bank);
by_code!(easy_pay_by_code, Provider, easy_pay);
by_code!(foreign_by_code, Provider, foreign_easy_pay);
