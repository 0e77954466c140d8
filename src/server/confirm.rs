//! The return from Toss: a claim is compared with the order, and if it fits, the money is asked
//! for, once, however often the claim comes.

use std::time::Duration;

use axum::http::StatusCode;

use crate::contract::{ApiError, Code, Outcome};
use crate::domain::id::{OrderId, PaymentKey};
use crate::domain::order::{Event, Status};
use crate::domain::won::Won;
use crate::server::checkout::status;
use crate::server::db::orders::{OrderRow, Reason};
use crate::server::db::{catalogue, coupons, orders, payments};
use crate::server::order::{load, outcome};
use crate::server::toss_client::LEASE_MS;
use crate::server::{App, Error, settle};

/// What the return address says. Never a fact: the stored order is.
#[derive(Clone, Debug)]
pub struct Claim {
    pub payment_key: PaymentKey,
    pub order_id: OrderId,
    pub amount: Won,
}

/// What the buyer reads on an order whose return address named another amount.
pub const MISMATCH: &str = "결제 금액 불일치";

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
                Status::Completed => StatusCode::OK,
                Status::Pending
                | Status::Confirming
                | Status::WaitingForDeposit
                | Status::Canceling => StatusCode::ACCEPTED,
                Status::Failed => StatusCode::BAD_REQUEST,
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
pub async fn confirm(app: &App, claim: &Claim) -> Result<Confirmed, Error> {
    // A 404 before anything is written or started.
    load(app, &claim.order_id).await?;
    let work = app.tasks.start(drive(app.clone(), claim.clone()));
    match tokio::time::timeout(ANSWER_PATIENCE, work).await {
        Ok(done) => done??,
        // The work goes on without us.
        Err(_elapsed) => Begun::Underway,
    }
    .answer(app, claim)
    .await
}

/// Where a claim led.
enum Begun {
    /// Toss is to be asked, by us.
    Open,
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
}

impl Begun {
    async fn answer(self, app: &App, claim: &Claim) -> Result<Confirmed, Error> {
        let told = outcome(app, &claim.order_id).await?;
        Ok(match self {
            Begun::Open | Begun::Underway | Begun::Settled => Confirmed::Told(told),
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
        })
    }
}

/// Everything that must be finished even if the buyer leaves.
async fn drive(app: App, claim: Claim) -> Result<Begun, Error> {
    let begun = begin(&app, &claim).await?;
    match begun {
        Begun::Open => settle::ask(&app, &claim.order_id).await?,
        // Was the money taken all the same?
        Begun::Mismatched => settle::settle(&app, &claim.order_id).await?,
        Begun::Underway => wait_or_ask(&app, &claim.order_id).await?,
        Begun::Settled | Begun::FalseAmount | Begun::OtherPayment => {}
    }
    Ok(begun)
}

