//! Ending doubt: asks Toss how a payment stands and brings the order in line.
//!
//! Every way here is harmless to repeat. Toss is never called inside a database transaction;
//! whoever calls it has leased the payment, and each record is a compare-and-set.

use crate::contract::ApiError;
use crate::domain::id::OrderId;
use crate::domain::order::{Event, Status};
use crate::server::checkout::status;
use crate::server::db::orders::{OrderRow, Reason};
use crate::server::db::payments::{Particulars, PaymentRow};
use crate::server::db::{self, catalogue, coupons, orders, payments};
use crate::server::order::load;
use crate::server::toss_client::{LEASE_MS, Told};
use crate::server::verdict::{self, ABSENT, Refusal, Verdict};
use crate::server::{App, Error};
use crate::toss::{CancelPayment, ConfirmPayment};

/// How many due orders one round takes; the next round takes the rest.
const ROUND_MAX: i64 = 50;

/// Doubled with each question: the first is soon, because a buyer is looking.
const ASK_AGAIN_MS: i64 = 1_000;
const ASK_AGAIN_MS_MAX: i64 = 60_000;

/// A deposit comes when the buyer gets to a bank.
const DEPOSIT_LOOK_MS: i64 = 60_000;

/// One round of background work: asks about every order that is due. Says how many.
pub async fn tick(app: &App) -> Result<usize, Error> {
    let due = payments::due(app.db.read(), app.clock.now(), ROUND_MAX).await?;
    let mut asked = Vec::new();
    // Side by side: one order that Toss is slow about must not keep the others waiting.
    for order_id in &due {
        let id = OrderId::parse(order_id).map_err(|_| Error::Damaged("payments.order_id"))?;
        let app = app.clone();
        asked.push(app.tasks.clone().start(async move {
            if let Err(error) = settle_if_due(&app, &id).await {
                let error = ApiError::from(error);
                tracing::error!(order.id = %id, error.code = ?error.code, "could not settle");
            }
        }));
    }
    for one in asked {
        one.await?;
    }
    Ok(due.len())
}

/// Settles one order if it is due and nobody else is at it.
pub async fn settle_if_due(app: &App, order_id: &OrderId) -> Result<(), Error> {
    let now = app.clock.now();
    let due = payments::of_order(app.db.read(), order_id.as_str()).await?;
    if due.and_then(|payment| payment.due_at).is_none_or(|due_at| due_at > now) {
        return Ok(());
    }
    settle(app, order_id).await
}

/// Leases the payment, asks Toss how it stands, and records what that means.
pub async fn settle(app: &App, order_id: &OrderId) -> Result<(), Error> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    if !payments::lease(&mut tx, order_id.as_str(), now, now + LEASE_MS).await? {
        return Ok(());
    }
    tx.commit().await?;
    let (order, payment) = both(app, order_id).await?;
    match status(&order)? {
        Status::Canceling => give_money_back(app, &order, &payment).await,
        Status::Confirming | Status::WaitingForDeposit | Status::Failed => {
            look_up(app, &order, &payment).await
        }
        Status::Pending | Status::Completed => close(app, &order).await,
    }
}

/// Asks Toss for the money of an order that was just marked CONFIRMING, or whose first
/// question was lost. The key and the body are the same each time.
pub async fn ask(app: &App, order_id: &OrderId) -> Result<(), Error> {
    let (order, payment) = both(app, order_id).await?;
    let request = ConfirmPayment {
        payment_key: payment.payment_key.clone(),
        order_id: order.id.clone(),
        amount: payment.amount,
    };
    let refused = match app.toss.confirm(&request, &payment.idempotency_key).await {
        Told::Payment(told) => {
            let verdict = verdict::on_payment(&told, &order.id, order.amount, None);
            return record(app, &order, &payment, verdict).await;
        }
        Told::Silence => return record(app, &order, &payment, Verdict::Open).await,
        Told::Refused(refused) => Reason { code: refused.code, message: refused.message },
    };
    match verdict::refusal(&refused.code) {
        // The very first question never got past the door: nothing can have been taken.
        Refusal::NeverProcessed if payment.asked == 0 => {
            tracing::error!(order.id = order.id, toss.code = refused.code, "toss refused our keys");
            let message = "결제 설정에 문제가 있어 결제하지 않았습니다. 상점에 문의해 주세요.";
            let reason = Reason { message: message.to_owned(), ..refused };
            record(app, &order, &payment, Verdict::Refused(reason)).await
        }
        Refusal::NeverProcessed | Refusal::Unknown => {
            record(app, &order, &payment, Verdict::Open).await
        }
        Refusal::ProcessedBefore => {
            let verdict = match app.toss.read(&payment.payment_key, &order.id).await {
                Told::Payment(told) => verdict::on_payment(&told, &order.id, order.amount, None),
                Told::Refused(_) | Told::Silence => Verdict::Open,
            };
            record(app, &order, &payment, verdict).await
        }
        // Not paid only after reading the payment back (Toss: api.md §4.1).
        Refusal::Final => prove(app, &order, &payment, refused).await,
    }
}

