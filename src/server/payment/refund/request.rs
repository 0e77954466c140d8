//! A refund that is wished for: planned against the order's books and written down.

use crate::domain::actor::Actor;
use crate::domain::bank::Account;
use crate::domain::id::OrderId;
use crate::domain::order::{Event, Status};
use crate::domain::refund::{Balance, Line, Plan, REASON_LENGTH_MAX, Refused, Wish};
use crate::domain::won::Won;
use crate::server::db::cancels::{self, Kind, State, Wanted};
use crate::server::db::orders::{self, OrderRow, Step};
use crate::server::db::refund_lines::{self, Worth};
use crate::server::db::{Db, Tx, awaited, payments, repeated};
use crate::server::ledger::Ledger;
use crate::server::runtime::clock;
use crate::server::{Error, Refusal};
use crate::toss::{CancelPayment, RefundAccount};
use crate::words;

/// What staff want.
#[derive(Clone, Debug)]
pub struct Request {
    pub what: What,
    pub reason: String,
    /// The pieces go back on the shelf with the money.
    pub restocks: bool,
    /// The coupon is the buyer's again, once everything is back.
    pub restores_coupon: bool,
    /// Where a deposited virtual account is refunded to; without it the buyer is asked.
    pub account: Option<Account>,
}

/// What is to go back.
#[derive(Clone, Debug)]
pub enum What {
    Everything,
    Amount(i64),
    /// Products of the order, and pieces of each.
    Pieces(Vec<(String, i64)>),
}

/// What a request comes to.
#[derive(Clone, Debug)]
pub struct Asked {
    pub plan: Plan,
    /// Names of the plan's lines, in its order.
    pub names: Vec<String>,
    /// What is left for the buyer to get back after it.
    pub left_after: i64,
    /// The buyer is asked for an account first.
    pub waits_for_account: bool,
}

/// Asks for a refund of an amount, or of everything that is left.
pub async fn ask(
    ledger: &Ledger,
    order_id: &OrderId,
    amount: Option<Won>,
    (by, reason): (&Actor, &str),
    now: i64,
) -> Result<Won, Error> {
    let request = Request {
        what: amount.map_or(What::Everything, |amount| What::Amount(amount.get())),
        reason: reason.to_owned(),
        restocks: false,
        restores_coupon: false,
        account: None,
    };
    let asked = write_down(ledger, order_id, &request, by, now).await?;
    won(asked.plan.amount)
}

/// Asks for a refund of a paid order.
///
/// Refused for an order that is not paid, is being refunded already, or has less left. It is on
/// the disk when this returns; the shop's background work asks Toss for it.
pub async fn write_down(
    ledger: &Ledger,
    order_id: &OrderId,
    request: &Request,
    by: &Actor,
    now: i64,
) -> Result<Asked, Error> {
    let reason = reason(&request.reason)?;
    let request = Request { reason, ..request.clone() };
    repeated(async || write_once(ledger, order_id, &request, by, now).await).await
}

/// A part of a plan, which is made of what was paid.
pub fn won(amount: i64) -> Result<Won, Error> {
    Won::new(amount).ok_or(Error::Impossible("a refund of more than there is"))
}

/// As it is sent. One that Toss would not take whole is refused, and never cut.
fn reason(text: &str) -> Result<String, Refusal> {
    let reason = text.trim();
    match reason.chars().count() {
        0 => Err(Refusal::NoReason),
        1..=REASON_LENGTH_MAX => Ok(reason.to_owned()),
        length => Err(Refusal::ReasonTooLong { length }),
    }
}

/// What a request would come to, with nothing written. It needs no reason yet.
pub async fn preview(db: &Db, order_id: &OrderId, request: &Request) -> Result<Asked, Error> {
    if !request.reason.trim().is_empty() {
        reason(&request.reason)?;
    }
    repeated(async || {
        let mut tx = db.write().await?;
        let weighed = weigh(db, &mut tx, order_id.as_str(), request).await;
        tx.commit().await?;
        weighed.map(|weighed| weighed.asked)
    })
    .await
}

/// A request against the books.
struct Weighed {
    order: OrderRow,
    asked: Asked,
}

async fn weigh(db: &Db, tx: &mut Tx, id: &str, request: &Request) -> Result<Weighed, Error> {
    // Held, so that no second refund counts on what this one gives back.
    let order = orders::hold(db, tx, id).await?.ok_or(Refusal::NoOrder)?;
    let left = left_of(&order)?;
    let worths = refund_lines::worths(tx, id).await?;
    let balance = balance(tx, &order, left, &worths).await?;
    let wish = wish(&request.what, &worths)?;
    let plan = balance.plan(&wish).map_err(|refused| refusal(refused, &worths))?;
    let name = |line: i64| worths.iter().find(|worth| worth.line == line).map(|it| it.name.clone());
    let is_deposit = awaited::is_deposit(tx, id).await?;
    if request.account.is_some() && !is_deposit {
        return Err(Refusal::NotADeposit.into());
    }
    let names = plan.lines.iter().filter_map(|line| name(line.line)).collect();
    let left_after = left - plan.amount;
    let waits_for_account = is_deposit && request.account.is_none();
    Ok(Weighed { order, asked: Asked { plan, names, left_after, waits_for_account } })
}

