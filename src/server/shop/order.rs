//! Orders as they are shown.

use crate::contract::{
    AccountAskedView, AccountView, CardView, ContactView, DoubtView, FailureView, LineView,
    MeansView, OrderView, PaidView,
};
use crate::domain::id::OrderId;
use crate::domain::order::Status;
use crate::server::db::orders::OrderRow;
use crate::server::db::payments::{self, PaymentRow};
use crate::server::db::sheets::{self, Sheet, SheetLine};
use crate::server::db::{cancels, events};
use crate::server::identity::visitor::Visitor;
use crate::server::payment::outcome::is_ending;
use crate::server::payment::refund;
use crate::server::payment::verdict::DOUBT_MS_MAX;
use crate::server::runtime::clock::{self, Clock};
use crate::server::{App, Damage, Error};
use crate::words::{self, Plan, TossWord, spoken};

/// The order as its page shows it; private details in full for its buyer alone.
pub async fn view(app: &App, visitor: &Visitor, order_id: &OrderId) -> Result<OrderView, Error> {
    let Sheet { order, lines, customer } = sheets::load(&app.db, order_id).await?;
    let status = order.status;
    let is_mine = visitor.if_buyer(app, &order, customer).await?.is_some();
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
    Ok(OrderView {
        order_id: order_id.clone(),
        order_name: order.order_name.clone(),
        status,
        lines: lines_of(lines, order_id)?,
        subtotal: order.subtotal,
        discount: order.discount,
        amount: order.amount,
        ordered_at: clock::korean(order.created_at),
        paid: payment.as_ref().filter(|_| status.is_paid()).map(|payment| paid(payment, is_mine)),
        refunded: order.refunded,
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
        failure: order.failure().filter(|_| is_failed).map(|reason| FailureView {
            code: reason.code().to_owned(),
            message: reason.say(spoken()).into_owned(),
        }),
        customer: ContactView::of(&order.contact(), is_mine),
        is_mine,
        // A bank may take a deposit back.
        is_followed: status.is_open()
            || status == Status::Completed
                && payment.is_some_and(|payment| payment.account_number.is_some()),
    })
}

/// The order's lines, at the prices of when it was placed.
pub fn lines_of(lines: Vec<SheetLine>, order_id: &OrderId) -> Result<Vec<LineView>, Error> {
    let view = |line: SheetLine| {
        let amount = line.unit_price.times(line.quantity);
        Ok(LineView {
            product_id: line.product_id,
            name: line.name,
            unit_price: line.unit_price,
            quantity: line.quantity,
            amount: amount
                .ok_or_else(|| Damage::new("order_lines", "unit_price", order_id.as_str()))?,
        })
    };
    lines.into_iter().map(view).collect()
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
    let Some(row) = row.filter(|row| row.state == cancels::State::Account) else { return Ok(None) };
    Ok(Some(AccountAskedView {
        amount: row.amount.unwrap_or(order.amount),
        was_refused: row.refused_code.is_some(),
    }))
}

fn paid(payment: &PaymentRow, is_mine: bool) -> PaidView {
    let language = spoken();
    let method = payment.method.as_deref().map(|it| words::name(it, language).into_owned());
    // What an older or a newer version kept is left out.
    let means: Option<MeansView> = payment
        .means
        .as_deref()
        .filter(|_| is_mine)
        .and_then(|means| serde_json::from_str(means).ok());
    let detail = means.as_ref().and_then(|means| means.card.as_ref()).map(card);
    PaidView {
        method: method.unwrap_or_else(|| TossWord::Payment.say(language).to_owned()),
        detail: detail.or_else(|| payment.method_detail.clone()).filter(|_| is_mine),
        means,
        approved_at: payment.approved_at.as_deref().map(clock::korean_of).unwrap_or_default(),
        // A page of Toss's: nothing else belongs behind the link.
        receipt_url: payment
            .receipt_url
            .clone()
            .filter(|url| is_mine && (url.starts_with("https://") || url.starts_with("http://"))),
    }
}

/// `신한카드 433012******1234 · 3개월`
fn card(card: &CardView) -> String {
    let plan = match (card.months, card.is_interest_free) {
        (0, _) => Plan::AtOnce,
        (months, true) => Plan::WithoutInterest { months },
        (months, false) => Plan::Months { months },
    };
    let language = spoken();
    let company = words::name(&card.company, language);
    format!("{company} {} · {}", card.number, plan.say(language))
}

fn account(payment: &PaymentRow) -> Option<AccountView> {
    let number = payment.account_number.as_deref()?;
    // The shop may want it sooner than Toss.
    let due_at = payment.account_due_ms.into_iter().chain(payment.deposit_by).min();
    Some(AccountView {
        bank: words::bank(payment.bank_code.as_deref().unwrap_or_default(), spoken()).to_owned(),
        account_number: number.to_owned(),
        due_date: due_at.map_or_else(
            || payment.account_due_at.as_deref().map(clock::korean_of).unwrap_or_default(),
            clock::korean,
        ),
        due_at,
    })
}