async fn both(app: &App, order_id: &OrderId) -> Result<(OrderRow, PaymentRow), Error> {
    let order = load(app, order_id).await?;
    let payment = payments::of_order(app.db.read(), order_id.as_str())
        .await?
        .ok_or(Error::Damaged("an order in doubt has no payment"))?;
    Ok((order, payment))
}

/// Reads the payment, and asks for the money again where that is what the answer calls for.
async fn look_up(app: &App, order: &OrderRow, payment: &PaymentRow) -> Result<(), Error> {
    let refused = payment.refused_code.clone().zip(payment.refused_message.clone());
    let refused = refused.map(|(code, message)| Reason { code, message });
    let verdict = match app.toss.read(&payment.payment_key, &order.id).await {
        Told::Payment(told) => verdict::on_payment(&told, &order.id, order.amount, refused),
        Told::Refused(told) if told.code == ABSENT => {
            Verdict::Refused(refused.unwrap_or(Reason { code: told.code, message: told.message }))
        }
        Told::Refused(_) | Told::Silence => Verdict::Open,
    };
    let failed = status(order)? == Status::Failed;
    match verdict {
        // Nobody asked for the money of a failed order, and nobody will.
        Verdict::Unasked | Verdict::Refused(_) if failed => close(app, order).await,
        Verdict::Approved(_) | Verdict::DepositAwaited(_) if failed => {
            let message = order.failure_message.clone().unwrap_or_default();
            let code = order.failure_code.clone().unwrap_or_default();
            record(app, order, payment, Verdict::Unfit(Reason { code, message })).await
        }
        Verdict::Unasked => {
            let id = OrderId::parse(&order.id).map_err(|_| Error::Damaged("orders.id"))?;
            ask(app, &id).await
        }
        verdict @ (Verdict::Approved(_)
        | Verdict::DepositAwaited(_)
        | Verdict::Refused(_)
        | Verdict::Unfit(_)
        | Verdict::Open) => record(app, order, payment, verdict).await,
    }
}

/// Reads the payment to see that a refusal of confirm is the truth.
async fn prove(
    app: &App,
    order: &OrderRow,
    payment: &PaymentRow,
    refused: Reason,
) -> Result<(), Error> {
    let verdict = match app.toss.read(&payment.payment_key, &order.id).await {
        Told::Payment(told) => {
            verdict::on_payment(&told, &order.id, order.amount, Some(refused.clone()))
        }
        Told::Refused(told) if told.code == ABSENT => Verdict::Refused(refused.clone()),
        Told::Refused(_) | Told::Silence => Verdict::Open,
    };
    if let Verdict::Open = verdict {
        return put_off(app, order, payment, Some(&refused)).await;
    }
    record(app, order, payment, verdict).await
}

/// Writes down what a verdict means, and does what it calls for.
async fn record(
    app: &App,
    order: &OrderRow,
    payment: &PaymentRow,
    verdict: Verdict,
) -> Result<(), Error> {
    match verdict {
        Verdict::Approved(told) => {
            match enter(app, order, Event::Approved, None, Some(&told)).await {
                Ok(()) => Ok(()),
                // The database is away: the row says CONFIRMING, and the answer can be read again.
                Err(Error::Database(error)) if db::is_outage(&error) => Err(error.into()),
                Err(error) => {
                    let error = ApiError::from(error);
                    tracing::error!(order.id = order.id, error.code = ?error.code, "cannot complete");
                    let message = "주문을 완료하지 못해 결제를 취소했습니다.";
                    let reason = Reason::new("COMPLETION_FAILED", message);
                    enter(app, order, Event::Unfit, Some(&reason), None).await?;
                    give_money_back(app, order, payment).await
                }
            }
        }
        Verdict::DepositAwaited(told) => {
            enter(app, order, Event::DepositAwaited, None, Some(&told)).await
        }
        Verdict::Refused(reason) => enter(app, order, Event::Refused, Some(&reason), None).await,
        Verdict::Unfit(reason) => {
            enter(app, order, Event::Unfit, Some(&reason), None).await?;
            give_money_back(app, order, payment).await
        }
        Verdict::Unasked | Verdict::Open => put_off(app, order, payment, None).await,
    }
}

