//! Giving money back because the shop wants to. Written down here; the one road carries it out.

use crate::domain::id::OrderId;
use crate::domain::order::{Event, Status};
use crate::domain::won::Won;
use crate::server::checkout::status;
use crate::server::db::cancels::{self, Kind, Wanted};
use crate::server::db::orders::{OrderRow, Step};
use crate::server::db::{Db, orders, payments, repeated};
use crate::server::{Error, clock};
use crate::toss::CancelPayment;

/// Toss's limit for a reason, in characters (Toss: api.md §5.1).
pub const REASON_LENGTH_MAX: usize = 200;

/// Asks for a refund of a paid order: of `amount`, or of everything that is left.
///
/// Refused for an order that is not paid, is being refunded already, or has less left. It is on
/// the disk when this returns; the shop's background work asks Toss for it.
pub async fn ask(
    db: &Db,
    order_id: &OrderId,
    amount: Option<Won>,
    reason: &str,
    now: i64,
) -> Result<Won, Error> {
    let reason: String = reason.trim().chars().take(REASON_LENGTH_MAX).collect();
    if reason.is_empty() {
        return Err(Error::invalid("reason", "환불 사유를 적어 주세요"));
    }
    repeated(async || ask_once(db, order_id, amount, &reason, now).await).await
}

async fn ask_once(
    db: &Db,
    order_id: &OrderId,
    amount: Option<Won>,
    reason: &str,
    now: i64,
) -> Result<Won, Error> {
    let id = order_id.as_str();
    let mut tx = db.write().await?;
    let order = orders::by_id_in(&mut tx, id)
        .await?
        .ok_or_else(|| Error::not_found("주문을 찾을 수 없습니다."))?;
    let left = left_of(&order)?;
    let wanted = amount.map_or(left, Won::get);
    if wanted < 1 || wanted > left {
        let message = format!("1원부터 {left}원까지 환불할 수 있습니다");
        return Err(Error::invalid("amount", message));
    }
    let cancel = CancelPayment {
        cancel_reason: reason.to_owned(),
        cancel_amount: (wanted < left).then_some(wanted),
        // A lock: somebody may be giving money back in Toss's console at this moment.
        refundable_amount: Some(left),
        ..CancelPayment::default()
    };
    let sealed = serde_json::to_string(&cancel).map_err(|_| Error::Damaged("a cancel"))?;
    let detail = format!("amount={wanted}");
    let step = Step {
        order_id: id,
        from: status(&order)?,
        event: Event::RefundAsked,
        reason: None,
        detail: &detail,
        money: None,
        now,
    };
    if !orders::advance(&mut tx, step).await? {
        return Err(Error::conflict("이 주문은 방금 바뀌었습니다. 다시 확인해 주세요."));
    }
    let row_id = clock::row_id();
    let row = Wanted {
        id: &row_id,
        order_id: id,
        kind: Kind::Refund,
        amount: Some(wanted),
        reason,
        sealed: &sealed,
        now,
    };
    cancels::insert(&mut tx, row).await?;
    payments::make_due(&mut tx, id, now).await?;
    tx.commit().await?;
    Won::new(wanted).ok_or(Error::Damaged("a refund"))
}

fn left_of(order: &OrderRow) -> Result<i64, Error> {
    match status(order)? {
        Status::Completed | Status::PartiallyRefunded => Ok(order.paid - order.refunded),
        Status::Refunding => Err(Error::conflict("이 주문은 이미 환불하고 있습니다.")),
        Status::Pending
        | Status::Confirming
        | Status::WaitingForDeposit
        | Status::Canceling
        | Status::Refunded
        | Status::Failed
        | Status::Expired => Err(Error::conflict("환불할 수 있는 주문이 아닙니다.")),
    }
}
