//! The return from Toss: a claim is compared with the order, and if it fits, the money is asked
//! for, once, however often the claim comes.

mod begin;

use std::time::Duration;

use axum::http::StatusCode;

use crate::contract::{Code, Outcome, Reason};
use crate::domain::actor::Actor;
use crate::domain::id::OrderId;
use crate::domain::order::Status;
use crate::domain::return_claim::ReturnClaim;
use crate::server::db::bearers::Comer;
use crate::server::db::orders::{self, load};
use crate::server::db::payments::{self};
use crate::server::payment::confirm::begin::{Begun, Seen, begin};
use crate::server::payment::outcome::{completed, outcome};
use crate::server::payment::settle::{self, Came, Why, settle};
use crate::server::runtime::machine::{self, Patience};
use crate::server::{App, Error};
use crate::words::{Failure, spoken};

/// How long a buyer looks at a loading page before it says that the answer is still out.
const ANSWER_PATIENCE: Duration = Duration::from_secs(8);

/// How often someone who came second looks whether the first has an answer.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// What a claim came to.
#[derive(Clone, Debug)]
pub enum Confirmed {
    /// This is how the order stands.
    Told(Outcome),
    /// As [`Confirmed::Told`], and with it is written down who came with the claim.
    Bound(Outcome, Came),
    /// The claim does not fit the order, which stands as told.
    Mismatched(Outcome),
}

impl Confirmed {
    /// 200 paid, 202 not known yet, 400 not paid or not this amount.
    pub fn http_status(&self) -> StatusCode {
        match self {
            Confirmed::Mismatched(_) => StatusCode::BAD_REQUEST,
            Confirmed::Told(outcome) | Confirmed::Bound(outcome, _) => match outcome.status {
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
            Confirmed::Told(outcome)
            | Confirmed::Bound(outcome, _)
            | Confirmed::Mismatched(outcome) => outcome,
        }
    }

    pub fn into_outcome(self) -> Outcome {
        match self {
            Confirmed::Told(outcome)
            | Confirmed::Bound(outcome, _)
            | Confirmed::Mismatched(outcome) => outcome,
        }
    }
}

/// Takes the money for one order, once, however often it is called, and says how the order
/// stands when the answer is there or patience has ended. `comer` is who came with the claim.
pub async fn confirm(app: &App, claim: &ReturnClaim, comer: &Comer) -> Result<Confirmed, Error> {
    // A 404 before anything is written or started.
    let seen = Seen::load(app, &claim.order_id).await?;
    let work = app.tasks.start(drive(app.clone(), (claim.clone(), comer.clone()), seen));
    match work.ended_within(ANSWER_PATIENCE).await? {
        // What Toss said could not be written down. The row that was written before it was
        // asked says the truth, and what comes next will be read from Toss.
        Some(Err(error)) if error.is_outage() && is_asked(app, &claim.order_id).await? => {
            error.log();
            Begun::Underway
        }
        Some(ended) => ended?,
        // The work goes on without us.
        None if is_asked(app, &claim.order_id).await? => Begun::Underway,
        // The database takes nothing, so that Toss is not asked yet.
        None => return Err(Error::refused(Code::Unavailable, Reason::Unrecorded)),
    }
    .answer(app, claim)
    .await
}

async fn is_asked(app: &App, order_id: &OrderId) -> Result<bool, Error> {
    Ok(load(&app.db, order_id).await?.status != Status::Pending)
}

impl Begun {
    async fn answer(self, app: &App, claim: &ReturnClaim) -> Result<Confirmed, Error> {
        // The usual end, which we have just written down ourselves.
        let told = match &self {
            Begun::Open(case) if case.order.status == Status::Completed => {
                completed(&claim.order_id, case)?
            }
            Begun::Open(_)
            | Begun::Underway
            | Begun::Settled
            | Begun::Mismatched
            | Begun::FalseAmount
            | Begun::OtherPayment
            | Begun::OtherOrder(_)
            | Begun::Repeat(_)
            | Begun::Crowded => outcome(app, &claim.order_id).await?,
        };
        Ok(match self {
            Begun::Open(case) => match case.came.filter(|came| came.is_bound) {
                Some(came) => Confirmed::Bound(told, came),
                None => Confirmed::Told(told),
            },
            Begun::Underway | Begun::Settled => Confirmed::Told(told),
            Begun::Mismatched => Confirmed::Mismatched(told),
            Begun::Crowded => {
                return Err(Error::refused(Code::Unavailable, Reason::Unrecorded));
            }
            Begun::FalseAmount => {
                tracing::warn!(
                    order.id = told.order_id.as_str(),
                    claim.amount = claim.amount.get(),
                    "false amount"
                );
                let message = Some(Failure::AmountMismatch.say(spoken()).into_owned());
                Confirmed::Mismatched(Outcome { payment_key: None, amount: None, message, ..told })
            }
            Begun::OtherPayment => {
                return Err(Error::conflict(Reason::OtherPayment));
            }
            Begun::Repeat(other) => {
                tracing::warn!(
                    order.id = told.order_id.as_str(),
                    order.other = %other,
                    "same cart paid"
                );
                return Err(Error::conflict(Reason::RepeatedPayment));
            }
            Begun::OtherOrder(other) => {
                tracing::warn!(
                    order.id = told.order_id.as_str(),
                    order.other = %other,
                    "same cart in doubt"
                );
                return Err(Error::conflict(Reason::DoubtedPayment));
            }
        })
    }
}

/// Everything that must be finished even if the buyer leaves.
async fn drive(app: App, (claim, comer): (ReturnClaim, Comer), seen: Seen) -> Result<Begun, Error> {
    let mut begun = begin(&app, (&claim, &comer), seen).await?;
    if let Begun::OtherOrder(other) = &begun {
        // Most are decided within the second, and then this one may be paid as well.
        wait_for(&app, other.as_str()).await?;
        let seen = Seen::closely(&app, &claim.order_id).await?;
        begun = begin(&app, (&claim, &comer), seen).await?;
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
        | Begun::Repeat(_)
        | Begun::Crowded => {}
    }
    Ok(begun)
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
