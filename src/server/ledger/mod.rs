//! The one writer of an order's state.
//!
//! Invariant: an order moves along one arrow of its table ([`Status::after`]), as it was seen or not at
//! all; the event, with who did it, is written in the same transaction; and what moved is told once it is
//! on the disk, from here: to the log, the metrics and the open pages.

pub mod live;

use std::ops::{Deref, DerefMut};

use crate::domain::id::OrderId;
use crate::domain::order::{Event, Status};
use crate::server::Error;
use crate::server::db::orders::{self, OrderRow, Step};
use crate::server::db::{Db, Statement, Tx};
use crate::server::ledger::live::Live;
use crate::server::runtime::metrics::Metrics;

/// Moves orders. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Ledger {
    db: Db,
    /// Those of the running shop; a command has neither.
    listeners: Option<(Metrics, Live)>,
}

/// An arrow that an order has gone along.
#[derive(Clone, Debug)]
struct Moved {
    order_id: OrderId,
    event: Event,
    from: Status,
    to: Status,
    by: String,
}

impl Moved {
    fn along(step: Step<'_>, to: Status) -> Moved {
        let Step { order_id, from, event, by, .. } = step;
        Moved { order_id: order_id.clone(), event, from, to, by: by.to_string() }
    }
}

impl Ledger {
    /// Of a running shop, whose metrics and open pages hear of what moves.
    pub fn heard_by(db: Db, metrics: Metrics, live: Live) -> Ledger {
        Ledger { db, listeners: Some((metrics, live)) }
    }

    /// Of a command: running shops find what it has moved when they look.
    pub fn of_command(db: Db) -> Ledger {
        Ledger { db, listeners: None }
    }

    pub fn db(&self) -> &Db {
        &self.db
    }

    /// A write in which orders may move.
    pub async fn write(&self) -> Result<Entry, sqlx::Error> {
        Ok(Entry { tx: self.db.write().await?, ledger: self.clone(), moved: Vec::new() })
    }

    /// Moves an order and does what belongs to it, in one write, or nothing of it: `false` where the
    /// order has moved before, or one of the others has found no row to change. Not for a task that may
    /// be dropped (see [`Db::write_all`]).
    pub async fn write_all(&self, step: Step<'_>, rest: Vec<Statement>) -> Result<bool, Error> {
        self.send(step, orders::advancing(step)?, rest).await
    }

    /// As [`Ledger::write_all`], of an order that is to be paid and has not changed since it was seen
    /// (see [`orders::advancing_as_seen`]).
    pub async fn write_all_as_seen(
        &self,
        step: Step<'_>,
        seen: &OrderRow,
        rest: Vec<Statement>,
    ) -> Result<bool, Error> {
        self.send(step, orders::advancing_as_seen(step, seen)?, rest).await
    }

    async fn send(
        &self,
        step: Step<'_>,
        moving: [Statement; 2],
        rest: Vec<Statement>,
    ) -> Result<bool, Error> {
        let moved = Moved::along(step, step.from.after(step.event)?);
        let is_written = self.db.write_all(moving.into_iter().chain(rest).collect()).await?;
        if is_written {
            self.tell(&[moved]);
        }
        Ok(is_written)
    }

    fn tell(&self, moved: &[Moved]) {
        for Moved { order_id, event, from, to, by } in moved {
            tracing::info!(
                order.id = order_id.as_str(),
                order.event = ?event,
                order.status = %to,
                order.by = by,
                "order moved"
            );
            if let Some((metrics, _)) = &self.listeners
                && from != to
            {
                metrics.order_moved(*to);
            }
        }
        if let Some((_, live)) = &self.listeners
            && !moved.is_empty()
        {
            live.wake();
        }
    }
}

/// A write that is under way. Dropped, it has not happened.
#[derive(Debug)]
pub struct Entry {
    tx: Tx,
    ledger: Ledger,
    moved: Vec<Moved>,
}

impl Entry {
    /// Moves an order along one arrow, with its event; `false` where somebody else was first.
    pub async fn advance(&mut self, step: Step<'_>) -> Result<bool, Error> {
        let to = step.from.after(step.event)?;
        let is_moved = orders::advance(&mut self.tx, step).await?;
        if is_moved {
            self.moved.push(Moved::along(step, to));
        }
        Ok(is_moved)
    }

    /// On the disk when this returns, and told.
    pub async fn commit(self) -> Result<(), sqlx::Error> {
        self.tx.commit().await?;
        self.ledger.tell(&self.moved);
        Ok(())
    }

    pub async fn rollback(self) -> Result<(), sqlx::Error> {
        self.tx.rollback().await
    }
}

impl Deref for Entry {
    type Target = Tx;

    fn deref(&self) -> &Tx {
        &self.tx
    }
}

impl DerefMut for Entry {
    fn deref_mut(&mut self) -> &mut Tx {
        &mut self.tx
    }
}
