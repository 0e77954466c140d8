//! One event that is to be told, and how it reads on the wire (Toss: webhooks.md §2).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::sandbox::clock::Moment;
use crate::sandbox::payments::{Event, OutboxEntry};
use crate::sandbox::webhooks::event_type::EventType;
use crate::toss;

/// The API version that events of the newest shape name.
const ENTITY_VERSION: &str = "2022-11-16";
/// What no document knows, and every receiver must survive (Toss: webhooks.md §2).
const UNKNOWN_EVENT: &str = "SANDBOX_NEW_EVENT";
const UNKNOWN_FIELD: &str = r#","sandboxNewField":{"since":"2099-01-01"}"#;
/// In the shape of a secret, and nobody's.
const WRONG_SECRET: &str = "ps_000000000000000000000000000";

/// An event, and what it is about.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WebhookEvent {
    pub(crate) m_id: String,
    pub(crate) at: Moment,
    pub(crate) order_id: Option<String>,
    pub(crate) payment_key: Option<String>,
    pub(crate) content: Content,
    /// In place of the kind's own word.
    pub(crate) renamed: bool,
    pub(crate) extra_field: bool,
    /// Only for the kinds that are signed.
    pub(crate) wrong_signature: bool,
}

/// What is told.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Content {
    Payment(Box<toss::Payment>),
    Deposit {
        secret: String,
        status: String,
        transaction_key: String,
        order_id: String,
    },
    /// Any other event with `data`, by its word. As text, which keeps the order of its fields.
    Data {
        word: String,
        data: String,
    },
    /// An event of the newest shape.
    Entity {
        word: String,
        event_id: String,
        body: Value,
    },
}

impl WebhookEvent {
    pub(crate) fn new(m_id: String, at: Moment, content: Content) -> WebhookEvent {
        let (order_id, payment_key) = match &content {
            Content::Payment(payment) => {
                (Some(payment.order_id.clone()), Some(payment.payment_key.clone()))
            }
            Content::Deposit { order_id, .. } => (Some(order_id.clone()), None),
            Content::Data { .. } | Content::Entity { .. } => (None, None),
        };
        WebhookEvent {
            m_id,
            at,
            order_id,
            payment_key,
            content,
            renamed: false,
            extra_field: false,
            wrong_signature: false,
        }
    }

    /// What is told of a payment that stands so.
    pub(crate) fn of_payment(told: toss::Payment, now: Moment) -> WebhookEvent {
        let m_id = told.m_id.clone();
        WebhookEvent::new(m_id, now, Content::Payment(Box::new(told)))
    }

    /// The same of one that waits for a deposit, or has it.
    pub(crate) fn of_deposit(told: toss::Payment, now: Moment) -> WebhookEvent {
        let content = Content::Deposit {
            secret: told.secret.unwrap_or_default(),
            status: told.status.as_str().to_owned(),
            transaction_key: told.last_transaction_key.unwrap_or_default(),
            order_id: told.order_id,
        };
        let payment_key = Some(told.payment_key);
        WebhookEvent { payment_key, ..WebhookEvent::new(told.m_id, now, content) }
    }

    pub(crate) fn event_type(&self) -> EventType {
        match &self.content {
            Content::Payment(_) => EventType::PaymentStatusChanged,
            Content::Deposit { .. } => EventType::DepositCallback,
            Content::Data { word, .. } | Content::Entity { word, .. } => {
                EventType::of(word).unwrap_or(EventType::PaymentStatusChanged)
            }
        }
    }