async fn write_once(
    ledger: &Ledger,
    order_id: &OrderId,
    request: &Request,
    by: &Actor,
    now: i64,
) -> Result<Asked, Error> {
    let id = order_id.as_str();
    let mut tx = ledger.write().await?;
    let weighed = weigh(ledger.db(), &mut tx, id, request).await;
    let Weighed { order, asked } = match weighed {
        Ok(weighed) => weighed,
        Err(error) => {
            // Judged by what may be part of the same batch, and so told once it is on the disk.
            tx.commit().await?;
            return Err(error);
        }
    };
    let plan = &asked.plan;
    let left = order.left().get();
    let account = request.account.as_ref();
    let cancel = CancelPayment {
        cancel_reason: request.reason.clone(),
        cancel_amount: (plan.amount < left).then_some(plan.amount),
        refund_receive_account: account.map(receiver),
        tax_free_amount: (plan.tax_free > 0).then_some(plan.tax_free),
        // A lock: somebody may be giving money back in Toss's console at this moment.
        refundable_amount: Some(left),
    };
    let sealed = serde_json::to_string(&cancel)
        .map_err(|_| Error::Impossible("a cancel that is no JSON"))?;
    let step = Step {
        order_id,
        from: order.status,
        event: if asked.waits_for_account { Event::AccountAsked } else { Event::RefundAsked },
        by,
        reason: None,
        detail: &format!("amount={}", plan.amount),
        money: None,
        now,
    };
    if !tx.advance(step).await? {
        tx.commit().await?;
        return Err(Refusal::JustChanged.into());
    }
    let row_id = clock::row_id();
    let account_masked = account.map(words::account_shown);
    let row = Wanted {
        id: &row_id,
        order_id: id,
        kind: Kind::Refund,
        state: if asked.waits_for_account { State::Account } else { State::Open },
        amount: Some(won(plan.amount)?),
        tax_free: won(plan.tax_free)?,
        by_amount: won(plan.by_amount)?,
        reason: &request.reason,
        sealed: &sealed,
        transaction_key: None,
        account_masked: account_masked.as_deref(),
        restores_coupon: request.restores_coupon,
        now,
    };
    cancels::insert(&mut tx, row).await?;
    for line in &plan.lines {
        let restock = if request.restocks { line.quantity } else { 0 };
        refund_lines::insert(&mut tx, &row_id, line, restock).await?;
    }
    if !asked.waits_for_account {
        payments::make_due(&mut tx, id, now).await?;
    }
    tx.commit().await?;
    Ok(asked)
}

pub(super) fn receiver(account: &Account) -> RefundAccount {
    RefundAccount {
        bank: account.bank().code().to_owned(),
        account_number: account.number().to_owned(),
        holder_name: account.holder().to_owned(),
    }
}

fn left_of(order: &OrderRow) -> Result<i64, Error> {
    let refusal = match order.status {
        Status::Completed | Status::PartiallyRefunded => return Ok(order.left().get()),
        Status::Refunding => Refusal::Underway,
        Status::RefundWaiting => Refusal::AccountAwaited,
        Status::Refunded => Refusal::AllBack,
        Status::Pending
        | Status::Confirming
        | Status::WaitingForDeposit
        | Status::Canceling
        | Status::Failed
        | Status::Expired => Refusal::NotPaid,
    };
    Err(refusal.into())
}

async fn balance(
    tx: &mut Tx,
    order: &OrderRow,
    left: i64,
    worths: &[Worth],
) -> Result<Balance, Error> {
    let returned = refund_lines::returned(tx, order.id.as_str()).await?;
    let of_line = |line: i64| {
        returned.iter().find(|it| it.line == line).map_or(0, |returned| returned.quantity)
    };
    let tax_free = refund_lines::tax_free_of(tx, order.id.as_str()).await?;
    let back = refund_lines::tax_free_back(tx, order.id.as_str()).await?;
    let lines = worths.iter().map(|worth| Line {
        line: worth.line,
        worth: worth.worth.get(),
        quantity: worth.quantity,
        returned: of_line(worth.line),
        is_tax_free: worth.tax_free == 1,
    });
    Ok(Balance { left, tax_free_left: (tax_free - back).clamp(0, left), lines: lines.collect() })
}

fn wish(what: &What, worths: &[Worth]) -> Result<Wish, Error> {
    let pieces = match what {
        What::Everything => return Ok(Wish::Everything),
        What::Amount(amount) => return Ok(Wish::Amount(*amount)),
        What::Pieces(pieces) => pieces,
    };
    let mut found = Vec::new();
    for (product, quantity) in pieces {
        let Some(worth) = worths.iter().find(|worth| worth.product_id.as_str() == product) else {
            let have = worths.iter().map(|worth| worth.product_id.to_string()).collect();
            return Err(Refusal::NoSuchProduct { product: product.clone(), have }.into());
        };
        found.push((worth.line, *quantity));
    }
    Ok(Wish::Pieces(found))
}

fn refusal(refused: Refused, worths: &[Worth]) -> Refusal {
    let name = |line: i64| {
        let worth = worths.iter().find(|worth| worth.line == line);
        worth.map_or_else(|| line.to_string(), |worth| worth.name.clone())
    };
    match refused {
        Refused::NothingLeft => Refusal::AllBack,
        Refused::Amount { left } => Refusal::Amount { left },
        Refused::NoLine { line } => {
            let have = worths.iter().map(|worth| worth.product_id.to_string()).collect();
            Refusal::NoSuchProduct { product: line.to_string(), have }
        }
        Refused::Pieces { line, left } => Refusal::Pieces { name: name(line), left },
        Refused::Worthless => Refusal::Worthless,
    }
}
