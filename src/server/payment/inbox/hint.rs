//! What a webhook is about, by its structure: types appear without notice.

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::domain::id::OrderId;

/// What a body is about, as far as its shape tells (Toss: webhooks.md §2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hint {
    pub(super) event_type: String,
    pub(super) order_id: Option<String>,
    /// What repeats of one event have in common.
    pub(super) same: String,
    /// Whether it is about a payment, so that there is something to ask Toss.
    pub(super) about_payment: bool,
    pub(super) signed: bool,
    /// What names the order of a cancel, which names none itself.
    pub(super) transaction_key: Option<String>,
}

/// A refund that ran on has ended.
pub(super) const CANCEL_CHANGED: &str = "CANCEL_STATUS_CHANGED";

/// Our name for the shape that has none of its own.
pub(super) const DEPOSIT_CALLBACK: &str = "DEPOSIT_CALLBACK";

/// What Toss's documents say that each type names, in `data` (Toss: webhooks.md §3). Others appear
/// without notice.
const NAMED: [(&str, &str); 4] = [
    (CANCEL_CHANGED, "transactionKey"),
    ("BILLING_DELETED", "billingKey"),
    ("METHOD_UPDATED", "customerKey"),
    ("CUSTOMER_STATUS_CHANGED", "customerKey"),
];

/// Those that name an order.
const NAME_AN_ORDER: [&str; 2] = ["PAYMENT_STATUS_CHANGED", "ORDER_PAYMENT_STATUS_CHANGED"];

/// Reads a body by its structure first; `None` if it has none of Toss's.
pub(super) fn hint(body: &Value, text: &str) -> Option<Hint> {
    let event_type = word(body.get("eventType"));
    if let Some(entity) = body.get("entityBody") {
        let id = word(body.get("eventId"));
        let is_notice = entity.is_object() && !event_type.is_empty() && !id.is_empty();
        let signed = ["payout.changed", "seller.changed"].contains(&event_type.as_str());
        let hint = Hint {
            event_type,
            order_id: None,
            same: id,
            about_payment: false,
            signed,
            transaction_key: None,
        };
        return is_notice.then_some(hint);
    }
    match body.get("data") {
        Some(data) if data.is_object() && !event_type.is_empty() => of_data(event_type, data, text),
        Some(_) => None,
        None if event_type.is_empty() => of_deposit(body),
        None => None,
    }
}

fn of_data(event_type: String, data: &Value, text: &str) -> Option<Hint> {
    let named = NAMED.iter().find(|(known, _)| *known == event_type);
    if named.is_some_and(|(_, field)| word(data.get(field)).is_empty()) {
        return None;
    }
    // Link pay wraps the payment once more.
    let payment = data.get("payment").unwrap_or(data);
    let order_id = order_id(payment);
    if event_type == CANCEL_CHANGED {
        let key = word(data.get("transactionKey"));
        return Some(Hint {
            event_type,
            order_id,
            same: format!("{key}/{}", word(data.get("cancelStatus"))),
            about_payment: true,
            signed: false,
            transaction_key: Some(key),
        });
    }
    if order_id.is_none() && NAME_AN_ORDER.contains(&event_type.as_str()) {
        return None;
    }
    let same = match &order_id {
        Some(order_id) => {
            let part = |name: &str| word(payment.get(name));
            let parts = ["paymentKey", "status", "lastTransactionKey", "balanceAmount"].map(part);
            [vec![order_id.clone()], parts.to_vec()].concat().join("/")
        }
        None => text.to_owned(),
    };
    let about_payment = order_id.is_some();
    Some(Hint { event_type, order_id, same, about_payment, signed: false, transaction_key: None })
}

