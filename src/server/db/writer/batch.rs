//! What is to be committed together, and how its parts begin, end and are undone.

use sqlx::{AnyConnection, Executor};
use tokio::sync::oneshot;

/// `whole` is what a failure that undoes everything takes along, `part` what one writer does. Parts
/// stand inside each other and are not released one by one, which would cost a message each.
pub(super) const BEGIN: &str = "begin immediate; savepoint whole; savepoint part;";
pub(super) const BEGIN_PART: &str = "savepoint part;";

/// What is to be committed together.
#[derive(Debug)]
pub(in crate::server::db) struct Batch {
    pub(super) connection: AnyConnection,
    /// Whether a transaction is open on the connection.
    pub(super) is_open: bool,
    pub(super) last: Last,
    pub(super) waiting: Vec<oneshot::Sender<Result<(), String>>>,
}

/// How whoever was last has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Last {
    /// With its part done, or without a trace.
    Well,
    /// In the middle of its part, which is to be undone.
    Torn,
    /// While a message was under way that began a part and ended it, or did not. Undoing might
    /// undo the part before, so that all must go.
    Unsure,
}

impl Batch {
    /// Undoes what a writer has left that did not leave well.
    pub(super) async fn mend(&mut self) -> Result<(), sqlx::Error> {
        let last = std::mem::replace(&mut self.last, Last::Well);
        if !self.is_open || last == Last::Well {
            return Ok(());
        }
        if last == Last::Unsure {
            let why = "a write was left in the middle";
            self.fail(why).await;
            return Err(undone(why));
        }
        let mended = self.connection.execute("rollback to part; release part").await;
        if mended.is_err() {
            self.fail("a write before this one could not be undone").await;
        }
        mended.map(|_| ())
    }

    /// Ends the batch and tells everyone who waits how.
    pub(super) async fn commit(&mut self) {
        // A failure to mend has been told to all.
        if self.mend().await.is_err() || !self.is_open {
            return;
        }
        match self.connection.execute("release whole; commit").await {
            Ok(_) => {
                self.is_open = false;
                self.tell(&Ok(()));
            }
            Err(error) => self.fail(&error.to_string()).await,
        }
    }

    pub(super) async fn fail(&mut self, why: &str) {
        self.is_open = false;
        self.last = Last::Well;
        // An error means that nothing is open, which is what is wanted.
        let _ = self.connection.execute("rollback").await;
        self.tell(&Err(why.to_owned()));
    }

    /// Hears how the batch ends that is open now.
    pub(super) fn told(&mut self) -> Verdict {
        let (tell, told) = oneshot::channel();
        if self.is_open {
            self.waiting.push(tell);
        }
        Verdict(told)
    }

    pub(super) fn tell(&mut self, ended: &Result<(), String>) {
        for one in self.waiting.drain(..) {
            // Whoever has hung up need not hear it.
            let _ = one.send(ended.clone());
        }
    }
}

/// How a batch will end.
pub(super) struct Verdict(oneshot::Receiver<Result<(), String>>);

impl Verdict {
    pub(super) async fn ended(self) -> Result<(), sqlx::Error> {
        match self.0.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(why)) => Err(undone(&why)),
            Err(_) => Err(undone("the database was closed")),
        }
    }
}

/// Reads as an outage: the same write may succeed later.
pub(super) fn undone(why: &str) -> sqlx::Error {
    sqlx::Error::Protocol(format!("the commit did not happen: {why}"))
}
