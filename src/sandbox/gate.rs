//! A gate that stays shut until it is opened once, for all who wait at it.

use std::sync::Arc;

use tokio::sync::Semaphore;

/// Shut at first. Clones are the same gate.
#[derive(Clone, Debug)]
pub(crate) struct Gate {
    permits: Arc<Semaphore>,
}

impl Gate {
    pub(crate) fn shut() -> Gate {
        Gate { permits: Arc::new(Semaphore::new(0)) }
    }

    pub(crate) fn open(&self) {
        self.permits.close();
    }

    /// Returns once the gate is open.
    pub(crate) async fn passed(&self) {
        // There are no permits, so this ends only when the semaphore is closed.
        let _ = self.permits.acquire().await;
    }
}
