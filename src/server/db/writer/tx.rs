//! One write in progress: a part of a batch, or a transaction of its own.

use std::ops::{Deref, DerefMut};

use sqlx::{Any, AnyConnection, Transaction};
use tokio::sync::OwnedMutexGuard;

use crate::server::db::shelf::Shelf;
use crate::server::db::writer::batch::{Batch, Last};
use crate::server::runtime::machine;

/// A write in progress. Dropped without [`Tx::commit`], it leaves no trace.
#[derive(Debug)]
pub struct Tx {
    form: Form,
    /// Hears of each commit.
    shelf: Shelf,
}

#[derive(Debug)]
enum Form {
    /// A transaction of its own, where the database has many writers.
    Own(Transaction<'static, Any>),
    /// A part of a batch.
    Part(Part),
}

#[derive(Debug)]
struct Part {
    batch: OwnedMutexGuard<Batch>,
    is_over: bool,
}

impl Tx {
    /// As a part of a batch, which has begun.
    pub(super) fn part(batch: OwnedMutexGuard<Batch>, shelf: Shelf) -> Tx {
        Tx { form: Form::Part(Part { batch, is_over: false }), shelf }
    }

    /// As a transaction of its own.
    pub(in crate::server::db) fn own(transaction: Transaction<'static, Any>, shelf: Shelf) -> Tx {
        Tx { form: Form::Own(transaction), shelf }
    }

    /// Returns once what was written is on the disk.
    pub async fn commit(self) -> Result<(), sqlx::Error> {
        machine::pass("commit", "before").await;
        let committed = match self.form {
            Form::Own(transaction) => transaction.commit().await,
            Form::Part(part) => part.commit().await,
        };
        self.shelf.has_changed();
        machine::pass("commit", "after").await;
        committed
    }

    /// Undoes what was written, now rather than when the next writer comes.
    pub async fn rollback(self) -> Result<(), sqlx::Error> {
        let mut part = match self.form {
            Form::Own(transaction) => return transaction.rollback().await,
            Form::Part(part) => part,
        };
        part.is_over = true;
        part.batch.last = Last::Torn;
        part.batch.mend().await
    }
}

impl Part {
    async fn commit(mut self) -> Result<(), sqlx::Error> {
        self.is_over = true;
        let told = self.batch.told();
        drop(self);
        told.ended().await
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.is_over {
            self.batch.last = Last::Torn;
        }
    }
}

impl Deref for Tx {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        match &self.form {
            Form::Own(transaction) => transaction,
            Form::Part(part) => &part.batch.connection,
        }
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        match &mut self.form {
            Form::Own(transaction) => transaction,
            Form::Part(part) => &mut part.batch.connection,
        }
    }
}
