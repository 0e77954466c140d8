//! What the payment window does behind its buttons: opening a payment and paying in it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::sandbox::codes::Refusal;
use crate::sandbox::control::{JsonFields, choice, fault, order};
use crate::sandbox::faults::{FAULTS_MAX, Target};
use crate::sandbox::fields::{FieldFault, Fields, Flag};
use crate::sandbox::merchants::KEY_LENGTH_MAX;
use crate::sandbox::payments::State as Stands;
use crate::sandbox::state::State;

/// How the window is told no: a code and a sentence for a person.
pub(crate) struct Closed(StatusCode, String, String);

impl IntoResponse for Closed {
    fn into_response(self) -> Response {
        let Closed(status, code, message) = self;
        (status, Json(json!({ "code": code, "message": message }))).into_response()
    }
}

impl From<FieldFault> for Closed {
    fn from(fault: FieldFault) -> Self {
        Closed(StatusCode::BAD_REQUEST, "INVALID_PARAMETERS".to_owned(), fault.to_string())
    }
}

impl From<Refusal> for Closed {
    fn from(refusal: Refusal) -> Self {
        Closed(refusal.status, refusal.code, refusal.message)
    }
}

/// The window has been opened.
pub(crate) async fn open(
    Shared(state): Shared<Arc<State>>,
    JsonFields(mut fields): JsonFields,
) -> Result<Json<Value>, Closed> {
    let client_key = fields.text("clientKey", 1..=KEY_LENGTH_MAX)?;
    let account =
        state.accounts.by_client(&client_key).ok_or_else(|| Refusal::new("INVALID_CLIENT_KEY"))?;
    let order = order(&mut fields)?;
    fields.finish()?;
    let now = state.clock.now();
    let mut book = state.book();
    let is_paid = book.by_order(&account.m_id, &order.id, now).is_some_and(|payment| {
        matches!(payment.state, Stands::Done | Stands::Canceled | Stands::PartialCanceled)
    });
    if is_paid {
        return Err(Refusal::new("DUPLICATED_ORDER_ID").into());
    }
    let payment = book.open(Arc::clone(account), order, now, &state.dice);
    Ok(Json(json!({ "paymentKey": payment.key })))
}

/// The buyer has pressed the button, and may have asked for trouble at confirm.
pub(crate) async fn authenticate(
    Shared(state): Shared<Arc<State>>,
    JsonFields(mut fields): JsonFields,
) -> Result<Json<Value>, Closed> {
    let key = fields.text("paymentKey", 1..=200)?;
    let trouble = fields.value("fault");
    let expire = fields.flag("expire", Flag::Off)?;
    let now = state.clock.now();
    let amount = state
        .with_payment(&key, |payment| payment.order.amount)
        .ok_or_else(|| Refusal::new("NOT_FOUND_PAYMENT_SESSION"))?;
    let means = choice(&mut fields, amount)?.pay(amount);
    fields.finish()?;
    if let Some(trouble) = trouble {
        let mut trouble = Fields::parse(trouble.to_string().as_bytes())?;
        let mut fault = fault(&mut trouble)?;
        fault.target = Target::Confirm;
        fault.payment_key = Some(key.clone());
        let full = || FieldFault::new("fault", format!("is one too many: {FAULTS_MAX} are set"));
        state.faults.set(fault).ok_or_else(full)?;
    }
    let mut book = state.book();
    let payment = book
        .by_key(&key, now)
        .filter(|payment| payment.state == Stands::Ready)
        .ok_or_else(|| Refusal::new("NOT_FOUND_PAYMENT_SESSION"))?;
    payment.authenticate(means, now);
    if expire.is_on() {
        payment.expire();
    }
    Ok(Json(json!({
        "paymentType": "NORMAL",
        "paymentKey": payment.key,
        "orderId": payment.order.id,
        "amount": payment.order.amount,
    })))
}
