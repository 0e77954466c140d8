//! Pictures of products that are files of the shop's folder.

use std::path::Path;
use std::time::UNIX_EPOCH;

use crate::domain::product::picture_name;
use crate::server::config::Face;

/// A photograph of a phone is less; what is served is no film.
pub const PICTURE_BYTES_MAX: u64 = 10 * 1024 * 1024;

/// Where pictures of the folder are.
pub const PICTURES: &str = "/pictures/";

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
pub fn version(file: &Path) -> Option<String> {
    let told = std::fs::metadata(file).ok()?;
    if !told.is_file() || told.len() > PICTURE_BYTES_MAX {
        return None;
    }
    let written = told.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(format!("{:x}-{:x}", written.as_millis(), told.len()))
}
