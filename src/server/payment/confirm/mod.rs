//! The return from Toss: a claim is compared with the order, and if it fits, the money is asked
//! for, once, however often the claim comes.

mod at_once;

use std::time::Duration;

use axum::http::StatusCode;

use crate::contract::{ApiError, Code, Outcome};
use crate::domain::actor::Actor;
use crate::domain::id::OrderId;
use crate::domain::order::{Event, Status};
use crate::domain::return_claim::ReturnClaim;
use crate::server::db::orders::load;
use crate::server::db::orders::{self, OrderRow, Reason, Step};
use crate::server::db::payments::{self, Opening, PaymentRow};
use crate::server::db::{self, repeated, repeats};
use crate::server::payment::confirm::at_once::{Sealed, Seen};
use crate::server::payment::outcome::completed;
use crate::server::payment::outcome::outcome;
use crate::server::payment::settle::{self, Attempt, Why, settle};
use crate::server::runtime::machine::{self, Patience};
use crate::server::{App, Error};

/// What the buyer reads on an order whose return address named another amount.
pub const MISMATCH: &str = "결제 금액 불일치";

/// While the database takes nothing, so that Toss is not asked yet.
const UNRECORDED: &str =
    "아직 결제를 접수하지 못했습니다. 다시 결제하지 말고 잠시 후 이 화면을 새로 고쳐 주세요.";

/// How long a buyer looks at a loading page before it says that the answer is still out.
const ANSWER_PATIENCE: Duration = Duration::from_secs(8);

/// How often someone who came second looks whether the first has an answer.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// What a claim came to.
#[derive(Clone, Debug)]
pub enum Confirmed {
    /// This is how the order stands.
    Told(Outcome),
    /// The claim does not fit the order, which stands as told.
    Mismatched(Outcome),
}

impl Confirmed {
    /// 200 paid, 202 not known yet, 400 not paid or not this amount.
    pub fn http_status(&self) -> StatusCode {
        match self {
            Confirmed::Mismatched(_) => StatusCode::BAD_REQUEST,
            Confirmed::Told(outcome) => match outcome.status {
                Status::Completed
                | Status::Refunding
                | Status::RefundWaiting
                | Status::PartiallyRefunded
                | Status::Refunded => StatusCode::OK,
                Status::Pending
                | Status::Confirming
                | Status::WaitingForDeposit
                | Status::Canceling => StatusCode::ACCEPTED,
                Status::Failed | Status::Expired => StatusCode::BAD_REQUEST,
            },
        }
    }

    pub fn outcome(&self) -> &Outcome {
        match self {
            Confirmed::Told(outcome) | Confirmed::Mismatched(outcome) => outcome,
        }
    }

    pub fn into_outcome(self) -> Outcome {
        match self {
            Confirmed::Told(outcome) | Confirmed::Mismatched(outcome) => outcome,
        }
    }
}

/// Takes the money for one order, once, however often it is called, and says how the order
/// stands when the answer is there or patience has ended.
pub async fn confirm(app: &App, claim: &ReturnClaim) -> Result<Confirmed, Error> {
    // A 404 before anything is written or started.
    let seen = Seen::load(app, &claim.order_id).await?;
    let work = app.tasks.start(drive(app.clone(), claim.clone(), seen));
    match work.ended_within(ANSWER_PATIENCE).await? {
        // What Toss said could not be written down. The row that was written before it was
        // asked says the truth, and what comes next will be read from Toss.
        Some(Err(error)) if error.is_outage() && is_asked(app, &claim.order_id).await? => {
            drop(ApiError::from(error));
            Begun::Underway
        }
        Some(ended) => ended?,
        // The work goes on without us.
        None if is_asked(app, &claim.order_id).await? => Begun::Underway,
        None => return Err(Error::Refused(ApiError::new(Code::Unavailable, UNRECORDED))),
    }
    .answer(app, claim)
    .await
}

async fn is_asked(app: &App, order_id: &OrderId) -> Result<bool, Error> {
    Ok(load(&app.db, order_id).await?.status != Status::Pending)
}

/// Where a claim led.
enum Begun {
    /// Toss is to be asked, by us.
    Open(Box<Attempt>),
    /// Someone else asks, or will.
    Underway,
    /// Nothing is left to do.
    Settled,
    /// The amount is another; the order failed just now.
    Mismatched,
    /// The amount is another, on an order that is past caring.
    FalseAmount,
    /// The order has, or had, another payment.
    OtherPayment,
    /// Another order of the same cart is in doubt: its id, unless it has just been decided.
    OtherOrder(Option<OrderId>),
    /// Another order of the same cart waits for its deposit or was just paid, and nobody has said that
    /// the cart is to be paid again: its id.
    Repeat(OrderId),
}

