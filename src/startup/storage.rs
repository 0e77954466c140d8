//! The database of a command: opened and brought up to date, or a sentence that says why not.

use reqwest::Url;

use crate::server::config::{MEANT, Storage};
use crate::server::db::{Db, is_sqlite};

/// Opens the database of a shop. Where there is none, none is made: a typing error in its address
/// would else be an empty shop that knows no order.
pub(super) async fn open(storage: &Storage) -> Result<Db, String> {
    let url = storage.url()?;
    match Db::open_made(url).await {
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
pub(super) async fn open_or_make(storage: &Storage) -> Result<Db, String> {
    let url = storage.url()?;
    match Db::open(url).await {
        Ok(db) => up_to_date(db).await,
        Err(error) => Err(explain(url, &error, ": is its folder there, and may it be written to?")),
    }
}

async fn up_to_date(db: Db) -> Result<Db, String> {
    db.migrate().await.map_err(|error| {
        format!("the tables of DATABASE_URL could not be brought up to date: {error}")
    })?;
    Ok(db)
}

/// What was in the way and what to do; `unopened` is about an SQLite file that is not there.
fn explain(url: &str, error: &sqlx::Error, unopened: &str) -> String {
    let place = place(url);
    let code = error.as_database_error().and_then(|error| error.code()).unwrap_or_default();
    let hint = match (is_sqlite(url), code.as_ref()) {
        (true, "14") => return format!("DATABASE_URL: {place} is not there{unopened}"),
        (true, "26") => "it is another kind of file".to_owned(),
        (false, "3D000") => "make it first, for example with `createdb`".to_owned(),
        (false, code) if code.starts_with("28") => "see the user and the password in it".to_owned(),
        (false, "") if matches!(error, sqlx::Error::Io(_)) => {
            "is PostgreSQL running there, and are host and port its own?".to_owned()
        }
        (false, "") if matches!(error, sqlx::Error::Tls(_)) => {
            "see `sslmode` in it (`?sslmode=require`, `?sslmode=disable`)".to_owned()
        }
        (_, _) => format!("{MEANT} is meant"),
    };
    format!("DATABASE_URL: {place} cannot be opened: {error}; {hint}")
}

/// What an address leads to, without what is secret in it.
fn place(url: &str) -> String {
    if let Some(file) = url.strip_prefix("sqlite:") {
        let file = file.trim_start_matches("//").split('?').next().unwrap_or_default();
        // Where a relative one leads depends on the folder that the command was started in.
        let file = std::path::absolute(file).map(|file| file.display().to_string());
        return format!("the SQLite file {}", file.as_deref().unwrap_or("of that name"));
    }
    let Ok(url) = Url::parse(url) else { return "the PostgreSQL database".to_owned() };
    let name = url.path().trim_start_matches('/');
    let host = url.host_str().unwrap_or("this machine's socket");
    format!("the PostgreSQL database {name} at {host}:{}", url.port().unwrap_or(5432))
}
