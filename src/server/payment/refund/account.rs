//! The account to which a deposited virtual account is refunded: asked of the buyer, sent to
//! Toss, and forgotten.

use crate::domain::actor::Actor;
use crate::domain::bank::Account;
use crate::domain::id::OrderId;
use crate::domain::order::{Event, Status};
use crate::server::db::cancels::{self, CancelRow, State};
use crate::server::db::orders::{self, OrderRow, Step, load};
use crate::server::db::{Db, Tx, payments, repeated};
use crate::server::identity::visitor::Visitor;
use crate::server::ledger::{Entry, Ledger};
use crate::server::payment::refund::request::receiver;
use crate::server::{App, Error, Refusal};
use crate::toss::CancelPayment;
use crate::words;

/// Who names the account.
#[derive(Clone, Copy, Debug)]
pub enum Given<'a> {
    /// The buyer, in a browser that is taken for theirs.
    Buyer(&'a App, &'a Visitor),
    /// Staff, at the command line.
    Staff(&'a Actor),
}

/// Names the account for which an order's refund waits. It is on the disk when this returns; the
/// shop's background work asks Toss. A second account finds that nothing waits.
pub async fn give_account(
    ledger: &Ledger,
    given: Given<'_>,
    order_id: &OrderId,
    account: &Account,
    now: i64,
) -> Result<(), Error> {
    let (owner, by) = match given {
        Given::Staff(by) => (None, by),
        Given::Buyer(app, visitor) => {
            let order = load(&app.db, order_id).await?;
            let buyer = visitor.buyer_of(app, &order).await?.ok_or(Refusal::NotYours)?;
            (Some(buyer.id), &Actor::Buyer)
        }
    };
    repeated(async || {
        let mut tx = ledger.write().await?;
        let done = take(ledger.db(), &mut tx, order_id, owner.as_deref(), by, account, now).await;
        // Refused by what may be part of the same batch, and so told once it is on the disk.
        tx.commit().await?;
        done
    })
    .await
}

async fn take(
    db: &Db,
    tx: &mut Entry,
    order_id: &OrderId,
    owner: Option<&str>,
    by: &Actor,
    account: &Account,
    now: i64,
) -> Result<(), Error> {
    let id = order_id.as_str();
    let (order, row) = waiting(db, tx, id).await?;
    if owner.is_some_and(|owner| owner != order.customer_id) {
        return Err(Refusal::NotYours.into());
    }
    let cancel =
        CancelPayment { refund_receive_account: Some(receiver(account)), ..read(&row.sealed)? };
    let sealed = serde_json::to_string(&cancel)
        .map_err(|_| Error::Impossible("a cancel that is no JSON"))?;
    let shown = words::account_shown(account);
    if !cancels::reopen(tx, &row.id, &sealed, Some(&shown)).await? {
        return Err(Refusal::NothingWaits.into());
    }
    // A compensation is on its way back already.
    if order.status == Status::RefundWaiting {
        let step = step(&order, Event::RefundAsked, by, "account=given", now);
        tx.advance(step).await?;
    }
    payments::make_due(tx, id, now).await?;
    Ok(())
}

/// Takes a refund back for which the buyer has named no account; the order is as it was.
pub async fn withdraw(
    ledger: &Ledger,
    order_id: &OrderId,
    by: &Actor,
    now: i64,
) -> Result<(), Error> {
    repeated(async || {
        let mut tx = ledger.write().await?;
        let done = take_back(ledger.db(), &mut tx, order_id.as_str(), by, now).await;
        tx.commit().await?;
        done
    })
    .await
}

async fn take_back(db: &Db, tx: &mut Entry, id: &str, by: &Actor, now: i64) -> Result<(), Error> {
    let (order, _) = waiting(db, tx, id).await?;
    if order.status != Status::RefundWaiting {
        return Err(Refusal::Inevitable.into());
    }
    let event = if !order.refunded.is_zero() { Event::PartlyRefunded } else { Event::Approved };
    tx.advance(step(&order, event, by, "withdrawn", now)).await?;
    cancels::close(tx, id, State::Needless, None, now).await?;
    Ok(())
}

/// The order and its row that waits for an account.
async fn waiting(db: &Db, tx: &mut Tx, id: &str) -> Result<(OrderRow, CancelRow), Error> {
    let order = orders::hold(db, tx, id).await?.ok_or(Refusal::NoOrder)?;
    let row = cancels::open_in(tx, id).await?.filter(|row| row.state == State::Account);
    Ok((order, row.ok_or(Refusal::NothingWaits)?))
}

fn step<'a>(
    order: &'a OrderRow,
    event: Event,
    by: &'a Actor,
    detail: &'a str,
    now: i64,
) -> Step<'a> {
    let (order_id, from) = (&order.id, order.status);
    Step { order_id, from, event, by, reason: None, detail, money: None, now }
}

fn read(sealed: &str) -> Result<CancelPayment, Error> {
    serde_json::from_str(sealed).map_err(|_| Error::Impossible("cancels.sealed that is no cancel"))
}

/// Whether a sealed cancel names an account.
pub fn has_account(sealed: &str) -> bool {
    read(sealed).is_ok_and(|cancel| cancel.refund_receive_account.is_some())
}

/// A sealed cancel with its account forgotten.
pub fn without_account(sealed: &str) -> Result<String, Error> {
    let cancel = CancelPayment { refund_receive_account: None, ..read(sealed)? };
    serde_json::to_string(&cancel).map_err(|_| Error::Impossible("a cancel that is no JSON"))
}