fn of_deposit(body: &Value) -> Option<Hint> {
    let [key, secret] = ["transactionKey", "secret"].map(|name| word(body.get(name)));
    let order_id = order_id(body).filter(|_| !key.is_empty() && !secret.is_empty())?;
    // A false secret is another message, so that it can't stand in the true one's place.
    let same = [order_id.clone(), key, word(body.get("status")), secret].join("/");
    Some(Hint {
        event_type: DEPOSIT_CALLBACK.to_owned(),
        order_id: Some(order_id),
        same,
        about_payment: true,
        signed: false,
        transaction_key: None,
    })
}

fn word(value: Option<&Value>) -> String {
    const LENGTH_MAX: usize = 64;
    let text = value.and_then(Value::as_str).unwrap_or_default();
    text.chars().filter(|c| c.is_ascii_graphic()).take(LENGTH_MAX).collect()
}

/// No order is known, or ever will be, by what is no order's id.
fn order_id(fields: &Value) -> Option<String> {
    let id = fields.get("orderId").and_then(Value::as_str)?;
    OrderId::parse(id).ok().map(String::from)
}

/// What is kept of a notice that nothing is done about: as it came, for whoever reads it.
const WHOLE_BYTES_MAX: usize = 4 * 1024;

/// What is kept of a notice: where something is to be done about it, the words that tell what; the
/// rest is asked of Toss.
pub(super) fn kept(body: &Value, text: &str, hint: &Hint) -> String {
    if !hint.about_payment && text.len() <= WHOLE_BYTES_MAX {
        return text.to_owned();
    }
    let outer = [
        "eventType",
        "createdAt",
        "eventId",
        "entityType",
        "orderId",
        "transactionKey",
        "status",
        "secret",
    ];
    let mut short = words_of(body, &outer);
    if let Some(data) = body.get("data") {
        let inner = [
            "orderId",
            "paymentKey",
            "status",
            "lastTransactionKey",
            "totalAmount",
            "balanceAmount",
            "transactionKey",
            "cancelStatus",
            "cancelAmount",
        ];
        let data = words_of(data.get("payment").unwrap_or(data), &inner);
        short.insert("data".to_owned(), Value::Object(data));
    }
    Value::Object(short).to_string()
}

fn words_of(fields: &Value, names: &[&str]) -> Map<String, Value> {
    const LENGTH_MAX: usize = 200;
    let mut words = Map::new();
    for name in names {
        let value = match fields.get(name) {
            Some(Value::String(text)) => Value::String(text.chars().take(LENGTH_MAX).collect()),
            Some(Value::Number(number)) => Value::Number(number.clone()),
            Some(Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_)) | None => {
                continue;
            }
        };
        words.insert((*name).to_owned(), value);
    }
    words
}

