//! Settings of how the shop looks: its name, its logo, its colour, and where its pictures are.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::Bytes;
use clap::Args;
use sha2::{Digest, Sha256};

use crate::domain::product::PICTURES;
use crate::domain::shade::Shade;
use crate::words;

const NAME_LENGTH_MAX: usize = 40;

/// Each page asks for it.
pub(super) const LOGO_BYTES_MAX: usize = 256 * 1024;

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
        Face { name: Arc::from(words::SHOP_NAME), logo: None, style: None, pictures: None }
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
        let address = Arc::from(format!("/shop-logo?v={}", short_hash(&bytes)).as_str());
        Logo { bytes: Bytes::from(bytes), kind: picture_kind(ending), address }
    }

    pub fn bytes(&self) -> Bytes {
        self.bytes.clone()
    }

    pub fn kind(&self) -> &'static str {
        self.kind
    }
}

/// Another for each content, for addresses that change with it.
pub fn short_hash(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes).get(..8).unwrap_or_default())
}

/// The media type of a picture by the end of its name.
pub fn picture_kind(ending: &str) -> &'static str {
    match ending {
        "avif" => "image/avif",
        "gif" => "image/gif",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "webp" => "image/webp",
        _ => "image/jpeg",
    }
}

#[derive(Clone, Debug, Args)]
pub struct FaceArgs {
    /// The shop's name, as pages show it, 1 to 40 characters.
    #[arg(long, env = "GYESAN_SHOP_NAME", default_value = words::SHOP_NAME, value_parser = name)]
    pub shop_name: String,

    /// A picture before the name, such as logo.svg, at most 256 KiB.
    #[arg(long, env = "GYESAN_SHOP_LOGO", value_name = "FILE")]
    pub shop_logo: Option<PathBuf>,

    /// The shop's colour, such as #2458d3; shades of it on which text can be read are used
    /// [default: blue].
    #[arg(long, env = "GYESAN_SHOP_COLOR", value_name = "#RRGGBB", value_parser = shade)]
    pub shop_color: Option<Shade>,

    #[command(flatten)]
    pub pictures: PicturesArgs,
}

#[derive(Clone, Debug, Args)]
pub struct PicturesArgs {
    /// The folder of the products' pictures.
    #[arg(long, env = "GYESAN_PICTURES", value_name = "FOLDER")]
    pub pictures: Option<PathBuf>,
}

impl FaceArgs {
    /// How the shop looks, or a sentence that says what is wrong.
    pub fn face(&self) -> Result<Face, String> {
        let logo = self.shop_logo.as_deref().map(logo).transpose()?;
        Ok(Face {
            name: Arc::from(self.shop_name.as_str()),
            logo,
            style: self.shop_color.map(|shade| Arc::from(shade.style().as_str())),
            pictures: self.pictures.folder()?.map(Arc::from),
        })
    }
}

impl PicturesArgs {
    /// The folder, if it is one.
    pub fn folder(&self) -> Result<Option<PathBuf>, String> {
        match &self.pictures {
            Some(folder) if !folder.is_dir() => Err(format!(
                "GYESAN_PICTURES (--pictures): {} is no folder; for example --pictures ./pictures",
                folder.display()
            )),
            folder => Ok(folder.clone()),
        }
    }
}

fn name(text: &str) -> Result<String, String> {
    let name = text.trim();
    let fits = (1..=NAME_LENGTH_MAX).contains(&name.chars().count());
    if !fits || name.chars().any(char::is_control) {
        return Err(format!(
            "must be 1 to {NAME_LENGTH_MAX} characters, such as {}",
            words::SHOP_NAME
        ));
    }
    Ok(name.to_owned())
}

fn shade(text: &str) -> Result<Shade, String> {
    Shade::parse(text).ok_or_else(|| "must be a colour such as #2458d3".to_owned())
}

fn logo(file: &Path) -> Result<Logo, String> {
    let told = |wrong: String| {
        format!("GYESAN_SHOP_LOGO (--shop-logo): {} {wrong}; for example logo.svg", file.display())
    };
    let ending = file.extension().map(|it| it.to_string_lossy().to_ascii_lowercase());
    let ending = ending.filter(|ending| PICTURES.contains(&ending.as_str()));
    let ending =
        ending.ok_or_else(|| told(format!("must end in one of {}", PICTURES.join(", "))))?;
    let bytes = std::fs::read(file).map_err(|error| told(format!("cannot be read: {error}")))?;
    if bytes.is_empty() || bytes.len() > LOGO_BYTES_MAX {
        return Err(told(format!("must be 1 to {LOGO_BYTES_MAX} bytes")));
    }
    Ok(Logo::new(&ending, bytes))
}
