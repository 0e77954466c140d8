//! The control API under `/__sandbox`: what a person does in the window, done by a program,
//! and the ways to make Toss fail on purpose.
//!
//! Why no CORS: a page on the internet must not be able to steer a sandbox on this machine.
//! Every call that changes something needs a JSON body or a method no form can send.

mod agreements;
mod authenticate;
mod choices;
mod clock;
mod faults;
mod payments;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Query, Request, State as Shared};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;

use crate::sandbox::codes::rows_of_table;
use crate::sandbox::fields::{FieldFault, Fields};
use crate::sandbox::state::State;

/// Rows in one answer.
const ROWS_MAX: usize = 1_000;

pub(crate) use agreements::{agree_to_billing, recognise};
pub(crate) use choices::{choice, is_order_id, order};
pub(crate) use faults::fault;

/// The routes of the control API.
pub(crate) fn routes() -> Router<Arc<State>> {
    Router::new()
        .route("/__sandbox/authenticate", post(authenticate::authenticate))
        .route("/__sandbox/billing-auth", post(agreements::billing_auth))
        .route("/__sandbox/brandpay-auth", post(agreements::brandpay_auth))
        .route("/__sandbox/faults", get(faults::list).post(faults::set).delete(faults::remove))
        .route("/__sandbox/faults/{id}", delete(faults::remove_one))
        .route("/__sandbox/calls", get(calls))
        .route("/__sandbox/payments", get(payments::list))
        .route("/__sandbox/payments/{payment_key}/expire", post(payments::expire))
        .route("/__sandbox/payments/{payment_key}/deposit", post(authenticate::deposit))
        .route(
            "/__sandbox/payments/{payment_key}/reverse-deposit",
            post(authenticate::reverse_deposit),
        )
        .route("/__sandbox/payments/{payment_key}/cancels", post(authenticate::end_cancels))
        .route("/__sandbox/clock", get(clock::read).post(clock::set))
        .route("/__sandbox/assumptions", get(assumptions))
        .route("/__sandbox/codes", get(codes))
}

/// Which rows a list is about.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Filter {
    pub(crate) order_id: Option<String>,
    pub(crate) payment_key: Option<String>,
}

impl Filter {
    pub(crate) fn names(&self, order_id: Option<&str>, payment_key: Option<&str>) -> bool {
        let same = |wanted: &Option<String>, found: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| found == Some(wanted))
        };
        same(&self.order_id, order_id) && same(&self.payment_key, payment_key)
    }
}

/// A body of JSON fields, and that it was sent as JSON.
pub(crate) struct JsonFields(pub(crate) Fields);

impl<S: Send + Sync> FromRequest<S> for JsonFields {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refused> {
        let is_json = request
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.to_ascii_lowercase().starts_with("application/json"));
        if !is_json {
            return Err(FieldFault::new("Content-Type", "must be application/json").into());
        }
        let body = Bytes::from_request(request, state)
            .await
            .map_err(|fault: BytesRejection| FieldFault::new("body", fault.body_text()))?;
        Ok(JsonFields(Fields::parse(&body)?))
    }
}

/// How the control API says no: it names the field.
#[derive(Clone, Debug)]
pub(crate) struct Refused {
    status: StatusCode,
    fault: FieldFault,
}

impl Refused {
    pub(crate) fn not_found(field: &str) -> Refused {
        Refused {
            status: StatusCode::NOT_FOUND,
            fault: FieldFault::new(field, "names nothing that exists"),
        }
    }
}

impl From<FieldFault> for Refused {
    fn from(fault: FieldFault) -> Self {
        Refused { status: StatusCode::BAD_REQUEST, fault }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let body = json!({
            "code": if self.status == StatusCode::NOT_FOUND { "NOT_FOUND" } else { "INVALID_FIELD" },
            "field": self.fault.field,
            "message": self.fault.to_string(),
        });
        (self.status, Json(body)).into_response()
    }
}

async fn calls(Shared(state): Shared<Arc<State>>, Query(filter): Query<Filter>) -> Response {
    let calls = state.calls.latest(ROWS_MAX, |call| {
        filter.names(call.order_id.as_deref(), call.payment_key.as_deref())
    });
    Json(json!({ "calls": calls })).into_response()
}

async fn assumptions(Shared(state): Shared<Arc<State>>) -> Response {
    let rows: Vec<_> = state
        .assumed
        .list()
        .into_iter()
        .map(|it| json!({ "about": it.about, "chosen": it.chosen, "source": it.source }))
        .collect();
    Json(json!({ "assumptions": rows })).into_response()
}

/// Which part of the table of codes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Endpoint {
    endpoint: Option<String>,
}

async fn codes(Query(Endpoint { endpoint }): Query<Endpoint>) -> Response {
    let rows: Vec<_> = rows_of_table()
        .filter(|row| endpoint.as_deref().is_none_or(|endpoint| row.endpoint == endpoint))
        .map(|row| {
            json!({
                "endpoint": row.endpoint,
                "code": row.code,
                "status": row.status.as_u16(),
                "message": row.message,
            })
        })
        .collect();
    Json(json!({ "codes": rows })).into_response()
}
