//! `/__sandbox/authenticate` and its kin: what a buyer does in a window, done by a program.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State as Shared};
use serde_json::{Value, json};

use crate::sandbox::buyer::{account, choice, order};
use crate::sandbox::control::payments::row;
use crate::sandbox::fields::{FieldFault, Flag};
use crate::sandbox::json_body::{JsonFields, Refused};
use crate::sandbox::payments::{AMOUNT_MAX, CancelEnd, Choice, DepositRefused, Kind};
use crate::sandbox::state::State;

/// Opens a window and pays in it.
pub(crate) async fn authenticate(
    Shared(state): Shared<Arc<State>>,
    JsonFields(mut fields): JsonFields,
) -> Result<Json<Value>, Refused> {
    let account = account(&state.processor.accounts, &mut fields)?;
    let order = order(&mut fields)?;
    let now = state.processor.clock.now();
    let choice = choice(&mut fields, &order, now)?;
    // Without it, the window is open and nobody has paid in it yet.
    let authenticated = fields.flag("authenticated", Flag::On)?;
    fields.finish()?;

    let is_brand_pay = matches!(choice, Choice::BrandPay(_));
    let means = choice.pay(order.amount);
    let mut book = state.processor.book();
    let key = book.open(account, order, now, &state.processor.dice);
    let answer = book.change(&key, now, |payment| {
        if is_brand_pay {
            payment.kind = Kind::BrandPay;
        }
        if authenticated.is_on() {
            payment.authenticate(means, now);
        }
        json!({
            "paymentKey": payment.key,
            "orderId": payment.order.id,
            "amount": payment.order.shown(payment.order.amount),
            "paymentType": payment.kind.as_str(),
            "status": payment.state.status().as_str(),
        })
    });
    answer.map(Json).ok_or_else(|| Refused::not_found("paymentKey"))
}

/// The money for a virtual account arrives.
pub(crate) async fn deposit(
    Shared(state): Shared<Arc<State>>,
    Path(key): Path<String>,
    JsonFields(mut fields): JsonFields,
) -> Result<Json<Value>, Refused> {
    let depositor = fields.maybe_text("depositorName", 1..=100)?;
    let amount = fields.maybe_whole("amount", 1..=AMOUNT_MAX)?;
    fields.finish()?;
    let now = state.processor.clock.now();
    let mut book = state.processor.book();
    let made =
        book.change(&key, now, |it| it.deposit(depositor, amount, now, &state.processor.dice));
    made.ok_or_else(|| Refused::not_found("paymentKey"))??;
    let payment = book.by_key(&key, now).ok_or_else(|| Refused::not_found("paymentKey"))?;
    Ok(Json(row(payment)))
}

/// The bank takes it back.
pub(crate) async fn reverse_deposit(
    Shared(state): Shared<Arc<State>>,
    Path(key): Path<String>,
) -> Result<Json<Value>, Refused> {
    let now = state.processor.clock.now();
    let mut book = state.processor.book();
    let made = book.change(&key, now, |it| it.reverse_deposit(now, &state.processor.dice));
    made.ok_or_else(|| Refused::not_found("paymentKey"))??;
    let payment = book.by_key(&key, now).ok_or_else(|| Refused::not_found("paymentKey"))?;
    Ok(Json(row(payment)))
}

/// Cancels that run on, as those of easy pay from abroad do, end now: `outcome` is `DONE` or
/// `ABORTED`.
pub(crate) async fn end_cancels(
    Shared(state): Shared<Arc<State>>,
    Path(key): Path<String>,
    JsonFields(mut fields): JsonFields,
) -> Result<Json<Value>, Refused> {
    let words = [("DONE", CancelEnd::Done), ("ABORTED", CancelEnd::Aborted)];
    let outcome = fields.maybe_word("outcome", &words)?.unwrap_or(CancelEnd::Done);
    fields.finish()?;
    let now = state.processor.clock.now();
    let ended = state.processor.book().change(&key, now, |payment| payment.end_cancels(outcome));
    let ended = ended.ok_or_else(|| Refused::not_found("paymentKey"))?;
    Ok(Json(json!({ "ended": ended })))
}

impl From<DepositRefused> for Refused {
    fn from(refused: DepositRefused) -> Self {
        let (field, problem) = match refused {
            DepositRefused::NotWaiting => ("paymentKey", "names no payment in a state for this"),
            DepositRefused::Expired => ("paymentKey", "names an account whose due date has passed"),
            DepositRefused::WrongAmount => ("amount", "must be exactly what is waited for"),
        };
        FieldFault::new(field, problem).into()
    }
}
