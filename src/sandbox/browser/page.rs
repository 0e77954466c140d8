//! The pages of frames and windows: their parts, and what their scripts know.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::sandbox::assumptions::Assumptions;
use crate::sandbox::codes::{find, rows_of_table};
use crate::sandbox::payments::{
    BANKS, CARD_COMPANIES, CARRIERS, EASY_PAYS, FOREIGN_EASY_PAYS, Provider,
};

pub(crate) const LOOK: &str = include_str!("pages/look.css");
const SHEET: &str = include_str!("pages/sheet.css");
const BRIDGE: &str = include_str!("pages/bridge.js");

/// What a person may let an issuer say in the window. The first is Toss's own example.
const DECLINES: [&str; 9] = [
    "REJECT_CARD_COMPANY",
    "REJECT_CARD_PAYMENT",
    "INVALID_STOPPED_CARD",
    "INVALID_CARD_LOST_OR_STOLEN",
    "EXCEED_MAX_AMOUNT",
    "EXCEED_MAX_AUTH_COUNT",
    "INVALID_PASSWORD",
    "FDS_ERROR",
    "MAINTAINED_METHOD",
];

/// Above this many won the widget offers no virtual account. No source says how many
/// (unconfirmed); each merchant has a limit of its own.
const DEPOSIT_AMOUNT_MAX: i64 = 50_000_000;

/// What a person may let the wallet say (Toss: errors.md §6).
const BRANDPAY_DECLINES: [&str; 8] = [
    "FAILED_CARD_COMPANY",
    "INVALID_PASSWORD",
    "INVALID_STOPPED_CARD",
    "INVALID_CARD_LOST_OR_STOLEN",
    "NOT_FOUND_METHOD",
    "NOT_SUPPORTED_METHOD",
    "RESTRICTED_TRANSFER_ACCOUNT",
    "COMMON_ERROR",
];

/// The parts of one page.
pub(crate) struct Page {
    title: &'static str,
    style: &'static str,
    body: &'static str,
    script: &'static str,
}

pub(crate) const METHODS: Page = Page {
    title: "결제수단 선택",
    style: concat!(include_str!("pages/methods.css"), include_str!("pages/frame.css")),
    body: concat!(
        "<main id=\"page\">\n",
        include_str!("pages/methods.html"),
        include_str!("pages/fake.html"),
        "</main>\n"
    ),
    script: concat!(
        include_str!("pages/names.js"),
        include_str!("pages/methods.js"),
        include_str!("pages/methods_frame.js")
    ),
};

pub(crate) const AGREEMENT: Page = Page {
    title: "약관 동의",
    style: concat!(include_str!("pages/agreement.css"), include_str!("pages/frame.css")),
    body: concat!("<main id=\"page\">\n", include_str!("pages/agreement.html"), "</main>\n"),
    script: concat!(include_str!("pages/agreement.js"), include_str!("pages/agreement_frame.js")),
};

pub(crate) const ORDER: Page = Page {
    title: "주문서",
    style: concat!(
        include_str!("pages/sheet.css"),
        include_str!("pages/methods.css"),
        include_str!("pages/agreement.css")
    ),
    body: concat!(
        include_str!("pages/order.html"),
        include_str!("pages/methods.html"),
        include_str!("pages/agreement.html"),
        include_str!("pages/order_foot.html")
    ),
    script: concat!(
        include_str!("pages/names.js"),
        include_str!("pages/methods.js"),
        include_str!("pages/agreement.js"),
        include_str!("pages/order_frame.js")
    ),
};

pub(crate) const WINDOW: Page = Page {
    title: "결제창",
    style: SHEET,
    body: include_str!("pages/window.html"),
    script: concat!(
        include_str!("pages/names.js"),
        include_str!("pages/leaving.js"),
        include_str!("pages/choices.js"),
        include_str!("pages/window.js")
    ),
};

pub(crate) const BILLING: Page = Page {
    title: "자동결제 등록창",
    style: SHEET,
    body: include_str!("pages/billing.html"),
    script: concat!(
        include_str!("pages/names.js"),
        include_str!("pages/leaving.js"),
        include_str!("pages/billing.js")
    ),
};

pub(crate) const BRANDPAY: Page = Page {
    title: "브랜드페이",
    style: SHEET,
    body: include_str!("pages/brandpay.html"),
    script: concat!(include_str!("pages/leaving.js"), include_str!("pages/brandpay.js")),
};

/// The whole page.
pub(crate) fn document(page: &Page, assumed: &Assumptions) -> String {
    let Page { title, style, body, script } = page;
    // A `<` inside could end the script; as an escape it means the same to JavaScript.
    let facts = facts(assumed).to_string().replace('<', "\\u003c");
    let mut html = String::with_capacity(32 * 1024);
    // Writing to a String can't fail.
    let _ = write!(
        html,
        "<!doctype html>\n<html lang=\"ko\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"robots\" content=\"noindex\">\n<title>{title}</title>\n\
         <style>{LOOK}{style}</style>\n</head>\n<body>\n{body}\
         <script>\n\"use strict\";\nconst FACTS = {facts};\n{BRIDGE}{script}</script>\n\
         </body>\n</html>\n"
    );
    html
}

/// What the pages' scripts know from the server. Nothing of it comes from outside.
fn facts(assumed: &Assumptions) -> Value {
    let refusals = |codes: &[&str]| -> Vec<Value> {
        codes
            .iter()
            .filter_map(|code| find(code))
            .map(|row| json!({ "code": row.code, "message": row.message }))
            .collect()
    };
    let confirm_codes: Vec<&str> =
        rows_of_table().filter(|row| row.endpoint == "confirm").map(|row| row.code).collect();
    let institution = |code: &str, korean: &str, english: &str| json!({ "code": code, "korean": korean, "english": english });
    let companies: Vec<Value> =
        CARD_COMPANIES.iter().map(|it| institution(it.code, it.korean, it.english)).collect();
    let banks: Vec<Value> =
        BANKS.iter().map(|it| institution(it.code, it.korean, it.english)).collect();
    let providers = |rows: &[Provider]| -> Vec<Value> {
        rows.iter().map(|it| json!({ "code": it.code, "korean": it.korean })).collect()
    };
    json!({
        "companies": companies,
        "banks": banks,
        "carriers": CARRIERS,
        "easyPays": providers(EASY_PAYS),
        "foreignEasyPays": providers(FOREIGN_EASY_PAYS),
        "declines": refusals(&DECLINES),
        "brandpayDeclines": refusals(&BRANDPAY_DECLINES),
        "confirmCodes": confirm_codes,
        "depositAmountMax": DEPOSIT_AMOUNT_MAX,
        "termsStartAgreed": assumed.terms_start_agreed,
        "iframeCloseRejects": assumed.iframe_close_rejects,
    })
}
