//! Orders as they are shown.

use crate::contract::{
    AccountAskedView, AccountView, ApiError, ContactView, DoubtView, FailureView, LineView,
    OrderView, Outcome, PaidView,
};
use crate::domain::actor::Actor;
use crate::domain::bank;
use crate::domain::id::{OrderId, PaymentKey, ProductId};
use crate::domain::order::Status;
use crate::domain::won::Won;
use crate::server::db::orders::{self, OrderRow, Pieces};
use crate::server::db::payments::{self, PaymentRow};
use crate::server::db::{cancels, events};
use crate::server::identity::visitor::Visitor;
use crate::server::payment::settle::{Case, Why, settle};
use crate::server::payment::verdict::DOUBT_MS_MAX;
use crate::server::payment::{deposit_end, refund};
use crate::server::runtime::clock::{self, Clock};
use crate::server::shop::checkout::contact;
use crate::server::{App, Error};

/// What a buyer reads when the order is in doubt.
pub const IN_DOUBT: &str = "확인 중입니다, 다시 결제하지 마세요";

/// An order, or a 404 that says so.
pub async fn load(app: &App, order_id: &OrderId) -> Result<OrderRow, Error> {
    orders::by_id(app.db.read(), order_id.as_str()).await?.ok_or_else(not_found)
}

/// As [`load`], with what it is of.
pub async fn load_with_pieces(
    app: &App,
    order_id: &OrderId,
) -> Result<(OrderRow, Vec<Pieces>), Error> {
    orders::with_pieces(&app.db, order_id.as_str()).await?.ok_or_else(not_found)
}

/// No order has this number, or none could have it.
pub fn not_found() -> Error {
    Error::not_found("주문을 찾을 수 없습니다. 주문 번호를 확인해 주세요.")
}

/// The order as its page shows it; private details in full for its buyer alone.
pub async fn view(app: &App, visitor: &Visitor, order_id: &OrderId) -> Result<OrderView, Error> {
    let order = load(app, order_id).await?;
    let status = order.status;
    let is_mine = visitor.is_buyer_of(app, &order).await?;
    let payment = payments::of_order(app.db.read(), order_id.as_str()).await?;
    let refunds = if is_mine { refund::shown(app, order_id.as_str()).await? } else { Vec::new() };
    let account_asked = if is_mine { account_asked(app, &order).await? } else { None };
    let end_asked = match status {
        Status::WaitingForDeposit => payment.as_ref().is_some_and(|it| is_ending(app, it)),
        Status::Completed => events::was_end_asked(app.db.read(), order_id.as_str()).await?,
        Status::Pending
        | Status::Confirming
        | Status::Canceling
        | Status::Refunding
        | Status::RefundWaiting
        | Status::PartiallyRefunded
        | Status::Refunded
        | Status::Failed
        | Status::Expired => false,
    };
    let is_failed = matches!(status, Status::Failed | Status::Canceling | Status::Expired);
    let failure = order.failure_code.clone().zip(order.failure_message.clone());
    Ok(OrderView {
        order_id: order_id.clone(),
        order_name: order.order_name.clone(),
        status,
        lines: lines_of(app, order_id).await?,
        subtotal: won(order.subtotal)?,
        discount: won(order.discount)?,
        amount: won(order.amount)?,
        ordered_at: clock::korean(order.created_at),
        paid: payment.as_ref().filter(|_| status.is_paid()).map(|payment| paid(payment, is_mine)),
        refunded: won(order.refunded)?,
        refunds,
        account_asked,
        was_reversed: status == Status::WaitingForDeposit
            && events::was_reversed(app.db.read(), order_id.as_str()).await?,
        doubt: payment
            .as_ref()
            .filter(|_| status == Status::Confirming)
            .and_then(|payment| doubt(payment, &app.clock)),
        account: payment
            .as_ref()
            .filter(|_| is_mine && status == Status::WaitingForDeposit && !end_asked)
            .and_then(account),
        end_asked,
        failure: failure.filter(|_| is_failed).map(|(code, message)| FailureView { code, message }),
        customer: ContactView::of(&contact(&order), is_mine),
        is_mine,
        // A bank may take a deposit back.
        is_followed: status.is_open()
            || status == Status::Completed
                && payment.is_some_and(|payment| payment.account_number.is_some()),
    })
}

/// The order's lines, at the prices of when it was placed.
pub async fn lines_of(app: &App, order_id: &OrderId) -> Result<Vec<LineView>, Error> {
    let damaged = || Error::Damaged("order_lines");
    let mut lines = Vec::new();
    for line in orders::lines(app.db.read(), order_id.as_str()).await? {
        let unit_price = won(line.unit_price)?;
        let quantity = u32::try_from(line.quantity).map_err(|_| damaged())?;
        lines.push(LineView {
            product_id: ProductId::parse(&line.product_id).map_err(|_| damaged())?,
            name: line.name,
            unit_price,
            quantity,
            amount: unit_price.times(quantity).ok_or_else(damaged)?,
        });
    }
    Ok(lines)
}

