//! Sets on a PostgreSQL server: each is one message, and so a transaction of its own.
//!
//! Why a few connections: while one set waits for the disk, the next is at work; more would make sets
//! smaller, and all of them wait for the same rows of a product that everybody buys.

use std::collections::HashMap;
use std::str::FromStr;
use std::sync::Mutex;

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{Connection, Executor, Row};

use crate::server::Error;
use crate::server::db::connect::within_reach;
use crate::server::db::failures::{is_lost, is_lost_race};
use crate::server::db::pooled;
use crate::server::db::queue::lock;
use crate::server::db::refusal::{same, undone};
use crate::server::db::sets::job::{Job, Told, tell};
use crate::server::db::sets::joined::{Joined, stands};
use crate::server::db::statement::{Kind, Statement, Value};

/// Sets that are under way at once, each on its connection.
pub(super) const SETS_AT_ONCE: usize = 2;

/// How often a set that lost a race is written again before its writes are told.
const RACES_MAX: usize = 3;

/// Longer than a set is ever kept by another.
const SET_UP: &str = "set lock_timeout = 5000";

/// A set finds its rows by their keys, however small a table was when the statement was planned. What
/// speaks PostgreSQL's language and has other planners does without.
const PLAN: &str = "set plan_cache_mode = force_generic_plan; set enable_seqscan = off;
                    set enable_hashjoin = off; set enable_mergejoin = off";

/// A statement has found no row where it had to.
const UNCHANGED: &str = "22012";

#[derive(Debug)]
pub(in crate::server::db) struct Server {
    options: PgConnectOptions,
    is_pooled: bool,
    idle: Mutex<Vec<PgConnection>>,
}

impl Server {
    pub(in crate::server::db) fn new(url: &str, is_pooled: bool) -> Result<Server, sqlx::Error> {
        let mut options = PgConnectOptions::from_str(url)?;
        if is_pooled {
            // What was prepared before is on another connection.
            options = options.statement_cache_capacity(0);
        }
        Ok(Server { options, is_pooled, idle: Mutex::default() })
    }

    /// One set, and what each of it is told.
    pub(super) async fn write(&self, jobs: Vec<Job>) {
        let kept = lock(&self.idle).pop();
        let mut is_kept = kept.is_some();
        let connected = match kept {
            Some(connection) => Ok(connection),
            None => self.connected().await,
        };
        let mut connection = match connected {
            Ok(connection) => connection,
            Err(error) => return tell_all(jobs, &error),
        };
        // Those that stand by themselves, each alone; the others together.
        let (own, mut together): (Vec<_>, Vec<_>) = jobs.into_iter().partition(is_own);
        // Two sets that are of the same rows take them in one order.
        together.sort_by(|one, other| texts(one).cmp(texts(other)));
        let mut sets: Vec<_> = own.into_iter().map(|job| vec![job]).collect();
        sets.push(together);
        let mut is_lost = false;
        while let Some(set) = sets.pop() {
            if is_lost {
                tell_all(set, &undone("the connection was lost"));
                continue;
            }
            is_lost = self.written(&mut connection, &mut is_kept, set, &mut sets).await;
        }
        if !is_lost {
            lock(&self.idle).push(connection);
        }
    }

