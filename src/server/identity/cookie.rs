//! Cookies: how they are read, and how browsers are made to keep them.
//!
//! On an https address their names begin with `__Host-`: a browser then takes them from this very
//! host alone, and no neighbour under the same domain can put one of its own in their place.

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use cookie::time::Duration;
use cookie::{Cookie, SameSite};

use crate::server::{App, Shop};

const HOST: &str = "__Host-";

/// A year: a cart and an order should be there next month.
const AGE: Duration = Duration::days(365);

/// What the browser keeps under this name, where none but this host has put it.
pub fn kept<'a>(app: &App, headers: &'a HeaderMap, name: &str) -> impl Iterator<Item = &'a str> {
    let name = full_name(&app.shop, name);
    all(headers).filter(move |(key, _)| *key == name).map(|(_, value)| value)
}

/// What stands under the bare name, whoever has put it there.
pub fn bare<'a>(headers: &'a HeaderMap, name: &'a str) -> impl Iterator<Item = &'a str> {
    all(headers).filter(move |(key, _)| *key == name).map(|(_, value)| value)
}

/// Whether there is one of this name, in whatever form.
pub fn is_there(headers: &HeaderMap, name: &str) -> bool {
    all(headers).any(|(key, _)| key.strip_prefix(HOST).unwrap_or(key) == name)
}

/// What stands under this name, of this host alone or else bare: for what is nobody's proof. A bare
/// one is of before, or of an http address.
pub fn either<'a>(headers: &'a HeaderMap, name: &'a str) -> Option<&'a str> {
    let of_host = all(headers).find(|(key, _)| key.strip_prefix(HOST) == Some(name));
    of_host.map(|(_, value)| value).or_else(|| bare(headers, name).next())
}

/// The header with which the browser keeps `value`. Lax: Toss leads the buyer back by a link from
/// its own site, and the cookie must come along.
pub fn keep(app: &App, name: &str, value: &str) -> Option<HeaderValue> {
    let cookie = Cookie::build((full_name(&app.shop, name), value))
        .path("/")
        .max_age(AGE)
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(is_safe(&app.shop));
    HeaderValue::from_str(&cookie.to_string()).ok()
}

fn full_name(shop: &Shop, name: &str) -> String {
    if is_safe(shop) { format!("{HOST}{name}") } else { name.to_owned() }
}

fn is_safe(shop: &Shop) -> bool {
    shop.public_url.starts_with("https:")
}

fn all(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(|cookie| {
            let cookie = cookie.ok()?;
            Some((cookie.name_raw()?, cookie.value_raw()?))
        })
}
