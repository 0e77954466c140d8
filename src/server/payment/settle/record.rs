//! Writing down what came of a question: the order's step, its event, and all that goes with it,
//! in one transaction.

use crate::domain::language::Language;
use crate::domain::order::{Event, Status};
use crate::domain::won::Won;
use crate::server::db::cancels::{self, Kind, State, Wanted};
use crate::server::db::orders::{self, Money, Step};
use crate::server::db::particulars::Particulars;
use crate::server::db::payments;
use crate::server::db::reasons::Reason;
use crate::server::db::{Tx, bearers, questions, refund_lines, repeated};
use crate::server::ledger::Entry;
use crate::server::payment::settle::attempt::{Attempt, Came};
use crate::server::payment::settle::given_back;
use crate::server::payment::settle::hold::{give_back, take};
use crate::server::payment::verdict::{Planned, Verdict};
use crate::server::runtime::clock;
use crate::server::toss_api::client::confirm_key;
use crate::server::{App, Damage, Error};
use crate::toss::CancelPayment;
use crate::words::{self, Failure};

/// Doubled with each question: the first is soon, because a buyer is looking.
const ASK_AGAIN_MS: i64 = 1_000;
const ASK_AGAIN_MS_MAX: i64 = 60_000;

/// A deposit comes when the buyer gets to a bank, and a webhook tells of it.
const DEPOSIT_LOOK_MS: i64 = 60_000;

/// A refund that runs on at Toss takes minutes to days, and a webhook tells of its end.
const RUNNING_LOOK_MS: i64 = 600_000;

/// What became of a step.
pub(super) enum Recorded {
    Yes,
    /// Someone else moved the order first; the attempt has been read anew.
    Overtaken,
    /// The order would need stock or a coupon that is gone.
    Gone(Failure),
}

/// Moves the order along one arrow.
pub(super) async fn step(
    app: &App,
    attempt: &mut Attempt,
    planned: &Planned,
    verdict: &Verdict,
) -> Result<Recorded, Error> {
    attempt.came = came_with_this(attempt);
    let mut recorded = written(app, attempt, planned, verdict).await;
    if let Err(Error::Database(error)) = recorded {
        if Error::is_outage_of(&error) || attempt.came.take().is_none() {
            return Err(Error::Database(error));
        }
        // The payment does not depend on it: who came is then not known, and the answer is.
        let what = "an answer is written down without who came for it";
        Error::Database(error).log_of(attempt.order.id.as_str(), what);
        recorded = written(app, attempt, planned, verdict).await;
    }
    let recorded = recorded?;
    match &recorded {
        Recorded::Yes => {
            let to = attempt.order.status.after(planned.event)?;
            let is_first = verdict.particulars().is_some() && attempt.is_first_answer(to);
            if let Some(came) = &mut attempt.came {
                came.is_bound |= is_first;
            }
            attempt.order.status = to;
        }
        Recorded::Overtaken => renew(app, attempt).await?,
        Recorded::Gone(_) => {}
    }
    Ok(recorded)
}

/// Who has hung up would never see what they are known by: whoever comes next is taken in. And what
/// Toss tells must be of the key that they came with.
fn came_with_this(attempt: &mut Attempt) -> Option<Came> {
    let came = attempt.came.take().filter(Came::is_to_be_bound);
    let told = attempt.told.as_ref().map(|told| told.payment.payment_key.as_str());
    came.filter(|_| told == Some(attempt.payment.payment_key.as_str()))
}

async fn written(
    app: &App,
    attempt: &Attempt,
    planned: &Planned,
    verdict: &Verdict,
) -> Result<Recorded, Error> {
    repeated(async || step_once(app, attempt, planned, verdict).await).await
}

async fn step_once(
    app: &App,
    attempt: &Attempt,
    planned: &Planned,
    verdict: &Verdict,
) -> Result<Recorded, Error> {
    let now = app.clock.now();
    let (order, from) = (&attempt.order, attempt.order.status);
    let to = from.after(planned.event)?;
    let told = verdict.particulars();
    if let Some(told) = told
        && attempt.is_first_answer(to)
    {
        return first_answer(app, attempt, planned, told).await;
    }
    let mut tx = app.ledger.write().await?;
    // A second part that goes back leaves the status as it is, and changes the sums.
    if from != to || planned.money.is_some() {
        let detail = detail(planned.reason.as_ref(), planned.money);
        let step = Step {
            order_id: &order.id,
            from,
            event: planned.event,
            by: &attempt.by,
            reason: planned.reason.as_ref(),
            detail: &detail,
            money: planned.money,
            now,
        };
        if !tx.advance(step).await? {
            // Whoever was first may be part of the same batch: it is read anew once that is on
            // the disk.
            tx.commit().await?;
            return Ok(Recorded::Overtaken);
        }
    }
    finish(app, &mut tx, attempt, to, told).await?;
    match (from.holds(), to.holds()) {
        (true, false) => give_back(&mut tx, order).await?,
        (false, true) => {
            if let Some(gone) = take(&mut tx, order, now).await? {
                tx.rollback().await?;
                return Ok(Recorded::Gone(gone.undone()));
            }
        }
        (true, true) | (false, false) => {}
    }
    tx.commit().await?;
    Ok(Recorded::Yes)
}

