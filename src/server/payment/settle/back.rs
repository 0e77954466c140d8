//! Money on its way back: the open row of the outbox is asked for until Toss has done it.

use crate::domain::order::{Event, Status};
use crate::domain::won::Won;
use crate::server::db::cancels::{self, CancelRow, Kind, State};
use crate::server::db::orders::Money;
use crate::server::db::reasons::Reason;
use crate::server::db::repeated;
use crate::server::payment::refund;
use crate::server::payment::settle::attempt::{Attempt, Refused, Settled};
use crate::server::payment::settle::given_back::{self, Heard};
use crate::server::payment::settle::record;
use crate::server::payment::verdict::{
    self, CancelRefusal, PASSING_REFUSALS_MAX, Planned, Verdict, won,
};
use crate::server::toss_api::answer::Told;
use crate::server::{App, Error};
use crate::toss;
use crate::words::Failure;

/// A compensation that Toss refuses, or for which the buyer has named no account yet, needs a
/// person; it is looked at all the same.
const REFUSED_AGAIN_MS: i64 = 600_000;

/// Asks for what the outbox says, and records what became of it.
pub(super) async fn drive(app: &App, attempt: &mut Attempt) -> Result<Settled, Error> {
    let Some(row) = cancels::open_of(app.db.read(), attempt.order.id.as_str()).await? else {
        // Done by someone else between the lease and now.
        let told = attempt.read(app, Refused::No).await;
        return after(app, attempt, told, None).await;
    };
    // Asked before: the answer may have been lost, or be a 5xx that Toss keeps under the key
    // although it has done it. So it is looked at first.
    if attempt.payment.asked > 0 || row.state == State::Account {
        let told = attempt.read(app, Refused::No).await;
        if is_settled(attempt, &row) {
            return after(app, attempt, told, Some(&row)).await;
        }
        if row.state == State::Account && !account_is_needless(attempt) {
            record::put_off(app, attempt, Some(REFUSED_AGAIN_MS)).await?;
            return Ok(Settled::Open);
        }
    }
    let row = if row.state == State::Account { without_account(app, row).await? } else { row };
    let told = attempt.cancel(app, &row).await;
    let Told::Refused(refused) = told else {
        return after(app, attempt, told, Some(&row)).await;
    };
    match verdict::cancel_refusal(&refused.code) {
        CancelRefusal::Unknown => {
            let told = attempt.read(app, Refused::No).await;
            if is_settled(attempt, &row) {
                return after(app, attempt, told, Some(&row)).await;
            }
            let is_known = matches!(told, Told::Payment(_));
            count_refusal(app, &row, &refused.code, is_known).await?;
            record::put_off(app, attempt, None).await?;
            Ok(Settled::Open)
        }
        CancelRefusal::Final => {
            tracing::error!(
                order.id = attempt.order.id.as_str(),
                toss.code = refused.code,
                "cancel refused"
            );
            // Refused because it is done already?
            let told = attempt.read(app, Refused::No).await;
            if is_settled(attempt, &row) {
                return after(app, attempt, told, Some(&row)).await;
            }
            refused_for_good(app, attempt, &row, &refused.code, told).await
        }
    }
}

/// Whether what was heard last ends the row: it is back, or there is nothing to give back because
/// the bank has taken the deposit back itself.
fn is_settled(attempt: &Attempt, row: &CancelRow) -> bool {
    let is_refund = row.kind == Kind::Refund;
    attempt.told.as_ref().is_some_and(|heard| {
        given_back::is_back(row, heard) || (is_refund && heard.awaits_deposit())
    })
}

/// The bank has taken the deposit back: what is cancelled now is an account, not money.
fn account_is_needless(attempt: &Attempt) -> bool {
    attempt.told.as_ref().is_some_and(Heard::awaits_deposit)
}

async fn without_account(app: &App, row: CancelRow) -> Result<CancelRow, Error> {
    repeated(async || {
        let mut tx = app.db.write().await?;
        cancels::reopen(&mut tx, &row.id, &row.sealed, None).await?;
        tx.commit().await?;
        Ok(())
    })
    .await?;
    Ok(CancelRow { state: State::Open, ..row })
}

/// A refusal that may pass, but that Toss keeps under its key: after the second one, and only
/// when a look-up has shown that nothing went back, the next try has a key of its own.
async fn count_refusal(
    app: &App,
    row: &CancelRow,
    code: &str,
    is_known: bool,
) -> Result<(), Error> {
    if !verdict::is_kept(code) {
        return Ok(());
    }
    let is_used_up = row.passing_refusals + 1 >= PASSING_REFUSALS_MAX;
    repeated(async || {
        let mut tx = app.db.write().await?;
        if is_used_up && is_known {
            cancels::try_anew(&mut tx, &row.id, code).await?;
        } else {
            cancels::refused_in_passing(&mut tx, &row.id).await?;
        }
        tx.commit().await?;
        Ok(())
    })
    .await
}

