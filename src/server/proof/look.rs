//! One order compared with Toss, and settled where that makes it right.

use crate::domain::actor::Actor;
use crate::domain::id::OrderId;
use crate::domain::order::Status;
use crate::server::db::proofs::{self, Looked, ProofRow};
use crate::server::db::repeated;
use crate::server::db::transactions::{self, Beside};
use crate::server::payment::settle::{Why, settle};
use crate::server::payment::verdict;
use crate::server::proof::cause::{self, Cause, Judged};
use crate::server::runtime::clock;
use crate::server::toss_api::answer::Told;
use crate::server::toss_api::client::LEASE_MS;
use crate::server::{App, Damage, Error};
use crate::toss::Payment;

const MINUTE_MS: i64 = 60_000;

/// What is open is asked about by the one road; only if that is so much too late is nobody at it.
const OVERDUE_MS: i64 = 2 * MINUTE_MS;

/// An order that is moving, or a budget that is used up: soon again.
const SOON_AGAIN_MS: i64 = MINUTE_MS;

/// What differs is looked at again, ever less often: somebody may have put it right.
const DIFFERS_AGAIN_MS_MAX: i64 = 60 * MINUTE_MS;

/// A bank may take a deposit back within minutes or days, and nobody says that the list shows it
/// (Toss: api.md §10 rule 9): an order paid by transfer is read again so long after each look.
const TRANSFER_LOOKS_MS: [i64; 4] =
    [10 * MINUTE_MS, 60 * MINUTE_MS, 24 * 60 * MINUTE_MS, 3 * 24 * 60 * MINUTE_MS];

/// After that a deposit stays.
const TRANSFER_WATCHED_MS: i64 = 5 * 24 * 60 * MINUTE_MS;

/// What is to be done about what differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repair {
    Nothing,
    WhereSafe,
}

/// An order and Toss that differ, or differed.
#[derive(Clone, Debug)]
pub struct Finding {
    pub order_id: String,
    /// Of the order; empty for one that is not here.
    pub status: &'static str,
    /// What Toss has, and by how much that is more than here.
    pub kept: i64,
    pub drift: i64,
    pub cause: Cause,
    /// Whether settling makes it right.
    pub mends: bool,
    /// What Toss shows.
    pub detail: String,
}

/// What a look came to.
#[derive(Clone, Debug)]
pub(super) enum Outcome {
    Fine,
    Differs(Finding),
    /// Differed, and was settled.
    Repaired(Finding),
    /// The one road is at it.
    OnItsWay,
    /// Somebody else is looking.
    Taken,
    /// Toss was not asked, or did not answer.
    NoAnswer,
}

/// Compares one order.
pub(super) async fn look(app: &App, row: &ProofRow, repair: Repair) -> Result<Outcome, Error> {
    if !change(app, row, Change::Take(app.clock.now() + LEASE_MS)).await? {
        return Ok(Outcome::Taken);
    }
    let mut repaired = None;
    loop {
        let Some(order) = beside(app, &row.order_id).await? else {
            return look_for_stranger(app, row).await;
        };
        let now = app.clock.now();
        if is_attended(&order, now) {
            put_off(app, row, SOON_AGAIN_MS).await?;
            return Ok(repaired.map_or(Outcome::OnItsWay, Outcome::Repaired));
        }
        if cause::is_plain(&order) && !is_watched(&order, now) && repaired.is_none() {
            change(app, row, Change::Drop).await?;
            return Ok(Outcome::Fine);
        }
        let Some(payments) = payments(app, &row.order_id, order.payment_key.as_deref()).await?
        else {
            return Ok(Outcome::NoAnswer);
        };
        if beside(app, &row.order_id).await?.as_ref() != Some(&order) {
            // It has moved meanwhile, so that the two do not belong together.
            put_off(app, row, SOON_AGAIN_MS).await?;
            return Ok(repaired.map_or(Outcome::OnItsWay, Outcome::Repaired));
        }
        let own = proofs::refunds(app.db.read(), &row.order_id).await?;
        let Some(judged) = cause::judge(&order, &payments, own) else {
            return Ok(Outcome::NoAnswer);
        };
        let Some(finding) = finding(&order, &judged) else {
            note(app, row, &order, &judged).await?;
            return Ok(repaired.map_or(Outcome::Fine, Outcome::Repaired));
        };
        let may = repair == Repair::WhereSafe && finding.mends && repaired.is_none();
        if may && app.budget.take(now, 2) > 0 {
            // Before and after are two looks, and only the second is told.
            mend(app, &finding).await?;
            repaired = Some(finding);
            continue;
        }
        note(app, row, &order, &judged).await?;
        tell(app, &finding, "the order and toss differ");
        return Ok(Outcome::Differs(finding));
    }
}

async fn mend(app: &App, finding: &Finding) -> Result<(), Error> {
    tell(app, finding, "the order and toss differ, and it is settled");
    let id = OrderId::parse(&finding.order_id)
        .map_err(|_| Damage::new("orders", "id", &finding.order_id))?;
    let (own, tasks) = (app.clone(), app.tasks.clone());
    // As a task: a stop may end the proof in the middle, but not this.
    let settled =
        tasks.start(async move { settle(&own, &id, Why::Told, &Actor::Background).await });
    settled.ended().await??;
    Ok(())
}

fn tell(app: &App, finding: &Finding, what: &'static str) {
    let cause = finding.cause.as_str();
    tracing::error!(
        order.id = finding.order_id,
        order.status = finding.status,
        proof.cause = cause,
        proof.drift = finding.drift,
        "{what}"
    );
    app.metrics.proof_found(cause);
}