    /// The word in the body, and in the log.
    pub(crate) fn word(&self) -> &'static str {
        if self.renamed { UNKNOWN_EVENT } else { self.event_type().word() }
    }

    /// Whether money has just arrived on a virtual account.
    pub(crate) fn is_deposit(&self) -> bool {
        matches!(&self.content, Content::Deposit { status, .. } if status == "DONE")
    }

    /// With a secret, or a signature, that is not the merchant's.
    pub(crate) fn with_wrong_secret(mut self) -> WebhookEvent {
        match &mut self.content {
            Content::Payment(payment) => payment.secret = Some(WRONG_SECRET.to_owned()),
            Content::Deposit { secret, .. } => WRONG_SECRET.clone_into(secret),
            Content::Data { .. } => {}
            Content::Entity { .. } => self.wrong_signature = true,
        }
        self
    }

    /// The body, the same for every try.
    pub(crate) fn body(&self) -> String {
        let word = self.word();
        let created_at = self.at.micros();
        let text = match &self.content {
            Content::Payment(payment) => data(word, &created_at, &json(payment)),
            Content::Data { data: told, .. } => data(word, &created_at, told),
            Content::Deposit { .. } if self.renamed => {
                data(word, &created_at, &json(&self.deposit()))
            }
            Content::Deposit { .. } => json(&self.deposit()),
            Content::Entity { event_id, body, .. } => json(&Entity {
                event_type: word,
                created_at: &self.at.iso(),
                version: ENTITY_VERSION,
                event_id,
                entity_type: match self.event_type() {
                    EventType::SellerChanged => "seller",
                    EventType::ArsReservationChanged => "ars-reservation",
                    EventType::PayoutChanged
                    | EventType::PaymentStatusChanged
                    | EventType::DepositCallback
                    | EventType::CancelStatusChanged
                    | EventType::BillingDeleted
                    | EventType::MethodUpdated
                    | EventType::CustomerStatusChanged
                    | EventType::OrderPaymentStatusChanged => "payout",
                },
                entity_body: body,
            }),
        };
        if self.extra_field { with_extra_fields(&text) } else { text }
    }

    fn deposit(&self) -> Option<Deposit<'_>> {
        match &self.content {
            Content::Deposit { secret, status, transaction_key, order_id } => Some(Deposit {
                created_at: self.at.micros(),
                secret,
                status,
                transaction_key,
                order_id,
            }),
            Content::Payment(_) | Content::Data { .. } | Content::Entity { .. } => None,
        }
    }
}

impl From<OutboxEntry> for WebhookEvent {
    fn from(OutboxEntry { m_id, at, event }: OutboxEntry) -> WebhookEvent {
        match event {
            Event::PaymentStatusChanged(payment) => {
                WebhookEvent::new(m_id, at, Content::Payment(payment))
            }
            Event::Deposit { secret, status, transaction_key, order_id, payment_key } => {
                let status = status.as_str().to_owned();
                let content = Content::Deposit { secret, status, transaction_key, order_id };
                WebhookEvent {
                    payment_key: Some(payment_key),
                    ..WebhookEvent::new(m_id, at, content)
                }
            }
            Event::CancelStatusChanged(cancel) => {
                let word = EventType::CancelStatusChanged.word().to_owned();
                let data = json(&cancel);
                WebhookEvent::new(m_id, at, Content::Data { word, data })
            }
            Event::BillingDeleted { billing_key, reason } => {
                let word = EventType::BillingDeleted.word().to_owned();
                let told = serde_json::json!({ "billingKey": billing_key, "reason": reason });
                let data = told.to_string();
                WebhookEvent::new(m_id, at, Content::Data { word, data })
            }
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Deposit<'a> {
    created_at: String,
    secret: &'a str,
    status: &'a str,
    transaction_key: &'a str,
    order_id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entity<'a> {
    event_type: &'a str,
    created_at: &'a str,
    version: &'a str,
    event_id: &'a str,
    entity_type: &'a str,
    entity_body: &'a Value,
}

/// The first shape. Neither word nor time has anything in it that JSON would escape.
fn data(event_type: &str, created_at: &str, data: &str) -> String {
    format!(r#"{{"eventType":"{event_type}","createdAt":"{created_at}","data":{data}}}"#)
}

fn json(body: &impl Serialize) -> String {
    // Our own structs, which always serialise.
    serde_json::to_string(body).unwrap_or_default()
}

/// One in the event and one in what it is about, if that comes last.
fn with_extra_fields(text: &str) -> String {
    match (text.strip_suffix("}}"), text.strip_suffix('}')) {
        (Some(inner), _) => format!("{inner}{UNKNOWN_FIELD}}}{UNKNOWN_FIELD}}}"),
        (None, Some(inner)) => format!("{inner}{UNKNOWN_FIELD}}}"),
        (None, None) => text.to_owned(),
    }
}