async fn after(
    app: &App,
    attempt: &mut Attempt,
    told: Told,
    row: Option<&CancelRow>,
) -> Result<Settled, Error> {
    let Told::Payment(payment) = told else {
        record::put_off(app, attempt, None).await?;
        return Ok(Settled::Open);
    };
    if row.is_some_and(|row| !is_settled(attempt, row)) {
        record::put_off(app, attempt, None).await?;
        return Ok(Settled::Open);
    }
    let sums = won(payment.total_amount).zip(won(payment.balance_amount));
    let sums = sums.and_then(|(paid, balance)| Some((paid, balance, paid.minus(balance)?)));
    let Some((paid, balance, refunded)) = sums else {
        return Err(Error::Impossible("sums of Toss's that are no won, or more than was paid"));
    };
    // Nothing changes what was paid; an answer that says so is not written down.
    if attempt.order.status == Status::Refunding && paid != attempt.order.amount {
        tracing::error!(
            order.id = attempt.order.id.as_str(),
            "toss says of a refund that another sum was paid"
        );
        record::put_off(app, attempt, None).await?;
        return Ok(Settled::Open);
    }
    let nothing = Some(Money { paid: Won::ZERO, refunded: Won::ZERO });
    let is_unpaid = payment.virtual_account.is_some() && payment.approved_at.is_none();
    let (event, reason, money) = match (attempt.order.status, balance) {
        // "Fully cancelled" is a balance of 0, whatever the status says (Toss: api.md §2.2).
        (Status::Canceling, Won::ZERO) => (Event::Returned, None, None),
        // The bank has taken the deposit back.
        (Status::Refunding, _) if payment.status == toss::Status::WaitingForDeposit => {
            (Event::DepositAwaited, None, nothing)
        }
        // As above, and then the refund ended the account itself.
        (Status::Refunding, Won::ZERO) if is_unpaid => {
            (Event::Refused, Some(Reason::Own(Failure::DepositReversed)), nothing)
        }
        (Status::Refunding, Won::ZERO) => {
            (Event::WhollyRefunded, None, Some(Money { paid, refunded }))
        }
        (Status::Refunding, _) if !refunded.is_zero() => {
            (Event::PartlyRefunded, None, Some(Money { paid, refunded }))
        }
        (Status::Refunding, _) => (Event::Approved, None, Some(Money { paid, refunded })),
        (_, _) => {
            record::put_off(app, attempt, None).await?;
            return Ok(Settled::Open);
        }
    };
    let planned = Planned { event, reason, money };
    let verdict = Verdict::Open;
    match record::step(app, attempt, &planned, &verdict).await? {
        record::Recorded::Yes => Ok(Settled::Known),
        // Judged anew in the next round.
        record::Recorded::Overtaken | record::Recorded::Gone(_) => Ok(Settled::Open),
    }
}

async fn refused_for_good(
    app: &App,
    attempt: &mut Attempt,
    row: &CancelRow,
    code: &str,
    told: Told,
) -> Result<Settled, Error> {
    let is_deposited = attempt.told.as_ref().is_some_and(Heard::is_deposited);
    if is_deposited && (verdict::is_of_account(code) || !refund::has_account(&row.sealed)) {
        return ask_for_account(app, attempt, row, code).await;
    }
    if row.kind == Kind::Compensation {
        repeated(async || {
            let mut tx = app.db.write().await?;
            cancels::try_anew(&mut tx, &row.id, code).await?;
            tx.commit().await?;
            Ok(())
        })
        .await?;
        record::put_off(app, attempt, Some(REFUSED_AGAIN_MS)).await?;
        return Ok(Settled::Open);
    }
    // A refund that Toss will not make: the row is closed and says why, the order is as it was.
    let Told::Payment(payment) = told else {
        record::put_off(app, attempt, None).await?;
        return Ok(Settled::Open);
    };
    attempt.refund_refused = Some(code.to_owned());
    after(app, attempt, Told::Payment(payment), None).await
}

/// Toss cannot pay to this account, or was given none: the buyer is asked, perhaps again. What was
/// said is forgotten.
async fn ask_for_account(
    app: &App,
    attempt: &mut Attempt,
    row: &CancelRow,
    code: &str,
) -> Result<Settled, Error> {
    let is_refund = row.kind == Kind::Refund;
    let sealed = refund::without_account(&row.sealed)?;
    // That none was given is not the buyer's fault.
    let code = refund::has_account(&row.sealed).then_some(code);
    let waits = repeated(async || {
        let now = app.clock.now();
        let mut tx = app.ledger.write().await?;
        let is_first = !is_refund
            || record::hand_over(&mut tx, attempt, Event::AccountAsked, code, now).await?;
        if is_first {
            cancels::need_account(&mut tx, &row.id, &sealed, code).await?;
        }
        tx.commit().await?;
        Ok(is_first && is_refund)
    })
    .await?;
    if waits {
        return Ok(Settled::Known);
    }
    // A compensation stays CANCELING, and its page asks.
    record::put_off(app, attempt, Some(REFUSED_AGAIN_MS)).await?;
    Ok(Settled::Open)
}