/// Of what repeats of one event have in common.
pub(super) fn digest(hint: &Hint) -> String {
    let mut hash = Sha256::new();
    for part in [&hint.event_type, &hint.same] {
        hash.update(part.len().to_le_bytes());
        hash.update(part.as_bytes());
    }
    hex::encode(hash.finalize())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Hint, WHOLE_BYTES_MAX, digest, hint, kept};

    fn of(body: &Value) -> Hint {
        hint(body, &body.to_string()).unwrap_or_else(|| panic!("{body}"))
    }

    #[test]
    fn webhooks_are_told_apart_by_their_structure() {
        for (body, event, order, about) in [
            (
                json!({"eventType": "PAYMENT_STATUS_CHANGED", "createdAt": "x", "data": {"orderId": "order-1", "status": "DONE"}}),
                "PAYMENT_STATUS_CHANGED",
                Some("order-1"),
                true,
            ),
            (
                json!({"createdAt": "x", "secret": "ps_1", "status": "DONE", "transactionKey": "t", "orderId": "order-1"}),
                "DEPOSIT_CALLBACK",
                Some("order-1"),
                true,
            ),
            (
                json!({"eventType": "CANCEL_STATUS_CHANGED", "data": {"transactionKey": "t", "cancelStatus": "DONE"}}),
                "CANCEL_STATUS_CHANGED",
                None,
                true,
            ),
            (
                json!({"eventType": "payout.changed", "eventId": "e", "entityBody": {}}),
                "payout.changed",
                None,
                false,
            ),
            (
                json!({"eventType": "BILLING_DELETED", "data": {"billingKey": "b"}}),
                "BILLING_DELETED",
                None,
                false,
            ),
            (json!({"eventType": "OF_NEXT_YEAR", "data": {"n": 1}}), "OF_NEXT_YEAR", None, false),
            (
                json!({"eventType": "OF_NEXT_YEAR", "data": {"orderId": "order-1"}, "more": [1]}),
                "OF_NEXT_YEAR",
                Some("order-1"),
                true,
            ),
        ] {
            let hint = of(&body);
            assert_eq!(hint.event_type, event, "{body}");
            assert_eq!(hint.order_id.as_deref(), order, "{body}");
            assert_eq!(hint.about_payment, about, "{body}");
        }
    }

    #[test]
    fn what_has_no_shape_of_toss_is_no_notice() {
        for body in [
            json!({}),
            json!({"eventType": "OF_NEXT_YEAR", "news": 1}),
            json!({"eventType": "OF_NEXT_YEAR", "data": "text"}),
            json!({"eventType": "", "data": {"orderId": "order-1"}}),
            json!({"eventType": 5, "data": {"orderId": "order-1"}}),
            json!({"data": {"orderId": "order-1"}}),
            json!({"eventType": "PAYMENT_STATUS_CHANGED", "data": {"status": "DONE"}}),
            json!({"eventType": "PAYMENT_STATUS_CHANGED", "data": {"orderId": "../.."}}),
            json!({"eventType": "ORDER_PAYMENT_STATUS_CHANGED", "data": {"payment": {}}}),
            json!({"eventType": "CANCEL_STATUS_CHANGED", "data": {"cancelStatus": "DONE"}}),
            json!({"eventType": "BILLING_DELETED", "data": {}}),
            json!({"eventType": "payout.changed", "entityBody": {}}),
            json!({"eventType": "payout.changed", "eventId": "e", "entityBody": "text"}),
            json!({"secret": "ps_1", "orderId": "order-1"}),
            json!({"secret": "ps_1", "transactionKey": "t", "orderId": "?"}),
            json!({"secret": {}, "transactionKey": "t", "orderId": "order-1"}),
        ] {
            assert_eq!(hint(&body, &body.to_string()), None, "{body}");
        }
    }

    #[test]
    fn of_a_notice_about_a_payment_the_words_are_kept_that_are_needed() {
        let long = "x".repeat(60_000);
        let body = json!({
            "eventType": "PAYMENT_STATUS_CHANGED", "createdAt": "x", "more": long,
            "data": { "orderId": "order-1", "paymentKey": long, "status": "DONE",
                      "totalAmount": 5, "card": { "number": "4330" } },
        });
        let text = kept(&body, &body.to_string(), &of(&body));
        let expected = json!({
            "eventType": "PAYMENT_STATUS_CHANGED", "createdAt": "x",
            "data": { "orderId": "order-1", "paymentKey": "x".repeat(200), "status": "DONE",
                      "totalAmount": 5 },
        });
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), expected);
        // What nothing is done about is kept as it came, if it is small.
        let of_text = |text: &str| {
            let body = json!({"eventType": "OF_NEXT_YEAR", "data": { "text": text }});
            kept(&body, &body.to_string(), &of(&body))
        };
        assert!(of_text("small").contains("small"));
        assert!(of_text(&long).len() < WHOLE_BYTES_MAX);
    }

    #[test]
    fn repeats_are_the_same_and_another_secret_is_another() {
        let callback = |secret: &str, at: &str| json!({"createdAt": at, "secret": secret, "status": "DONE", "transactionKey": "t", "orderId": "order-1"});
        let one = digest(&of(&callback("ps_1", "2026-01-01")));
        assert_eq!(one, digest(&of(&callback("ps_1", "2026-01-02"))));
        assert_ne!(one, digest(&of(&callback("ps_2", "2026-01-01"))));
    }
}
