//! The control API under `/__sandbox`: what a person does in the window, done by a program,
//! and the ways to make Toss fail on purpose.
//!
//! Why no CORS: a page on the internet must not be able to steer a sandbox on this machine.
//! A call that changes something is taken from the sandbox's own pages and from programs, and a
//! body must be sent as JSON, which no form can do.

mod agreements;
mod authenticate;
mod calls;
mod clock;
mod deliveries;
mod faults;
mod latency;
mod merchants;
mod page;
mod payments;
mod reference;
mod rows;
mod timeline;
mod webhook_faults;
mod webhooks;

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderValue, Method};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, delete, get, post};

use crate::sandbox::json_body::Refused;
use crate::sandbox::state::State;

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
        ("/__sandbox/assumptions", get(reference::assumptions)),
        ("/__sandbox/calls", get(calls::list)),
        ("/__sandbox/clock", get(clock::read).post(clock::set)),
        ("/__sandbox/codes", get(reference::codes)),
        ("/__sandbox/deliveries", get(deliveries::list)),
        ("/__sandbox/deliveries/{id}", get(deliveries::read_one)),
        ("/__sandbox/deliveries/{id}/resend", post(deliveries::resend)),
        ("/__sandbox/events", post(deliveries::make)),
        ("/__sandbox/faults", get(faults::list).post(faults::set).delete(faults::remove)),
        ("/__sandbox/faults/{id}", delete(faults::remove_one)),
        ("/__sandbox/latency", get(latency::read).post(latency::set)),
        ("/__sandbox/merchants", get(merchants::list)),
        ("/__sandbox/merchants/{mId}/security-key", post(merchants::reissue)),
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
