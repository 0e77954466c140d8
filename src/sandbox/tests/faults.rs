//! Faults: which calls they strike, and what becomes of the money.

use serde_json::{Value, json};

use crate::sandbox::tests::Twin;

/// A confirm under one fault: what is answered, and what a look-up finds afterwards.
async fn check(fault: Value, answered: &str, found: &str) {
    let twin = Twin::new();
    let key = twin.authenticated("order-0001", 1_000).await;
    twin.fault(fault.clone()).await;
    let reply = twin.confirm(&key, "order-0001", 1_000).await;
    let told = match serde_json::from_str::<Value>(&reply.text) {
        Ok(_) => reply.summary(),
        Err(_) => format!("{} without JSON", reply.status.as_u16()),
    };
    assert_eq!(told, answered, "{fault}");
    assert_eq!(twin.read(&key).await.summary(), found, "{fault}");
}

#[tokio::test]
async fn each_kind_before_and_after_the_effect() {
    let unknown = "400 SANDBOX_NEW_CODE";
    check(
        json!({"kind": "refuse", "code": "REJECT_CARD_COMPANY"}),
        "403 REJECT_CARD_COMPANY",
        "200 ABORTED",
    )
    .await;
    check(json!({"kind": "refuse", "code": "NEW", "status": 418}), "418 NEW", "200 ABORTED").await;
    check(json!({"kind": "unknownCode"}), unknown, "200 ABORTED").await;
    check(
        json!({"kind": "fail", "when": "before"}),
        "500 FAILED_INTERNAL_SYSTEM_PROCESSING",
        "200 IN_PROGRESS",
    )
    .await;
    check(
        json!({"kind": "fail", "when": "after"}),
        "500 FAILED_INTERNAL_SYSTEM_PROCESSING",
        "200 DONE",
    )
    .await;
    check(json!({"kind": "fail", "when": "after", "status": 503}), "503 without JSON", "200 DONE")
        .await;
    // Without a network a lost answer is a gateway's error; `wire` shows the real one.
    check(json!({"kind": "lose", "when": "before"}), "502 without JSON", "200 IN_PROGRESS").await;
    check(json!({"kind": "lose", "when": "after"}), "502 without JSON", "200 DONE").await;
    check(json!({"kind": "unknownStatus"}), "200 SANDBOX_NEW_STATUS", "200 DONE").await;
    check(json!({"kind": "unknownField"}), "200 DONE", "200 DONE").await;
    check(json!({"kind": "wrongAmount"}), "200 DONE", "200 DONE").await;
    check(json!({"kind": "delay", "when": "after", "delayMs": 1}), "200 DONE", "200 DONE").await;
}

#[tokio::test]
async fn a_wrong_amount_and_an_unknown_field_are_in_the_answer_alone() {
    let twin = Twin::new();
    let key = twin.authenticated("order-0001", 1_000).await;
    twin.fault(json!({ "call": "confirm", "kind": "wrongAmount", "amount": 900 })).await;
    assert_eq!(twin.confirm(&key, "order-0001", 1_000).await.json()["totalAmount"], 900);
    assert_eq!(twin.read(&key).await.json()["totalAmount"], 1_000);
    twin.fault(json!({ "kind": "unknownField" })).await;
    assert!(twin.read(&key).await.json()["sandboxNewField"].is_object());
    assert!(twin.read(&key).await.json().get("sandboxNewField").is_none());
}

#[tokio::test]
async fn a_fault_strikes_only_what_it_waits_for() {
    let twin = Twin::new();
    let one = twin.authenticated("order-0001", 1_000).await;
    let other = twin.authenticated("order-0002", 1_000).await;
    twin.fault(json!({ "call": "confirm", "orderId": "order-0002", "kind": "refuse", "code": "REJECT_CARD_PAYMENT" })).await;
    twin.fault(json!({ "call": "read", "paymentKey": other, "kind": "fail", "when": "before", "times": 2 })).await;

    assert_eq!(twin.confirm(&one, "order-0001", 1_000).await.summary(), "200 DONE");
    assert_eq!(twin.read(&one).await.summary(), "200 DONE");
    for _ in 0..2 {
        assert_eq!(twin.read(&other).await.status, 500);
    }
    assert_eq!(twin.read(&other).await.summary(), "200 IN_PROGRESS");
    assert_eq!(
        twin.confirm(&other, "order-0002", 1_000).await.summary(),
        "403 REJECT_CARD_PAYMENT"
    );
    let left = twin.control("GET", "faults", Value::Null).await.json();
    assert_eq!(left["faults"], json!([]));
}

#[tokio::test]
async fn a_cancel_suffers_them_too() {
    let twin = Twin::new();
    let key = twin.paid("order-0001", 1_000).await;
    twin.fault(
        json!({ "call": "cancel", "orderId": "order-0001", "kind": "lose", "when": "after" }),
    )
    .await;
    let body = json!({ "cancelReason": "고객 변심" });
    assert_eq!(twin.cancel(&key, body.clone()).await.status, 502);
    assert_eq!(twin.cancel(&key, body).await.summary(), "400 ALREADY_CANCELED_PAYMENT");
}

#[tokio::test]
async fn faults_are_listed_and_removed() {
    let twin = Twin::new();
    let first = twin.fault(json!({ "kind": "cut", "orderId": "order-0001", "times": 3 })).await;
    let second = twin.fault(json!({ "kind": "delay", "when": "before", "delayMs": 50 })).await;
    let listed = twin.control("GET", "faults", Value::Null).await.json();
    assert_eq!(
        listed["faults"],
        json!([
            { "id": first, "call": "any", "orderId": "order-0001", "paymentKey": null, "times": 3, "probability": 1, "kind": "cut" },
            { "id": second, "call": "any", "orderId": null, "paymentKey": null, "times": 1, "probability": 1, "kind": "delay", "when": "before", "delayMs": 50 },
        ])
    );
    let removed = |reply: crate::sandbox::tests::Reply| reply.json()["removed"].as_u64().unwrap();
    let by_order = twin.control("DELETE", "faults?orderId=order-0001", Value::Null).await;
    assert_eq!(removed(by_order), 1);
    let by_id = twin.control("DELETE", &format!("faults/{second}"), Value::Null).await;
    assert_eq!(removed(by_id), 1);
    assert_eq!(removed(twin.control("DELETE", "faults", Value::Null).await), 0);
}

#[tokio::test]
async fn a_misspelt_fault_is_refused() {
    let twin = Twin::new();
    for (body, field) in [
        (json!({}), "kind"),
        (json!({ "kind": "explode" }), "kind"),
        (json!({ "kind": "lose" }), "when"),
        (json!({ "kind": "lose", "when": "later" }), "when"),
        (json!({ "kind": "delay", "when": "before" }), "delayMs"),
        (json!({ "kind": "fail", "when": "after", "status": 404 }), "status"),
        (json!({ "kind": "refuse" }), "code"),
        (json!({ "kind": "cut", "call": "refund" }), "call"),
        (json!({ "kind": "cut", "times": 0 }), "times"),
        (json!({ "kind": "cut", "order": "order-0001" }), "order"),
    ] {
        let reply = twin.control("POST", "faults", body.clone()).await;
        assert_eq!((reply.status.as_u16(), &reply.json()["field"]), (400, &json!(field)), "{body}");
    }
}
