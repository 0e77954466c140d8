//! In which language a request is answered: the one that its address asks for (`?lang=en`), which its
//! browser keeps from then on; or the one that was kept; or what its browser asks for.

use axum::extract::{Request, State};
use axum::http::header::{ACCEPT_LANGUAGE, SET_COOKIE};
use axum::http::{HeaderMap, Uri};
use axum::middleware::Next;
use axum::response::Response;

use crate::domain::language::Language;
use crate::server::App;
use crate::server::identity::cookie;

/// The name of the cookie, and of what an address asks for.
const LANG: &str = "lang";

/// Gives every request its [`Language`].
pub async fn choose(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let asked = asked(request.uri());
    let kept = kept(request.headers());
    let language = of(request.uri(), request.headers());
    request.extensions_mut().insert(language);
    let mut response = next.run(request).await;
    let new = asked.filter(|_| asked != kept);
    if let Some(value) = new.and_then(|new| cookie::keep(&app, LANG, new.as_str())) {
        response.headers_mut().append(SET_COOKIE, value);
    }
    response
}

/// The language of a request.
pub(super) fn of(uri: &Uri, headers: &HeaderMap) -> Language {
    asked(uri).or_else(|| kept(headers)).unwrap_or_else(|| accepted(headers))
}

/// The last one counts: a link that changes the language adds it at the end.
fn asked(uri: &Uri) -> Option<Language> {
    let query = uri.query().unwrap_or_default();
    let mut values = query.split('&').filter_map(|pair| pair.split_once('='));
    values.rfind(|(key, _)| *key == LANG).and_then(|(_, tag)| Language::parse(tag))
}

fn kept(headers: &HeaderMap) -> Option<Language> {
    cookie::either(headers, LANG).and_then(Language::parse)
}

fn accepted(headers: &HeaderMap) -> Language {
    let header = headers.get(ACCEPT_LANGUAGE).and_then(|header| header.to_str().ok());
    Language::accepted(header.unwrap_or_default())
}