/// How the order stands, in the form of an answer to whoever claimed a payment.
pub async fn outcome(app: &App, order_id: &OrderId) -> Result<Outcome, Error> {
    let order = load(app, order_id).await?;
    let status = order.status;
    let payment = payments::of_order(app.db.read(), order_id.as_str()).await?;
    let is_ending = payment.as_ref().is_some_and(|it| is_ending(app, it));
    let key = payment.and_then(|payment| PaymentKey::parse(&payment.payment_key).ok());
    let completed = status.is_paid();
    let message = match status {
        Status::Pending | Status::Completed => None,
        Status::Refunding => Some("환불하고 있습니다".to_owned()),
        Status::RefundWaiting => Some("환불받을 계좌를 기다리고 있습니다".to_owned()),
        Status::PartiallyRefunded => Some(format!("{} 환불되었습니다", won(order.refunded)?)),
        Status::Refunded => Some("전액 환불되었습니다".to_owned()),
        Status::Confirming => Some(IN_DOUBT.to_owned()),
        Status::WaitingForDeposit if is_ending => {
            Some("입금 전에 주문을 취소하고 있습니다".to_owned())
        }
        Status::WaitingForDeposit => Some("입금을 기다리고 있습니다".to_owned()),
        Status::Canceling => Some("결제를 취소하고 있습니다".to_owned()),
        Status::Failed | Status::Expired => order.failure_message.clone(),
    };
    Ok(Outcome {
        order_id: order_id.clone(),
        payment_key: key.filter(|_| completed),
        status,
        amount: completed.then_some(won(order.amount)?),
        message,
    })
}

/// Whether an account that waits is to be ended, so that nobody is told to pay into it.
fn is_ending(app: &App, payment: &PaymentRow) -> bool {
    deposit_end::wanted(payment, app.clock.at_toss()).is_some()
}

/// As [`outcome`], of an order that is COMPLETED.
pub fn completed(order_id: &OrderId, case: &Case) -> Result<Outcome, Error> {
    Ok(Outcome {
        order_id: order_id.clone(),
        payment_key: PaymentKey::parse(&case.payment.payment_key).ok(),
        status: Status::Completed,
        amount: Some(won(case.order.amount)?),
        message: None,
    })
}

/// How the order stands now; one in doubt is asked about first, if that is due.
pub async fn follow(app: &App, order_id: &OrderId) -> Result<Outcome, Error> {
    if load(app, order_id).await?.status.is_open() {
        // As a task: the browser may leave while Toss is being asked.
        let (app, order_id) = (app.clone(), order_id.clone());
        let tasks = app.tasks.clone();
        let work =
            tasks.start(async move { settle(&app, &order_id, Why::Due, &Actor::Buyer).await });
        match work.ended().await? {
            // Nothing can be written down just now, so nobody is asked; what is stored still holds.
            Err(error) if error.is_outage() => drop(ApiError::from(error)),
            settled => drop(settled?),
        }
    }
    outcome(app, order_id).await
}

/// Stored money.
pub fn won(amount: i64) -> Result<Won, Error> {
    Won::new(amount).ok_or(Error::Damaged("an amount of money"))
}

/// By when a doubt ends, and whether that time has passed because Toss cannot be reached.
fn doubt(payment: &PaymentRow, clock: &Clock) -> Option<DoubtView> {
    let decide_by = payment.decide_by?;
    // The first look-up after the deadline decides; it comes within a minute.
    const LOOK_MS: i64 = 60_000;
    // Why it has not come is not known by a clock that was set meanwhile.
    let passed = payment.begun().and_then(|begun| clock.uptime().since(&begun));
    let is_overdue = match passed {
        Some(passed) => passed > DOUBT_MS_MAX + LOOK_MS,
        None => clock.now() > decide_by + LOOK_MS,
    };
    Some(DoubtView { decided_by: clock::korean(decide_by + LOOK_MS), is_overdue })
}

/// The open refund that waits for an account, and what it gives back.
async fn account_asked(app: &App, order: &OrderRow) -> Result<Option<AccountAskedView>, Error> {
    let row = cancels::open_of(app.db.read(), order.id.as_str()).await?;
    let Some(row) = row.filter(|row| row.is(cancels::State::Account)) else { return Ok(None) };
    Ok(Some(AccountAskedView {
        amount: won(row.amount.unwrap_or(order.amount))?,
        was_refused: row.refused_code.is_some(),
    }))
}

fn paid(payment: &PaymentRow, is_mine: bool) -> PaidView {
    PaidView {
        method: payment.method.clone().unwrap_or_else(|| "결제".to_owned()),
        detail: payment.method_detail.clone().filter(|_| is_mine),
        // What an older or a newer version kept is left out.
        means: payment
            .means
            .as_deref()
            .filter(|_| is_mine)
            .and_then(|means| serde_json::from_str(means).ok()),
        approved_at: payment.approved_at.as_deref().map(clock::korean_of).unwrap_or_default(),
        // A page of Toss's: nothing else belongs behind the link.
        receipt_url: payment
            .receipt_url
            .clone()
            .filter(|url| is_mine && (url.starts_with("https://") || url.starts_with("http://"))),
    }
}

fn account(payment: &PaymentRow) -> Option<AccountView> {
    let number = payment.account_number.as_deref()?;
    // The shop may want it sooner than Toss.
    let due_at = payment.account_due_ms.into_iter().chain(payment.deposit_by).min();
    Some(AccountView {
        bank: bank::name(payment.bank_code.as_deref().unwrap_or_default()).to_owned(),
        account_number: number.to_owned(),
        due_date: due_at.map_or_else(
            || payment.account_due_at.as_deref().map(clock::korean_of).unwrap_or_default(),
            clock::korean,
        ),
        due_at,
    })
}