/// As [`step_once`], for what comes of nearly every payment: the first question was answered, and
/// nothing but the order and its payment changes.
async fn first_answer(
    app: &App,
    attempt: &Attempt,
    planned: &Planned,
    told: &Particulars,
) -> Result<Recorded, Error> {
    let (order, from, now) = (&attempt.order, attempt.order.status, app.clock.now());
    let to = from.after(planned.event)?;
    let detail = detail(planned.reason.as_ref(), planned.money);
    let step = Step {
        order_id: &order.id,
        from,
        event: planned.event,
        by: &attempt.by,
        reason: planned.reason.as_ref(),
        detail: &detail,
        money: planned.money,
        now,
    };
    let due_at = (to == Status::WaitingForDeposit).then_some(now + DEPOSIT_LOOK_MS);
    let id = order.id.as_str();
    let mut rest: Vec<_> =
        attempt.questions.iter().map(|asked| questions::keeping(id, asked)).collect();
    let deposit_by = deposit_by(app, (from, to), now);
    rest.push(payments::concluding(id, (due_at, deposit_by), told));
    let came = attempt.came.as_ref();
    rest.extend(came.map(|came| bearers::binding_beside(id, came.bearer_hash.as_deref(), now)));
    let is_written = app.ledger.write_all(step, rest).await?;
    Ok(if is_written { Recorded::Yes } else { Recorded::Overtaken })
}

/// Marks the order as one whose money must go back, with the outbox row that will see to it.
/// `false` when someone else moved the order first.
pub(super) async fn unfit(
    app: &App,
    attempt: &mut Attempt,
    reason: &Reason,
) -> Result<bool, Error> {
    let cancel = CancelPayment {
        cancel_reason: words::Cancel::Unfit.say(Language::default()).into_owned(),
        ..CancelPayment::default()
    };
    let sealed = serde_json::to_string(&cancel)
        .map_err(|_| Error::Impossible("a cancel that is no JSON"))?;
    let needs_account = attempt.told.as_ref().is_some_and(given_back::Heard::is_deposited);
    let done = {
        let attempt = &*attempt;
        repeated(async || {
            let now = app.clock.now();
            let from = attempt.order.status;
            let mut tx = app.ledger.write().await?;
            let detail = detail(Some(reason), None);
            let step = Step {
                order_id: &attempt.order.id,
                from,
                event: Event::Unfit,
                by: &attempt.by,
                reason: Some(reason),
                detail: &detail,
                money: None,
                now,
            };
            if !tx.advance(step).await? {
                tx.commit().await?;
                return Ok(false);
            }
            let id = clock::row_id();
            let wanted = Wanted {
                id: &id,
                order_id: attempt.order.id.as_str(),
                kind: Kind::Compensation,
                state: if needs_account { State::Account } else { State::Open },
                amount: None,
                tax_free: Won::ZERO,
                by_amount: Won::ZERO,
                reason: reason.code(),
                sealed: &sealed,
                transaction_key: None,
                account_masked: None,
                restores_coupon: false,
                now,
            };
            cancels::insert(&mut tx, wanted).await?;
            questions::keep(&mut tx, attempt.order.id.as_str(), &attempt.questions).await?;
            // Due for anyone once our lease has ended.
            payments::lease(&mut tx, attempt.order.id.as_str(), i64::MAX, app.lease(now)).await?;
            payments::make_due(&mut tx, attempt.order.id.as_str(), now).await?;
            if from.holds() {
                give_back(&mut tx, &attempt.order).await?;
            }
            tx.commit().await?;
            Ok(true)
        })
        .await?
    };
    let asked = std::mem::take(&mut attempt.questions);
    renew(app, attempt).await?;
    if !done {
        attempt.questions = asked;
    }
    Ok(done)
}

/// Leaves a refund to the buyer, who has to name an account: no question is open any more. `false`
/// when someone else moved the order first.
pub(super) async fn hand_over(
    tx: &mut Entry,
    attempt: &Attempt,
    event: Event,
    code: Option<&str>,
    now: i64,
) -> Result<bool, Error> {
    let detail = code.map(|code| format!("code={code}")).unwrap_or_default();
    let step = Step {
        order_id: &attempt.order.id,
        from: attempt.order.status,
        event,
        by: &attempt.by,
        reason: None,
        detail: &detail,
        money: None,
        now,
    };
    if !tx.advance(step).await? {
        return Ok(false);
    }
    questions::keep(tx, attempt.order.id.as_str(), &attempt.questions).await?;
    let to = attempt.order.status.after(event)?;
    payments::conclude(tx, attempt.order.id.as_str(), to.as_str(), (None, None), None).await?;
    Ok(true)
}

