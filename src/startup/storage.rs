//! The database of a command: opened and brought up to date, or a sentence that says why not.

use std::path::PathBuf;

use reqwest::Url;

use crate::server::config::{MEANT, Storage};
use crate::server::db::{Db, is_sqlite, probe};

/// Opens the database of a shop. Where there is none, none is made: a typing error in its address
/// would else be an empty shop that knows no order.
pub(crate) async fn open(storage: &Storage) -> Result<Db, String> {
    let url = storage.url()?;
    match Db::open_made(url, storage.pooler).await {
        Ok(Some(db)) => up_to_date(db).await,
        Ok(None) => Err(format!(
            "DATABASE_URL: {} has no tables of a shop; is it the right one? Only `gyesan serve` and \
             `gyesan migrate` make them",
            place(url)
        )),
        Err(error) => Err(explain(
            url,
            &error,
            ", and only `gyesan serve` and `gyesan migrate` \
                                                 make it",
        )),
    }
}

/// Opens it, and makes what is not there.
pub(crate) async fn open_or_make(storage: &Storage) -> Result<Db, String> {
    let url = storage.url()?;
    match Db::open_through(url, storage.pooler).await {
        Ok(db) => up_to_date(db).await,
        Err(error) => Err(explain(url, &error, ": is its folder there, and may it be written to?")),
    }
}

/// That it takes writes; a shop that cannot write anything down must not begin.
pub async fn takes_writes(storage: &Storage, db: &Db, now: i64) -> Result<(), String> {
    let place = place(storage.url()?);
    probe::write(db, now)
        .await
        .map_err(|error| format!("DATABASE_URL: {place} takes no writes: {error}; {NO_WRITES}"))
}

/// What to look at where nothing can be written.
const NO_WRITES: &str = "is there room on its disk, and may it be written to, its folder too?";

async fn up_to_date(db: Db) -> Result<Db, String> {
    db.migrate().await.map_err(|error| {
        format!("the tables of DATABASE_URL could not be brought up to date: {error}")
    })?;
    if db.is_pooled() {
        tracing::info!("a pooler hands out its connections to the database by transaction");
    }
    Ok(db)
}

/// What was in the way and what to do; `unopened` is about an SQLite file that is not there.
fn explain(url: &str, error: &sqlx::Error, unopened: &str) -> String {
    let place = place(url);
    let code = error.as_database_error().and_then(|error| error.code()).unwrap_or_default();
    // The lowest byte is the kind, the rest its circumstances.
    let of_file = code.parse::<u32>().ok().filter(|_| is_sqlite(url)).map(|code| code & 0xff);
    let hint = match (of_file, code.as_ref()) {
        (Some(14), _) if !file_of(url).exists() => {
            return format!("DATABASE_URL: {place} is not there{unopened}");
        }
        // Read-only, failed to read or write, full, not to be opened.
        (Some(8 | 10 | 13 | 14), _) => NO_WRITES.to_owned(),
        (Some(26), _) => "it is another kind of file".to_owned(),
        (None, "3D000") => "make it first, for example with `createdb`".to_owned(),
        (None, code) if code.starts_with("28") => "see the user and the password in it".to_owned(),
        (None, "") if matches!(error, sqlx::Error::Io(_)) => {
            "is PostgreSQL running there, and are host and port its own?".to_owned()
        }
        (None, "") if matches!(error, sqlx::Error::Tls(_)) => {
            "see `sslmode` in it (`?sslmode=require`, `?sslmode=disable`)".to_owned()
        }
        (_, _) => format!("{MEANT} is meant"),
    };
    format!("DATABASE_URL: {place} cannot be opened: {error}; {hint}")
}

/// What an address leads to, without what is secret in it.
fn place(url: &str) -> String {
    if is_sqlite(url) {
        return format!("the SQLite file {}", file_of(url).display());
    }
    let Ok(url) = Url::parse(url) else { return "the PostgreSQL database".to_owned() };
    let name = url.path().trim_start_matches('/');
    let host = url.host_str().unwrap_or("this machine's socket");
    format!("the PostgreSQL database {name} at {host}:{}", url.port().unwrap_or(5432))
}

/// Where a relative one leads depends on the folder that the command was started in.
fn file_of(url: &str) -> PathBuf {
    let file = url.trim_start_matches("sqlite:").trim_start_matches("//");
    let file = file.split('?').next().unwrap_or_default();
    std::path::absolute(file).unwrap_or_else(|_| PathBuf::from(file))
}