    /// Writes a set and tells it, or leaves parts of it to be written. Says whether the connection is of
    /// no use any more.
    async fn written(
        &self,
        connection: &mut PgConnection,
        is_kept: &mut bool,
        mut set: Vec<Job>,
        sets: &mut Vec<Vec<Job>>,
    ) -> bool {
        if set.is_empty() {
            return false;
        }
        let mut races = 0;
        let error = loop {
            match self.send(connection, is_kept, &set).await {
                Ok(done) => {
                    *is_kept = false;
                    for (at, job) in (0_i64..).zip(set) {
                        tell(job, Ok(done.contains(&at)));
                    }
                    return false;
                }
                Err(error) if is_lost_race(&error) && races < RACES_MAX => races += 1,
                // It was lost while nobody used it. Had the set been written all the same, its writes
                // find now that their rows have changed.
                Err(error) if is_lost(&error) && std::mem::take(is_kept) => {
                    match self.connected().await {
                        Ok(another) => *connection = another,
                        Err(error) => {
                            tell_all(set, &error);
                            return true;
                        }
                    }
                }
                Err(error) => break error,
            }
        };
        if is_lost(&error) {
            tell_all(set, &error);
            return true;
        }
        // Whoever has answered is there.
        *is_kept = false;
        let is_unchanged = is_unchanged(&error);
        if set.len() == 1 {
            for job in set {
                let told = if is_unchanged { Ok(false) } else { Err(same(&error)) };
                tell(job, told);
            }
        } else if is_locked(&error) {
            // Somebody keeps a row of one of them; the others need not wait for that.
            sets.extend(set.into_iter().map(|job| vec![job]));
        } else if is_lost_race(&error) || Error::is_outage_of(&error) {
            tell_all(set, &error);
        } else {
            if is_unchanged {
                match self.dealt_out(connection, set).await {
                    Ok((fits, short)) if !short.is_empty() => {
                        short.into_iter().for_each(|job| tell(job, Ok(false)));
                        sets.push(fits);
                        return false;
                    }
                    Ok((fits, _)) => set = fits,
                    Err((all, error)) => {
                        tell_all(all, &error);
                        return true;
                    }
                }
            }
            // Found by halving, it fails alone.
            let rest = set.split_off(set.len() / 2);
            sets.push(rest);
            sets.push(set);
        }
        false
    }

    async fn send(
        &self,
        connection: &mut PgConnection,
        is_kept: &mut bool,
        set: &[Job],
    ) -> Result<Vec<i64>, sqlx::Error> {
        let Some(joined) = Joined::of(set) else {
            return self.alone(connection, is_kept, set).await;
        };
        if !self.is_pooled {
            let (done, _) = joined.query().fetch_one(connection).await?;
            return Ok(done);
        }
        self.begin(connection, is_kept).await?;
        let done = joined.query().persistent(false).fetch_one(&mut *connection).await;
        ended(connection, done.map(|(done, _)| done)).await
    }

    /// One write, statement by statement.
    async fn alone(
        &self,
        connection: &mut PgConnection,
        is_kept: &mut bool,
        set: &[Job],
    ) -> Result<Vec<i64>, sqlx::Error> {
        self.begin(connection, is_kept).await?;
        let done = match set {
            [job] => each(connection, &job.statements, !self.is_pooled).await,
            _ => Err(undone("a write that stands by itself was joined")),
        };
        match done {
            Ok(true) => ended(connection, Ok(vec![0])).await,
            Ok(false) => {
                connection.execute("rollback").await?;
                Ok(Vec::new())
            }
            Err(error) => ended(connection, Err(error)).await,
        }
    }

    /// Parts a set into those for which there are pieces enough, first come first served, and the
    /// others.
    async fn dealt_out(
        &self,
        connection: &mut PgConnection,
        set: Vec<Job>,
    ) -> Result<(Vec<Job>, Vec<Job>), (Vec<Job>, sqlx::Error)> {
        let wanted = set.iter().flat_map(taken).map(|(product, _)| product.to_owned()).collect();
        let mut left = match self.stock(connection, wanted).await {
            Ok(left) => left,
            Err(error) => return Err((set, error)),
        };
        Ok(set.into_iter().partition(|job| {
            let fits = taken(job).all(|(product, pieces)| left.get(product) >= Some(&pieces));
            for (product, pieces) in taken(job).filter(|_| fits) {
                left.entry(product.to_owned()).and_modify(|left| *left -= pieces);
            }
            fits
        }))
    }

