//! Asking, deciding, recording: one settling from its beginning to its end.

use tracing::Instrument;

use crate::domain::actor::Actor;
use crate::domain::id::OrderId;
use crate::domain::order::{Event, Status};
use crate::server::db::orders::{self, load};
use crate::server::db::payments::{self, Opening};
use crate::server::db::reasons::Reason;
use crate::server::db::{self, repeated};
use crate::server::payment::settle::attempt::{self, Attempt, Refused, Settled, Why};
use crate::server::payment::settle::{back, end_account, given_back, record};
use crate::server::payment::verdict::{
    self, Decision, PASSING_REFUSALS_MAX, Planned, Refusal, Verdict,
};
use crate::server::toss_api::answer::Told;
use crate::server::toss_api::client::confirm_key;
use crate::server::toss_api::spans;
use crate::server::{App, Error};
use crate::words::Failure;

/// Answers that follow each other in one settling: a look-up, a confirm, its proof. More means
/// that the order moves under our hands, and the next round sees it fresh.
const TURNS_MAX: usize = 4;

/// Settles one order. `by` is whose coming or calling leads to it.
pub async fn settle(app: &App, order_id: &OrderId, why: Why, by: &Actor) -> Result<Settled, Error> {
    let now = app.clock.now();
    let Some(payment) = payments::of_order(app.db.read(), order_id.as_str()).await? else {
        return match why {
            Why::Due => Ok(Settled::Idle),
            Why::Told => adopt(app, order_id, by).await,
        };
    };
    if why == Why::Due && payment.due_at.is_none_or(|due_at| due_at > now) {
        return Ok(Settled::Idle);
    }
    if payments::is_leased(&payment, now) || !lease(app, order_id, why).await? {
        return Ok(Settled::Busy);
    }
    leased(app, order_id, by).instrument(spans::settling(order_id.as_str())).await
}

async fn leased(app: &App, order_id: &OrderId, by: &Actor) -> Result<Settled, Error> {
    let mut attempt = Attempt::load(app, order_id, by).await?;
    match attempt.order.status {
        Status::Canceling | Status::Refunding => back::drive(app, &mut attempt).await,
        Status::Pending
        | Status::Confirming
        | Status::WaitingForDeposit
        | Status::Completed
        | Status::RefundWaiting
        | Status::PartiallyRefunded
        | Status::Refunded
        | Status::Failed
        | Status::Expired => look(app, &mut attempt).await,
    }
}

/// Asks Toss for the money of an order that was just marked CONFIRMING by a caller who holds
/// the lease. The key and the body are the same each time.
pub async fn ask(app: &App, attempt: &mut Attempt) -> Result<Settled, Error> {
    let span = spans::settling(attempt.order.id.as_str());
    let asking = async {
        let verdict = asked(app, attempt).await?;
        follow(app, attempt, verdict).await
    };
    asking.instrument(span).await
}

async fn lease(app: &App, order_id: &OrderId, why: Why) -> Result<bool, Error> {
    repeated(async || {
        let now = app.clock.now();
        let mut tx = app.db.write().await?;
        let (id, lease) = (order_id.as_str(), app.lease(now));
        let leased = match why {
            Why::Due => payments::lease_due(&mut tx, id, now, lease).await?,
            Why::Told => payments::lease(&mut tx, id, now, lease).await?,
        };
        if leased {
            tx.commit().await?;
        }
        Ok(leased)
    })
    .await
}

/// Reads the payment and acts on what is there.
async fn look(app: &App, attempt: &mut Attempt) -> Result<Settled, Error> {
    let verdict = heard_now(app, attempt).await;
    follow(app, attempt, verdict).await
}

async fn heard_now(app: &App, attempt: &mut Attempt) -> Verdict {
    let refused = attempt.refusal_to_prove();
    let told = attempt.read(app, Refused::told(refused.as_ref())).await;
    verdict::on_read(told, attempt.order.id.as_str(), attempt.order.amount, refused)
}

/// Does what a verdict calls for, and what the answer to that calls for in turn.
async fn follow(app: &App, attempt: &mut Attempt, first: Verdict) -> Result<Settled, Error> {
    let mut verdict = first;
    for _ in 0..TURNS_MAX {
        let decision = verdict::decide(attempt.order.status, &verdict, attempt.facts());
        verdict = match decision {
            Decision::AskForMoney => asked(app, attempt).await?,
            Decision::SendBack(reason) => {
                if !record::unfit(app, attempt, &reason).await? {
                    continue;
                }
                return back::drive(app, attempt).await;
            }
            Decision::Move(step) => {
                let was_asked = attempt.order.status == Status::Confirming;
                let order_id = attempt.order.id.clone();
                let recorded = record::step(app, attempt, &step, &verdict).await;
                match completed(&order_id, recorded, &step)? {
                    record::Recorded::Yes => {
                        let is_issued = was_asked && step.event == Event::DepositAwaited;
                        if !is_issued || !end_account::is_one_too_many(app, attempt).await? {
                            return Ok(Settled::Known);
                        }
                        verdict
                    }
                    // What was heard may be older than what others have acted on.
                    record::Recorded::Overtaken => heard_now(app, attempt).await,
                    record::Recorded::Gone(failure) => Verdict::Unfit(Reason::Own(failure)),
                }
            }
            Decision::EndAccount(reason) => end_account::end(app, attempt, &reason).await?,
            Decision::Wait => {
                record::put_off(app, attempt, None).await?;
                return Ok(Settled::Open);
            }
            Decision::Nothing => {
                record::conclude(app, attempt).await?;
                return Ok(Settled::Known);
            }
        };
    }
    record::put_off(app, attempt, None).await?;
    Ok(Settled::Open)
}

