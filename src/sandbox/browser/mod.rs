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
use crate::sandbox::payments::{BANKS, CARD_COMPANIES, CARRIERS, EASY_PAYS, FOREIGN_EASY_PAYS};
use crate::sandbox::state::State;

/// What `/v2/standard` serves.
const SCRIPT: &str = concat!(
    "(() => {\n\"use strict\";\n",
    include_str!("script/errors.js"),
    include_str!("script/checks.js"),
    include_str!("script/frames.js"),
    include_str!("script/window.js"),
    include_str!("script/widgets.js"),
    include_str!("script/entry.js"),
    "})();\n"
);

const LOOK: &str = include_str!("pages/look.css");
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

/// The parts of one page.
struct Page {
    title: &'static str,
    style: &'static str,
    body: &'static str,
    script: &'static str,
}

const METHODS: Page = Page {
    title: "결제수단 선택",
    style: include_str!("pages/methods.css"),
    body: include_str!("pages/methods.html"),
    script: include_str!("pages/methods.js"),
};

const AGREEMENT: Page = Page {
    title: "약관 동의",
    style: include_str!("pages/agreement.css"),
    body: include_str!("pages/agreement.html"),
    script: include_str!("pages/agreement.js"),
};

const WINDOW: Page = Page {
    title: "결제창",
    style: include_str!("pages/window.css"),
    body: include_str!("pages/window.html"),
    script: include_str!("pages/window.js"),
};

/// The routes a browser uses.
pub(crate) fn routes() -> Router<Arc<State>> {
    Router::new()
        .route("/v2/standard", get(script))
        .route("/v2/client", get(client))
        .route("/v2/frames/methods", get(|state| page(state, &METHODS)))
        .route("/v2/frames/agreement", get(|state| page(state, &AGREEMENT)))
        .route("/v2/window", get(|state| page(state, &WINDOW)))
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
    let declines: Vec<Value> = DECLINES
        .iter()
        .filter_map(|code| find(code))
        .map(|row| json!({ "code": row.code, "message": row.message }))
        .collect();
    let confirm_codes: Vec<&str> =
        rows_of_table().filter(|row| row.endpoint == "confirm").map(|row| row.code).collect();
    let companies: Vec<Value> =
        CARD_COMPANIES.iter().map(|it| json!({ "code": it.code, "korean": it.korean })).collect();
    let easy_pays: Vec<Value> =
        EASY_PAYS.iter().map(|it| json!({ "code": it.code, "korean": it.korean })).collect();
    let foreign: Vec<Value> = FOREIGN_EASY_PAYS
        .iter()
        .map(|it| json!({ "code": it.code, "korean": it.korean }))
        .collect();
    let banks: Vec<Value> =
        BANKS.iter().map(|it| json!({ "code": it.code, "korean": it.korean })).collect();
    json!({
        "companies": companies,
        "easyPays": easy_pays,
        "foreignEasyPays": foreign,
        "banks": banks,
        "carriers": CARRIERS,
        "declines": declines,
        "confirmCodes": confirm_codes,
        "termsStartAgreed": assumed.terms_start_agreed,
        "iframeCloseRejects": assumed.iframe_close_rejects,
    })
}
