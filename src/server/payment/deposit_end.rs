//! Virtual accounts that are ended before their deposit: by staff, by the buyer, by the shop's own due
//! date, and because there are too many of one person or from one place.
//!
//! How: that it is wished for is written down here; `settle` asks Toss for it. Whether the deposit or
//! the end came first is Toss's to say: an account with a deposit in it is not ended, and the order is
//! paid.

use crate::domain::actor::Actor;
use crate::domain::id::OrderId;
use crate::domain::order::Status;
use crate::domain::refund::REASON_LENGTH_MAX;
use crate::server::db::orders::{self, OrderRow, Reason};
use crate::server::db::payments::PaymentRow;
use crate::server::db::{Db, Tx, awaited, events, repeated};
use crate::server::identity::visitor::Visitor;
use crate::server::payment::settle::{Why, settle};
use crate::server::shop::order::{load, not_found};
use crate::server::{App, Error};

/// Toss ended the account, and nobody had wished for it here.
pub const AT_TOSS: &str = "ACCOUNT_CANCELED";
/// The due date is over.
pub const OVERDUE: &str = "NOT_DEPOSITED_IN_TIME";
const BY_SHOP: &str = "ACCOUNT_CANCELED_BY_SHOP";
const BY_BUYER: &str = "ACCOUNT_CANCELED_BY_BUYER";
const TOO_MANY: &str = "TOO_MANY_ACCOUNTS";

const HOUR_MS: i64 = 3_600_000;

/// How many accounts may wait, and how long. Absent: as many and as long as Toss lets them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Waiting {
    pub hours: Option<i64>,
    pub per_person: Option<i64>,
    pub per_address: Option<i64>,
}

impl Waiting {
    /// By when the shop wants the deposit to an account that was issued now.
    pub fn deposit_by(&self, now: i64) -> Option<i64> {
        self.hours.map(|hours| now.saturating_add(hours.saturating_mul(HOUR_MS)))
    }
}

/// Who wishes for the end.
#[derive(Clone, Copy, Debug)]
pub enum Who<'a> {
    /// In whose words Toss is told.
    Staff { by: &'a Actor, reason: &'a str },
    /// The customer of this id.
    Buyer { customer_id: &'a str },
}

/// Why there is nothing to end.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("there is no such order")]
    NoOrder,
    #[error("the order does not wait for a deposit, it is {0}")]
    NotWaiting(Status),
    #[error("a reason of 1 to {REASON_LENGTH_MAX} characters is meant: Toss takes no longer one")]
    Reason,
    #[error("the database could not be asked")]
    Failed(#[source] Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Refused {
        Refused::Failed(error)
    }
}

/// Writes down that an account is to be ended. It is on the disk when this returns; the shop's
/// background work asks Toss. Twice is harmless, and the first wish counts.
pub async fn ask(db: &Db, order_id: &OrderId, who: Who<'_>, now: i64) -> Result<(), Refused> {
    let (by, code, words) = match who {
        Who::Staff { by, reason } => (by, BY_SHOP, reason.trim()),
        Who::Buyer { .. } => (&Actor::Buyer, BY_BUYER, "구매자 요청"),
    };
    if words.is_empty() || words.chars().count() > REASON_LENGTH_MAX {
        return Err(Refused::Reason);
    }
    let found = repeated(async || {
        let mut tx = db.write().await?;
        let order = orders::hold(db, &mut tx, order_id.as_str()).await?;
        let is_theirs = |order: &OrderRow| match who {
            Who::Staff { .. } => true,
            Who::Buyer { customer_id } => order.customer_id == customer_id,
        };
        let found = order.filter(is_theirs).map(|order| order.status);
        if found == Some(Status::WaitingForDeposit) {
            wish(&mut tx, order_id.as_str(), by, (code, words), now).await?;
        }
        // Judged by what may be part of the same batch, and so told once it is on the disk.
        tx.commit().await?;
        Ok(found)
    })
    .await?;
    match found {
        None => Err(Refused::NoOrder),
        Some(Status::WaitingForDeposit) => Ok(()),
        Some(other) => Err(Refused::NotWaiting(other)),
    }
}

