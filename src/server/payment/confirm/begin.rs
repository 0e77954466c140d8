//! The one way of a claim into the database: what is stored is read, what the claim means for it is
//! decided, and that is written, as it was seen or not at all. Where somebody was first, from the
//! beginning.

use crate::domain::actor::Actor;
use crate::domain::id::OrderId;
use crate::domain::order::{Event, Status};
use crate::domain::return_claim::ReturnClaim;
use crate::domain::won::Won;
use crate::server::db::bearers::Comer;
use crate::server::db::orders::{self, OrderRow, Step};
use crate::server::db::payments::{self, Lease, Opening, PaymentRow};
use crate::server::db::pieces::{Pieces, Whole, load_with_pieces};
use crate::server::db::reasons::Reason;
use crate::server::db::repeats::{self, Beside};
use crate::server::db::{self, repeated};
use crate::server::payment::settle::{self, Attempt, Came};
use crate::server::payment::verdict::DOUBT_MS_MAX;
use crate::server::toss_api::client::confirm_key;
use crate::server::{App, Error};
use crate::toss::ConfirmPayment;
use crate::words::Failure;

/// How often somebody else may be first.
const TRIES_MAX: u32 = 8;

/// Where a claim led.
pub(super) enum Begun {
    /// Toss is to be asked, by us.
    Open(Box<Attempt>),
    /// Someone else asks, or will.
    Underway,
    /// Nothing is left to do.
    Settled,
    /// The amount is another; the order failed just now.
    Mismatched,
    /// The amount is another, on an order that Toss has been asked about or that has ended.
    FalseAmount,
    /// The order has, or had, another payment.
    OtherPayment,
    /// Another order of the same cart is in doubt.
    OtherOrder(OrderId),
    /// Another order of the same cart waits for its deposit or was just paid, and nobody has said that
    /// the cart is to be paid again.
    Repeat(OrderId),
    /// Somebody was first, again and again.
    Crowded,
}

/// An order as it was before anything was written. It may have changed since.
#[derive(Debug)]
pub(super) struct Seen {
    order: OrderRow,
    pieces: Vec<Pieces>,
    /// By what the buyer's browser is known.
    visitor_hash: String,
    /// Of an order that Toss has been asked about.
    payment_key: Option<String>,
    /// Known after a closer look alone; the write finds out the same.
    in_the_way: Option<Beside>,
    unavailable: Option<Failure>,
}

impl Seen {
    /// What the usual claim needs.
    pub(super) async fn load(app: &App, order_id: &OrderId) -> Result<Seen, Error> {
        let Whole { order, pieces, visitor_hash } = load_with_pieces(&app.db, order_id).await?;
        let payment_key = match order.status {
            Status::Pending => None,
            Status::Confirming
            | Status::WaitingForDeposit
            | Status::Completed
            | Status::Canceling
            | Status::Refunding
            | Status::RefundWaiting
            | Status::PartiallyRefunded
            | Status::Refunded
            | Status::Failed
            | Status::Expired => {
                let payment = payments::of_order(app.db.read(), order_id.as_str()).await?;
                payment.map(|payment| payment.payment_key)
            }
        };
        Ok(Seen { order, pieces, visitor_hash, payment_key, in_the_way: None, unavailable: None })
    }

    /// And all that may have been in the way of it.
    pub(super) async fn closely(app: &App, order_id: &OrderId) -> Result<Seen, Error> {
        let mut seen = Seen::load(app, order_id).await?;
        if seen.order.status == Status::Pending {
            let mut reader = app.db.read().acquire().await?;
            let now = app.clock.now();
            seen.in_the_way = repeats::beside(&mut reader, order_id.as_str(), now).await?;
            drop(reader);
            seen.unavailable = repeated(async || {
                // Taken and given back: what would refuse it is then known by its own rule.
                let mut rehearsal = app.db.write().await?;
                let unavailable = settle::take(&mut rehearsal, &seen.order, now).await?;
                rehearsal.rollback().await?;
                Ok(unavailable)
            })
            .await?;
        }
        Ok(seen)
    }

    /// What a claim means for it.
    fn decide(&self, claim: &ReturnClaim) -> Decided {
        let order = &self.order;
        let is_pending = order.status == Status::Pending;
        if claim.amount != order.amount {
            let nothing = Decided::Nothing(Begun::FalseAmount);
            return if is_pending { Decided::Mismatch } else { nothing };
        }
        if is_pending {
            return self.payable();
        }
        let is_other =
            self.payment_key.as_ref().is_some_and(|key| key != claim.payment_key.as_str());
        Decided::Nothing(if is_other && !order.status.ended_unpaid() {
            Begun::OtherPayment
        } else if order.status == Status::Confirming {
            Begun::Underway
        } else {
            Begun::Settled
        })
    }

    fn payable(&self) -> Decided {
        match (&self.in_the_way, &self.unavailable) {
            (Some(other), _) if other.status == Status::Confirming => {
                Decided::Nothing(Begun::OtherOrder(other.id.clone()))
            }
            (Some(other), _) => Decided::Nothing(Begun::Repeat(other.id.clone())),
            (None, Some(failure)) => Decided::Unavailable(failure.clone()),
            (None, None) => Decided::Payment,
        }
    }
}

/// What is to be written.
enum Decided {
    Nothing(Begun),
    Mismatch,
    Unavailable(Failure),
    Payment,
}

