//! Connections for the reads that a payment waits for.
//!
//! Why: the pool asks each connection that comes back to it whether it is well, which is one more way
//! to SQLite's thread or to the server and back.

use std::sync::{Arc, Mutex, PoisonError};

use sqlx::any::AnyConnectOptions;
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, Connection, Executor};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::server::db::connect::connect;

/// Connections that nobody uses just now. Clones are the same.
#[derive(Clone, Debug)]
pub(super) struct Idle {
    options: AnyConnectOptions,
    setup: &'static str,
    permits: Arc<Semaphore>,
    idle: Arc<Mutex<Vec<AnyConnection>>>,
}

/// A connection to read through. Dropped before [`Reader::done`] it is closed, because a statement
/// may still be under way.
#[derive(Debug)]
pub struct Reader(Form);

#[derive(Debug)]
enum Form {
    Kept { connection: AnyConnection, home: Idle, _permit: OwnedSemaphorePermit },
    Pooled(PoolConnection<Any>),
}

impl Idle {
    /// At most `most`, each of which has a thread of its own.
    pub(super) fn new(options: AnyConnectOptions, setup: &'static str, most: usize) -> Idle {
        Idle { options, setup, permits: Arc::new(Semaphore::new(most)), idle: Arc::default() }
    }

    /// `None` while all are in use.
    pub(super) async fn take(&self) -> Result<Option<Reader>, sqlx::Error> {
        let Ok(permit) = Arc::clone(&self.permits).try_acquire_owned() else { return Ok(None) };
        let kept = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match kept {
            Some(connection) => connection,
            None => {
                let mut connection = connect(&self.options).await?;
                connection.execute(self.setup).await?;
                connection
            }
        };
        Ok(Some(Reader(Form::Kept { connection, home: self.clone(), _permit: permit })))
    }

    /// Closes them.
    pub(super) async fn close(&self) {
        self.permits.close();
        let kept = std::mem::take(&mut *self.idle.lock().unwrap_or_else(PoisonError::into_inner));
        for connection in kept {
            // One that does not close well is closed all the same.
            let _ = connection.close().await;
        }
    }
}

impl Reader {
    pub(super) fn pooled(connection: PoolConnection<Any>) -> Reader {
        Reader(Form::Pooled(connection))
    }

    pub fn connection(&mut self) -> &mut AnyConnection {
        match &mut self.0 {
            Form::Kept { connection, .. } => connection,
            Form::Pooled(connection) => connection,
        }
    }

    /// All answers are there: it can be used again.
    pub fn done(self) {
        if let Form::Kept { connection, home, _permit } = self.0
            && !home.permits.is_closed()
        {
            home.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
    }
}