fn finding(order: &Beside, judged: &Judged) -> Option<Finding> {
    judged.cause.map(|cause| Finding {
        order_id: order.order_id.clone(),
        status: order.status.map_or("", Status::as_str),
        kept: judged.kept,
        drift: judged.drift,
        cause,
        mends: judged.mends,
        detail: judged.detail.clone(),
    })
}

async fn beside(app: &App, order_id: &str) -> Result<Option<Beside>, Error> {
    Ok(transactions::beside(app.db.read(), order_id, order_id).await?.pop())
}

/// The one road is at it, or will be.
pub(super) fn is_attended(order: &Beside, now: i64) -> bool {
    order.due_at.is_some_and(|due_at| due_at > now - OVERDUE_MS)
}

/// A bank may still take it back.
pub(super) fn is_watched(order: &Beside, now: i64) -> bool {
    order.by_transfer == 1
        && order.status.is_some_and(Status::is_paid)
        && order.paid > order.refunded
        && now - order.updated_at < TRANSFER_WATCHED_MS
}

/// Everything that Toss has for an order; `None` without an answer.
async fn payments(
    app: &App,
    order_id: &str,
    own_key: Option<&str>,
) -> Result<Option<Vec<Payment>>, Error> {
    let mut keys = transactions::payment_keys(app.db.read(), order_id).await?;
    keys.extend(own_key.filter(|own| !keys.iter().any(|key| key == own)).map(str::to_owned));
    let mut payments = Vec::new();
    for key in &keys {
        if app.budget.take(app.clock.now(), 1) == 0 {
            return Ok(None);
        }
        match app.toss.read(key, order_id).await.told {
            // A key of another order's is no payment of this one.
            Told::Payment(payment) if payment.order_id == order_id => payments.push(*payment),
            Told::Payment(_) => {}
            Told::Refused(refused) if refused.code == verdict::ABSENT => {}
            Told::Refused(_) | Told::Silence => return Ok(None),
        }
    }
    Ok(Some(payments))
}

/// Money at Toss under an order id that is not here.
async fn look_for_stranger(app: &App, row: &ProofRow) -> Result<Outcome, Error> {
    let id = &row.order_id;
    if !clock::is_order_id(id) {
        // Of another shop with the same keys.
        change(app, row, Change::Drop).await?;
        return Ok(Outcome::Fine);
    }
    let Some(payments) = payments(app, id, None).await? else { return Ok(Outcome::NoAnswer) };
    let nobody = nobody(id);
    let Some(mut judged) = cause::judge(&nobody, &payments, proofs::Refunds::default()) else {
        return Ok(Outcome::NoAnswer);
    };
    judged.mends = false;
    judged.cause = judged.cause.map(|_| Cause::UnknownHere);
    note(app, row, &nobody, &judged).await?;
    let Some(finding) = finding(&nobody, &judged) else { return Ok(Outcome::Fine) };
    tell(app, &finding, "toss has money for an order that is not here");
    Ok(Outcome::Differs(finding))
}

fn nobody(order_id: &str) -> Beside {
    Beside {
        order_id: order_id.to_owned(),
        status: None,
        amount: 0,
        paid: 0,
        refunded: 0,
        updated_at: 0,
        payment_key: None,
        due_at: None,
        by_transfer: 0,
        rows_seen: 0,
        approvals: 0,
        approved: 0,
        cancelled: 0,
        awaited: 0,
        strange: 0,
        known_rows: None,
        known_paid: None,
        known_refunded: None,
    }
}

async fn note(app: &App, row: &ProofRow, order: &Beside, judged: &Judged) -> Result<(), Error> {
    let now = app.clock.now();
    let looks = usize::try_from(row.looks).unwrap_or(usize::MAX);
    let again = if judged.drift != 0 {
        Some((SOON_AGAIN_MS << looks.min(10)).min(DIFFERS_AGAIN_MS_MAX))
    } else if is_watched(order, now) {
        TRANSFER_LOOKS_MS.get(looks).copied()
    } else {
        None
    };
    let looked = Looked {
        order_id: &row.order_id,
        due_at: again.map(|wait| now + wait),
        rows_seen: order.rows_seen,
        paid: order.paid,
        refunded: order.refunded,
        kept: judged.kept,
        drift: judged.drift,
        cause: judged.cause.map(Cause::as_str),
        detail: judged.cause.is_some().then_some(judged.detail.as_str()),
        now,
    };
    change(app, row, Change::Note(&looked)).await?;
    Ok(())
}

async fn put_off(app: &App, row: &ProofRow, wait_ms: i64) -> Result<(), Error> {
    let due_at = app.clock.now() + wait_ms;
    change(app, row, Change::PutOff(due_at)).await?;
    Ok(())
}

/// What becomes of an order's row.
#[derive(Clone, Copy, Debug)]
enum Change<'a> {
    Take(i64),
    Drop,
    PutOff(i64),
    Note(&'a Looked<'a>),
}

/// `false` when the row was to be taken and somebody else has it.
async fn change(app: &App, row: &ProofRow, change: Change<'_>) -> Result<bool, Error> {
    repeated(async || {
        let mut tx = app.db.write().await?;
        let is_done = match change {
            Change::Take(until) => proofs::take(&mut tx, row, until).await?,
            Change::Drop => proofs::drop_row(&mut tx, &row.order_id).await.map(|()| true)?,
            Change::PutOff(due_at) => {
                proofs::put_off(&mut tx, &row.order_id, due_at).await.map(|()| true)?
            }
            Change::Note(looked) => proofs::note(&mut tx, looked).await.map(|()| true)?,
        };
        tx.commit().await?;
        Ok(is_done)
    })
    .await
}
