//! `/__sandbox/deliveries` and `/__sandbox/events`: what was sent, what was answered, sending
//! again, and events made by hand.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State as Shared};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::sandbox::control::rows::ROWS_MAX;
use crate::sandbox::fields::{FieldFault, Fields};
use crate::sandbox::json_body::{JsonFields, Refused};
use crate::sandbox::state::State;
use crate::sandbox::webhooks::{Delivery, EventType, M_ID_LENGTH, Progress, WebhookEvent, sample};

/// Which deliveries.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Wanted {
    order_id: Option<String>,
    payment_key: Option<String>,
    state: Option<String>,
}

impl Wanted {
    fn names(&self, delivery: &Delivery) -> bool {
        let same =
            |wanted: &Option<String>, found: &Option<String>| wanted.is_none() || wanted == found;
        same(&self.order_id, &delivery.order_id)
            && same(&self.payment_key, &delivery.payment_key)
            && self.state.as_deref().is_none_or(|word| progress(word) == Some(delivery.progress))
    }
}

fn progress(word: &str) -> Option<Progress> {
    Progress::ALL.iter().find(|(it, _)| *it == word).map(|(_, progress)| *progress)
}

/// Newest first.
pub(crate) async fn list(
    Shared(state): Shared<Arc<State>>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Value>, Refused> {
    if wanted.state.as_deref().is_some_and(|word| progress(word).is_none()) {
        let words = Progress::ALL.map(|(word, _)| word).join(", ");
        return Err(FieldFault::new("state", format!("must be one of {words}")).into());
    }
    let rows = state.webhooks.latest(ROWS_MAX, |it| wanted.names(it).then(|| it.row()));
    Ok(Json(json!({ "deliveries": rows })))
}

/// One, with the body that was sent.
pub(crate) async fn read_one(
    Shared(state): Shared<Arc<State>>,
    Path(id): Path<u64>,
) -> Result<Json<Value>, Refused> {
    one(&state, id).map(Json).ok_or_else(|| Refused::not_found("id"))
}

/// Voids the schedule that runs and begins a new one, as the button in the developer centre.
pub(crate) async fn resend(
    Shared(state): Shared<Arc<State>>,
    Path(id): Path<u64>,
) -> Result<Json<Value>, Refused> {
    if !state.webhooks.resend(id, state.processor.clock.now()) {
        return Err(Refused::not_found("id"));
    }
    one(&state, id).map(Json).ok_or_else(|| Refused::not_found("id"))
}

fn one(state: &State, id: u64) -> Option<Value> {
    state.webhooks.with_delivery(id, |delivery| {
        let mut row = delivery.row();
        if let Some(object) = row.as_object_mut() {
            object.insert("body".to_owned(), delivery.body.as_str().into());
        }
        row
    })
}

/// Sends an event that nothing here brought about: of a product the sandbox does not play, about
/// a payment as it stands now, or about one that never existed.
pub(crate) async fn make(
    Shared(state): Shared<Arc<State>>,
    JsonFields(mut fields): JsonFields,
) -> Result<(StatusCode, Json<Value>), Refused> {
    let kind = fields
        .maybe_word("event", &EventType::ALL)?
        .ok_or_else(|| FieldFault::new("event", "is missing"))?;
    let event = match fields.maybe_text("paymentKey", 1..=200)? {
        Some(key) => about(&state, kind, &key)?,
        None => invented(&state, kind, &mut fields)?,
    };
    fields.finish()?;
    let is_wanted = state.webhooks.registrations().iter().any(|it| it.wants(kind, &event.m_id));
    if !is_wanted {
        return Err(FieldFault::new("event", "is one that nobody is registered for").into());
    }
    let before = state.webhooks.last_delivery();
    let gates = state.webhooks.accept(event, state.processor.clock.now(), &state.processor.dice);
    // Nothing is answered here that it could come before.
    drop(gates);
    let made = state.webhooks.latest(ROWS_MAX, |it| (it.id > before).then(|| it.row()));
    Ok((StatusCode::CREATED, Json(json!({ "deliveries": made }))))
}

fn about(state: &State, kind: EventType, key: &str) -> Result<WebhookEvent, Refused> {
    let now = state.processor.clock.now();
    let told = state.processor.told_payment(key, now);
    let event = match kind {
        EventType::PaymentStatusChanged => told.map(|it| WebhookEvent::of_payment(it, now)),
        EventType::DepositCallback => told.map(|it| WebhookEvent::of_deposit(it, now)),
        EventType::CancelStatusChanged
        | EventType::BillingDeleted
        | EventType::MethodUpdated
        | EventType::CustomerStatusChanged
        | EventType::OrderPaymentStatusChanged
        | EventType::PayoutChanged
        | EventType::SellerChanged
        | EventType::ArsReservationChanged => {
            let problem = "goes with PAYMENT_STATUS_CHANGED and DEPOSIT_CALLBACK alone";
            return Err(FieldFault::new("paymentKey", problem).into());
        }
    };
    event.ok_or_else(|| Refused::not_found("paymentKey"))
}

fn invented(state: &State, kind: EventType, fields: &mut Fields) -> Result<WebhookEvent, Refused> {
    let merchants = state.processor.accounts.m_ids();
    let m_id = match fields.maybe_text("mId", M_ID_LENGTH)? {
        Some(m_id) if !merchants.contains(&m_id) => {
            return Err(FieldFault::new("mId", "is not a merchant of this sandbox").into());
        }
        Some(m_id) => m_id,
        None => merchants.into_iter().next().unwrap_or_default(),
    };
    let data = match fields.value("data") {
        None => Map::new(),
        Some(Value::Object(data)) => data,
        Some(_) => return Err(FieldFault::new("data", "must be an object").into()),
    };
    sample(kind, &m_id, data, state.processor.clock.now(), &state.processor.dice)
        .map_err(|fault| FieldFault::new("data", format!("does not fit: {fault}")).into())
}
