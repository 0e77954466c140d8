//! Confirm: its order of checks, its body, its codes (Toss: api.md §4.1, §8).

use serde_json::{Value, json};

use crate::sandbox::Config;
use crate::sandbox::tests::{Twin, basic};

#[tokio::test]
async fn api_4_1_what_differs_from_what_the_buyer_authenticated_is_refused_and_changes_nothing() {
    let twin = Twin::new();
    let key = twin.authenticated("order-0001", 33_000).await;
    let cases = [
        (key.as_str(), "order-0002", json!(33_000), "400 INVALID_REQUEST"),
        (key.as_str(), "order-0001", json!(32_999), "400 INVALID_REQUEST"),
        (key.as_str(), "order-0001", json!("33001"), "400 INVALID_REQUEST"),
        ("tgen_20260301101530Ab3Xz", "order-0001", json!(33_000), "404 NOT_FOUND_PAYMENT_SESSION"),
        (key.as_str(), "order-0001", json!("33000"), "200 DONE"),
        (key.as_str(), "order-0001", json!(33_000), "400 ALREADY_PROCESSED_PAYMENT"),
        (key.as_str(), "order-0002", json!(1), "400 ALREADY_PROCESSED_PAYMENT"),
    ];
    for (key, order_id, amount, expected) in cases {
        let body = json!({ "paymentKey": key, "orderId": order_id, "amount": amount });
        let reply = twin.api("POST", "/v1/payments/confirm", &[], body.clone()).await;
        assert_eq!(reply.summary(), expected, "{body}");
    }
}

#[tokio::test]
async fn api_4_1_a_malformed_body_is_an_invalid_request() {
    let twin = Twin::new();
    let key = twin.authenticated("order-0001", 1_000).await;
    let good = json!({ "paymentKey": key, "orderId": "order-0001", "amount": 1_000 });
    let wrong = [
        ("paymentKey", json!(null)),
        ("paymentKey", json!([7])),
        ("paymentKey", json!("x".repeat(201))),
        ("orderId", json!("five5")),
        ("orderId", json!("x".repeat(65))),
        ("amount", json!(0)),
        ("amount", json!(-1_000)),
        ("amount", json!(1_000.5)),
        ("amount", json!("1e3")),
        ("amount", json!("")),
        ("amount", json!(u64::MAX)),
        ("amount", json!([1_000])),
    ];
    for (name, value) in wrong {
        let mut body = good.clone();
        body[name] = value.clone();
        let reply = twin.api("POST", "/v1/payments/confirm", &[], body).await;
        assert_eq!(reply.summary(), "400 INVALID_REQUEST", "{name} {value}");
        assert_eq!(reply.json()["message"], "잘못된 요청입니다.");
    }
    for body in [json!([]), json!("text"), Value::Null, json!("x".repeat(70_000))] {
        let reply = twin.api("POST", "/v1/payments/confirm", &[], body).await;
        assert_eq!(reply.summary(), "400 INVALID_REQUEST");
    }
    assert_eq!(twin.confirm(&key, "order-0001", 1_000).await.summary(), "200 DONE");
}

#[tokio::test]
async fn api_8_a_test_code_leaves_the_payment_as_it_is() {
    let twin = Twin::new();
    let key = twin.authenticated("order-0001", 1_000).await;
    let headers = [("tosspayments-test-code", "REJECT_CARD_PAYMENT")];
    let reply = twin.confirm_with(&key, "order-0001", 1_000, &headers).await;
    assert_eq!(reply.summary(), "403 REJECT_CARD_PAYMENT");
    assert_eq!(twin.confirm(&key, "order-0001", 1_000).await.summary(), "200 DONE");
}

#[tokio::test]
async fn api_8_live_keys_ignore_test_codes() {
    let twin = Twin::with(Config::default().with_pair("live_gck_a", "live_gsk_a").unwrap());
    let live = basic("live_gsk_a");
    let headers = [("authorization", live.as_str()), ("tosspayments-test-code", "COMMON_ERROR")];
    let reply = twin.confirm_with("none", "order-0001", 1_000, &headers).await;
    assert_eq!(reply.summary(), "404 NOT_FOUND_PAYMENT_SESSION");
}

#[tokio::test]
async fn api_4_1_less_than_the_minimum_is_refused() {
    let cases = [
        ("CARD", "CARD", 99, "400 BELOW_MINIMUM_AMOUNT"),
        ("CARD", "CARD", 100, "200 DONE"),
        ("TOSSPAY", "BALANCE", 199, "400 BELOW_MINIMUM_AMOUNT"),
        ("TOSSPAY", "BALANCE", 200, "200 DONE"),
    ];
    for (method, mix, amount, expected) in cases {
        let twin = Twin::new();
        let more = json!({ "method": method, "mix": mix });
        let key = twin.authenticated_with("order-0001", amount, more).await;
        assert_eq!(twin.confirm(&key, "order-0001", amount).await.summary(), expected);
    }
}

#[tokio::test]
async fn api_1_7_paths_and_methods_that_are_not_there() {
    let twin = Twin::new();
    let reply = twin.api("GET", "/v1/nothing", &[], Value::Null).await;
    assert_eq!(reply.status, 404);
    let body = reply.json();
    assert_eq!((&body["status"], &body["path"]), (&json!(404), &json!("/v1/nothing")));
    assert!(body.get("code").is_none() && body.get("message").is_none(), "not in Toss's format");

    for (method, path) in [
        ("GET", "/v1/payments/confirm"),
        ("DELETE", "/v1/payments/some-key"),
        ("GET", "/v1/payments/some-key/cancel"),
        ("POST", "/v1/payments/orders/order-0001"),
    ] {
        let reply = twin.api(method, path, &[], Value::Null).await;
        assert_eq!(reply.summary(), "404 NOT_FOUND_HTTP_METHOD", "{method} {path}");
    }
}

#[tokio::test]
async fn api_1_5_every_answer_carries_the_headers_that_were_seen() {
    let twin = Twin::new();
    let reply = twin.read("none").await;
    let trace = reply.header("x-tosspayments-trace-id");
    assert_eq!(trace.len(), 32);
    assert!(trace.bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert_eq!(reply.header("content-type"), "application/json");
    assert!(reply.header("cache-control").starts_with("no-cache, no-store"));
    assert_eq!(reply.header("x-content-type-options"), "nosniff");
    assert!(reply.header("access-control-allow-headers").contains("tosspayments-mid"));
    assert_eq!(reply.header("idempotency-key"), "");
}
