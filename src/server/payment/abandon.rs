//! The buyer came back through the fail address without paying.
//!
//! Invariant: what the address says is a claim of whoever made it. It ends a PENDING order of the
//! browser that comes with it and no other; what is kept is a code and a sentence of our own.

use crate::contract::{ApiError, Code, Outcome};
use crate::domain::actor::Actor;
use crate::domain::id::OrderId;
use crate::domain::order::{Event, Status};
use crate::server::db::orders::{Reason, Step, load};
use crate::server::db::repeated;
use crate::server::identity::visitor::Visitor;
use crate::server::payment::outcome::outcome;
use crate::server::{App, Error};

/// What Toss's fail address says (Toss: sdk.md §4.2), and what a buyer reads of it later.
const REASONS: [(&str, &str); 4] = [
    ("PAY_PROCESS_CANCELED", "결제를 취소했습니다."),
    ("USER_CANCEL", "결제를 취소했습니다."),
    ("PAY_PROCESS_ABORTED", "결제가 중단되어 결제되지 않았습니다."),
    ("REJECT_CARD_COMPANY", "카드사에서 승인을 거절해 결제되지 않았습니다."),
];

/// Of any other code.
const NOT_PAID: (&str, &str) = ("NOT_PAID", "결제를 마치지 않았습니다.");

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
        let message = "이 주문을 한 브라우저에서만 결제를 그만둘 수 있습니다.";
        return Err(Error::Refused(ApiError::new(Code::Forbidden, message)));
    }
    let known = REASONS.into_iter().find(|(known, _)| *known == code);
    let (code, sentence) = known.unwrap_or(NOT_PAID);
    let reason = Reason::new(code, sentence);
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
