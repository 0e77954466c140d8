//! What the payment window does behind its buttons: opening a payment and paying in it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::sandbox::buyer::{Whom, agree_to_billing, choice, order, recognise};
use crate::sandbox::codes::Refusal;
use crate::sandbox::faults::{self, FAULTS_MAX, Target};
use crate::sandbox::fields::{FieldFault, Flag};
use crate::sandbox::json_body::JsonFields;
use crate::sandbox::merchants::KEY_LENGTH_MAX;
use crate::sandbox::payments::{Choice, Kind};
use crate::sandbox::state::State;

/// How the window is told no: a code and a sentence for a person.
pub(crate) struct WindowRefused(StatusCode, String, String);

impl IntoResponse for WindowRefused {
    fn into_response(self) -> Response {
        let WindowRefused(status, code, message) = self;
        (status, Json(json!({ "code": code, "message": message }))).into_response()
    }
}

impl From<FieldFault> for WindowRefused {
    fn from(fault: FieldFault) -> Self {
        WindowRefused(StatusCode::BAD_REQUEST, "INVALID_PARAMETERS".to_owned(), fault.to_string())
    }
}

impl From<Refusal> for WindowRefused {
    fn from(refusal: Refusal) -> Self {
        WindowRefused(refusal.status, refusal.code, refusal.message)
    }
}

/// The window has been opened.
pub(crate) async fn open(
    Shared(state): Shared<Arc<State>>,
    JsonFields(mut fields): JsonFields,
) -> Result<Json<Value>, WindowRefused> {
    let client_key = fields.text("clientKey", 1..=KEY_LENGTH_MAX)?;
    let account = state
        .processor
        .accounts
        .by_client(&client_key)
        .ok_or_else(|| Refusal::new("INVALID_CLIENT_KEY"))?;
    let kinds = [("NORMAL", Kind::Normal), ("BRANDPAY", Kind::BrandPay)];
    let kind = fields.maybe_word("paymentType", &kinds)?.unwrap_or(Kind::Normal);
    let order = order(&mut fields)?;
    fields.finish()?;
    let now = state.processor.clock.now();
    let mut book = state.processor.book();
    let is_used = book
        .by_order(&account.m_id, &order.id, now)
        .is_some_and(|payment| payment.state.uses_order_id());
    if is_used {
        return Err(Refusal::new("DUPLICATED_ORDER_ID").into());
    }
    let key = book.open(Arc::clone(account), order, now, &state.processor.dice);
    book.change(&key, now, |payment| payment.kind = kind);
    Ok(Json(json!({ "paymentKey": key })))
}

/// The buyer has pressed the button, and may have asked for trouble at confirm.
pub(crate) async fn authenticate(
    Shared(state): Shared<Arc<State>>,
    JsonFields(mut fields): JsonFields,
) -> Result<Json<Value>, WindowRefused> {
    let gone = || Refusal::new("NOT_FOUND_PAYMENT_SESSION");
    let key = fields.text("paymentKey", 1..=200)?;
    let trouble = fields.object("fault")?;
    let expire = fields.flag("expire", Flag::Off)?;
    let now = state.processor.clock.now();
    let order =
        state.processor.with_payment(&key, |payment| payment.order.clone()).ok_or_else(gone)?;
    let choice = choice(&mut fields, &order, now)?;
    fields.finish()?;
    if let Some(mut trouble) = trouble {
        let mut fault = faults::read(&mut trouble)?;
        fault.target = Target::Confirm;
        fault.payment_key = Some(key.clone());
        let full = || FieldFault::new("fault", format!("is one too many: {FAULTS_MAX} are set"));
        state.faults.set(fault).ok_or_else(full)?;
    }
    let is_brand_pay = matches!(choice, Choice::BrandPay(_));
    let means = choice.pay(order.amount);
    let answer = state.processor.book().change(&key, now, |payment| {
        if !payment.authenticate(means, now) {
            return None;
        }
        if is_brand_pay {
            payment.kind = Kind::BrandPay;
        }
        if expire.is_on() {
            payment.expire();
        }
        Some(json!({
            "paymentType": payment.kind.as_str(),
            "paymentKey": payment.key,
            "orderId": payment.order.id,
            "amount": payment.order.shown(payment.order.amount),
        }))
    });
    Ok(Json(answer.flatten().ok_or_else(gone)?))
}

/// The buyer has registered a card or an account for billing.
pub(crate) async fn billing(
    Shared(state): Shared<Arc<State>>,
    JsonFields(fields): JsonFields,
) -> Result<Json<Value>, WindowRefused> {
    Ok(Json(agree_to_billing(&state.processor, fields)?))
}

/// BrandPay has recognised the buyer.
pub(crate) async fn brandpay(
    Shared(state): Shared<Arc<State>>,
    JsonFields(mut fields): JsonFields,
) -> Result<Json<Value>, WindowRefused> {
    let first = fields.flag("first", Flag::Off)?;
    let whom = if first.is_on() { Whom::Newcomers } else { Whom::Anyone };
    Ok(Json(recognise(&state.processor, fields, whom)?))
}
