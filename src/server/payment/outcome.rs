//! How an order stands, in the form of an answer to whoever claimed its payment.

use crate::contract::Outcome;
use crate::domain::actor::Actor;
use crate::domain::id::{OrderId, PaymentKey};
use crate::domain::order::Status;
use crate::server::db::orders::load;
use crate::server::db::payments::{self, PaymentRow};
use crate::server::payment::settle::{Attempt, Why, settle};
use crate::server::payment::verdict::account_end;
use crate::server::{App, Error};
use crate::words::{Standing, spoken};

/// How the order stands, in the form of an answer to whoever claimed a payment.
pub async fn outcome(app: &App, order_id: &OrderId) -> Result<Outcome, Error> {
    let order = load(&app.db, order_id).await?;
    let status = order.status;
    let payment = payments::of_order(app.db.read(), order_id.as_str()).await?;
    let is_ending = payment.as_ref().is_some_and(|it| is_ending(app, it));
    let key = payment.and_then(|payment| PaymentKey::parse(&payment.payment_key).ok());
    let completed = status.is_paid();
    let say = |it: Standing| Some(it.say(spoken()).into_owned());
    let message = match status {
        Status::Pending | Status::Completed => None,
        Status::Refunding => say(Standing::Refunding),
        Status::RefundWaiting => say(Standing::AccountAwaited),
        Status::PartiallyRefunded => say(Standing::RefundedPart { refunded: order.refunded }),
        Status::Refunded => say(Standing::Refunded),
        Status::Confirming => say(Standing::InDoubt),
        Status::WaitingForDeposit if is_ending => say(Standing::EndingBeforeDeposit),
        Status::WaitingForDeposit => say(Standing::Waiting),
        Status::Canceling => say(Standing::Canceling),
        Status::Failed | Status::Expired => {
            order.failure().map(|reason| reason.say(spoken()).into_owned())
        }
    };
    Ok(Outcome {
        order_id: order_id.clone(),
        payment_key: key.filter(|_| completed),
        status,
        amount: completed.then_some(order.amount),
        message,
    })
}

/// Whether an account that waits is to be ended, so that nobody is told to pay into it.
pub fn is_ending(app: &App, payment: &PaymentRow) -> bool {
    account_end::wanted(payment, app.clock.at_toss()).is_some()
}

/// As [`outcome`], of an order that is COMPLETED.
pub fn completed(order_id: &OrderId, attempt: &Attempt) -> Result<Outcome, Error> {
    Ok(Outcome {
        order_id: order_id.clone(),
        payment_key: PaymentKey::parse(&attempt.payment.payment_key).ok(),
        status: Status::Completed,
        amount: Some(attempt.order.amount),
        message: None,
    })
}

/// How the order stands now; one in doubt is asked about first, if that is due.
pub async fn follow(app: &App, order_id: &OrderId) -> Result<Outcome, Error> {
    if load(&app.db, order_id).await?.status.is_open() {
        // As a task: the browser may leave while Toss is being asked.
        let (app, order_id) = (app.clone(), order_id.clone());
        let tasks = app.tasks.clone();
        let work =
            tasks.start(async move { settle(&app, &order_id, Why::Due, &Actor::Buyer).await });
        match work.ended().await? {
            // Nothing can be written down just now, so nobody is asked; what is stored still holds.
            Err(error) if error.is_outage() => error.log(),
            settled => drop(settled?),
        }
    }
    outcome(app, order_id).await
}
