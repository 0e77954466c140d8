//! How a database is opened, which differs between the two.
//!
//! Why a first connection outside the pool: a pool tries again until its time is over, and what was
//! in the way is lost by then.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyConnection, Connection, Executor, Row};

use crate::server::config::Pooler;
use crate::server::db::connect::{PRAGMAS, connect};
use crate::server::db::pieces::Gathered;
use crate::server::db::reader::Idle;
use crate::server::db::sets::Sets;
use crate::server::db::sets::server::Server;
use crate::server::db::sets::sqlite::File;
use crate::server::db::shelf::Shelf;
use crate::server::db::writer::Writer;
use crate::server::db::{Db, copying, pooled};

/// Readers beside SQLite's writer; a page needs two or three statements of under a millisecond.
const READERS: u32 = 8;

/// To PostgreSQL, per instance, besides [`KEPT`] and those of sets: ten in all, which is more than its
/// disk can serve at once on a small machine, and few enough for nine instances on a server as it
/// comes, which takes 97 besides its owner's.
const CONNECTIONS: u32 = 6;

/// For the reads that a payment waits for.
const KEPT: usize = 2;

/// Longer than a writer is ever held; then the caller is told, not kept.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

const OWNER_ALONE: u32 = 0o600;

/// As long as SQLite's writer waits: then the caller is told, not kept.
const LOCK_TIMEOUT: &str = "set lock_timeout = 5000";

/// What becomes of an SQLite file that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Missing {
    Make,
    Refuse,
}

/// Whether an address is one of an SQLite file; it is one of a PostgreSQL server otherwise.
pub fn is_sqlite(url: &str) -> bool {
    url.starts_with("sqlite:")
}

impl Db {
    /// Opens it. An SQLite file that is not there is made.
    pub async fn open(url: &str) -> Result<Db, sqlx::Error> {
        Db::open_with(url, READERS).await
    }

    /// The same, through what stands in front of a server.
    pub async fn open_through(url: &str, pooler: Pooler) -> Result<Db, sqlx::Error> {
        sqlx::any::install_default_drivers();
        make_private(url);
        let first = connect(&options(url, Missing::Make)?).await?;
        Db::beginning_with(url, first, READERS, pooler).await
    }

    /// With so many connections that read beside SQLite's writer.
    pub async fn open_with(url: &str, readers: u32) -> Result<Db, sqlx::Error> {
        sqlx::any::install_default_drivers();
        make_private(url);
        let first = connect(&options(url, Missing::Make)?).await?;
        Db::beginning_with(url, first, readers, Pooler::None).await
    }

    /// Opens one in which a shop has made its tables; `None` if there are none, and then nothing is
    /// changed in what was found there.
    pub async fn open_made(url: &str, pooler: Pooler) -> Result<Option<Db>, sqlx::Error> {
        sqlx::any::install_default_drivers();
        let mut first = connect(&options(url, Missing::Refuse)?).await?;
        let tables = if is_sqlite(url) {
            "select count(*) from sqlite_master where type = 'table' and name = '_sqlx_migrations'"
        } else {
            "select count(to_regclass('_sqlx_migrations'))"
        };
        // Nothing is prepared before it is known what stands in front of a server.
        let tables = sqlx::raw_sql(tables).fetch_one(&mut first).await?;
        if tables.try_get::<i64, _>(0)? == 0 {
            first.close().await?;
            return Ok(None);
        }
        Db::beginning_with(url, first, READERS, pooler).await.map(Some)
    }