/// What goes with every conclusion: the payment's particulars, when to ask next, what was asked.
async fn finish(
    app: &App,
    tx: &mut Tx,
    attempt: &Attempt,
    to: Status,
    told: Option<&Particulars>,
) -> Result<(), Error> {
    let now = app.clock.now();
    if let Some(heard) = &attempt.told {
        given_back::bring_up(tx, &attempt.order, heard, now).await?;
    }
    let refused = attempt.refund_refused.as_deref();
    given_back::close_up(tx, &attempt.order, (attempt.order.status, to), refused, now).await?;
    let due_at = match to {
        Status::WaitingForDeposit => Some(now + DEPOSIT_LOOK_MS),
        Status::Confirming | Status::Canceling | Status::Refunding => Some(now + ASK_AGAIN_MS),
        Status::Completed
        | Status::RefundWaiting
        | Status::PartiallyRefunded
        | Status::Refunded => {
            let is_running = refund_lines::is_running(tx, attempt.order.id.as_str()).await?;
            is_running.then_some(now + RUNNING_LOOK_MS)
        }
        Status::Pending | Status::Failed | Status::Expired => None,
    };
    questions::keep(tx, attempt.order.id.as_str(), &attempt.questions).await?;
    let due = (due_at, deposit_by(app, (attempt.order.status, to), now));
    payments::conclude(tx, attempt.order.id.as_str(), to.as_str(), due, told).await?;
    Ok(())
}

/// By when the shop wants the deposit of an order that begins to wait.
fn deposit_by(app: &App, (from, to): (Status, Status), now: i64) -> Option<i64> {
    let begins = from != to && to == Status::WaitingForDeposit;
    // By Toss's clock, where it is known.
    let now = app.clock.at_toss().unwrap_or(now);
    begins.then(|| app.shop.deposits.deposit_by(now)).flatten()
}

/// Nothing is left to ask, and nothing has changed.
pub(super) async fn conclude(app: &App, attempt: &Attempt) -> Result<(), Error> {
    repeated(async || {
        let mut tx = app.db.write().await?;
        finish(app, &mut tx, attempt, attempt.order.status, None).await?;
        tx.commit().await?;
        Ok(())
    })
    .await
}

/// Nothing was settled: asks again later, ever later.
pub(super) async fn put_off(
    app: &App,
    attempt: &Attempt,
    wait_ms: Option<i64>,
) -> Result<(), Error> {
    let doublings = u32::try_from(attempt.payment.asked).unwrap_or(u32::MAX).min(16);
    let wait = match (wait_ms, attempt.order.status) {
        (Some(wait), _) => wait,
        (None, Status::WaitingForDeposit) => DEPOSIT_LOOK_MS,
        (None, _) => (ASK_AGAIN_MS << doublings).min(ASK_AGAIN_MS_MAX),
    };
    let refused = attempt.to_prove.as_ref();
    let refused = refused.and_then(Reason::words_of_toss);
    repeated(async || {
        let due_at = app.clock.now() + wait;
        let mut tx = app.db.write().await?;
        questions::keep(&mut tx, attempt.order.id.as_str(), &attempt.questions).await?;
        let toss_at = attempt.first_toss_at;
        payments::put_off(&mut tx, attempt.order.id.as_str(), due_at, refused, toss_at).await?;
        if attempt.refused_in_passing {
            payments::refused_in_passing(&mut tx, attempt.order.id.as_str()).await?;
        }
        tx.commit().await?;
        Ok(())
    })
    .await
}

/// A key that has brought refusals twice will bring them for ever: the next question has another.
/// Safe, because a look-up has just shown that nothing was taken, and because Toss confirms a
/// payment once whatever the key.
pub(super) async fn new_key(app: &App, attempt: &mut Attempt) -> Result<(), Error> {
    let number = attempt.payment.key_number + 1;
    let key = confirm_key(&attempt.order.id, number);
    let order_id = attempt.order.id.as_str();
    repeated(async || {
        let mut tx = app.db.write().await?;
        payments::begin_key(&mut tx, order_id, number, &key).await?;
        tx.commit().await?;
        Ok(())
    })
    .await?;
    attempt.payment.key_number = number;
    attempt.payment.idempotency_key = key;
    attempt.payment.passing_refusals = 0;
    Ok(())
}

async fn renew(app: &App, attempt: &mut Attempt) -> Result<(), Error> {
    let fresh = orders::by_id(app.db.read(), attempt.order.id.as_str()).await?;
    attempt.order = fresh.ok_or_else(|| Damage::new("orders", "id", attempt.order.id.as_str()))?;
    Ok(())
}

fn detail(reason: Option<&Reason>, money: Option<Money>) -> String {
    let reason = reason.map(|reason| format!("code={}", reason.code()));
    let money =
        money.map(|money| format!("paid={} refunded={}", money.paid.get(), money.refunded.get()));
    reason.into_iter().chain(money).collect::<Vec<_>>().join(" ")
}
