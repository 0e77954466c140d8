//! An account that is to be ended before its deposit: Toss is asked for it, and says what came first.

use crate::server::db::reasons::Reason;
use crate::server::payment::settle::account_limits;
use crate::server::payment::settle::attempt::{Attempt, Refused};
use crate::server::payment::verdict::{self, Verdict, account_end};
use crate::server::runtime::clock;
use crate::server::toss_api::answer::Told;
use crate::server::{App, Error};
use crate::toss::CancelPayment;

/// Asks Toss to end the account of an order that waits. Each time under a key of its own: there is one
/// account to end, so that asking twice ends it once, and a refusal that Toss keeps would be heard for
/// ever.
pub(super) async fn end(
    app: &App,
    attempt: &mut Attempt,
    reason: &Reason,
) -> Result<Verdict, Error> {
    let words = account_end::words(&attempt.payment);
    let cancel = CancelPayment { cancel_reason: words, ..CancelPayment::default() };
    let sealed = serde_json::to_string(&cancel)
        .map_err(|_| Error::Impossible("a cancel that is no JSON"))?;
    let key = format!("end-{}-{}", attempt.order.id, clock::row_id());
    let (id, amount) = (attempt.order.id.to_string(), attempt.order.amount);
    let refused = match attempt.end_account(app, &sealed, &key).await {
        Told::Payment(payment) => return Ok(verdict::on_payment(&payment, &id, amount, None)),
        Told::Silence => return Ok(Verdict::Open),
        Told::Refused(refused) => refused,
    };
    // A deposit has come meanwhile, or it was ended before.
    let told = attempt.read(app, Refused::No).await;
    let verdict = verdict::on_read(told, &id, amount, None);
    let (wanted, told) = (reason.code(), &refused.code);
    match &verdict {
        Verdict::DepositAwaited(_) => {
            tracing::error!(order.id = id, end.code = wanted, toss.code = told, "not ended");
            Ok(Verdict::Open)
        }
        Verdict::Approved(_)
        | Verdict::Lessened { .. }
        | Verdict::Refused(_)
        | Verdict::Unfit(_)
        | Verdict::Unasked
        | Verdict::Absent(_)
        | Verdict::Open => Ok(verdict),
    }
}

/// The account was issued a moment ago, and is one too many: it is ended before anybody else asks.
pub(super) async fn is_one_too_many(app: &App, attempt: &mut Attempt) -> Result<bool, Error> {
    if !account_limits::is_one_too_many(app, &attempt.order).await? {
        return Ok(false);
    }
    // What was asked so far has been written down with the step.
    attempt.renewed(app).await?;
    Ok(true)
}