/// Takes a claim in. From what [`Begun::Open`] has written on, a crash leaves a row that is due later.
pub(super) async fn begin(
    app: &App,
    (claim, comer): (&ReturnClaim, &Comer),
    seen: Seen,
) -> Result<Begun, Error> {
    let mut seen = seen;
    for _ in 0..TRIES_MAX {
        let begun = match seen.decide(claim) {
            Decided::Nothing(begun) => Some(begun),
            Decided::Mismatch => repeated(async || refuse(app, claim).await).await?,
            Decided::Unavailable(failure) => {
                let reason = Reason::Own(failure);
                repeated(async || fail(app, &claim.order_id, &reason).await).await?
            }
            Decided::Payment => repeated(async || open(app, (claim, comer), &seen).await).await?,
        };
        if let Some(begun) = begun {
            return Ok(begun);
        }
        seen = Seen::closely(app, &claim.order_id).await?;
    }
    Ok(Begun::Crowded)
}

/// Takes stock and coupon and writes down that Toss is about to be asked, if nothing has changed
/// since it was seen; `None`, with no trace, in every other case.
async fn open(
    app: &App,
    (claim, comer): (&ReturnClaim, &Comer),
    seen: &Seen,
) -> Result<Option<Begun>, Error> {
    let (order, now) = (&seen.order, app.clock.now());
    let sealed = Sealed::of(claim, order.amount)?;
    let opening = sealed.opening(app, claim, order.amount);
    let detail = format!("amount={}", order.amount.get());
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
    let mut attempt = Attempt::new(order, PaymentRow::opened(&opening), Actor::Buyer);
    let is_own = seen.visitor_hash == comer.visitor_hash;
    let bearer_hash = (!is_own).then(|| comer.bearer_hash.clone());
    attempt.came = Some(Came { bearer_hash, waits: comer.waits.clone(), is_bound: false });
    Ok(Some(Begun::Open(Box::new(attempt))))
}

/// Fails an order of which another amount is claimed.
async fn refuse(app: &App, claim: &ReturnClaim) -> Result<Option<Begun>, Error> {
    let (id, now) = (claim.order_id.as_str(), app.clock.now());
    let mut tx = app.ledger.write().await?;
    // Held: a coupon put on it now would change its amount.
    let order = orders::hold(&app.db, &mut tx, id).await?;
    let other = order.filter(|it| it.status == Status::Pending && it.amount != claim.amount);
    let Some(order) = other else {
        // No roll-back: what was seen may be part of the same batch, and is acted on only once it is
        // on the disk.
        tx.commit().await?;
        return Ok(None);
    };
    let reason = Reason::Own(Failure::AmountMismatch);
    let detail = format!("claimed={} stored={}", claim.amount.get(), order.amount.get());
    let step = step(&order.id, Event::Mismatched, Some(&reason), &detail, now);
    if !tx.advance(step).await? {
        tx.commit().await?;
        return Ok(None);
    }
    // Due at once, for anyone: a look-up must show that nothing was taken.
    let sealed = Sealed::of(claim, order.amount)?;
    let opening = sealed.opening(app, claim, order.amount);
    let leased = Lease { until: now, ..opening.leased };
    payments::insert(&mut tx, &Opening { sealed: None, leased, ..opening }).await?;
    tx.commit().await?;
    tracing::warn!(order.id = id, claim.amount = claim.amount.get(), "amount mismatch");
    Ok(Some(Begun::Mismatched))
}

/// Fails an order of which something is gone.
async fn fail(app: &App, order_id: &OrderId, reason: &Reason) -> Result<Option<Begun>, Error> {
    let now = app.clock.now();
    let detail = format!("code={}", reason.code());
    let mut tx = app.ledger.write().await?;
    let step = step(order_id, Event::Unavailable, Some(reason), &detail, now);
    let is_moved = tx.advance(step).await?;
    tx.commit().await?;
    Ok(is_moved.then_some(Begun::Settled))
}

fn step<'a>(
    order_id: &'a OrderId,
    event: Event,
    reason: Option<&'a Reason>,
    detail: &'a str,
    now: i64,
) -> Step<'a> {
    let (from, by) = (Status::Pending, &Actor::Buyer);
    Step { order_id, from, event, by, reason, detail, money: None, now }
}

/// What is sent to Toss, the same each time.
struct Sealed {
    idempotency_key: String,
    body: String,
}

impl Sealed {
    fn of(claim: &ReturnClaim, amount: Won) -> Result<Sealed, Error> {
        let confirm = ConfirmPayment {
            payment_key: claim.payment_key.as_str().to_owned(),
            order_id: claim.order_id.as_str().to_owned(),
            amount: amount.get(),
        };
        let body = serde_json::to_string(&confirm)
            .map_err(|_| Error::Impossible("a confirm that is no JSON"))?;
        Ok(Sealed { idempotency_key: confirm_key(&claim.order_id, 1), body })
    }

    fn opening<'a>(&'a self, app: &App, claim: &'a ReturnClaim, amount: Won) -> Opening<'a> {
        let now = app.clock.now();
        Opening {
            order_id: &claim.order_id,
            payment_key: claim.payment_key.as_str(),
            amount,
            idempotency_key: &self.idempotency_key,
            sealed: Some(&self.body),
            decide_by: now + DOUBT_MS_MAX,
            leased: app.lease(now),
            now,
            begun: app.clock.uptime(),
        }
    }
}
