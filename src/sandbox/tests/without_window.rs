//! Payments without a window: key-in and virtual accounts (Toss: api.md §6.1, §6.2).

use serde_json::{Value, json};

use crate::sandbox::tests::Twin;
use crate::sandbox::tests::shape::Shape;

fn key_in(more: Value) -> Value {
    let mut body = json!({
        "amount": 33_000, "orderId": "ord-20260301-0001", "orderName": "머그컵 외 1건",
        "cardNumber": "4330123412341567", "cardExpirationYear": "30", "cardExpirationMonth": "12",
        "customerIdentityNumber": "900101",
    });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

fn account(more: Value) -> Value {
    let mut body = json!({
        "amount": 33_000, "orderId": "ord-20260301-0001", "orderName": "머그컵 외 1건",
        "customerName": "박토스", "bank": "20",
    });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

#[tokio::test]
async fn api_6_1_a_typed_in_card_is_paid_at_once() {
    let twin = Twin::new();
    let reply = twin.api("POST", "/v1/payments/key-in", &[], key_in(json!({}))).await;
    assert_eq!(Shape::of(&reply.text), Shape::of(include_str!("fixtures/card_done.json")));
    let body = reply.json();
    assert_eq!((&body["status"], &body["type"]), (&json!("DONE"), &json!("NORMAL")));
    assert_eq!(body["card"]["issuerCode"], "41");
    assert_eq!(body["card"]["number"], "43301234****156*");
    assert_eq!(twin.read(body["paymentKey"].as_str().unwrap()).await.text, reply.text);
    let reply = twin.api("POST", "/v1/payments/key-in", &[], key_in(json!({}))).await;
    assert_eq!(reply.summary(), "400 DUPLICATED_ORDER_ID");
}

#[tokio::test]
async fn api_6_1_what_is_wrong_has_its_code() {
    let twin = Twin::new();
    let cases = [
        (json!({ "amount": null }), "400 INVALID_REQUIRED_PARAM"),
        (json!({ "orderId": null }), "400 INVALID_REQUIRED_PARAM"),
        (json!({ "orderName": null }), "400 INVALID_REQUIRED_PARAM"),
        (json!({ "cardNumber": null }), "400 INVALID_REQUIRED_PARAM"),
        (json!({ "cardExpirationYear": null }), "400 INVALID_REQUIRED_PARAM"),
        (json!({ "customerIdentityNumber": null }), "400 INVALID_REQUIRED_PARAM"),
        (json!({ "orderId": "주문번호 여섯자" }), "400 INVALID_ORDER_ID"),
        (json!({ "orderId": "five5" }), "400 INVALID_ORDER_ID"),
        (json!({ "amount": 99 }), "400 BELOW_MINIMUM_AMOUNT"),
        (json!({ "cardNumber": "433012" }), "400 INVALID_CARD_NUMBER"),
        (json!({ "cardNumber": "5520221234567890" }), "400 NOT_SUPPORTED_CARD_TYPE"),
        (json!({ "cardExpirationYear": "20" }), "400 INVALID_CARD_EXPIRATION"),
        (json!({ "customerIdentityNumber": "9" }), "400 INVALID_BIRTH_DAY_FORMAT"),
        (json!({ "cardPassword": "123" }), "400 INVALID_CARD_PASSWORD"),
        (json!({ "cardInstallmentPlan": 13 }), "400 INVALID_CARD_INSTALLMENT_PLAN"),
        (json!({ "cardInstallmentPlan": 1 }), "400 INVALID_CARD_INSTALLMENT_PLAN"),
        (
            json!({ "cardInstallmentPlan": 2 }),
            "400 NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN_BELOW_AMOUNT",
        ),
        (json!({ "customerEmail": "x" }), "400 INVALID_EMAIL"),
        (json!({ "vbv": 7 }), "400 INVALID_REQUEST"),
        (json!({ "amount": 50_000, "cardInstallmentPlan": 2 }), "200 DONE"),
    ];
    for (more, expected) in cases {
        let reply = twin.api("POST", "/v1/payments/key-in", &[], key_in(more.clone())).await;
        assert_eq!(reply.summary(), expected, "{more}");
    }
}

#[tokio::test]
async fn api_6_2_an_account_is_issued_at_once() {
    let twin = Twin::new();
    let reply = twin.api("POST", "/v1/virtual-accounts", &[], account(json!({}))).await;
    let documented = include_str!("fixtures/virtual_account_waiting.json");
    assert_eq!(Shape::of(&reply.text), Shape::of(documented));
    let body = reply.json();
    assert_eq!(body["status"], "WAITING_FOR_DEPOSIT");
    assert!(body["secret"].as_str().unwrap().starts_with("ps_"));
    let key = body["paymentKey"].as_str().unwrap();
    assert_eq!(twin.deposit(key, json!({})).await.summary(), "200 DONE");
    let again = twin.api("POST", "/v1/virtual-accounts", &[], account(json!({}))).await;
    assert_eq!(again.summary(), "400 DUPLICATED_ORDER_ID");
}

#[tokio::test]
async fn api_6_2_what_is_wrong_has_its_code() {
    let twin = Twin::new();
    let now = twin.state.processor.clock.now();
    let in_days = |days: i64| now.plus_minutes(days * 24 * 60).iso().get(..19).unwrap().to_owned();
    let cases = [
        (json!({ "amount": 0 }), "400 INVALID_REQUEST"),
        (json!({ "bank": "없음" }), "400 INVALID_BANK"),
        (json!({ "bank": null }), "400 INVALID_REQUEST"),
        (json!({ "customerName": "ㄱ".repeat(101) }), "400 INVALID_REQUEST"),
        (json!({ "validHours": 2_161 }), "400 EXCEED_MAX_VALID_HOURS"),
        (json!({ "validHours": 0 }), "400 INVALID_REQUEST"),
        (
            json!({ "validHours": 1, "dueDate": in_days(1) }),
            "400 INVALID_VALID_HOURS_WITH_DUE_DATE_AND_SINGLE",
        ),
        (json!({ "dueDate": in_days(91) }), "400 EXCEED_MAX_DUE_DATE"),
        (json!({ "dueDate": in_days(-1) }), "400 INVALID_DATE"),
        (json!({ "dueDate": format!("{}Z", in_days(1)) }), "400 INVALID_DATE"),
        (json!({ "accountType": "고정" }), "400 REQUIRED_ACCOUNT_KEY"),
        (json!({ "useEscrow": true }), "400 INVALID_REQUEST"),
        (json!({ "customerMobilePhone": "010-1234-1234" }), "400 INVALID_REQUEST"),
        (json!({ "cashReceipt": { "type": "없음" } }), "400 INVALID_REQUEST"),
        (
            json!({ "cashReceipt": { "type": "소득공제", "registrationNumber": "010-a" } }),
            "400 INVALID_REGISTRATION_NUMBER_TYPE",
        ),
        (json!({ "dueDate": in_days(89) }), "200 WAITING_FOR_DEPOSIT"),
    ];
    for (more, expected) in cases {
        let reply = twin.api("POST", "/v1/virtual-accounts", &[], account(more.clone())).await;
        assert_eq!(reply.summary(), expected, "{more}");
    }
}

#[tokio::test]
async fn api_6_2_it_takes_more_than_it_documents() {
    let twin = Twin::new();
    let more = json!({ "orderId": 12, "validHours": "24" });
    let body = twin.api("POST", "/v1/virtual-accounts", &[], account(more)).await.json();
    assert_eq!(body["orderId"], "12");
    let due = twin.state.processor.clock.now().plus_minutes(24 * 60).iso();
    assert_eq!(body["virtualAccount"]["dueDate"].as_str().unwrap().get(..16), due.get(..16));

    let more = json!({ "orderId": "order-0002", "useEscrow": true, "accountType": "고정",
        "accountKey": "1", "escrowProducts": [{ "id": "1", "name": "컵", "code": "c", "unitPrice": 1, "quantity": 1 }] });
    let body = twin.api("POST", "/v1/virtual-accounts", &[], account(more)).await.json();
    assert_eq!(body["useEscrow"], true);
    assert_eq!(body["virtualAccount"]["accountType"], "고정");
}

#[tokio::test]
async fn api_8_real_card_numbers_are_taken() {
    let twin = Twin::new();
    for (at, number) in ["4330123412341567", "9410001234567890"].into_iter().enumerate() {
        let more = json!({ "cardNumber": number, "orderId": format!("order-000{at}") });
        let reply = twin.api("POST", "/v1/payments/key-in", &[], key_in(more)).await;
        assert_eq!(reply.summary(), "200 DONE", "{number}");
    }
}
