//! An SQLite file as a whole: copied while it is in use, looked at, and held so that nobody uses it.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, Executor, SqliteConnection};

use crate::server::db::migrations::MIGRATIONS;

/// Whoever writes is done sooner; whoever keeps the file open is not.
const BUSY_MS: u64 = 2_000;

/// What a file is found to be.
#[derive(Debug)]
pub enum Found {
    /// The whole database of a shop.
    Shop,
    /// One of a version of this program that came later.
    Newer,
    /// A database without anything in it.
    Empty,
    /// A database of another program.
    Foreign,
    /// A database that is damaged: the first thing that is wrong with it.
    Broken(String),
}

/// The file that an address leads to; `None` where it leads elsewhere.
pub fn file_of(url: &str) -> Option<PathBuf> {
    if !url.starts_with("sqlite:") {
        return None;
    }
    let options = SqliteConnectOptions::from_str(url).ok()?;
    let file = options.get_filename();
    // Of a database in memory there is nothing to copy.
    let is_memory = url.contains(":memory:") || url.contains("mode=memory");
    (!is_memory && !file.as_os_str().is_empty()).then(|| file.to_path_buf())
}

async fn connect(file: &Path) -> Result<SqliteConnection, sqlx::Error> {
    let options = SqliteConnectOptions::new().filename(file).create_if_missing(false);
    options.busy_timeout(Duration::from_millis(BUSY_MS)).connect().await
}

/// Whether a failure says that a file is no database, or a damaged one.
pub fn is_damage(error: &sqlx::Error) -> bool {
    has_code(error, &["11", "26", "267"])
}

/// Whether a failure says that somebody else has the file open.
pub fn is_in_use(error: &sqlx::Error) -> bool {
    has_code(error, &["5", "6", "261", "517"])
}

fn has_code(error: &sqlx::Error, codes: &[&str]) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    code.is_some_and(|code| codes.contains(&code.as_ref()))
}

/// Writes all that is committed at one moment into `to`, which is empty or not there. Others read and
/// write meanwhile.
pub async fn copy(from: &Path, to: &Path) -> Result<(), sqlx::Error> {
    let mut connection = connect(from).await?;
    let to = to.to_string_lossy().into_owned();
    let copied = sqlx::query("vacuum into $1").bind(to).execute(&mut connection).await;
    connection.close().await?;
    copied.map(|_| ())
}

/// Whose database a file is, as far as its tables tell.
pub async fn whose(file: &Path) -> Result<Found, sqlx::Error> {
    let mut connection = connect(file).await?;
    let found = owner(&mut connection).await;
    connection.close().await?;
    found
}

/// As [`whose`], and every page, index and reference of it is looked at.
pub async fn examine(file: &Path) -> Result<Found, sqlx::Error> {
    let mut connection = connect(file).await?;
    let found = examined(&mut connection).await;
    connection.close().await?;
    found
}

async fn examined(connection: &mut SqliteConnection) -> Result<Found, sqlx::Error> {
    let told: Vec<String> =
        sqlx::query_scalar("pragma integrity_check(1)").fetch_all(&mut *connection).await?;
    if told.iter().any(|line| line != "ok") {
        return Ok(Found::Broken(told.join("; ")));
    }
    let torn: Option<String> =
        sqlx::query_scalar("select \"table\" from pragma_foreign_key_check limit 1")
            .fetch_optional(&mut *connection)
            .await?;
    if let Some(table) = torn {
        return Ok(Found::Broken(format!("a row of {table} belongs to one that is not there")));
    }
    owner(connection).await
}

async fn owner(connection: &mut SqliteConnection) -> Result<Found, sqlx::Error> {
    let tables: Vec<String> =
        sqlx::query_scalar("select name from sqlite_master where type = 'table'")
            .fetch_all(&mut *connection)
            .await?;
    let has = |name: &str| tables.iter().any(|table| table == name);
    if tables.is_empty() {
        return Ok(Found::Empty);
    }
    if !["_sqlx_migrations", "products", "orders", "payments"].into_iter().all(has) {
        return Ok(Found::Foreign);
    }
    let newest: Option<i64> = sqlx::query_scalar("select max(version) from _sqlx_migrations")
        .fetch_one(connection)
        .await?;
    let known = MIGRATIONS.iter().map(|one| one.version).max();
    Ok(if newest > known { Found::Newer } else { Found::Shop })
}

/// A file that nobody else has open, and that nobody can open until this is let go. All that was
/// written is in the file, and nothing is beside it.
#[derive(Debug)]
pub struct Held(SqliteConnection);

impl Held {
    pub async fn take(file: &Path) -> Result<Held, sqlx::Error> {
        let mut connection = connect(file).await?;
        // Refused while anybody else has it open, writing or not.
        connection.execute("pragma journal_mode = delete").await?;
        connection.execute("begin exclusive").await?;
        Ok(Held(connection))
    }

    pub async fn let_go(mut self) -> Result<(), sqlx::Error> {
        self.0.execute("rollback").await?;
        self.0.close().await
    }
}
