//! Whose writes are taken: those of the shop's own pages, and of programs for what needs no cookie.
//!
//! How: a browser says with every write which page sent it, in `Sec-Fetch-Site` or, where it keeps
//! that for safe addresses, in `Origin`; no page can change either. A request with neither is not
//! a browser's, and so nobody's cookie came along unasked. A write that acts for a buyer asks for
//! the proof all the same.
//!
//! Why not `Host` in place of the setting: whoever can make a name lead here writes it himself.

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::ORIGIN;
use axum::middleware::Next;
use axum::response::Response;
use reqwest::Url;

use crate::contract::{ApiError, Code, Reason};
use crate::server::App;
use crate::server::identity::visitor;
use crate::server::web::{language, middleware};

const FETCH_SITE: &str = "sec-fetch-site";

/// Writes that whoever sends them may make without a cookie, so that one which comes along is of
/// no weight. Any other, and any that is still to come, is for the shop's own pages.
const FOR_ANYBODY: [&str; 6] = [
    "/api/place-order",
    "/api/claim-coupon",
    "/api/price",
    "/api/confirm-payment",
    "/form/cart",
    "/form/order",
];

/// Who sent a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sender {
    OwnPage,
    OtherPage,
    Program,
}

/// Turns writes from elsewhere away, before a cookie is read or given out.
pub async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    let (path, headers) = (request.uri().path(), request.headers());
    let reason = match sender(headers, &app.shop.public_url) {
        Sender::OwnPage => None,
        Sender::OtherPage => Some(Reason::OtherSite),
        Sender::Program if FOR_ANYBODY.contains(&path) || !visitor::is_named(headers) => None,
        Sender::Program => Some(Reason::NoOrigin),
    };
    let Some(reason) = reason else { return next.run(request).await };
    let origin = headers.get(ORIGIN);
    tracing::info!(http.path = path, http.origin = ?origin, "a write from elsewhere was refused");
    let language = language::of(request.uri(), headers);
    middleware::error_response(&ApiError::said(Code::Forbidden, None, reason, language))
}

fn sender(headers: &HeaderMap, public_url: &str) -> Sender {
    let all = |name: &str, is_own: &dyn Fn(&[u8]) -> bool| {
        let mut values = headers.get_all(name).iter().peekable();
        let is_there = values.peek().is_some();
        is_there.then(|| values.all(|value| is_own(value.as_bytes())))
    };
    let by_site = all(FETCH_SITE, &|site| matches!(site, b"same-origin" | b"none"));
    let by_origin = || {
        // One that is no address of a page is `null`, as is every page that hides its own.
        let own =
            Url::parse(public_url).ok().map(|url| url.origin()).filter(|origin| origin.is_tuple());
        let own = own.map(|own| own.ascii_serialization());
        all(ORIGIN.as_str(), &|origin| own.as_ref().is_some_and(|own| own.as_bytes() == origin))
    };
    match by_site.or_else(by_origin) {
        Some(true) => Sender::OwnPage,
        Some(false) => Sender::OtherPage,
        None => Sender::Program,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;
    use axum::http::header::ORIGIN;

    use super::{FETCH_SITE, Sender, sender};

    #[test]
    fn a_browser_says_which_page_sent_a_write() {
        let own = "https://shop.example";
        for (sites, origins, expected) in [
            (&["same-origin"][..], &[][..], Sender::OwnPage),
            (&["none"], &[], Sender::OwnPage),
            (&["same-origin"], &[own], Sender::OwnPage),
            (&["same-site"], &["https://blog.shop.example"], Sender::OtherPage),
            // What says otherwise is not asked once the first has spoken.
            (&["same-site"], &[own], Sender::OtherPage),
            (&["cross-site"], &[own], Sender::OtherPage),
            (&["same-origin", "cross-site"], &[own], Sender::OtherPage),
            (&[""], &[own], Sender::OtherPage),
            (&["Same-Origin"], &[], Sender::OtherPage),
            (&[], &[own], Sender::OwnPage),
            (&[], &["null"], Sender::OtherPage),
            (&[], &[""], Sender::OtherPage),
            (&[], &["https://shop.example:8443"], Sender::OtherPage),
            (&[], &["http://shop.example"], Sender::OtherPage),
            (&[], &["https://shop.example/"], Sender::OtherPage),
            (&[], &["https://shop.example.evil.example"], Sender::OtherPage),
            (&[], &["https://blog.shop.example"], Sender::OtherPage),
            (&[], &[own, "https://evil.example"], Sender::OtherPage),
            (&[], &[], Sender::Program),
        ] {
            let mut headers = HeaderMap::new();
            for site in sites {
                headers.append(FETCH_SITE, site.parse().unwrap());
            }
            for origin in origins {
                headers.append(ORIGIN, origin.parse().unwrap());
            }
            assert_eq!(sender(&headers, own), expected, "{headers:?}");
            // The shop's own may stand in a folder, and its port may be the usual one.
            let folder = "https://shop.example:443/shop";
            assert_eq!(sender(&headers, folder), expected, "{headers:?}");
        }
    }

    /// An address that is none has no pages.
    #[test]
    fn a_shop_without_an_address_has_no_pages() {
        for public_url in ["", "shop.example", "data:text/html,x"] {
            for origin in ["null", "", "https://shop.example"] {
                let mut headers = HeaderMap::new();
                headers.append(ORIGIN, origin.parse().unwrap());
                let told = sender(&headers, public_url);
                assert_eq!(told, Sender::OtherPage, "{public_url} {origin}");
            }
        }
    }
}