    async fn beginning_with(
        url: &str,
        mut first: AnyConnection,
        readers: u32,
        pooler: Pooler,
    ) -> Result<Db, sqlx::Error> {
        // The file is there by now; were it taken away later, an empty one must not come in its place.
        let options = options(url, Missing::Refuse)?;
        let pool = AnyPoolOptions::new().acquire_timeout(ACQUIRE_TIMEOUT);
        if is_sqlite(url) {
            // The writer first: it turns WAL on.
            first.execute(PRAGMAS).await?;
            let most = usize::try_from(readers / 2).unwrap_or_default();
            let readers = pool
                .max_connections(readers)
                .test_before_acquire(false)
                .after_connect(|connection, _| {
                    Box::pin(async move { connection.execute(PRAGMAS).await.map(|_| ()) })
                })
                .connect_with(options.clone())
                .await?;
            let idle = Some(Idle::new(options, PRAGMAS, most));
            let writer = Writer::new(first);
            let sets = Sets::of_file(File::open(url, writer.clone()).await?);
            return Ok(Db {
                readers,
                writer: Some(writer),
                idle,
                sets,
                gathered: Gathered::of_file(url),
                shelf: Shelf::default(),
                is_pooled: false,
            });
        }
        let is_pooled = match pooler {
            Pooler::None => false,
            Pooler::Transaction => true,
            Pooler::Auto => pooled::is_found(&mut first, &options).await?,
        };
        first.close().await?;
        let pool = pool.max_connections(CONNECTIONS);
        let idle = (!is_pooled).then(|| Idle::new(options.clone(), LOCK_TIMEOUT, KEPT));
        let readers = if is_pooled {
            pooled::connections(pool, options)
        } else {
            pool.after_connect(|connection, _| {
                Box::pin(async move { connection.execute(LOCK_TIMEOUT).await.map(|_| ()) })
            })
            .connect_with(options)
            .await?
        };
        let sets = Sets::of_server(Server::new(url, is_pooled)?);
        Ok(Db {
            readers,
            writer: None,
            idle,
            sets,
            gathered: Gathered::new(),
            shelf: Shelf::default(),
            is_pooled,
        })
    }

    /// Makes a database on a PostgreSQL server.
    pub async fn create(server: &str, name: &str) -> Result<(), sqlx::Error> {
        sqlx::any::install_default_drivers();
        let mut admin = connect(&format!("{server}/postgres").parse()?).await?;
        // The name is the caller's own and needs no escaping.
        let sql = sqlx::AssertSqlSafe(format!("create database {name}"));
        admin.execute(sql).await?;
        admin.close().await
    }
}

/// What an SQLite file is opened for is part of its address; whoever has written it there is heeded.
fn options(url: &str, missing: Missing) -> Result<AnyConnectOptions, sqlx::Error> {
    if !is_sqlite(url) {
        return url.parse();
    }
    let (file, settings) = url.split_once('?').unwrap_or((url, ""));
    let mut settings: Vec<_> = settings.split('&').filter(|it| !it.is_empty()).collect();
    match missing {
        Missing::Make if settings.iter().any(|it| it.starts_with("mode=")) => {}
        Missing::Make => settings.push("mode=rwc"),
        Missing::Refuse => settings.retain(|it| *it != "mode=rwc"),
    }
    let settings = settings.join("&");
    if settings.is_empty() { file.parse() } else { format!("{file}?{settings}").parse() }
}

/// Makes a file that is not there, for its owner alone: names and addresses of buyers will be in it. What
/// SQLite puts beside it may be read by whoever may read the file. Where it cannot be made, SQLite says why.
fn make_private(url: &str) {
    let is_to_be_made = !url.contains("mode=") || url.contains("mode=rwc");
    if let Some(file) = copying::file_of(url).filter(|_| is_to_be_made) {
        drop(OpenOptions::new().write(true).create_new(true).mode(OWNER_ALONE).open(file));
    }
}

#[cfg(test)]
mod tests {
    use super::{Missing, options};

    #[test]
    fn a_file_is_made_only_where_that_is_wanted() {
        for (url, made, found) in [
            ("sqlite://a.db", "sqlite://a.db?mode=rwc", "sqlite://a.db"),
            ("sqlite://a.db?mode=rwc", "sqlite://a.db?mode=rwc", "sqlite://a.db"),
            ("sqlite://a.db?mode=rw", "sqlite://a.db?mode=rw", "sqlite://a.db?mode=rw"),
            (
                "sqlite://a.db?cache=private",
                "sqlite://a.db?cache=private&mode=rwc",
                "sqlite://a.db?cache=private",
            ),
            (
                "postgres://host/a?mode=rwc",
                "postgres://host/a?mode=rwc",
                "postgres://host/a?mode=rwc",
            ),
        ] {
            let of = |missing| options(url, missing).unwrap().database_url.to_string();
            assert_eq!((of(Missing::Make).as_str(), of(Missing::Refuse).as_str()), (made, found));
        }
    }
}
