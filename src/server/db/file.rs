//! An SQLite file on threads of ours: nothing is waited for there but the disk.
//!
//! Why: through `sqlx` each statement, and each row of its answer, is handed from thread to thread
//! (docs/decisions/0011-sets.md).

use std::sync::Mutex;

use rusqlite::{Connection, OpenFlags};

use crate::server::db::connect::PRAGMAS;
use crate::server::db::copying;
use crate::server::db::queue::lock;
use crate::server::db::refusal::{of_file, undone};

/// Every statement that is used again and again has a place in it.
const STATEMENTS_KEPT: usize = 64;

/// Opens one that is there. Not for a task.
pub(super) fn open(url: &str) -> Result<Connection, sqlx::Error> {
    let path = copying::file_of(url).ok_or_else(|| undone("a database in memory"))?;
    let settings = url.split_once('?').map_or("", |(_, settings)| settings);
    let access = if settings.split('&').any(|setting| setting == "mode=ro") {
        OpenFlags::SQLITE_OPEN_READ_ONLY
    } else {
        OpenFlags::SQLITE_OPEN_READ_WRITE
    };
    let connection = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX);
    let connection = connection.map_err(of_file)?;
    connection.execute_batch(PRAGMAS).map_err(of_file)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    Ok(connection)
}

/// Connections to read through, those that nobody uses just now; `None` once they are closed.
#[derive(Debug)]
pub(super) struct FileReaders {
    url: String,
    idle: Mutex<Option<Vec<Connection>>>,
}

impl FileReaders {
    pub(super) fn of(url: &str) -> FileReaders {
        FileReaders { url: url.to_owned(), idle: Mutex::new(Some(Vec::new())) }
    }

    /// Reads; `read` says whether all went well, without which the connection is made anew. Not for a
    /// task.
    pub(super) fn reading(&self, read: impl FnOnce(Result<&Connection, sqlx::Error>) -> bool) {
        let kept = match &mut *lock(&self.idle) {
            Some(idle) => Ok(idle.pop()),
            None => Err(undone("the database was closed")),
        };
        let connection = match kept.and_then(|kept| kept.map_or_else(|| open(&self.url), Ok)) {
            Ok(connection) => connection,
            Err(error) => {
                read(Err(error));
                return;
            }
        };
        if read(Ok(&connection))
            && let Some(idle) = &mut *lock(&self.idle)
        {
            idle.push(connection);
        }
    }

    pub(super) fn close(&self) {
        drop(lock(&self.idle).take());
    }
}
