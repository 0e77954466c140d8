//! One cart is paid once, unless its buyer says on the page that it is meant to be paid again.

use crate::contract::{Reason, RepeatView, Told};
use crate::domain::actor::Actor;
use crate::domain::id::OrderId;
use crate::domain::order::Status;
use crate::server::db::orders::{self, OrderRow, load};
use crate::server::db::repeats::{self, Beside};
use crate::server::db::{events, repeated_briefly};
use crate::server::identity::visitor::Visitor;
use crate::server::runtime::clock;
use crate::server::{App, Error};

/// Another order of the same cart, in the way of one that is still to be paid.
#[derive(Clone, Debug)]
pub enum InTheWay {
    /// Its payment is in doubt.
    Doubt(OrderId),
    /// It waits for its deposit, or was paid within the hour.
    Repeat(RepeatView),
}

impl InTheWay {
    /// For someone who is about to pay.
    pub fn refusal(&self) -> Error {
        Error::conflict(match self {
            InTheWay::Doubt(_) => Reason::DoubtedCart,
            InTheWay::Repeat(_) => Reason::RepeatedCart,
        })
    }
}

/// What is in the way of paying an order; nothing once it is past that.
pub async fn in_the_way(app: &App, order: &OrderRow) -> Result<Option<InTheWay>, Error> {
    if order.status != Status::Pending {
        return Ok(None);
    }
    let mut reader = app.db.read().acquire().await?;
    let other = repeats::beside(&mut reader, order.id.as_str(), app.clock.now()).await?;
    Ok(other.map(told))
}

fn told(other: Beside) -> InTheWay {
    let Beside { id: order_id, status, updated_at } = other;
    if status == Status::Confirming {
        return InTheWay::Doubt(order_id);
    }
    let since = clock::korean(updated_at);
    InTheWay::Repeat(RepeatView { order_id, status, since })
}

/// The buyer has seen what was ordered from this cart so far, and means to pay for it again. Harmless
/// to repeat; a doubt stays in the way until it has ended.
pub async fn mean(app: &App, visitor: &Visitor, order_id: &OrderId) -> Result<(), Error> {
    let order = load(&app.db, order_id).await?;
    if !visitor.is_buyer_of(app, &order).await? {
        return Err(Error::Told(Told::NotHere));
    }
    let now = app.clock.now();
    let id = order_id.as_str();
    repeated_briefly(async || {
        let mut tx = app.db.write().await?;
        let held = orders::hold(&app.db, &mut tx, id).await?.ok_or_else(Error::no_order)?;
        if held.status == Status::Pending
            && let Some(other) = repeats::beside(&mut tx, id, now).await?
            && other.status != Status::Confirming
            && repeats::mean(&mut tx, id, now.max(other.updated_at)).await?
        {
            let pending = (Status::Pending, Status::Pending);
            let detail = format!("beside={}", other.id);
            events::adding(id, "Repeated", pending, &Actor::Buyer, &detail, now)
                .run(&mut tx)
                .await?;
        }
        tx.commit().await?;
        Ok(())
    })
    .await
}
