//! A copy of the whole shop while it runs, and a shop made from one again.
//!
//! How: SQLite writes what is committed at one moment into a file beside the one that is wanted; that
//! is looked at page by page, brought to the disk, and only then has the wanted name. What a restore
//! replaces is kept beside it.
//!
//! Why not a copy of the file: what was committed last is in the log beside it, and pages are
//! written while they are read.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use crate::server::db::copying::{self, Found, Held};
use crate::server::runtime::clock;

/// Names and addresses of buyers are in it.
const OWNER_ALONE: u32 = 0o600;

/// What SQLite puts beside a file, and would take for its own if the file were replaced.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Why there is no backup, or nothing was restored.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error(
        "PostgreSQL has its own programs for this: `pg_dump --format=custom --file FILE \
         DATABASE_URL` takes a whole copy while the shop runs, `pg_restore --clean --if-exists \
         --exit-on-error --single-transaction --dbname DATABASE_URL FILE` brings it back while no \
         shop runs"
    )]
    NotAFile,
    #[error("{0} is not there")]
    Missing(PathBuf),
    #[error("{0} is there already, and is not written over")]
    Taken(PathBuf),
    #[error("{0} is no database")]
    NoDatabase(PathBuf),
    #[error("{0} is no database of this shop")]
    Foreign(PathBuf),
    #[error("{0} was made by a newer version of this program")]
    Newer(PathBuf),
    #[error("{0} is damaged: {1}")]
    Broken(PathBuf, String),
    #[error("{0} has a log beside it, so that it is a database in use and no backup of one")]
    InUse(PathBuf),
    #[error("{0} is open in another program: stop the shop first")]
    Running(PathBuf),
    #[error("{0} is the database itself")]
    Same(PathBuf),
    #[error("{0}: {1}")]
    Io(PathBuf, #[source] io::Error),
    #[error("{0}: {1}")]
    Database(PathBuf, #[source] sqlx::Error),
}

/// What a restore has done.
#[derive(Clone, Debug)]
pub struct Restored {
    /// The shop's file now.
    pub file: PathBuf,
    /// Where the one from before is.
    pub before: Option<PathBuf>,
}

/// Writes all of a shop into `file`, which is whole and on the disk when this returns; bytes of it.
pub async fn make(url: &str, file: &Path) -> Result<u64, Refused> {
    let shop = copying::file_of(url).ok_or(Refused::NotAFile)?;
    if is_there(file)? {
        return Err(Refused::Taken(file.to_owned()));
    }
    if !is_there(&shop)? {
        return Err(Refused::Missing(shop));
    }
    // Refused before anything is written.
    accept(&shop, copying::whose(&shop).await)?;
    let part = Part::beside(file)?;
    let copied = copying::copy(&shop, &part.path).await;
    copied.map_err(|error| Refused::Database(shop.clone(), error))?;
    accept(&part.path, copying::examine(&part.path).await)?;
    let bytes = part.on_disk()?;
    part.becomes_new(file)?;
    Ok(bytes)
}

/// Makes the shop what it was when `file` was made. Refused while a shop runs on what is there now,
/// which is kept.
pub async fn restore(url: &str, file: &Path) -> Result<Restored, Refused> {
    let shop = copying::file_of(url).ok_or(Refused::NotAFile)?;
    if !is_there(file)? {
        return Err(Refused::Missing(file.to_owned()));
    }
    if is_filled(&named(file, "-wal"))? || is_filled(&named(file, "-journal"))? {
        return Err(Refused::InUse(file.to_owned()));
    }
    if is_same(&shop, file) {
        return Err(Refused::Same(file.to_owned()));
    }
    let part = Part::beside(&shop)?;
    std::fs::copy(file, &part.path).map_err(|error| Refused::Io(file.to_owned(), error))?;
    accept(file, copying::examine(&part.path).await)?;
    part.on_disk()?;
    replace(part, &shop).await
}

/// Puts a part in the place of a shop's file, which keeps another name.
async fn replace(part: Part, shop: &Path) -> Result<Restored, Refused> {
    let kept = named(shop, &format!(".before-{}", clock::row_id()));
    let held = if is_there(shop)? { hold(shop).await? } else { None };
    let before = is_there(shop)?.then(|| kept.clone());
    if before.is_some() {
        // A second name first: at no moment is there no file, of which a start would make a new one.
        second_name(shop, &kept).map_err(|error| Refused::Io(kept.clone(), error))?;
    }
    for ending in BESIDE {
        let (from, to) = (named(shop, ending), named(&kept, ending));
        if is_there(&from)? {
            std::fs::rename(&from, &to).map_err(|error| Refused::Io(from, error))?;
        }
    }
    part.becomes(shop)?;
    if let Some(held) = held {
        held.let_go().await.map_err(|error| Refused::Database(kept, error))?;
    }
    Ok(Restored { file: shop.to_owned(), before })
}

/// Nobody else has it open, and nobody opens it. `None` for one so damaged that nobody can.
async fn hold(shop: &Path) -> Result<Option<Held>, Refused> {
    let whose = copying::whose(shop).await;
    match whose {
        Ok(Found::Foreign) => return Err(Refused::Foreign(shop.to_owned())),
        Ok(Found::Shop | Found::Newer | Found::Empty | Found::Broken(_)) => {}
        Err(error) if copying::is_damage(&error) => return alone(shop).map(|()| None),
        Err(error) if copying::is_in_use(&error) => return Err(Refused::Running(shop.to_owned())),
        Err(error) => return Err(Refused::Database(shop.to_owned(), error)),
    }
    match Held::take(shop).await {
        Ok(held) => Ok(Some(held)),
        Err(error) if copying::is_in_use(&error) => Err(Refused::Running(shop.to_owned())),
        Err(error) if copying::is_damage(&error) => alone(shop).map(|()| None),
        Err(error) => Err(Refused::Database(shop.to_owned(), error)),
    }
}

/// Whether a file that SQLite does not read any more is open in a shop all the same: whoever has it
/// open has locked a part of it.
fn alone(shop: &Path) -> Result<(), Refused> {
    let file = OpenOptions::new().read(true).write(true).open(shop);
    let file = file.map_err(|error| Refused::Io(shop.to_owned(), error))?;
    let exclusive = rustix::fs::FlockOperation::NonBlockingLockExclusive;
    rustix::fs::fcntl_lock(&file, exclusive).map_err(|_| Refused::Running(shop.to_owned()))
}

/// What was found in a file, if it is what is wanted.
fn accept(file: &Path, found: Result<Found, sqlx::Error>) -> Result<(), Refused> {
    let file = file.to_owned();
    match found {
        Ok(Found::Shop) => Ok(()),
        Ok(Found::Newer) => Err(Refused::Newer(file)),
        Ok(Found::Empty | Found::Foreign) => Err(Refused::Foreign(file)),
        Ok(Found::Broken(what)) => Err(Refused::Broken(file, what)),
        Err(error) if copying::is_damage(&error) => {
            let is_other = error.as_database_error().and_then(|error| error.code());
            match is_other.as_deref() {
                Some("26") => Err(Refused::NoDatabase(file)),
                Some(_) | None => Err(Refused::Broken(file, error.to_string())),
            }
        }
        Err(error) => Err(Refused::Database(file, error)),
    }
}

/// A file that is being made, and is gone if it does not come to be.
#[derive(Debug)]
struct Part {
    path: PathBuf,
}

impl Part {
    /// An empty one in the folder of what it is to become.
    fn beside(file: &Path) -> Result<Part, Refused> {
        let path = named(file, &format!(".part-{}", clock::row_id()));
        let made = OpenOptions::new().write(true).create_new(true).mode(OWNER_ALONE).open(&path);
        made.map_err(|error| Refused::Io(path.clone(), error))?;
        Ok(Part { path })
    }

    /// Brings what was written to the disk; how much that is.
    fn on_disk(&self) -> Result<u64, Refused> {
        let synced = File::open(&self.path).and_then(|file| {
            file.sync_all()?;
            file.metadata().map(|told| told.len())
        });
        synced.map_err(|error| Refused::Io(self.path.clone(), error))
    }

    /// Takes a name that nothing has.
    fn becomes_new(self, file: &Path) -> Result<(), Refused> {
        match std::fs::hard_link(&self.path, file) {
            Ok(()) => sync_folder(file),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Err(Refused::Taken(file.to_owned()))
            }
            // Not every disk knows second names.
            Err(_) if !is_there(file)? => self.becomes(file),
            Err(_) => Err(Refused::Taken(file.to_owned())),
        }
    }

    /// Takes a name, whatever has it.
    fn becomes(self, file: &Path) -> Result<(), Refused> {
        std::fs::rename(&self.path, file).map_err(|error| Refused::Io(file.to_owned(), error))?;
        sync_folder(file)
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // Gone already where it has become what it was for.
        drop(std::fs::remove_file(&self.path));
    }
}

/// A new name is on the disk once its folder is.
fn sync_folder(file: &Path) -> Result<(), Refused> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let synced = File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(|error| Refused::Io(folder.to_owned(), error))
}

fn second_name(file: &Path, name: &Path) -> io::Result<()> {
    match std::fs::hard_link(file, name) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
        Err(_) => {
            std::fs::copy(file, name)?;
            File::open(name)?.sync_all()
        }
    }
}

/// A file's name with an ending.
fn named(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

fn is_there(file: &Path) -> Result<bool, Refused> {
    match std::fs::symlink_metadata(file) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Refused::Io(file.to_owned(), error)),
    }
}

fn is_filled(file: &Path) -> Result<bool, Refused> {
    Ok(is_there(file)? && std::fs::metadata(file).is_ok_and(|told| told.len() > 0))
}

fn is_same(one: &Path, other: &Path) -> bool {
    let real = |file: &Path| std::fs::canonicalize(file).ok();
    real(one).is_some_and(|one| Some(one) == real(other))
}
