//! A PostgreSQL server behind a pooler that gives each transaction any of its own connections, such
//! as pgbouncer in its transaction mode.
//!
//! How: whoever takes a connection has a transaction with it, from its first statement until it is
//! given back, so that what one statement prepares the next one finds. Names of prepared statements
//! are used once, and those that others have left on the pooler's connection are forgotten first.
//!
//! Why not statements without a name: they are prepared by one message and run by the next, between
//! which the pooler may change the connection, and then another client's statement is run.

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyConnection, AnyPool, Connection, Executor};

use crate::server::db::connect::connect;
use crate::server::db::migrations::MIGRATIONS;

/// How a connection is taken.
pub(super) const TAKE: &str = "begin; deallocate all";

/// How it is given back. Whoever has written has committed already, which would be warned of.
const GIVE_BACK: &str = "set client_min_messages = error; commit; reset client_min_messages";

/// How a write begins: in the transaction that is there. A session's own settings are another's
/// in the next moment.
pub(super) const BEGIN: &str = "set local lock_timeout = 5000";

/// Connections that are tried before it is believed that nothing stands between: a pooler gives
/// the next client the connection that the one before has left, unless that is in use.
const TRIES: usize = 2;

/// A name is taken, or unknown.
const OF_ANOTHER: [&str; 2] = ["42P05", "26000"];

/// Whether what one connection prepares is seen by others, as no server lets it be.
pub(super) async fn is_found(
    first: &mut AnyConnection,
    options: &AnyConnectOptions,
) -> Result<bool, sqlx::Error> {
    let mut is_found = prepares_what_another_did(first).await?;
    let mut others = Vec::new();
    while !is_found && others.len() < TRIES {
        let mut other = connect(options).await?;
        is_found = prepares_what_another_did(&mut other).await?;
        others.push(other);
    }
    for other in others {
        // One that does not close well is closed all the same.
        let _ = other.close().await;
    }
    Ok(is_found)
}

/// Every connection gives its first statement the same name.
async fn prepares_what_another_did(connection: &mut AnyConnection) -> Result<bool, sqlx::Error> {
    match sqlx::query("select cast($1 as bigint)").bind(1_i64).execute(connection).await {
        Ok(_) => Ok(false),
        Err(error) => {
            let code = error.as_database_error().and_then(|error| error.code());
            if code.is_some_and(|code| OF_ANOTHER.contains(&code.as_ref())) {
                return Ok(true);
            }
            Err(error)
        }
    }
}

pub(super) fn connections(pool: AnyPoolOptions, options: AnyConnectOptions) -> AnyPool {
    pool.after_connect(|connection, _| {
        Box::pin(async move { connection.execute(TAKE).await.map(|_| ()) })
    })
    .before_acquire(|connection, _| {
        Box::pin(async move { connection.execute(TAKE).await.map(|_| true) })
    })
    .after_release(|connection, _| {
        Box::pin(async move {
            // A transaction in which something failed takes nothing but its end.
            if connection.execute(GIVE_BACK).await.is_err() {
                connection.execute("rollback").await?;
            }
            Ok(true)
        })
    })
    // None before it is wanted: its transaction would be open until then.
    .connect_lazy_with(unnamed(options))
}

/// As [`Db::migrate`], in one transaction.
///
/// [`Db::migrate`]: crate::server::db::Db::migrate
pub(super) async fn migrate(
    options: &AnyConnectOptions,
) -> Result<(), sqlx::migrate::MigrateError> {
    let mut connection = connect(&unnamed(options.clone())).await?;
    let mut tx = connection.begin_with(TAKE).await?;
    // The migrator's lock is its session's, and so this transaction's.
    MIGRATIONS.run_direct(None, &mut *tx, false).await?;
    tx.execute("deallocate all").await?;
    tx.commit().await?;
    connection.close().await?;
    Ok(())
}

/// Prepares each statement anew: what was prepared before is on another connection.
fn unnamed(mut options: AnyConnectOptions) -> AnyConnectOptions {
    options.database_url.query_pairs_mut().append_pair("statement-cache-capacity", "0");
    options
}
