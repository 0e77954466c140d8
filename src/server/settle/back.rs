//! Money on its way back: the open row of the outbox is asked for until Toss has done it.

use crate::domain::order::{Event, Status};
use crate::server::db::cancels::{self, CancelRow, Kind};
use crate::server::db::orders::Money;
use crate::server::db::repeated;
use crate::server::settle::case::Case;
use crate::server::settle::{Settled, record};
use crate::server::toss_client::Told;
use crate::server::verdict::{self, CancelRefusal, PASSING_REFUSALS_MAX, Planned, Verdict};
use crate::server::{App, Error};
use crate::toss::{Amount, Payment};

/// A compensation that Toss refuses needs a person; it is asked for again all the same.
const REFUSED_AGAIN_MS: i64 = 600_000;

/// Asks for what the outbox says, and records what became of it.
pub(super) async fn drive(app: &App, case: &mut Case) -> Result<Settled, Error> {
    let Some(row) = cancels::open_of(app.db.read(), &case.order.id).await? else {
        // Done by someone else between the lease and now.
        let told = case.read(app).await;
        return after(app, case, told, None).await;
    };
    // Asked before: the answer may have been lost, or be a 5xx that Toss keeps under the key
    // although it has done it. So it is looked at first.
    if case.payment.asked > 0 {
        let told = case.read(app).await;
        if matches!(&told, Told::Payment(payment) if is_back(case, &row, payment)) {
            return after(app, case, told, Some(&row)).await;
        }
    }
    let told = case.cancel(app, &row).await;
    let Told::Refused(refused) = told else {
        return after(app, case, told, Some(&row)).await;
    };
    match verdict::cancel_refusal(&refused.code) {
        CancelRefusal::Unknown => {
            let told = case.read(app).await;
            if matches!(&told, Told::Payment(payment) if is_back(case, &row, payment)) {
                return after(app, case, told, Some(&row)).await;
            }
            let is_known = matches!(told, Told::Payment(_));
            count_refusal(app, &row, &refused.code, is_known).await?;
            record::put_off(app, case, None).await?;
            Ok(Settled::Open)
        }
        CancelRefusal::Final => {
            tracing::error!(order.id = case.order.id, toss.code = refused.code, "cancel refused");
            // Refused because it is done already?
            let told = case.read(app).await;
            let done = matches!(&told, Told::Payment(payment) if is_back(case, &row, payment));
            if done {
                return after(app, case, told, Some(&row)).await;
            }
            refused_for_good(app, case, &row, &refused.code, told).await
        }
    }
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

/// Whether what the row asked for has happened.
fn is_back(case: &Case, row: &CancelRow, payment: &Payment) -> bool {
    match row.amount {
        None => payment.balance_amount == 0,
        Some(amount) => {
            let left_before = case.order.paid - case.order.refunded;
            payment.balance_amount <= Amount::from(left_before - amount)
        }
    }
}

async fn after(
    app: &App,
    case: &mut Case,
    told: Told,
    row: Option<&CancelRow>,
) -> Result<Settled, Error> {
    let Told::Payment(payment) = told else {
        record::put_off(app, case, None).await?;
        return Ok(Settled::Open);
    };
    if row.is_some_and(|row| !is_back(case, row, &payment)) {
        record::put_off(app, case, None).await?;
        return Ok(Settled::Open);
    }
    let sums = payment.total_amount.whole().zip(payment.balance_amount.whole());
    let Some((paid, balance)) = sums else {
        return Err(Error::Damaged("an amount of won with decimals"));
    };
    let refunded = paid - balance;
    let status = case.status()?;
    let (event, money) = match (status, balance) {
        // "Fully cancelled" is a balance of 0, whatever the status says (Toss: api.md §2.2).
        (Status::Canceling, 0) => (Event::Returned, None),
        (Status::Refunding, 0) => (Event::WhollyRefunded, Some(Money { paid, refunded })),
        (Status::Refunding, _) if refunded > 0 => {
            (Event::PartlyRefunded, Some(Money { paid, refunded }))
        }
        (Status::Refunding, _) => (Event::Approved, None),
        (_, _) => {
            record::put_off(app, case, None).await?;
            return Ok(Settled::Open);
        }
    };
    let planned = Planned { event, reason: None, money };
    let verdict = Verdict::Open;
    match record::step(app, case, &planned, &verdict).await? {
        record::Recorded::Yes => Ok(Settled::Known),
        // Judged anew in the next round.
        record::Recorded::Overtaken | record::Recorded::Gone(_) => Ok(Settled::Open),
    }
}

async fn refused_for_good(
    app: &App,
    case: &mut Case,
    row: &CancelRow,
    code: &str,
    told: Told,
) -> Result<Settled, Error> {
    if row.kind == Kind::Compensation.as_str() {
        repeated(async || {
            let mut tx = app.db.write().await?;
            cancels::try_anew(&mut tx, &row.id, code).await?;
            tx.commit().await?;
            Ok(())
        })
        .await?;
        record::put_off(app, case, Some(REFUSED_AGAIN_MS)).await?;
        return Ok(Settled::Open);
    }
    // A refund that Toss will not make: the row is closed and says why, the order is as it was.
    let Told::Payment(payment) = told else {
        record::put_off(app, case, None).await?;
        return Ok(Settled::Open);
    };
    repeated(async || {
        let mut tx = app.db.write().await?;
        cancels::close(&mut tx, &case.order.id, Some(code), app.clock.now()).await?;
        tx.commit().await?;
        Ok(())
    })
    .await?;
    after(app, case, Told::Payment(payment), None).await
}
