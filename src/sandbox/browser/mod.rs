//! The browser's side: the script at `/v2/standard`, its frames, and the payment window.
//!
//! The pages are static; what they are about reaches them in the address' fragment, which
//! only scripts see, and enters them as text alone. So nothing from outside is ever HTML here.

mod receipt;
mod window;

use std::fmt::Write as _;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, State as Shared};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::sandbox::assumptions::Assumptions;
use crate::sandbox::codes::{find, rows_of_table};
use crate::sandbox::payments::{
    BANKS, CARD_COMPANIES, CARRIERS, EASY_PAYS, FOREIGN_EASY_PAYS, Provider,
};
use crate::sandbox::state::State;

/// What `/v2/standard` serves.
const SCRIPT: &str = concat!(
    "(() => {\n\"use strict\";\n",
    include_str!("script/errors.js"),
    include_str!("script/checks.js"),
    include_str!("script/requests.js"),
    include_str!("script/frames.js"),
    include_str!("script/window.js"),
    include_str!("script/order.js"),
    include_str!("script/widgets.js"),
    include_str!("script/payment.js"),
    include_str!("script/brandpay.js"),
    include_str!("script/entry.js"),
    "})();\n"
);

const LOOK: &str = include_str!("pages/look.css");
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
struct Page {
    title: &'static str,
    style: &'static str,
    body: &'static str,
    script: &'static str,
}

const METHODS: Page = Page {
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

const AGREEMENT: Page = Page {
    title: "약관 동의",
    style: concat!(include_str!("pages/agreement.css"), include_str!("pages/frame.css")),
    body: concat!("<main id=\"page\">\n", include_str!("pages/agreement.html"), "</main>\n"),
    script: concat!(include_str!("pages/agreement.js"), include_str!("pages/agreement_frame.js")),
};

const ORDER: Page = Page {
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

const WINDOW: Page = Page {
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

const BILLING: Page = Page {
    title: "자동결제 등록창",
    style: SHEET,
    body: include_str!("pages/billing.html"),
    script: concat!(
        include_str!("pages/names.js"),
        include_str!("pages/leaving.js"),
        include_str!("pages/billing.js")
    ),
};

const BRANDPAY: Page = Page {
    title: "브랜드페이",
    style: SHEET,
    body: include_str!("pages/brandpay.html"),
    script: concat!(include_str!("pages/leaving.js"), include_str!("pages/brandpay.js")),
};

/// The routes a browser uses.
pub(crate) fn routes() -> Router<Arc<State>> {
    Router::new()
        .route("/v2/standard", get(script))
        .route("/v2/client", get(client))
        .route("/v2/frames/methods", get(|state| page(state, &METHODS)))
        .route("/v2/frames/agreement", get(|state| page(state, &AGREEMENT)))
        .route("/v2/frames/order", get(|state| page(state, &ORDER)))
        .route("/v2/window", get(|state| page(state, &WINDOW)))
        .route("/v2/billing", get(|state| page(state, &BILLING)))
        .route("/v2/brandpay", get(|state| page(state, &BRANDPAY)))
        .route("/v2/window/open", post(window::open))
        .route("/v2/window/authenticate", post(window::authenticate))
        .route("/v2/window/billing", post(window::billing))
        .route("/v2/window/brandpay", post(window::brandpay))
        .route("/receipt/redirection", get(receipt::receipt))
        .route("/receipt/payment-detail/bank-transfer", get(receipt::receipt))
        .route("/receipt/cash-receipt", get(receipt::cash_receipt))
        .route("/v1/payments/{payment_key}/checkout", get(receipt::checkout))
        .route("/", get(to_control))
        .route("/favicon.ico", get(|| async { StatusCode::NO_CONTENT }))
}

async fn to_control() -> Redirect {
    Redirect::temporary("/__sandbox/")
}

async fn script() -> Response {
    let headers = [
        (CONTENT_TYPE, "text/javascript; charset=utf-8"),
        // A new build of the sandbox must not meet an old script.
        (CACHE_CONTROL, "no-cache"),
    ];
    (headers, SCRIPT).into_response()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientQuery {
    client_key: String,
}

/// Whether the sandbox knows a client key.
async fn client(
    Shared(state): Shared<Arc<State>>,
    Query(ClientQuery { client_key }): Query<ClientQuery>,
) -> StatusCode {
    match state.accounts.by_client(&client_key) {
        Some(_) => StatusCode::NO_CONTENT,
        None => StatusCode::NOT_FOUND,
    }
}

async fn page(Shared(state): Shared<Arc<State>>, page: &'static Page) -> Html<String> {
    let Page { title, style, body, script } = page;
    // A `<` inside could end the script; as an escape it means the same to JavaScript.
    let facts = facts(&state.assumed).to_string().replace('<', "\\u003c");
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
    Html(html)
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
