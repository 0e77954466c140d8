//! The sandbox's own page at `/__sandbox/`, and the description of the API behind it.
//!
//! Why a link only fills a form in: anyone can make a browser follow a link, as from a picture
//! or a page elsewhere. So nothing changes by GET; a fault's link opens this page with the form
//! prepared, and the person in front of it presses the button.

use std::fmt::Write as _;

use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Redirect, Response};

const LOOK: &str = include_str!("../browser/pages/look.css");
const STYLE: &str = include_str!("pages/control.css");
const BODY: &str = include_str!("pages/control.html");
const SCRIPT: &str = concat!(
    include_str!("pages/control_parts.js"),
    include_str!("pages/control_forms.js"),
    include_str!("pages/control.js"),
);
const DESCRIPTION: &str = include_str!("openapi.json");

/// No other page may show this one in a frame and have its buttons pressed unseen.
const POLICY: &str = "frame-ancestors 'none'; base-uri 'none'; object-src 'none'";

pub(crate) async fn page() -> Response {
    let mut html = String::with_capacity(64 * 1024);
    // Writing to a String can't fail.
    let _ = write!(
        html,
        "<!doctype html>\n<html lang=\"ko\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"robots\" content=\"noindex\">\n<title>가상 결제 — 토스페이먼츠 샌드박스</title>\n\
         <style>{LOOK}{STYLE}</style>\n</head>\n<body>\n{BODY}\
         <script>\n\"use strict\";\n{SCRIPT}</script>\n</body>\n</html>\n"
    );
    let headers = [(CONTENT_SECURITY_POLICY, POLICY), (CACHE_CONTROL, "no-cache")];
    (headers, Html(html)).into_response()
}

pub(crate) async fn to_page() -> Redirect {
    Redirect::temporary("/__sandbox/")
}

pub(crate) async fn description() -> Response {
    ([(CONTENT_TYPE, "application/json")], DESCRIPTION).into_response()
}
