//! What the log says of a call, so that a test can ask for it. No secrets.

use axum::http::HeaderMap;

use crate::sandbox::api::operation::About;
use crate::sandbox::api::request::Incoming;
use crate::sandbox::calls::{Call, IDEMPOTENCY_KEY};
use crate::sandbox::fields::Fields;
use crate::sandbox::processor::Processor;

/// Of each text that came from outside.
const NOTED_CHARACTERS_MAX: usize = 300;

/// What can be noted of a call before anything is decided.
pub(crate) fn log_entry(processor: &Processor, incoming: &Incoming, trace_id: &str) -> Call {
    let in_body = |name| incoming.fields.as_ref().ok().and_then(|fields| peek(fields, name));
    let (order_id, payment_key) = match incoming.operation.about() {
        About::Payment(key) => {
            (processor.with_payment(key, |payment| payment.order.id.clone()), Some(short(key)))
        }
        About::PaymentWithOrder(key) => (in_body("orderId"), Some(short(key))),
        About::Order(id) => (Some(short(id)), None),
        About::BillingKey(_) | About::Receipt(_) | About::Body => {
            (in_body("orderId"), in_body("paymentKey"))
        }
    };
    Call {
        at: processor.clock.now().iso(),
        method: incoming.operation.method(),
        path: path(incoming),
        m_id: None,
        order_id,
        payment_key,
        idempotency_key: header_text(&incoming.headers, IDEMPOTENCY_KEY.as_str()),
        test_code: header_text(&incoming.headers, "tosspayments-test-code"),
        status: None,
        code: None,
        replayed: false,
        fault: None,
        trace_id: trace_id.to_owned(),
    }
}

/// A billing key is a credential, so of it only the beginning is noted.
fn path(incoming: &Incoming) -> String {
    match incoming.operation.about() {
        About::BillingKey(key) => {
            let beginning: String = key.chars().take(4).collect();
            format!("/v1/billing/{beginning}…")
        }
        About::Payment(_)
        | About::PaymentWithOrder(_)
        | About::Order(_)
        | About::Receipt(_)
        | About::Body => short(&incoming.uri),
    }
}

fn peek(fields: &Fields, name: &str) -> Option<String> {
    fields.peek(name).map(short)
}

pub(crate) fn header_text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(short)
}

/// What is noted down is bounded, whatever was sent.
fn short(text: &str) -> String {
    text.chars().take(NOTED_CHARACTERS_MAX).collect()
}
