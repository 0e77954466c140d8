//! What a webhook is about, by its structure: types appear without notice.

use serde_json::Value;
use sha2::{Digest, Sha256};

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
}

/// A refund that ran on has ended.
pub(super) const CANCEL_CHANGED: &str = "CANCEL_STATUS_CHANGED";

/// Our name for the shape that has none of its own.
pub(super) const DEPOSIT_CALLBACK: &str = "DEPOSIT_CALLBACK";

/// Reads a body by its structure first, as types appear without notice.
pub(super) fn hint(body: &Value, text: &str) -> Hint {
    const WORD_LENGTH_MAX: usize = 64;
    let word = |value: Option<&Value>| -> String {
        let text = value.and_then(Value::as_str).unwrap_or_default();
        text.chars().filter(|c| c.is_ascii_graphic()).take(WORD_LENGTH_MAX).collect()
    };
    let event_type = word(body.get("eventType"));
    if body.get("entityBody").is_some() {
        let id = word(body.get("eventId"));
        let same = if id.is_empty() { text.to_owned() } else { id };
        let signed = ["payout.changed", "seller.changed"].contains(&event_type.as_str());
        return Hint { event_type, order_id: None, same, about_payment: false, signed };
    }
    if let Some(data) = body.get("data") {
        // Link pay wraps the payment once more.
        let payment = data.get("payment").unwrap_or(data);
        let order_id = word(payment.get("orderId"));
        let key = word(data.get("transactionKey"));
        if event_type == CANCEL_CHANGED && !key.is_empty() {
            let same = format!("{key}/{}", word(data.get("cancelStatus")));
            let order_id = Some(order_id).filter(|id| !id.is_empty());
            return Hint { event_type, order_id, same, about_payment: true, signed: false };
        }
        let about_payment = !order_id.is_empty();
        let same = if about_payment {
            let part = |name: &str| word(payment.get(name));
            let parts = ["paymentKey", "status", "lastTransactionKey", "balanceAmount"].map(part);
            [vec![order_id.clone()], parts.to_vec()].concat().join("/")
        } else {
            text.to_owned()
        };
        let order_id = about_payment.then_some(order_id);
        return Hint { event_type, order_id, same, about_payment, signed: false };
    }
    let deposit = event_type.is_empty()
        && body.get("secret").is_some()
        && body.get("transactionKey").is_some();
    if deposit {
        let order_id = word(body.get("orderId"));
        let parts = [order_id.clone(), word(body.get("transactionKey")), word(body.get("status"))];
        // A false secret is another message, so that it can't stand in the true one's place.
        let same = format!("{}/{}", parts.join("/"), word(body.get("secret")));
        return Hint {
            event_type: DEPOSIT_CALLBACK.to_owned(),
            about_payment: !order_id.is_empty(),
            order_id: Some(order_id).filter(|id| !id.is_empty()),
            same,
            signed: false,
        };
    }
    let event_type = if event_type.is_empty() { "UNKNOWN".to_owned() } else { event_type };
    let same = text.to_owned();
    Hint { event_type, order_id: None, same, about_payment: false, signed: false }
}

/// Of what repeats of one event have in common.
pub(super) fn digest(hint: &Hint) -> String {
    let mut hash = Sha256::new();
    for part in [&hint.event_type, &hint.same] {
        hash.update(part.len().to_le_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{digest, hint};

    fn of(body: &Value) -> super::Hint {
        hint(body, &body.to_string())
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
            (json!({"eventType": "OF_NEXT_YEAR", "news": 1}), "OF_NEXT_YEAR", None, false),
            (json!({}), "UNKNOWN", None, false),
        ] {
            let hint = of(&body);
            assert_eq!(hint.event_type, event, "{body}");
            assert_eq!(hint.order_id.as_deref(), order, "{body}");
            assert_eq!(hint.about_payment, about, "{body}");
        }
    }

    #[test]
    fn repeats_are_the_same_and_another_secret_is_another() {
        let callback = |secret: &str, at: &str| json!({"createdAt": at, "secret": secret, "status": "DONE", "transactionKey": "t", "orderId": "order-1"});
        let one = digest(&of(&callback("ps_1", "2026-01-01")));
        assert_eq!(one, digest(&of(&callback("ps_1", "2026-01-02"))));
        assert_ne!(one, digest(&of(&callback("ps_2", "2026-01-01"))));
    }
}