    /// How many pieces of which products are there.
    async fn stock(
        &self,
        connection: &mut PgConnection,
        wanted: Vec<String>,
    ) -> Result<HashMap<String, i64>, sqlx::Error> {
        if self.is_pooled {
            self.begin(connection, &mut false).await?;
        }
        let rows = sqlx::query("select id, stock from products where id = any($1)")
            .persistent(!self.is_pooled)
            .bind(wanted)
            .fetch_all(&mut *connection)
            .await?;
        if self.is_pooled {
            connection.execute("commit").await?;
        }
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    }

    /// Begins a transaction, after which the connection is known to be there.
    async fn begin(
        &self,
        connection: &mut PgConnection,
        is_kept: &mut bool,
    ) -> Result<(), sqlx::Error> {
        let begun = async {
            if self.is_pooled {
                connection.execute(pooled::TAKE).await?;
                return connection.execute(pooled::BEGIN).await;
            }
            connection.execute("begin").await
        };
        match begun.await {
            Ok(_) => {
                *is_kept = false;
                Ok(())
            }
            Err(error) => {
                // One that is gone has nothing to be undone.
                if !is_lost(&error) {
                    connection.execute("rollback").await?;
                }
                Err(error)
            }
        }
    }

    async fn connected(&self) -> Result<PgConnection, sqlx::Error> {
        let connecting = PgConnection::connect_with(&self.options);
        let mut connection = within_reach(connecting).await?;
        if !self.is_pooled {
            connection.execute(SET_UP).await?;
            if let Err(error) = connection.execute(PLAN).await {
                tracing::debug!(%error, "sets are planned as the server does");
            }
        }
        Ok(connection)
    }

    pub(super) async fn close(&self) {
        let kept = std::mem::take(&mut *lock(&self.idle));
        for connection in kept {
            // One that does not close well is closed all the same.
            drop(connection.close().await);
        }
    }
}

async fn ended(
    connection: &mut PgConnection,
    done: Result<Vec<i64>, sqlx::Error>,
) -> Result<Vec<i64>, sqlx::Error> {
    match &done {
        Ok(_) => connection.execute("commit").await?,
        Err(_) => connection.execute("rollback").await?,
    };
    done
}

async fn each(
    connection: &mut PgConnection,
    statements: &[Statement],
    is_prepared: bool,
) -> Result<bool, sqlx::Error> {
    for statement in statements {
        let mut query = sqlx::query(statement.sql).persistent(is_prepared);
        for value in &statement.values {
            query = match value {
                Value::Text(text) => query.bind(text),
                Value::Whole(whole) => query.bind(whole),
            };
        }
        let done = query.execute(&mut *connection).await?;
        if statement.is_conditional() && done.rows_affected() != 1 {
            return Ok(false);
        }
    }
    Ok(true)
}

fn is_own(job: &Job) -> bool {
    let kinds = job.statements.iter().map(|statement| statement.kind);
    kinds.enumerate().any(|(at, kind)| !stands(kind, at == 0))
}

/// The texts that the first statement of a write binds: its row's key among them.
fn texts(job: &Job) -> impl Iterator<Item = &str> {
    let values = job.statements.first().into_iter().flat_map(|first| &first.values);
    values.filter_map(|value| match value {
        Value::Text(text) => text.as_deref(),
        Value::Whole(_) => None,
    })
}

/// Whether a row was kept by somebody else for longer than it is waited for.
fn is_locked(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    code.is_some_and(|code| code == "55P03")
}

fn is_unchanged(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    code.is_some_and(|code| code == UNCHANGED)
}

fn tell_all(jobs: Vec<Job>, error: &sqlx::Error) {
    for job in jobs {
        tell(job, Err(same(error)) as Told);
    }
}

/// What a write takes of which products.
fn taken(job: &Job) -> impl Iterator<Item = (&str, i64)> {
    let stocks = job.statements.iter().filter(|statement| statement.kind == Kind::Stock);
    stocks.filter_map(|stock| match stock.values.as_slice() {
        [Value::Whole(Some(pieces)), Value::Text(Some(product))] => {
            Some((product.as_str(), *pieces))
        }
        _ => None,
    })
}
