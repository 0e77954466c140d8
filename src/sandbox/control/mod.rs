//! The control API under `/__sandbox`: what a person does in the window, done by a program,
//! and the ways to make Toss fail on purpose.
//!
//! Why no CORS: a page on the internet must not be able to steer a sandbox on this machine.
//! A call that changes something is taken from the sandbox's own pages and from programs, and a
//! body must be sent as JSON, which no form can do.

mod agreements;
mod authenticate;
mod choices;
mod clock;
mod deliveries;
mod faults;
mod house;
mod page;
mod payments;
mod timeline;
mod webhook_faults;
mod webhooks;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Query, Request, State as Shared};
use axum::http::header::{CONTENT_TYPE, HOST, ORIGIN};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, delete, get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;

use crate::sandbox::codes::rows_of_table;
use crate::sandbox::fields::{FieldFault, Fields};
use crate::sandbox::state::State;

/// Rows in one answer.
const ROWS_MAX: usize = 1_000;

pub(crate) use agreements::{Whom, agree_to_billing, recognise};
pub(crate) use choices::{choice, is_order_id, order};
pub(crate) use faults::{fault, restored as restored_fault, row as fault_row};

/// The routes of the control API and its page.
pub(crate) fn routes() -> Router<Arc<State>> {
    let pages = Router::new()
        .route("/__sandbox/", get(page::page))
        .route("/__sandbox", get(page::to_page))
        .route("/__sandbox/openapi.json", get(page::description));
    table()
        .into_iter()
        .fold(pages, |router, (path, methods)| router.route(path, methods))
        .layer(from_fn(own_pages_only))
}

/// Browsers say which page a call comes from. Programs say nothing, and may.
async fn own_pages_only(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let host = headers.get(HOST).map(|host| host.as_bytes());
    let is_own = |origin: &HeaderValue| {
        let after_scheme = origin.to_str().ok().and_then(|it| it.split_once("://"));
        after_scheme.is_some_and(|(_, name)| Some(name.as_bytes()) == host)
    };
    let is_foreign = !headers.get_all(ORIGIN).iter().all(is_own);
    if is_foreign && request.method() != Method::GET {
        return Refused::foreign().into_response();
    }
    next.run(request).await
}

/// Every path of the API, each described in `openapi.json`.
pub(crate) fn table() -> Vec<(&'static str, MethodRouter<Arc<State>>)> {
    vec![
        ("/__sandbox/authenticate", post(authenticate::authenticate)),
        ("/__sandbox/billing-auth", post(agreements::billing_auth)),
        ("/__sandbox/brandpay-auth", post(agreements::brandpay_auth)),
        ("/__sandbox/assumptions", get(assumptions)),
        ("/__sandbox/calls", get(calls)),
        ("/__sandbox/clock", get(clock::read).post(clock::set)),
        ("/__sandbox/codes", get(codes)),
        ("/__sandbox/deliveries", get(deliveries::list)),
        ("/__sandbox/deliveries/{id}", get(deliveries::read_one)),
        ("/__sandbox/deliveries/{id}/resend", post(deliveries::resend)),
        ("/__sandbox/events", post(deliveries::make)),
        ("/__sandbox/faults", get(faults::list).post(faults::set).delete(faults::remove)),
        ("/__sandbox/faults/{id}", delete(faults::remove_one)),
        ("/__sandbox/latency", get(house::latency).post(house::set_latency)),
        ("/__sandbox/merchants", get(house::merchants)),
        ("/__sandbox/merchants/{mId}/security-key", post(house::reissue)),
        ("/__sandbox/payments", get(payments::list)),
        ("/__sandbox/payments/{paymentKey}", get(payments::read_one)),
        ("/__sandbox/payments/{paymentKey}/cancels", post(authenticate::end_cancels)),
        ("/__sandbox/payments/{paymentKey}/deposit", post(authenticate::deposit)),
        ("/__sandbox/payments/{paymentKey}/expire", post(payments::expire)),
        ("/__sandbox/payments/{paymentKey}/reverse-deposit", post(authenticate::reverse_deposit)),
        (
            "/__sandbox/webhook-faults",
            get(webhook_faults::list).post(webhook_faults::set).delete(webhook_faults::remove),
        ),
        ("/__sandbox/webhook-faults/{id}", delete(webhook_faults::remove_one)),
        (
            "/__sandbox/webhooks",
            get(webhooks::list).post(webhooks::register).delete(webhooks::remove),
        ),
        (
            "/__sandbox/webhooks/{id}",
            get(webhooks::read_one).put(webhooks::replace).delete(webhooks::remove_one),
        ),
    ]
}

/// The merchants, sorted.
pub(crate) fn m_ids(state: &State) -> Vec<String> {
    let accounts = &state.accounts;
    let clients = accounts.client_keys().into_iter().filter_map(|key| accounts.by_client(key));
    let mut m_ids: Vec<String> = clients.map(|account| account.m_id.clone()).collect();
    m_ids.sort_unstable();
    m_ids.dedup();
    m_ids
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
    fn foreign() -> Refused {
        Refused {
            status: StatusCode::FORBIDDEN,
            fault: FieldFault::new("Origin", "is a page that is not the sandbox's own"),
        }
    }

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
            "code": match self.status {
                StatusCode::NOT_FOUND => "NOT_FOUND",
                StatusCode::FORBIDDEN => "FORBIDDEN",
                _ => "INVALID_FIELD",
            },
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
