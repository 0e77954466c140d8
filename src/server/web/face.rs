//! Logo, colour and pictures, as browsers fetch them.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path as Named, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};

use crate::domain::product::picture_name;
use crate::server::App;
use crate::server::config::{Face, picture_kind, short_hash};
use crate::server::shop::pictures::version;

/// For an address that changes with the content.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// Where a page's style sheet is. `files` is the folder of the browser's files.
pub fn sheet_of(face: &Face, files: &str) -> Arc<str> {
    let sheet = format!("{files}/gyesan.css");
    match &face.style {
        // Another address for each colour and release.
        Some(style) => Arc::from(
            format!("/shop.css?v={}", short_hash(format!("{sheet} {style}").as_bytes())).as_str(),
        ),
        None => Arc::from(sheet.as_str()),
    }
}

/// `GET /shop.css`: the style sheet and what the colour changes of it.
pub fn coloured(app: &App, sheet: &str) -> Response {
    let Some(style) = &app.shop.face.style else { return StatusCode::NOT_FOUND.into_response() };
    let headers = [(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, FOR_EVER)];
    (headers, format!("@import \"{sheet}\";{style}")).into_response()
}

/// `GET /shop-logo`
pub async fn logo(State(app): State<App>) -> Response {
    match &app.shop.face.logo {
        Some(logo) => picture(logo.kind(), "public, max-age=3600", None, logo.bytes()),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// `GET /pictures/{name}`: a file of the folder, and none of any other.
pub async fn show(
    State(app): State<App>,
    Named(name): Named<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let missing = || StatusCode::NOT_FOUND.into_response();
    let (Some(folder), Ok(name)) = (app.shop.face.pictures.clone(), picture_name(&name)) else {
        return missing();
    };
    // On a thread that may wait for the disk.
    let read = tokio::task::spawn_blocking(move || {
        let file = folder.join(&name);
        let version = version(&file)?;
        let bytes = std::fs::read(&file).ok()?;
        Some((name, version, bytes))
    });
    let Ok(Some((name, version, bytes))) = read.await else { return missing() };
    let tag = format!("\"{version}\"");
    let known = headers.get("if-none-match").and_then(|value| value.to_str().ok());
    let is_asked_for = uri.query() == Some(format!("v={version}").as_str());
    let cache = if is_asked_for { FOR_EVER } else { "public, max-age=3600" };
    if known.is_some_and(|known| known.contains(&tag)) {
        return (StatusCode::NOT_MODIFIED, [(CACHE_CONTROL, HeaderValue::from_static(cache))])
            .into_response();
    }
    let ending = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    picture(picture_kind(&ending), cache, Some(&tag), Bytes::from(bytes))
}

fn picture(kind: &'static str, cache: &'static str, tag: Option<&str>, bytes: Bytes) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    // A drawing may hold scripts, which run where it is opened by itself.
    let alone = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(alone));
    if let Some(tag) = tag.and_then(|tag| HeaderValue::from_str(tag).ok()) {
        headers.insert(ETAG, tag);
    }
    (headers, bytes).into_response()
}
