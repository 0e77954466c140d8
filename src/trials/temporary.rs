//! Databases on a PostgreSQL server for the time of one command, which leaves none of them there.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::sync::RwLock;

use crate::server::db::{Db, temporary};
use crate::server::runtime::clock;

/// Those of one run of a command.
#[derive(Debug)]
pub(crate) struct Temporary {
    server: String,
    /// Of all their names, and of no other run's.
    prefix: String,
    made: AtomicU32,
    /// Held for reading while one is being made, which goes on when nobody waits for it any more.
    making: Arc<RwLock<()>>,
}

impl Temporary {
    pub(crate) fn on(server: &str, command: &str) -> Temporary {
        Temporary {
            server: server.trim_end_matches('/').to_owned(),
            prefix: format!("{command}_{}_", clock::row_id()),
            made: AtomicU32::new(0),
            making: Arc::default(),
        }
    }

    pub(crate) fn server(&self) -> &str {
        &self.server
    }

    /// Makes an empty one; its address.
    pub(crate) async fn make(&self) -> Result<String, String> {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        // As many digits each, so that no name begins with another.
        let name = format!("{}{number:06}", self.prefix);
        let server = self.server.clone();
        let url = format!("{server}/{name}");
        let making = Arc::clone(&self.making).read_owned().await;
        let made = tokio::spawn(async move {
            let made = Db::create(&server, &name).await;
            drop(making);
            made
        });
        let made = made.await.map_err(|error| error.to_string())?;
        made.map_err(|error| format!("--postgres: no database can be made there: {error}"))?;
        Ok(url)
    }

    /// Drops one before its time.
    pub(crate) async fn remove(&self, url: &str) -> Result<(), String> {
        match url.rsplit_once('/') {
            Some((_, name)) if name.starts_with(&self.prefix) => self.drop_all(name).await,
            Some(_) | None => Err(format!("--postgres: {url} is none of this run's databases")),
        }
    }

    /// Drops all that are left.
    pub(crate) async fn clear(&self) -> Result<(), String> {
        let _made = self.making.write().await;
        self.drop_all(&self.prefix).await
    }

    async fn drop_all(&self, prefix: &str) -> Result<(), String> {
        let dropped = temporary::drop_all(&self.server, prefix).await;
        dropped.map_err(|error| {
            format!("--postgres: databases named {prefix}… are left there: {error}")
        })
    }
}
