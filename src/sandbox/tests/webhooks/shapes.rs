//! The three shapes of a body (Toss: webhooks.md §2) and kinds that only a hand makes (Toss: webhooks.md §3).

use serde_json::{Value, json};

use crate::sandbox::tests::webhooks::Scene;

/// The body of one event made by hand, and its keys in the order they were sent.
async fn body_of(event: Value) -> (Value, Vec<String>) {
    let mut scene = Scene::start().await;
    scene.make(event).await;
    let hit = scene.receiver.next().await;
    let body = hit.json();
    let mut keys: Vec<(usize, String)> = body
        .as_object()
        .unwrap()
        .keys()
        .map(|key| (hit.text.find(&format!("\"{key}\":")).unwrap(), key.clone()))
        .collect();
    keys.sort();
    (body, keys.into_iter().map(|(_, key)| key).collect())
}

#[tokio::test]
async fn webhooks_2_the_first_shape_has_event_type_created_at_and_data() {
    for event in [
        "PAYMENT_STATUS_CHANGED",
        "CANCEL_STATUS_CHANGED",
        "BILLING_DELETED",
        "METHOD_UPDATED",
        "CUSTOMER_STATUS_CHANGED",
        "ORDER_PAYMENT_STATUS_CHANGED",
    ] {
        let (body, keys) = body_of(json!({ "event": event })).await;
        assert_eq!(keys, ["eventType", "createdAt", "data"], "{event}");
        assert_eq!(body["eventType"], event);
    }
}

#[tokio::test]
async fn webhooks_2_the_second_shape_has_no_type_no_data_and_no_payment_key() {
    let (_, keys) = body_of(json!({ "event": "DEPOSIT_CALLBACK" })).await;
    assert_eq!(keys, ["createdAt", "secret", "status", "transactionKey", "orderId"]);
}

#[tokio::test]
async fn webhooks_2_the_third_shape_has_an_event_id_and_an_entity() {
    for (event, entity) in [
        ("payout.changed", "payout"),
        ("seller.changed", "seller"),
        ("ars-reservation.changed", "ars-reservation"),
    ] {
        let (body, keys) = body_of(json!({ "event": event })).await;
        let expected = ["eventType", "createdAt", "version", "eventId", "entityType", "entityBody"];
        assert_eq!(keys, expected, "{event}");
        assert_eq!((&body["eventType"], &body["entityType"]), (&json!(event), &json!(entity)));
        assert!(body["eventId"].as_str().unwrap().len() > 20);
    }
}

#[tokio::test]
async fn webhooks_2_created_at_has_microseconds_and_only_the_third_shape_an_offset() {
    for event in ["BILLING_DELETED", "DEPOSIT_CALLBACK", "PAYMENT_STATUS_CHANGED"] {
        let (body, _) = body_of(json!({ "event": event })).await;
        let time = body["createdAt"].as_str().unwrap().to_owned();
        assert_eq!((time.len(), &time[10..11], &time[19..20]), (26, "T", "."), "{event} {time}");
    }
    let (body, _) = body_of(json!({ "event": "payout.changed" })).await;
    assert!(body["createdAt"].as_str().unwrap().ends_with("+09:00"));
}

#[tokio::test]
async fn webhooks_3_4_a_deleted_billing_key_is_told_with_its_reason() {
    let (body, _) = body_of(json!({ "event": "BILLING_DELETED" })).await;
    assert!(body["data"]["billingKey"].is_string() && body["data"]["reason"].is_string());
    let none = json!({ "event": "BILLING_DELETED", "data": { "reason": null } });
    assert_eq!(body_of(none).await.0["data"]["reason"], Value::Null);
}

#[tokio::test]
async fn webhooks_3_5_a_brandpay_method_is_told_with_its_customer() {
    let (body, _) = body_of(json!({ "event": "METHOD_UPDATED" })).await;
    let data = &body["data"];
    assert!(data["customerKey"].is_string() && data["methodKey"].is_string());
    assert_eq!(data["status"], "ENABLED");
    let other = json!({ "event": "METHOD_UPDATED", "data": { "status": "ALIAS_UPDATED" } });
    assert_eq!(body_of(other).await.0["data"]["status"], "ALIAS_UPDATED");
}

#[tokio::test]
async fn webhooks_3_6_a_brandpay_customer_is_told_with_an_offset_in_its_time() {
    let (body, _) = body_of(json!({ "event": "CUSTOMER_STATUS_CHANGED" })).await;
    let data = &body["data"];
    assert!(data["customerKey"].is_string());
    assert_eq!(data["status"], "CREATED");
    assert!(data["changedAt"].as_str().unwrap().ends_with("+09:00"));
}

#[tokio::test]
async fn webhooks_3_7_a_link_pay_order_is_told_with_its_payment() {
    let (body, _) = body_of(json!({ "event": "ORDER_PAYMENT_STATUS_CHANGED" })).await;
    let data = &body["data"];
    for name in ["orderKey", "amount", "currency", "customerName", "customerPhoneNumber"] {
        assert!(!data[name].is_null(), "{name}");
    }
    assert_eq!(data["payment"]["status"], "DONE");
    assert!(data["orderItems"].is_array());
}

#[tokio::test]
async fn webhooks_3_8_a_payout_is_told_with_its_amount_in_decimals() {
    let (body, _) = body_of(json!({ "event": "payout.changed" })).await;
    let entity = &body["entityBody"];
    for name in
        ["id", "refPayoutId", "destination", "payoutDate", "transactionDescription", "requestedAt"]
    {
        assert!(entity[name].is_string(), "{name}");
    }
    assert_eq!(entity["amount"], json!({ "currency": "KRW", "value": 5_000.0 }));
    assert_eq!(
        (&entity["scheduleType"], &entity["status"]),
        (&json!("EXPRESS"), &json!("COMPLETED"))
    );
    assert!(entity.get("error").unwrap().is_null() && entity.get("metadata").unwrap().is_null());
}

#[tokio::test]
async fn webhooks_3_9_a_seller_is_told_with_a_masked_account() {
    let (body, _) = body_of(json!({ "event": "seller.changed" })).await;
    let entity = &body["entityBody"];
    assert_eq!(entity["status"], "APPROVED");
    assert!(entity["account"]["accountNumber"].as_str().unwrap().contains('*'));
    assert!(entity.get("company").unwrap().is_null() && entity["individual"].is_object());
}

#[tokio::test]
async fn webhooks_3_10_a_telephone_reservation_is_told_with_its_merchant() {
    let (body, _) = body_of(json!({ "event": "ars-reservation.changed" })).await;
    let entity = &body["entityBody"];
    for name in
        ["arsReservationKey", "reserveNumber", "requestedAt", "reservedAt", "completedAt", "mId"]
    {
        assert!(entity[name].is_string(), "{name}");
    }
    assert_eq!(entity["status"], "DONE");
}
