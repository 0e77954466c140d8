//! The shelf as it was last read: asked for by every visitor, and changed by few.
//!
//! Invariant: what is shown is never older than the last commit of this program, nor than a second.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use crate::server::db::Db;
use crate::server::db::catalogue::{self, ProductRow};
use crate::server::db::queue::lock;

/// How long what other programs do may go unseen.
const KEPT_MS: i64 = 1_000;

/// What was read last, and how often anything has been written since the start. Clones are the same.
#[derive(Clone, Debug, Default)]
pub(super) struct Shelf {
    writes: Arc<AtomicU64>,
    kept: Arc<Mutex<Option<Kept>>>,
}

#[derive(Clone, Debug)]
struct Kept {
    products: Arc<[ProductRow]>,
    /// What had been written before it was read.
    writes: u64,
    /// Uptime of the machine then.
    at: i64,
}

impl Shelf {
    /// Something was written, or may have been. To be called before anybody is told.
    pub(super) fn has_changed(&self) {
        self.writes.fetch_add(1, Ordering::Release);
    }

    fn kept(&self, uptime: i64) -> Option<Arc<[ProductRow]>> {
        let writes = self.writes.load(Ordering::Acquire);
        let kept = lock(&self.kept);
        let fresh = kept.as_ref().filter(|it| it.writes == writes && uptime - it.at < KEPT_MS);
        fresh.map(|it| Arc::clone(&it.products))
    }
}

/// The shelf, in its order; `uptime` is the machine's, in milliseconds.
pub async fn of_shop(db: &Db, uptime: i64) -> Result<Arc<[ProductRow]>, sqlx::Error> {
    if let Some(products) = db.shelf.kept(uptime) {
        return Ok(products);
    }
    // Before it is read: what is written meanwhile may not be in it.
    let writes = db.shelf.writes.load(Ordering::Acquire);
    let products: Arc<[ProductRow]> = catalogue::all(db.read()).await?.into();
    let read = Kept { products: Arc::clone(&products), writes, at: uptime };
    *lock(&db.shelf.kept) = Some(read);
    Ok(products)
}
