//! One connection.

use std::io;
use std::time::Duration;

use sqlx::any::AnyConnectOptions;
use sqlx::{AnyConnection, Connection};

/// How long a server may take to answer.
const CONNECT_WAIT: Duration = Duration::from_secs(3);

/// FULL: with NORMAL the last commits may be lost on power failure, and each may be the only
/// trace of someone's money. What a part of a batch can be undone with needs no disk: it is of no use
/// once the program has ended.
pub(super) const PRAGMAS: &str = "pragma busy_timeout = 5000; pragma journal_mode = wal;
                       pragma synchronous = full; pragma foreign_keys = on;
                       pragma temp_store = memory;";

/// Connects once, so that what is in the way is known, and soon.
pub(super) async fn connect(options: &AnyConnectOptions) -> Result<AnyConnection, sqlx::Error> {
    within_reach(AnyConnection::connect_with(options)).await
}

/// What comes of connecting, or that nobody answers.
pub(super) async fn within_reach<C>(
    connecting: impl Future<Output = Result<C, sqlx::Error>>,
) -> Result<C, sqlx::Error> {
    match tokio::time::timeout(CONNECT_WAIT, connecting).await {
        Ok(connected) => connected,
        Err(_elapsed) => {
            let told = format!("no answer within {} seconds", CONNECT_WAIT.as_secs());
            Err(sqlx::Error::Io(io::Error::new(io::ErrorKind::TimedOut, told)))
        }
    }
}
