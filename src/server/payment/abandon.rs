//! The buyer came back through the fail address without paying.
//!
//! Invariant: what the address says is a claim of whoever made it. It ends a PENDING order of the
//! browser that comes with it and no other; what is kept is a code of our own.

use crate::contract::{Code, Outcome, Reason as Why};
use crate::domain::actor::Actor;
use crate::domain::id::OrderId;
use crate::domain::order::{Event, Status};
use crate::server::db::orders::{Step, load};
use crate::server::db::reasons::Reason;
use crate::server::db::repeated;
use crate::server::identity::visitor::Visitor;
use crate::server::payment::outcome::outcome;
use crate::server::{App, Error};
use crate::words::Failure;

/// What Toss's fail address says (Toss: sdk.md §4.2); of any other code it is [`Failure::NotPaid`].
const KNOWN: [Failure; 4] = [
    Failure::PayProcessCanceled,
    Failure::UserCancel,
    Failure::PayProcessAborted,
    Failure::RejectCardCompany,
];

/// Keeps the reason on a PENDING order of this browser, and leaves any other alone.
pub async fn abandon(
    app: &App,
    visitor: &Visitor,
    order_id: &OrderId,
    code: &str,
) -> Result<Outcome, Error> {
    let order = load(&app.db, order_id).await?;
    if order.status != Status::Pending {
        return outcome(app, order_id).await;
    }
    if !visitor.is_buyer_of(app, &order).await? {
        return Err(Error::refused(Code::Forbidden, Why::NotYoursToLeave));
    }
    let known = KNOWN.into_iter().find(|known| known.code() == code);
    let reason = Reason::Own(known.unwrap_or(Failure::NotPaid));
    let code = reason.code();
    let detail = format!("code={code}");
    let now = app.clock.now();
    let step = Step {
        order_id,
        from: Status::Pending,
        event: Event::Abandoned,
        by: &Actor::Buyer,
        reason: Some(&reason),
        detail: &detail,
        money: None,
        now,
    };
    let abandoned = repeated(async || {
        let mut tx = app.ledger.write().await?;
        let moved = tx.advance(step).await?;
        tx.commit().await?;
        Ok(moved)
    })
    .await?;
    if abandoned {
        tracing::info!(
            order.id = order_id.as_str(),
            toss.code = code,
            "buyer came back without paying"
        );
    }
    outcome(app, order_id).await
}