impl Begun {
    async fn answer(self, app: &App, claim: &ReturnClaim) -> Result<Confirmed, Error> {
        // The usual end, which we have just written down ourselves.
        if let Begun::Open(case) = &self
            && case.order.status == Status::Completed
        {
            return Ok(Confirmed::Told(completed(&claim.order_id, case)?));
        }
        let told = outcome(app, &claim.order_id).await?;
        Ok(match self {
            Begun::Open(_) | Begun::Underway | Begun::Settled => Confirmed::Told(told),
            Begun::Mismatched => Confirmed::Mismatched(told),
            Begun::FalseAmount => {
                let message = Some(MISMATCH.to_owned());
                Confirmed::Mismatched(Outcome { payment_key: None, amount: None, message, ..told })
            }
            Begun::OtherPayment => {
                return Err(Error::Refused(ApiError::new(
                    Code::Conflict,
                    "이 주문에는 이미 다른 결제가 진행되었습니다. 이 결제는 승인하지 않았습니다.",
                )));
            }
            Begun::Repeat(other) => {
                tracing::warn!(
                    order.id = told.order_id.as_str(),
                    order.other = %other,
                    "same cart paid"
                );
                return Err(Error::Refused(ApiError::new(
                    Code::Conflict,
                    "같은 장바구니로 이미 주문하여 이 결제는 승인하지 않았습니다. 한 번 더 결제하려면 주문한 브라우저에서 확인해 주세요.",
                )));
            }
            Begun::OtherOrder(other) => {
                tracing::warn!(
                    order.id = told.order_id.as_str(),
                    order.other = other.as_ref().map(OrderId::as_str),
                    "same cart in doubt"
                );
                return Err(Error::Refused(ApiError::new(
                    Code::Conflict,
                    "같은 장바구니의 다른 결제를 확인하고 있어 이 결제는 승인하지 않았습니다. 확인이 끝날 때까지 다시 결제하지 마세요.",
                )));
            }
        })
    }
}

/// Everything that must be finished even if the buyer leaves.
async fn drive(app: App, claim: ReturnClaim, seen: Seen) -> Result<Begun, Error> {
    let mut begun = match repeated(async || at_once::begin(&app, &claim, &seen).await).await? {
        Some(case) => Begun::Open(case),
        None => repeated(async || begin(&app, &claim).await).await?,
    };
    if let Begun::OtherOrder(Some(other)) = &begun {
        // Most are decided within the second, and then this one may be paid as well.
        wait_for(&app, other.as_str()).await?;
        begun = repeated(async || begin(&app, &claim).await).await?;
    }
    match &mut begun {
        Begun::Open(case) => {
            settle::ask(&app, case).await?;
        }
        // Was the money taken all the same?
        Begun::Mismatched => {
            settle(&app, &claim.order_id, Why::Due, &Actor::Buyer).await?;
        }
        Begun::Underway => wait_or_ask(&app, &claim.order_id).await?,
        Begun::Settled
        | Begun::FalseAmount
        | Begun::OtherPayment
        | Begun::OtherOrder(_)
        | Begun::Repeat(_) => {}
    }
    Ok(begun)
}

