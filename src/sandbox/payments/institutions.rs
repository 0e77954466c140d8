//! Card companies and easy-pay providers, with Toss's codes (Toss: api.md §9).

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

macro_rules! companies {
    ($($code:literal $korean:literal $english:literal $digits:literal,)*) => {
        /// Every company of the table; the first ones are what a window offers first.
        pub(crate) const CARD_COMPANIES: &[Company] = &[
            $(Company { code: $code, korean: $korean, english: $english, digits: $digits },)*
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

/// Easy-pay providers with domestic contracts.
pub(crate) const EASY_PAYS: &[Provider] = &[
    Provider { code: "TOSSPAY", korean: "토스페이" },
    Provider { code: "NAVERPAY", korean: "네이버페이" },
    Provider { code: "KAKAOPAY", korean: "카카오페이" },
    Provider { code: "PAYCO", korean: "페이코" },
    Provider { code: "SAMSUNGPAY", korean: "삼성페이" },
    Provider { code: "APPLEPAY", korean: "애플페이" },
    Provider { code: "LPAY", korean: "엘페이" },
    Provider { code: "SSG", korean: "SSG페이" },
    Provider { code: "PINPAY", korean: "핀페이" },
];

/// The company by code, Korean or English name.
pub(crate) fn card_company(name: &str) -> Option<&'static Company> {
    CARD_COMPANIES
        .iter()
        .find(|company| [company.code, company.korean, company.english].contains(&name))
}

/// The provider by method code or Korean name.
pub(crate) fn easy_pay(name: &str) -> Option<&'static Provider> {
    EASY_PAYS.iter().find(|provider| [provider.code, provider.korean].contains(&name))
}
