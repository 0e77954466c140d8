//! The usual way of a claim into the database: one write that changes what was seen before, or
//! nothing.

use crate::domain::actor::Actor;
use crate::domain::id::OrderId;
use crate::domain::order::{Event, Status};
use crate::domain::return_claim::ReturnClaim;
use crate::server::db;
use crate::server::db::orders::load_with_pieces;
use crate::server::db::orders::{OrderRow, Pieces};
use crate::server::db::payments::{self, Opening, PaymentRow};
use crate::server::payment::confirm::step;
use crate::server::payment::settle::{self, Attempt};
use crate::server::payment::toss::client::LEASE_MS;
use crate::server::payment::toss::client::confirm_key;
use crate::server::payment::verdict::DOUBT_MS_MAX;
use crate::server::runtime::clock::Clock;
use crate::server::{App, Error};
use crate::toss::ConfirmPayment;

/// An order as it was before anything was written. It may have changed since.
#[derive(Debug)]
pub(super) struct Seen {
    order: OrderRow,
    pieces: Vec<Pieces>,
}

impl Seen {
    pub(super) async fn load(app: &App, order_id: &OrderId) -> Result<Seen, Error> {
        let (order, pieces) = load_with_pieces(&app.db, order_id).await?;
        Ok(Seen { order, pieces })
    }
}

/// What is sent to Toss, the same each time.
pub(super) struct Sealed {
    idempotency_key: String,
    body: String,
}

impl Sealed {
    pub(super) fn of(claim: &ReturnClaim, amount: i64) -> Result<Sealed, Error> {
        let confirm = ConfirmPayment {
            payment_key: claim.payment_key.as_str().to_owned(),
            order_id: claim.order_id.as_str().to_owned(),
            amount,
        };
        let body = serde_json::to_string(&confirm).map_err(|_| Error::Damaged("a confirm"))?;
        Ok(Sealed { idempotency_key: confirm_key(&claim.order_id, 1), body })
    }

    pub(super) fn opening<'a>(
        &'a self,
        claim: &'a ReturnClaim,
        amount: i64,
        clock: &Clock,
    ) -> Opening<'a> {
        let now = clock.now();
        Opening {
            order_id: claim.order_id.as_str(),
            payment_key: claim.payment_key.as_str(),
            amount,
            idempotency_key: &self.idempotency_key,
            sealed: Some(&self.body),
            decide_by: now + DOUBT_MS_MAX,
            leased_until: now + LEASE_MS,
            now,
            begun: clock.uptime(),
        }
    }
}

/// Takes stock and coupon and writes down that Toss is about to be asked, if the claim fits and
/// nothing has changed since it was seen; `None`, with no trace, in every other case. A crash
/// from here on leaves a row that is due later.
pub(super) async fn begin(
    app: &App,
    claim: &ReturnClaim,
    seen: &Seen,
) -> Result<Option<Box<Attempt>>, Error> {
    let (order, now) = (&seen.order, app.clock.now());
    if order.status != Status::Pending || claim.amount.get() != order.amount {
        return Ok(None);
    }
    let sealed = Sealed::of(claim, order.amount)?;
    let opening = sealed.opening(claim, order.amount, &app.clock);
    let detail = format!("amount={}", order.amount);
    let sent = step(&order.id, Event::Sent, None, &detail, now);
    // The order first: whoever moves it is the one who asks, on databases with many writers too.
    // Stock last: every buyer of a product waits for its row.
    let mut rest = vec![payments::inserting(&opening)];
    rest.extend(settle::taking(order, &seen.pieces, now));
    match app.ledger.write_all_as_seen(sent, order, rest).await {
        Ok(true) => {}
        Ok(false) => return Ok(None),
        // Another order of the same cart is in doubt (`orders_one_in_doubt`).
        Err(Error::Database(error)) if db::is_taken(&error) => return Ok(None),
        Err(error) => return Err(error),
    }
    let order = OrderRow { status: Status::Confirming, ..order.clone() };
    Ok(Some(Box::new(Attempt::new(order, PaymentRow::opened(&opening), Actor::Buyer))))
}