/// Moves the order along `event`, with all that goes with it, in one transaction.
async fn enter(
    app: &App,
    order: &OrderRow,
    event: Event,
    reason: Option<&Reason>,
    told: Option<&Particulars>,
) -> Result<(), Error> {
    let now = app.clock.now();
    let mut tx = app.db.write().await?;
    // As it is now: while Toss was asked, someone else may have recorded the same answer.
    let fresh = orders::by_id_in(&mut tx, &order.id).await?.ok_or(Error::Damaged("orders"))?;
    let from = status(&fresh)?;
    let to = from.after(event)?;
    if from != to {
        let detail = reason.map(|reason| format!("code={}", reason.code)).unwrap_or_default();
        if !orders::advance(&mut tx, &order.id, from, event, reason, &detail, now).await? {
            return Ok(());
        }
        if from.holds() && !to.holds() {
            give_back(&mut tx, &fresh).await?;
        }
        if let Some(told) = told {
            payments::describe(&mut tx, &order.id, told).await?;
        }
        tracing::info!(order.id = order.id, order.event = ?event, order.status = %to, "order moved");
    }
    match to {
        Status::Completed | Status::Failed => payments::settle(&mut tx, &order.id).await?,
        Status::WaitingForDeposit => {
            payments::reopen(&mut tx, &order.id, now + DEPOSIT_LOOK_MS).await?;
        }
        // Leased to us while the money goes back; due for anyone if we should die.
        Status::Canceling => payments::reopen(&mut tx, &order.id, now + LEASE_MS).await?,
        Status::Pending | Status::Confirming => {}
    }
    tx.commit().await?;
    Ok(())
}

/// Puts stock and coupon back.
async fn give_back(
    tx: &mut sqlx::Transaction<'static, sqlx::Any>,
    order: &OrderRow,
) -> Result<(), Error> {
    for line in orders::lines_in(tx, &order.id).await? {
        catalogue::give_back(tx, &line.product_id, line.quantity).await?;
    }
    if let Some(coupon) = &order.coupon_id {
        coupons::restore(tx, coupon, &order.id).await?;
    }
    Ok(())
}

/// Cancels the whole payment at Toss, and says FAILED once Toss says that the money is back.
async fn give_money_back(app: &App, order: &OrderRow, payment: &PaymentRow) -> Result<(), Error> {
    let attempt = payment.cancels_refused + 1;
    let cancel = CancelPayment {
        cancel_reason: "주문을 완료할 수 없어 자동 취소".to_owned(),
        ..CancelPayment::default()
    };
    let key = format!("cancel-{}-{attempt}", order.id);
    let told = match app.toss.cancel(&payment.payment_key, &order.id, &cancel, &key).await {
        Told::Payment(told) => Told::Payment(told),
        Told::Silence => Told::Silence,
        Told::Refused(refused) => {
            tracing::warn!(order.id = order.id, toss.code = refused.code, "cancel refused");
            let mut tx = app.db.write().await?;
            payments::cancel_refused(&mut tx, &order.id).await?;
            tx.commit().await?;
            // Refused because it is done already?
            app.toss.read(&payment.payment_key, &order.id).await
        }
    };
    match told {
        // "Fully cancelled" is a balance of 0, whatever the status says (Toss: api.md §2.2).
        Told::Payment(told) if told.balance_amount == 0 => {
            enter(app, order, Event::Returned, None, None).await
        }
        Told::Payment(_) | Told::Refused(_) | Told::Silence => {
            put_off(app, order, payment, None).await
        }
    }
}

/// Nothing was settled: asks again later, ever later.
async fn put_off(
    app: &App,
    order: &OrderRow,
    payment: &PaymentRow,
    refused: Option<&Reason>,
) -> Result<(), Error> {
    let doublings = u32::try_from(payment.asked).unwrap_or(u32::MAX).min(16);
    let mut wait = (ASK_AGAIN_MS << doublings).min(ASK_AGAIN_MS_MAX);
    if status(order)? == Status::WaitingForDeposit {
        wait = DEPOSIT_LOOK_MS;
    }
    let mut tx = app.db.write().await?;
    let refused = refused.map(|reason| (reason.code.as_str(), reason.message.as_str()));
    payments::put_off(&mut tx, &order.id, app.clock.now() + wait, refused).await?;
    tx.commit().await?;
    Ok(())
}

/// Nothing is left to ask.
async fn close(app: &App, order: &OrderRow) -> Result<(), Error> {
    let mut tx = app.db.write().await?;
    payments::settle(&mut tx, &order.id).await?;
    tx.commit().await?;
    Ok(())
}