/// As [`at_once::begin`], step by step: finds out what is in the way, and waits until that is on
/// the disk.
async fn begin(app: &App, claim: &ReturnClaim) -> Result<Begun, Error> {
    let now = app.clock.now();
    let id = claim.order_id.as_str();
    // A reload of what is settled must not queue for the one writer.
    let seen = load(&app.db, &claim.order_id).await?;
    if seen.status != Status::Pending {
        return past_pending(app, claim, &seen).await;
    }
    let mut tx = app.ledger.write().await?;
    // Held: a coupon put on it now would change the amount under what is sealed below.
    let order =
        orders::hold(&app.db, &mut tx, id).await?.ok_or(Error::Damaged("order vanished"))?;
    let from = order.status;
    if from != Status::Pending {
        // Not a roll-back: what was seen may be part of the same batch, and is acted on only
        // once it is on the disk. So it is below.
        tx.commit().await?;
        return past_pending(app, claim, &order).await;
    }
    let amount = order.amount;
    let sealed = Sealed::of(claim, amount)?;
    let opening = sealed.opening(claim, amount, &app.clock);
    if claim.amount.get() != amount {
        let reason = Reason::new("AMOUNT_MISMATCH", MISMATCH);
        let detail = format!("claimed={} stored={amount}", claim.amount.get());
        let event = Event::Mismatched;
        if !tx.advance(step(&order.id, event, Some(&reason), &detail, now)).await? {
            tx.commit().await?;
            return Ok(Begun::FalseAmount);
        }
        // Due at once, for anyone: a look-up must show that nothing was taken.
        let opening = Opening { sealed: None, leased_until: now, ..opening };
        payments::insert(&mut tx, &opening).await?;
        tx.commit().await?;
        tracing::warn!(order.id = id, claim.amount = claim.amount.get(), "amount mismatch");
        return Ok(Begun::Mismatched);
    }
    if let Some(other) = repeats::beside(&mut tx, id, now).await? {
        tx.commit().await?;
        let is_doubt = other.status == Status::Confirming;
        return Ok(if is_doubt {
            Begun::OtherOrder(Some(other.id))
        } else {
            Begun::Repeat(other.id)
        });
    }
    // The order first: whoever moves it is the one who asks, on databases with many writers too.
    let detail = format!("amount={amount}");
    match tx.advance(step(&order.id, Event::Sent, None, &detail, now)).await {
        Ok(true) => {}
        Ok(false) => {
            tx.commit().await?;
            return Ok(Begun::Underway);
        }
        // Another order of the same cart was first by a hair.
        Err(Error::Database(error)) if db::is_taken(&error) => {
            tx.rollback().await?;
            let mut reader = app.db.read().acquire().await?;
            let other = repeats::beside(&mut reader, id, now).await?;
            return Ok(Begun::OtherOrder(other.map(|other| other.id)));
        }
        Err(error) => return Err(error),
    }
    payments::insert(&mut tx, &opening).await?;
    if let Some(reason) = settle::take(&mut tx, &order, now).await? {
        // Nothing of what was taken so far may stay taken.
        tx.rollback().await?;
        let mut tx = app.ledger.write().await?;
        let detail = format!("code={}", reason.code);
        let event = Event::Unavailable;
        if tx.advance(step(&order.id, event, Some(&reason), &detail, now)).await? {
            tx.commit().await?;
        }
        return Ok(Begun::Settled);
    }
    tx.commit().await?;
    let order = OrderRow { status: Status::Confirming, ..order };
    Ok(Begun::Open(Box::new(Attempt::new(order, PaymentRow::opened(&opening), Actor::Buyer))))
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

/// What a claim means for an order that Toss has been asked about, or that has failed.
async fn past_pending(app: &App, claim: &ReturnClaim, order: &OrderRow) -> Result<Begun, Error> {
    let known = payments::of_order(app.db.read(), order.id.as_str()).await?;
    let other = known.is_some_and(|known| known.payment_key != claim.payment_key.as_str());
    if claim.amount.get() != order.amount {
        let claimed = claim.amount.get();
        tracing::warn!(order.id = order.id.as_str(), claim.amount = claimed, "false amount");
        return Ok(Begun::FalseAmount);
    }
    Ok(match order.status {
        Status::Failed | Status::Expired => Begun::Settled,
        Status::Pending
        | Status::Confirming
        | Status::WaitingForDeposit
        | Status::Completed
        | Status::Canceling
        | Status::Refunding
        | Status::RefundWaiting
        | Status::PartiallyRefunded
        | Status::Refunded
            if other =>
        {
            Begun::OtherPayment
        }
        Status::Confirming => Begun::Underway,
        Status::Pending
        | Status::WaitingForDeposit
        | Status::Completed
        | Status::Canceling
        | Status::Refunding
        | Status::RefundWaiting
        | Status::PartiallyRefunded
        | Status::Refunded => Begun::Settled,
    })
}

/// Waits while another order is in doubt, as long as a buyer waits for an answer.
async fn wait_for(app: &App, order_id: &str) -> Result<(), Error> {
    let patience = Patience::of(ANSWER_PATIENCE / 2);
    while patience.is_left() {
        let other = orders::by_id(app.db.read(), order_id).await?;
        let payment = payments::of_order(app.db.read(), order_id).await?;
        let in_doubt = other.is_some_and(|other| other.status == Status::Confirming);
        // Its first question has brought no answer: this will take longer.
        if !in_doubt || payment.is_some_and(|payment| payment.asked > 0) {
            break;
        }
        machine::sleep(LOOK_EVERY).await;
    }
    Ok(())
}

/// Someone else asked first. Waits for the answer, or asks when it is due to be asked again.
async fn wait_or_ask(app: &App, order_id: &OrderId) -> Result<(), Error> {
    let patience = Patience::of(ANSWER_PATIENCE);
    while patience.is_left() {
        if load(&app.db, order_id).await?.status != Status::Confirming {
            break;
        }
        settle(app, order_id, Why::Due, &Actor::Buyer).await?;
        let payment = payments::of_order(app.db.read(), order_id.as_str()).await?;
        // The first got no answer: the buyer need not wait for what will not come.
        if payment.is_some_and(|payment| payment.asked > 0) {
            break;
        }
        machine::sleep(LOOK_EVERY).await;
    }
    Ok(())
}
