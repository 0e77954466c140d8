//! One connection.

use std::io;
use std::time::Duration;

use sqlx::any::AnyConnectOptions;
use sqlx::{AnyConnection, Connection};

/// How long a server may take to answer.
const CONNECT_WAIT: Duration = Duration::from_secs(3);

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
