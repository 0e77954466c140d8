//! How the shop looks beside its catalogue: name, logo, colour, and the folder of its pictures.

use std::path::Path;
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use axum::body::Bytes;
use axum::extract::{Path as Named, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use crate::domain::product::picture_name;
use crate::server::App;

/// Each page asks for it.
pub const LOGO_BYTES_MAX: usize = 256 * 1024;

/// A photograph of a phone is less; what is served is no film.
pub const PICTURE_BYTES_MAX: u64 = 10 * 1024 * 1024;

/// Where pictures of the folder are.
pub const PICTURES: &str = "/pictures/";

/// For an address that changes with the content.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// Cheap to clone.
#[derive(Clone, Debug)]
pub struct Face {
    pub name: Arc<str>,
    pub logo: Option<Logo>,
    /// What the colour changes of the style sheet.
    pub style: Option<Arc<str>>,
    pub pictures: Option<Arc<Path>>,
}

impl Default for Face {
    fn default() -> Face {
        Face { name: Arc::from("계산 상점"), logo: None, style: None, pictures: None }
    }
}

/// A picture that is kept in memory.
#[derive(Clone)]
pub struct Logo {
    bytes: Bytes,
    kind: &'static str,
    /// With its content in it.
    pub address: Arc<str>,
}

impl std::fmt::Debug for Logo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Logo({})", self.address)
    }
}

impl Logo {
    pub fn new(ending: &str, bytes: Vec<u8>) -> Logo {
        let address = Arc::from(format!("/shop-logo?v={}", hash(&bytes)).as_str());
        Logo { bytes: Bytes::from(bytes), kind: kind(ending), address }
    }
}

/// Where a page's style sheet is. `files` is the folder of the browser's files.
pub fn sheet_of(face: &Face, files: &str) -> Arc<str> {
    let sheet = format!("{files}/gyesan.css");
    match &face.style {
        // Another address for each colour and release.
        Some(style) => Arc::from(
            format!("/shop.css?v={}", hash(format!("{sheet} {style}").as_bytes())).as_str(),
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

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// `GET /shop-logo`
pub async fn logo(State(app): State<App>) -> Response {
    match &app.shop.face.logo {
        Some(logo) => picture(logo.kind, "public, max-age=3600", None, logo.bytes.clone()),
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
    picture(kind(&ending), cache, Some(&tag), Bytes::from(bytes))
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

/// The address of a product's picture with its content in it, if it is one of the folder.
pub fn named(face: &Face, picture: &str) -> Option<String> {
    let name = picture.strip_prefix(PICTURES)?;
    let file = face.pictures.as_deref()?.join(picture_name(name).ok()?);
    let path: String = reqwest::Url::parse("http://shop/")
        .and_then(|base| base.join(picture))
        .map(|url| url.path().to_owned())
        .ok()?;
    Some(match version(&file) {
        Some(version) => format!("{path}?v={version}"),
        None => path,
    })
}

/// Another for each content, as far as the file's time and size tell; `None` for what is no picture.
fn version(file: &Path) -> Option<String> {
    let told = std::fs::metadata(file).ok()?;
    if !told.is_file() || told.len() > PICTURE_BYTES_MAX {
        return None;
    }
    let written = told.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(format!("{:x}-{:x}", written.as_millis(), told.len()))
}

fn kind(ending: &str) -> &'static str {
    match ending {
        "avif" => "image/avif",
        "gif" => "image/gif",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "webp" => "image/webp",
        _ => "image/jpeg",
    }
}
