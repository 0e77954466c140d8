//! Virtual accounts that are ended before their deposit: by staff, by the buyer, by the shop's own due
//! date, and because there are too many of one person or from one place.
//!
//! How: that it is wished for is written down here; `settle` asks Toss for it. Whether the deposit or
//! the end came first is Toss's to say: an account with a deposit in it is not ended, and the order is
//! paid.

use crate::domain::actor::Actor;
use crate::domain::id::OrderId;
use crate::domain::order::Status;
use crate::domain::refund::REASON_LENGTH_MAX;
use crate::server::db::orders::{self, OrderRow};
use crate::server::db::{Db, awaited, repeated};
use crate::server::identity::visitor::Visitor;
use crate::server::payment::settle::{Why, settle};
use crate::server::payment::verdict::account_end::{BY_BUYER, BY_SHOP};
use crate::server::{App, Error};

/// Who wishes for the end.
#[derive(Clone, Copy, Debug)]
pub enum Who<'a> {
    /// In whose words Toss is told.
    Staff { by: &'a Actor, reason: &'a str },
    /// The customer of this id.
    Buyer { customer_id: &'a str },
}

/// Why there is nothing to end.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("there is no such order")]
    NoOrder,
    #[error("the order does not wait for a deposit, it is {0}")]
    NotWaiting(Status),
    #[error("a reason of 1 to {REASON_LENGTH_MAX} characters is meant: Toss takes no longer one")]
    Reason,
    #[error("the database could not be asked")]
    Failed(#[source] Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Refused {
        Refused::Failed(error)
    }
}

/// Writes down that an account is to be ended. It is on the disk when this returns; the shop's
/// background work asks Toss. Twice is harmless, and the first wish counts.
pub async fn ask(db: &Db, order_id: &OrderId, who: Who<'_>, now: i64) -> Result<(), Refused> {
    let (by, code, words) = match who {
        Who::Staff { by, reason } => (by, BY_SHOP, Some(reason.trim())),
        Who::Buyer { .. } => (&Actor::Buyer, BY_BUYER, None),
    };
    if words.is_some_and(|it| it.is_empty() || it.chars().count() > REASON_LENGTH_MAX) {
        return Err(Refused::Reason);
    }
    let found = repeated(async || {
        let mut tx = db.write().await?;
        let order = orders::hold(db, &mut tx, order_id.as_str()).await?;
        let is_theirs = |order: &OrderRow| match who {
            Who::Staff { .. } => true,
            Who::Buyer { customer_id } => order.customer_id == customer_id,
        };
        let found = order.filter(is_theirs).map(|order| order.status);
        if found == Some(Status::WaitingForDeposit) {
            awaited::wish_end(&mut tx, order_id.as_str(), by, (code.code(), words), now).await?;
        }
        // Judged by what may be part of the same batch, and so told once it is on the disk.
        tx.commit().await?;
        Ok(found)
    })
    .await?;
    match found {
        None => Err(Refused::NoOrder),
        Some(Status::WaitingForDeposit) => Ok(()),
        Some(other) => Err(Refused::NotWaiting(other)),
    }
}

/// As [`ask`], by the form on the order's page, and tried at once; whatever comes of it, that page
/// tells it.
pub async fn ask_by_form(app: &App, visitor: &Visitor, order_id: &str) -> Result<String, Error> {
    let order_id = OrderId::parse(order_id).map_err(|_| Error::no_order())?;
    let page = format!("/orders/{order_id}");
    let order = orders::load(&app.db, &order_id).await?;
    let Some(customer) = visitor.buyer_of(app, &order).await? else { return Ok(page) };
    let who = Who::Buyer { customer_id: &customer.id };
    match ask(&app.db, &order_id, who, app.clock.now()).await {
        Ok(()) => {}
        Err(Refused::Failed(error)) => return Err(error),
        Err(Refused::NoOrder | Refused::NotWaiting(_) | Refused::Reason) => return Ok(page),
    }
    // As a task: the browser may leave while Toss is being asked.
    let own = app.clone();
    let settled =
        app.tasks.start(async move { settle(&own, &order_id, Why::Due, &Actor::Buyer).await });
    settled.ended().await??;
    Ok(page)
}