/// A database that is away will be there again, and the answer can be read again. One that will
/// not have the order completed leaves money that must go back.
fn completed(
    order_id: &OrderId,
    recorded: Result<record::Recorded, Error>,
    step: &Planned,
) -> Result<record::Recorded, Error> {
    match recorded {
        Err(Error::Database(error))
            if !Error::is_outage_of(&error) && step.event == Event::Approved =>
        {
            let what = "an order that is paid cannot be completed";
            Error::Database(error).log_of(order_id.as_str(), what);
            Ok(record::Recorded::Gone(Failure::CompletionFailed))
        }
        recorded => recorded,
    }
}

/// One confirm, and where its answer is no answer yet, the look-up that proves it.
async fn asked(app: &App, attempt: &mut Attempt) -> Result<Verdict, Error> {
    if attempt.payment.passing_refusals >= PASSING_REFUSALS_MAX {
        record::new_key(app, attempt).await?;
    }
    let refused = match attempt.confirm(app).await {
        Told::Payment(told) => {
            return Ok(verdict::on_payment(
                &told,
                attempt.order.id.as_str(),
                attempt.order.amount,
                None,
            ));
        }
        Told::Silence => return Ok(Verdict::Open),
        Told::Refused(refused) => refused,
    };
    let to_prove = match verdict::refusal(&refused.code) {
        // The very first question never got past the door: nothing can have been taken.
        Refusal::NeverProcessed if attempt.payment.asked == 0 => {
            tracing::error!(
                order.id = attempt.order.id.as_str(),
                toss.code = refused.code,
                "keys refused"
            );
            let failure = Failure::KeysRefused { code: refused.code };
            return Ok(Verdict::Refused(Reason::Own(failure)));
        }
        Refusal::NeverProcessed | Refusal::Unknown => {
            attempt.refused_in_passing = verdict::is_kept(&refused.code);
            return Ok(Verdict::Open);
        }
        Refusal::ProcessedBefore => None,
        // Not paid only after reading the payment back (Toss: api.md §4.1).
        Refusal::Final => Some(Reason::of_toss(refused)),
    };
    let told = attempt.read(app, Refused::told(to_prove.as_ref())).await;
    let verdict =
        verdict::on_read(told, attempt.order.id.as_str(), attempt.order.amount, to_prove.clone());
    if let (Verdict::Open, Some(refused)) = (&verdict, &to_prove) {
        // Kept, so that the look-up that comes through later knows what it proves.
        attempt.keep_refusal(refused);
    }
    // A payment that was processed before and is not confirmed is neither: ask later.
    Ok(if matches!(verdict, Verdict::Unasked) { Verdict::Open } else { verdict })
}

/// Somebody says that Toss has a payment for an order that never asked for one.
async fn adopt(app: &App, order_id: &OrderId, by: &Actor) -> Result<Settled, Error> {
    let order = load(&app.db, order_id).await?;
    let reply = app.toss.read_by_order(order_id.as_str()).await;
    let payment = match reply.told {
        Told::Payment(payment) => payment,
        Told::Refused(refused) if refused.code == verdict::ABSENT => return Ok(Settled::Known),
        Told::Refused(_) | Told::Silence => return Ok(Settled::Open),
    };
    let verdict = verdict::on_payment(&payment, order.id.as_str(), order.amount, None);
    let took_money = match verdict {
        Verdict::Approved(_) | Verdict::DepositAwaited(_) | Verdict::Unfit(_) => true,
        Verdict::Lessened { balance, .. } => !balance.is_zero(),
        // With nothing in it that decides: whoever told of it is asked to tell again.
        Verdict::Open => return Ok(Settled::Open),
        Verdict::Refused(_) | Verdict::Unasked | Verdict::Absent(_) => false,
    };
    if !took_money {
        return Ok(Settled::Known);
    }
    let now = app.clock.now();
    let key = confirm_key(&order.id, 1);
    let taken_in = repeated(async || {
        let mut tx = app.db.write().await?;
        let held = orders::hold(&app.db, &mut tx, order.id.as_str()).await?;
        // A coupon may have changed it meanwhile; with this row there, none can.
        if held.is_none_or(|held| held.amount != order.amount) {
            return Ok(false);
        }
        let opening = Opening {
            order_id: &order.id,
            payment_key: &payment.payment_key,
            amount: order.amount,
            idempotency_key: &key,
            sealed: None,
            decide_by: now,
            leased: app.lease(now),
            now,
            begun: app.clock.uptime(),
        };
        payments::insert(&mut tx, &opening).await?;
        tx.commit().await?;
        Ok(true)
    })
    .await;
    match taken_in {
        // A claim, or another webhook, was first, and asks Toss itself.
        Err(Error::Database(error)) if db::is_taken(&error) => return Ok(Settled::Busy),
        Ok(false) => return Ok(Settled::Open),
        taken_in => drop(taken_in?),
    }
    tracing::error!(
        order.id = order.id.as_str(),
        "toss has money for an order that never asked for it"
    );
    let mut attempt = Attempt::load(app, order_id, by).await?;
    attempt.told = Some(given_back::Heard { payment: *payment, is_answer: false });
    attempt.questions.push(attempt::row(&reply.heard, now, app.clock.now()));
    follow(app, &mut attempt, verdict).await
}
