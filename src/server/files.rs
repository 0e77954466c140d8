//! The browser's files: inside the binary in release builds, read from disk in debug builds.
//!
//! How: pages ask for them under a folder named after a hash of them all (`/pkg/3f9c…/`), so
//! that they may be kept for ever and a new release is asked for anew.

use axum::extract::Path;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest, Sha256};

#[derive(RustEmbed)]
#[folder = "target/site"]
struct Site;

/// For a name that changes with the content.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// Names all browser files as they are in this build.
pub fn version() -> String {
    let mut all = Sha256::new();
    let mut names: Vec<_> = Site::iter().filter(|name| name.starts_with("pkg/")).collect();
    names.sort();
    for file in names.iter().filter_map(|name| Site::get(name)) {
        all.update(file.metadata.sha256_hash());
    }
    hex::encode(all.finalize().get(..6).unwrap_or_default())
}

/// Whether the browser's side was built.
pub fn are_built() -> bool {
    Site::get("pkg/gyesan.wasm").is_some()
}

/// `/pkg/{version}/{file}`: kept for ever.
pub async fn versioned(
    Path((_version, file)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    serve(&format!("pkg/{file}"), &headers, FOR_EVER)
}

/// `/pkg/{file}`: asked for anew each time, for `cargo leptos watch`.
pub async fn plain(Path(file): Path<String>, headers: HeaderMap) -> Response {
    serve(&format!("pkg/{file}"), &headers, "no-cache")
}

/// A file of `public`, such as a picture; `None` when there is none of that name. Asked for by
/// its content, as [`named`] does, it is kept for ever.
pub fn public(path: &str, query: Option<&str>, headers: &HeaderMap) -> Option<Response> {
    let name = path.trim_start_matches('/');
    let file = Site::get(name).filter(|_| !name.starts_with("pkg/"))?;
    let asked = query.and_then(|query| query.strip_prefix("v="));
    let cache = if asked == Some(&hash(&file)) { FOR_EVER } else { "public, max-age=3600" };
    Some(serve(name, headers, cache))
}

/// The address of a file of `public` with its content in it, so that a changed picture is another
/// address; other addresses stay as they are.
pub fn named(path: &str) -> String {
    match Site::get(path.trim_start_matches('/')) {
        Some(file) => format!("{path}?v={}", hash(&file)),
        None => path.to_owned(),
    }
}

fn hash(file: &EmbeddedFile) -> String {
    hex::encode(file.metadata.sha256_hash().get(..8).unwrap_or_default())
}

fn serve(name: &str, headers: &HeaderMap, cache: &'static str) -> Response {
    let accepts = |coding: &str| {
        let accepted = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
        accepted.is_some_and(|list| {
            list.split(',').any(|item| item.split(';').next().unwrap_or_default().trim() == coding)
        })
    };
    let packed = [("br", ".br"), ("gzip", ".gz")].into_iter().find_map(|(coding, ending)| {
        let file = accepts(coding).then(|| Site::get(&format!("{name}{ending}"))).flatten()?;
        Some((Some(coding), file))
    });
    let found = packed.or_else(|| Site::get(name).map(|file| (None, file)));
    let Some((coding, file)) = found else { return StatusCode::NOT_FOUND.into_response() };
    let tag = format!("\"{}\"", hash(&file));
    let mut answer = HeaderMap::new();
    for (key, value) in [
        (CACHE_CONTROL, Some(cache)),
        (CONTENT_TYPE, Some(content_type(name))),
        (CONTENT_ENCODING, coding),
        (VARY, Some("accept-encoding")),
        (ETAG, Some(tag.as_str())),
    ] {
        if let Some(value) = value.and_then(|value| value.parse().ok()) {
            answer.insert(key, value);
        }
    }
    let known = headers.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if known.is_some_and(|known| known.contains(&tag)) {
        return (StatusCode::NOT_MODIFIED, answer).into_response();
    }
    (answer, file.data).into_response()
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "ico" => "image/x-icon",
        "png" => "image/png",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
