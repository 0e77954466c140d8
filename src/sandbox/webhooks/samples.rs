//! Events made by hand: those of products the sandbox does not play, and forged ones about
//! payments that never existed (Toss: webhooks.md §3).

use serde_json::{Map, Value, json};

use crate::sandbox::clock::Moment;
use crate::sandbox::dice::Dice;
use crate::sandbox::webhooks::event::{Content, WebhookEvent};
use crate::sandbox::webhooks::event_type::EventType;
use crate::toss;

/// An event of this kind with sensible content, of which `told` replaces what it names.
pub(crate) fn sample(
    kind: EventType,
    m_id: &str,
    told: Map<String, Value>,
    now: Moment,
    dice: &Dice,
) -> Result<WebhookEvent, serde_json::Error> {
    let data = |data: Value| Content::Data {
        word: kind.word().to_owned(),
        data: with(data, told.clone()).to_string(),
    };
    let entity = |body: Value| Content::Entity {
        word: kind.word().to_owned(),
        event_id: format!("evt_{}", dice.base32(26)),
        body: with(body, told.clone()),
    };
    let content = match kind {
        EventType::PaymentStatusChanged => {
            let payment = with(json!(forged(m_id, now, dice)), told);
            Content::Payment(Box::new(serde_json::from_value(payment)?))
        }
        EventType::DepositCallback => deposit(told, dice),
        EventType::CancelStatusChanged => data(json!(cancel(now, dice))),
        EventType::BillingDeleted => data(json!({
            "billingKey": format!("{}=", dice.alphanumeric(43)), "reason": "빌링키 삭제 API 요청",
        })),
        EventType::MethodUpdated => data(json!({
            "customerKey": customer(dice), "methodKey": format!("m_{}", dice.alphanumeric(17)),
            "status": "ENABLED",
        })),
        EventType::CustomerStatusChanged => data(json!({
            "customerKey": customer(dice), "status": "CREATED", "changedAt": now.iso(),
        })),
        EventType::OrderPaymentStatusChanged => data(json!({
            "orderKey": format!("ord_{}", dice.alphanumeric(20)), "amount": 33_000, "currency": "KRW",
            "customerName": "김토스", "customerPhoneNumber": "01012345678",
            "payment": forged(m_id, now, dice),
            "orderItems": [{ "name": "머그컵", "quantity": 1, "amount": 33_000 }],
        })),
        EventType::PayoutChanged => entity(json!({
            "id": format!("FPA_{}", dice.alphanumeric(20)), "refPayoutId": "payout-0001",
            "destination": format!("seller_{}", dice.alphanumeric(20)), "scheduleType": "EXPRESS",
            "payoutDate": date(now), "amount": { "currency": "KRW", "value": 5_000.0 },
            "transactionDescription": "정산", "requestedAt": now.iso(), "status": "COMPLETED",
            "error": null, "metadata": null,
        })),
        EventType::SellerChanged => entity(json!({
            "id": format!("seller_{}", dice.alphanumeric(20)), "refSellerId": "seller-0001",
            "businessType": "INDIVIDUAL", "company": null,
            "individual": { "name": "김토스", "email": "seller@example.com", "phone": "01012345678" },
            "account": { "bankCode": "92", "accountNumber": "1234****5678", "holderName": "김토스" },
            "status": "APPROVED", "metadata": null,
        })),
        EventType::ArsReservationChanged => entity(json!({
            "arsReservationKey": format!("ars_{}", dice.alphanumeric(20)),
            "reserveNumber": "0001", "requestedAt": now.iso(), "reservedAt": now.iso(),
            "status": "DONE", "canceledAt": null, "cancelReason": null, "completedAt": now.iso(),
            "mId": m_id,
        })),
    };
    Ok(WebhookEvent::new(m_id.to_owned(), now, content))
}

/// A paid payment that exists nowhere but in this event.
fn forged(m_id: &str, now: Moment, dice: &Dice) -> toss::Payment {
    let merchant: String = m_id.chars().take(5).collect();
    let amount = 33_000;
    toss::Payment {
        m_id: m_id.to_owned(),
        last_transaction_key: Some(format!("txrd_a01{}", dice.base32(26))),
        payment_key: format!("{merchant}{}{}", now.compact(), dice.alphanumeric(5)),
        order_id: format!("forged-{}", dice.base32(12)),
        order_name: "머그컵 외 1건".to_owned(),
        status: toss::Status::Done,
        requested_at: now.iso(),
        approved_at: Some(now.iso()),
        use_escrow: Some(false),
        secret: Some(format!("ps_{}", dice.alphanumeric(28))),
        r#type: "NORMAL".to_owned(),
        country: "KR".to_owned(),
        is_partial_cancelable: true,
        currency: "KRW".to_owned(),
        total_amount: amount.into(),
        balance_amount: amount.into(),
        supplied_amount: 30_000.into(),
        vat: 3_000.into(),
        method: Some("카드".to_owned()),
        version: "2022-11-16".to_owned(),
        ..toss::Payment::default()
    }
}

fn deposit(told: Map<String, Value>, dice: &Dice) -> Content {
    let text = |name: &str, invented: String| match told.get(name).and_then(Value::as_str) {
        Some(text) => text.to_owned(),
        None => invented,
    };
    Content::Deposit {
        secret: text("secret", format!("ps_{}", dice.alphanumeric(28))),
        status: text("status", "DONE".to_owned()),
        transaction_key: text("transactionKey", dice.hex(32).to_ascii_uppercase()),
        order_id: text("orderId", format!("forged-{}", dice.base32(12))),
    }
}

fn cancel(now: Moment, dice: &Dice) -> toss::Cancel {
    toss::Cancel {
        transaction_key: format!("txrd_a01{}", dice.base32(26)),
        cancel_reason: "고객 변심".to_owned(),
        canceled_at: now.iso(),
        cancel_amount: 33_000.into(),
        cancel_status: "DONE".to_owned(),
        cancel_request_id: Some(format!("cancel-{}", dice.base32(12))),
        ..toss::Cancel::default()
    }
}

fn customer(dice: &Dice) -> String {
    format!("customer_{}", dice.alphanumeric(12))
}

/// `2026-03-01`.
fn date(now: Moment) -> String {
    now.iso().chars().take(10).collect()
}

/// `data` with the fields of `told` in it.
fn with(mut data: Value, told: Map<String, Value>) -> Value {
    if let Some(object) = data.as_object_mut() {
        object.extend(told);
    }
    data
}
