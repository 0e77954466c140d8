//! The control API: what it takes, what it names when it refuses, what it shows.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use crate::sandbox::tests::{CLIENT, SECRET, Twin};

#[tokio::test]
async fn a_refusal_names_the_field() {
    let good = json!({
        "clientKey": CLIENT, "orderId": "order-0001", "orderName": "머그컵", "amount": 60_000,
    });
    let twin = Twin::new();
    let wrong = [
        ("clientKey", json!("test_gck_nobody")),
        ("clientKey", json!(null)),
        ("orderId", json!("short")),
        ("orderId", json!("한글로된주문번호")),
        ("orderName", json!("")),
        ("amount", json!(0)),
        ("amount", json!("60000")),
        ("amount", json!(1.5)),
        ("method", json!("GOLD")),
        ("cardCompany", json!("NOBODY")),
        ("installmentMonths", json!(1)),
        ("installmentMonths", json!(13)),
        ("mix", json!("MIXED")),
        ("taxFreeAmount", json!(60_001)),
        ("metadata", json!({ "a[0]": "b" })),
        ("authenticated", json!("yes")),
        ("customerKey", json!("x")),
        ("amout", json!(1)),
    ];
    for (name, value) in wrong {
        let mut body = good.clone();
        body[name] = value.clone();
        let reply = twin.control("POST", "authenticate", body).await;
        assert_eq!(reply.status, 400, "{name} {value}");
        assert_eq!(reply.json()["field"], name, "{}", reply.text);
        assert_eq!(reply.json()["code"], "INVALID_FIELD");
    }
    assert_eq!(twin.control("GET", "payments", Value::Null).await.json()["payments"], json!([]));
    assert_eq!(twin.control("POST", "authenticate", good).await.status, 200);
}

#[tokio::test]
async fn a_form_of_another_site_cannot_steer_it() {
    let request = Request::post("/__sandbox/clock")
        .header("content-type", "text/plain")
        .body(Body::from(r#"{"advanceSeconds":600}"#))
        .unwrap();
    let reply = Twin::new().send(request).await;
    assert_eq!((reply.status.as_u16(), &reply.json()["field"]), (400, &json!("Content-Type")));
    assert_eq!(reply.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn a_choice_in_the_window_reaches_the_payment() {
    let twin = Twin::new();
    let more = json!({
        "method": "CARD", "cardCompany": "현대", "installmentMonths": 3, "interestFree": true,
        "checkCard": true, "corporate": true, "metadata": { "cart": "7" }, "customerKey": "buyer-1",
    });
    let key = twin.authenticated_with("order-0001", 60_000, more).await;
    let body = twin.confirm(&key, "order-0001", 60_000).await.json();
    let card = &body["card"];
    assert_eq!(card["issuerCode"], "61");
    assert_eq!(card["installmentPlanMonths"], 3);
    assert_eq!(
        (&card["isInterestFree"], &card["interestPayer"]),
        (&json!(true), &json!("CARD_COMPANY"))
    );
    assert_eq!((&card["cardType"], &card["ownerType"]), (&json!("체크"), &json!("법인")));
    assert_eq!(body["metadata"], json!({ "cart": "7" }));
}

#[tokio::test]
async fn calls_are_listed_without_secrets() {
    let twin = Twin::new();
    let key = twin.authenticated("order-0001", 1_000).await;
    let headers = [("idempotency-key", "one")];
    twin.confirm_with(&key, "order-0001", 1_000, &headers).await;
    twin.confirm_with(&key, "order-0001", 1_000, &headers).await;
    twin.read(&key).await;
    twin.paid("order-0002", 2_000).await;

    let reply = twin.control("GET", "calls?orderId=order-0001", Value::Null).await;
    let calls = reply.json()["calls"].as_array().unwrap().clone();
    let told: Vec<Value> = calls
        .iter()
        .map(|it| {
            json!([it["method"], it["path"], it["status"], it["replayed"], it["idempotencyKey"]])
        })
        .collect();
    assert_eq!(
        told,
        [
            json!(["POST", "/v1/payments/confirm", 200, false, "one"]),
            json!(["POST", "/v1/payments/confirm", 200, true, "one"]),
            json!(["GET", format!("/v1/payments/{key}"), 200, false, null]),
        ]
    );
    let all = twin.control("GET", "calls", Value::Null).await;
    assert_eq!(all.json()["calls"].as_array().unwrap().len(), 4);
    assert!(!all.text.contains(SECRET) && !all.text.contains("ps_"));

    let payments = twin.control("GET", "payments?orderId=order-0002", Value::Null).await;
    assert_eq!(payments.json()["payments"][0]["status"], "DONE");
    assert!(!payments.text.contains("ps_"));
}

#[tokio::test]
async fn the_clock_moves_forward_and_stops() {
    let twin = Twin::new();
    let stopped = twin.control("POST", "clock", json!({ "stopped": true })).await.json();
    let later = twin.control("POST", "clock", json!({ "advanceSeconds": 90 })).await.json();
    assert_eq!((&later["stopped"], &later["aheadSeconds"]), (&json!(true), &json!(90)));
    assert_ne!(stopped["now"], later["now"]);
    assert_eq!(twin.control("GET", "clock", Value::Null).await.json(), later);
    for (name, value) in [("advanceSeconds", json!(-1)), ("stopped", json!(1)), ("now", json!(1))] {
        let reply = twin.control("POST", "clock", json!({ name: value })).await;
        assert_eq!(reply.json()["field"], name);
    }
}

#[tokio::test]
async fn the_same_seed_gives_the_same_keys() {
    let mut keys = Vec::new();
    for _ in 0..2 {
        let key = Twin::new().authenticated("order-0001", 1_000).await;
        keys.push(key.chars().rev().take(5).collect::<String>());
    }
    assert_eq!(keys.first(), keys.last());
}

#[tokio::test]
async fn the_assumptions_can_be_read() {
    let reply = Twin::new().control("GET", "assumptions", Value::Null).await;
    let rows = reply.json()["assumptions"].as_array().unwrap().clone();
    assert!(rows.iter().any(|it| it["about"] == "confirm with another amount"));
    assert!(rows.iter().all(|it| !it["source"].as_str().unwrap().is_empty()));
}
