//! Sets in an SQLite file: on a thread of their own, with the connection inside it.

use std::sync::{Arc, Mutex};

use rusqlite::Connection;
use tokio::runtime::Handle;
use tokio::sync::OwnedMutexGuard;

use crate::server::db::file;
use crate::server::db::queue::lock;
use crate::server::db::refusal::{is_of_one, of_file, same, undone};
use crate::server::db::sets::job::{Job, Told, tell};
use crate::server::db::statement::{Kind, Statement, Value};
use crate::server::db::writer::{Batch, Writer};

/// What is asked of a product's row before anything is written, so that nothing is to be undone.
const IN_STOCK: &str = "select 1 from products where id = $2 and stock >= $1";

/// The connection that sets are written through. It takes turns with the one of all other writes: a
/// file has one writer.
#[derive(Debug)]
pub(in crate::server::db) struct File {
    connection: Arc<Mutex<Option<Connection>>>,
    writer: Writer,
    runtime: Handle,
}

/// Why a write has no part in its set.
enum Out {
    /// A row was not as it was seen, and nothing was written.
    Unchanged,
    /// As that, after others of its statements were.
    Torn,
    Refused(rusqlite::Error),
}

impl From<rusqlite::Error> for Out {
    fn from(error: rusqlite::Error) -> Out {
        Out::Refused(error)
    }
}

impl File {
    /// To be called once the file is there.
    pub(in crate::server::db) async fn open(
        url: &str,
        writer: Writer,
    ) -> Result<File, sqlx::Error> {
        let (runtime, url) = (Handle::current(), url.to_owned());
        let opened = runtime.spawn_blocking(move || file::open(&url));
        let opened = opened.await.map_err(|_| sqlx::Error::WorkerCrashed)?;
        let connection = Arc::new(Mutex::new(Some(opened?)));
        Ok(File { connection, writer, runtime })
    }

    /// Waits until nobody else writes. Not for a task.
    pub(super) fn turn(&self) -> OwnedMutexGuard<Batch> {
        self.writer.turn_of_thread(&self.runtime)
    }

    /// One set, and what each of it is told.
    pub(super) fn write(&self, turn: OwnedMutexGuard<Batch>, jobs: Vec<Job>) {
        let told = match lock(&self.connection).as_ref() {
            Some(connection) => written(connection, &jobs),
            None => jobs.iter().map(|_| Err(undone("the database was closed"))).collect(),
        };
        drop(turn);
        for (job, told) in jobs.into_iter().zip(told) {
            tell(job, told);
        }
    }

    pub(super) fn close(&self) {
        drop(lock(&self.connection).take());
    }

    #[cfg(test)]
    pub(super) fn set(&self, pragma: &str) -> Result<(), sqlx::Error> {
        match lock(&self.connection).as_ref() {
            Some(connection) => connection.execute_batch(pragma).map_err(of_file),
            None => Err(sqlx::Error::WorkerCrashed),
        }
    }
}

/// Does them in one transaction, again without those that have no part in it.
fn written(connection: &Connection, jobs: &[Job]) -> Vec<Told> {
    if !connection.is_autocommit() {
        undo(connection);
    }
    let mut out: Vec<Option<Told>> = jobs.iter().map(|_| None).collect();
    loop {
        match attempt(connection, jobs, &mut out) {
            Ok(done) => {
                let done = done.into_iter().map(Ok);
                return out.into_iter().zip(done).map(|(out, done)| out.unwrap_or(done)).collect();
            }
            Err(Some(error)) => {
                undo(connection);
                let error = of_file(error);
                let all = out.into_iter().map(|out| out.unwrap_or_else(|| Err(same(&error))));
                return all.collect();
            }
            // Somebody is out.
            Err(None) => undo(connection),
        }
    }
}

/// `Err(None)`: one more is out, and what is written is to be undone.
fn attempt(
    connection: &Connection,
    jobs: &[Job],
    out: &mut [Option<Told>],
) -> Result<Vec<bool>, Option<rusqlite::Error>> {
    run(connection, "begin immediate", &[])?;
    let mut done = Vec::with_capacity(jobs.len());
    for (job, out) in jobs.iter().zip(out.iter_mut()) {
        if out.is_some() {
            done.push(false);
            continue;
        }
        match apply(connection, &job.statements) {
            Ok(()) => done.push(true),
            Err(Out::Unchanged) => done.push(false),
            Err(Out::Torn) => {
                *out = Some(Ok(false));
                return Err(None);
            }
            Err(Out::Refused(error)) if is_of_one(&error) => {
                *out = Some(Err(of_file(error)));
                return Err(None);
            }
            Err(Out::Refused(error)) => return Err(Some(error)),
        }
    }
    run(connection, "commit", &[])?;
    Ok(done)
}

fn apply(connection: &Connection, statements: &[Statement]) -> Result<(), Out> {
    for stock in statements.iter().filter(|it| it.kind == Kind::Stock) {
        let mut asked = connection.prepare_cached(IN_STOCK)?;
        bind(&mut asked, &stock.values)?;
        if asked.raw_query().next()?.is_none() {
            return Err(Out::Unchanged);
        }
    }
    for (at, statement) in statements.iter().enumerate() {
        let changed = run(connection, statement.sql, &statement.values)?;
        if statement.is_conditional() && changed != 1 {
            return Err(if at == 0 { Out::Unchanged } else { Out::Torn });
        }
    }
    Ok(())
}

fn run(connection: &Connection, sql: &str, values: &[Value]) -> rusqlite::Result<usize> {
    let mut statement = connection.prepare_cached(sql)?;
    bind(&mut statement, values)?;
    statement.raw_execute()
}

/// `$7` is a name to SQLite, which counts by what comes first.
fn bind(statement: &mut rusqlite::Statement<'_>, values: &[Value]) -> rusqlite::Result<()> {
    for place in 1..=statement.parameter_count() {
        let number = statement.parameter_name(place).and_then(|name| name.get(1..)?.parse().ok());
        let value = number.and_then(|number: usize| values.get(number.checked_sub(1)?));
        match value.ok_or(rusqlite::Error::InvalidParameterCount(place, values.len()))? {
            Value::Text(text) => statement.raw_bind_parameter(place, text.as_deref())?,
            Value::Whole(whole) => statement.raw_bind_parameter(place, whole)?,
        }
    }
    Ok(())
}

/// A failure means that nothing is open, which is what is wanted.
fn undo(connection: &Connection) {
    drop(connection.execute_batch("rollback"));
}