/// Compares the claim with the order and, if it fits, takes stock and coupon and writes down
/// that Toss is about to be asked. A crash from here on leaves a row that is due later.
async fn begin(app: &App, claim: &Claim) -> Result<Begun, Error> {
    let now = app.clock.now();
    let id = claim.order_id.as_str();
    // A reload of what is settled must not queue for the one writer.
    let seen = load(app, &claim.order_id).await?;
    if status(&seen)? != Status::Pending {
        return past_pending(app, claim, &seen).await;
    }
    let mut tx = app.db.write().await?;
    let order = orders::by_id_in(&mut tx, id).await?.ok_or(Error::Damaged("order vanished"))?;
    let status = status(&order)?;
    if status != Status::Pending {
        tx.rollback().await?;
        return past_pending(app, claim, &order).await;
    }
    let fits = claim.amount.get() == order.amount;
    let (key, amount) = (claim.payment_key.as_str(), order.amount);
    let sent_with = format!("confirm-{id}-1");
    if !fits {
        let reason = Reason::new("AMOUNT_MISMATCH", MISMATCH);
        let detail = format!("claimed={} stored={amount}", claim.amount.get());
        let event = Event::Mismatched;
        if !orders::advance(&mut tx, id, status, event, Some(&reason), &detail, now).await? {
            tx.rollback().await?;
            return Ok(Begun::FalseAmount);
        }
        // Due at once: a look-up must show that nothing was taken.
        payments::insert(&mut tx, id, key, amount, &sent_with, now, now).await?;
        tx.commit().await?;
        tracing::warn!(order.id = id, claim.amount = claim.amount.get(), "amount mismatch");
        return Ok(Begun::Mismatched);
    }
    // The order first: whoever moves it is the one who asks, on databases with many writers too.
    let detail = format!("amount={amount}");
    if !orders::advance(&mut tx, id, status, Event::Sent, None, &detail, now).await? {
        tx.rollback().await?;
        return Ok(Begun::Underway);
    }
    payments::insert(&mut tx, id, key, amount, &sent_with, now + LEASE_MS, now).await?;
    if let Some(reason) = take(&mut tx, &order, now).await? {
        // Nothing of what was taken so far may stay taken.
        tx.rollback().await?;
        let mut tx = app.db.write().await?;
        let (event, detail) = (Event::Unavailable, format!("code={}", reason.code));
        if orders::advance(&mut tx, id, status, event, Some(&reason), &detail, now).await? {
            tx.commit().await?;
        }
        return Ok(Begun::Settled);
    }
    tx.commit().await?;
    Ok(Begun::Open)
}

/// What a claim means for an order that Toss has been asked about, or that has failed.
async fn past_pending(app: &App, claim: &Claim, order: &OrderRow) -> Result<Begun, Error> {
    let known = payments::of_order(app.db.read(), &order.id).await?;
    let other = known.is_some_and(|known| known.payment_key != claim.payment_key.as_str());
    if claim.amount.get() != order.amount {
        let claimed = claim.amount.get();
        tracing::warn!(order.id = order.id, claim.amount = claimed, "false amount");
        return Ok(Begun::FalseAmount);
    }
    Ok(match status(order)? {
        Status::Failed => Begun::Settled,
        Status::Confirming
        | Status::WaitingForDeposit
        | Status::Completed
        | Status::Canceling
        | Status::Pending
            if other =>
        {
            Begun::OtherPayment
        }
        Status::Confirming => Begun::Underway,
        Status::Pending | Status::WaitingForDeposit | Status::Completed | Status::Canceling => {
            Begun::Settled
        }
    })
}

/// Takes stock and coupon for an order; the reason when something is gone.
async fn take(
    tx: &mut sqlx::Transaction<'static, sqlx::Any>,
    order: &OrderRow,
    now: i64,
) -> Result<Option<Reason>, Error> {
    for line in orders::lines_in(tx, &order.id).await? {
        if !catalogue::take(tx, &line.product_id, line.quantity).await? {
            let message = format!("‘{}’ 상품의 재고가 부족해 결제하지 않았습니다.", line.name);
            return Ok(Some(Reason::new("OUT_OF_STOCK", &message)));
        }
    }
    if let Some(coupon) = &order.coupon_id
        && !coupons::claim(tx, coupon, &order.id, now).await?
    {
        let message = "쿠폰을 더 이상 사용할 수 없어 결제하지 않았습니다.";
        return Ok(Some(Reason::new("COUPON_UNAVAILABLE", message)));
    }
    Ok(None)
}

/// Someone else asked first. Waits for the answer, or asks when it is due to be asked again.
async fn wait_or_ask(app: &App, order_id: &OrderId) -> Result<(), Error> {
    let patience = tokio::time::Instant::now() + ANSWER_PATIENCE;
    while tokio::time::Instant::now() < patience {
        if status(&load(app, order_id).await?)? != Status::Confirming {
            break;
        }
        settle::settle_if_due(app, order_id).await?;
        let payment = payments::of_order(app.db.read(), order_id.as_str()).await?;
        // The first got no answer: the buyer need not wait for what will not come.
        if payment.is_some_and(|payment| payment.asked > 0) {
            break;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    Ok(())
}