async fn wish(
    tx: &mut Tx,
    id: &str,
    by: &Actor,
    (code, words): (&str, &str),
    now: i64,
) -> Result<(), Error> {
    if awaited::wish_end(tx, id, code, words, now).await? {
        let waits = (Status::WaitingForDeposit, Status::WaitingForDeposit);
        let detail = format!("code={code}");
        events::adding(id, "EndAsked", waits, by, &detail, now).run(tx).await?;
    }
    Ok(())
}

/// As [`ask`], by the form on the order's page, and tried at once; whatever comes of it, that page
/// tells it.
pub async fn ask_by_form(app: &App, visitor: &Visitor, order_id: &str) -> Result<String, Error> {
    let order_id = OrderId::parse(order_id).map_err(|_| not_found())?;
    let page = format!("/orders/{order_id}");
    let order = load(app, &order_id).await?;
    let Some(customer) = visitor.buyer_of(app, &order).await? else { return Ok(page) };
    let who = Who::Buyer { customer_id: &customer.id };
    match ask(&app.db, &order_id, who, app.clock.now()).await {
        Ok(()) => {}
        Err(Refused::Failed(error)) => return Err(error),
        Err(Refused::NoOrder | Refused::NotWaiting(_) | Refused::Reason) => return Ok(page),
    }
    // As a task: the browser may leave while Toss is being asked.
    let own = app.clone();
    let settled =
        app.tasks.start(async move { settle(&own, &order_id, Why::Due, &Actor::Buyer).await });
    settled.ended().await??;
    Ok(page)
}

/// Whether one more account may not wait for this buyer or from this place; then that is written
/// down. The ones that were there first stay.
pub(crate) async fn is_one_too_many(app: &App, order: &OrderRow) -> Result<bool, Error> {
    let limits = &app.shop.deposits;
    if limits.per_person.is_none() && limits.per_address.is_none() {
        return Ok(false);
    }
    let before = awaited::before(app.db.read(), order.id.as_str()).await?;
    let is_over = |count: i64, most: Option<i64>| most.is_some_and(|most| count >= most);
    let is_too_many = is_over(before.of_phone, limits.per_person)
        || is_over(before.of_email, limits.per_person)
        || is_over(before.from_address, limits.per_address);
    if is_too_many {
        tracing::warn!(order.id = order.id.as_str(), "one account too many waits for a deposit");
        repeated(async || {
            let now = app.clock.now();
            let mut tx = app.db.write().await?;
            wish(
                &mut tx,
                order.id.as_str(),
                &Actor::Background,
                (TOO_MANY, "입금 대기 한도 초과"),
                now,
            )
            .await?;
            tx.commit().await?;
            Ok(())
        })
        .await?;
    }
    Ok(is_too_many)
}

/// Why an account that still waits is to be ended, if it is. Its due date is by Toss's clock, which
/// nobody sets here.
pub fn wanted(payment: &PaymentRow, toss_at: Option<i64>) -> Option<Reason> {
    match (&payment.end_code, payment.deposit_by.zip(toss_at)) {
        (Some(code), _) => Some(reason(code)),
        (None, Some((by, toss_at))) if toss_at >= by => Some(reason(OVERDUE)),
        (None, Some(_) | None) => None,
    }
}

/// What the buyer reads of an order whose account was ended. Nothing had been paid into it, and
/// nothing is said to be on its way back.
pub fn reason(code: &str) -> Reason {
    let message = match code {
        OVERDUE => "입금 기한이 지나 주문이 만료되었습니다.",
        BY_SHOP => "상점에서 입금 전에 주문을 취소했습니다. 이 계좌로 입금하지 마세요.",
        BY_BUYER => "요청하신 대로 입금 전에 주문을 취소했습니다. 이 계좌로 입금하지 마세요.",
        TOO_MANY => {
            "입금을 기다리는 주문이 이미 있어 새 가상계좌를 취소했습니다. 앞선 주문에 먼저 입금하거나 그 주문을 취소해 주세요."
        }
        _ => "입금 전에 가상계좌가 취소되었습니다. 이 계좌로 입금하지 마세요.",
    };
    Reason::new(code, message)
}
