//! How one sandbox goes on: whether something is to be stored, and that it stops.

use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

use crate::sandbox::gate::Gate;

/// Seen by whatever runs as long as the sandbox serves.
#[derive(Debug)]
pub(crate) struct Lifecycle {
    /// Opened when the sandbox stops, so that nothing waits on.
    pub(crate) closing: Gate,
    /// Whether anything may have changed since it was last stored.
    touched: AtomicBool,
    /// Rung when it has.
    touch_bell: Notify,
}

impl Lifecycle {
    pub(crate) fn new() -> Lifecycle {
        Lifecycle {
            closing: Gate::shut(),
            touched: AtomicBool::new(false),
            touch_bell: Notify::new(),
        }
    }

    /// Something may have changed that is to be stored.
    pub(crate) fn touch(&self) {
        if !self.touched.swap(true, Ordering::AcqRel) {
            self.touch_bell.notify_one();
        }
    }

    /// Returns once something may have changed.
    pub(crate) async fn touched(&self) {
        self.touch_bell.notified().await;
    }

    /// Whether anything may have changed since this was last asked.
    pub(crate) fn take_touched(&self) -> bool {
        self.touched.swap(false, Ordering::AcqRel)
    }
}
