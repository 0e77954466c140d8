//! States and time limits (Toss: api.md §2) and reading (Toss: api.md §4.2).

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use crate::sandbox::tests::{CLIENT, Twin};

#[tokio::test]
async fn api_2_3_the_buyer_has_thirty_minutes_to_authenticate() {
    let twin = Twin::new();
    let ready = json!({ "authenticated": false });
    let key = twin.authenticated_with("order-0001", 1_000, ready).await;
    twin.advance_minutes(29).await;
    assert_eq!(twin.read(&key).await.summary(), "200 READY");
    assert_eq!(
        twin.confirm(&key, "order-0001", 1_000).await.summary(),
        "404 NOT_FOUND_PAYMENT_SESSION"
    );
    twin.advance_minutes(1).await;
    assert_eq!(twin.read(&key).await.summary(), "200 EXPIRED");
}

#[tokio::test]
async fn api_2_3_the_shop_has_ten_minutes_to_confirm() {
    let twin = Twin::new();
    let in_time = twin.authenticated("order-0001", 1_000).await;
    let too_late = twin.authenticated("order-0002", 1_000).await;
    twin.advance_minutes(9).await;
    assert_eq!(twin.confirm(&in_time, "order-0001", 1_000).await.summary(), "200 DONE");
    twin.advance_minutes(1).await;
    assert_eq!(
        twin.confirm(&too_late, "order-0002", 1_000).await.summary(),
        "404 NOT_FOUND_PAYMENT_SESSION"
    );
    assert_eq!(twin.read(&too_late).await.summary(), "200 EXPIRED");
    // What is paid has no time limit.
    twin.advance_minutes(60 * 24 * 365).await;
    assert_eq!(twin.read(&in_time).await.summary(), "200 DONE");
}

#[tokio::test]
async fn api_2_3_one_payment_can_run_out_of_time_alone() {
    let twin = Twin::new();
    let one = twin.authenticated("order-0001", 1_000).await;
    let other = twin.authenticated("order-0002", 1_000).await;
    let reply = twin.control("POST", &format!("payments/{one}/expire"), Value::Null).await;
    assert_eq!(reply.summary(), "200 EXPIRED");
    assert_eq!(twin.read(&other).await.summary(), "200 IN_PROGRESS");
}

#[tokio::test]
async fn api_2_2_a_refusal_of_the_institution_ends_the_payment() {
    let twin = Twin::new();
    let key = twin.authenticated("order-0001", 1_000).await;
    twin.fault(json!({ "kind": "refuse", "code": "REJECT_CARD_PAYMENT" })).await;
    let reply = twin.confirm(&key, "order-0001", 1_000).await;
    assert_eq!(reply.summary(), "403 REJECT_CARD_PAYMENT");
    let body = twin.read(&key).await.json();
    assert_eq!(body["status"], "ABORTED");
    assert_eq!(body["failure"]["code"], "REJECT_CARD_PAYMENT");
    assert_eq!(body["failure"]["message"], "한도초과 혹은 잔액부족으로 결제에 실패했습니다.");
    assert_eq!((&body["approvedAt"], &body["balanceAmount"]), (&Value::Null, &json!(1_000)));
    assert_eq!(
        twin.confirm(&key, "order-0001", 1_000).await.summary(),
        "400 ALREADY_PROCESSED_PAYMENT"
    );
}

#[tokio::test]
async fn api_2_2_a_passing_fault_leaves_the_payment_confirmable() {
    let twin = Twin::new();
    let key = twin.authenticated("order-0001", 1_000).await;
    for code in ["PROVIDER_ERROR", "FAILED_INTERNAL_SYSTEM_PROCESSING", "UNKNOWN_PAYMENT_ERROR"] {
        twin.fault(json!({ "kind": "refuse", "code": code })).await;
        let reply = twin.confirm(&key, "order-0001", 1_000).await;
        assert_eq!(reply.json()["code"], code);
    }
    assert_eq!(twin.confirm(&key, "order-0001", 1_000).await.summary(), "200 DONE");
}

#[tokio::test]
async fn api_4_2_an_order_reads_as_its_newest_payment() {
    let twin = Twin::new();
    let path = "/v1/payments/orders/order-0001";
    let reply = twin.api("GET", path, &[], Value::Null).await;
    assert_eq!(reply.summary(), "404 NOT_FOUND_PAYMENT");
    assert_eq!(reply.json()["message"], "존재하지 않는 결제 정보 입니다.");

    let first = twin.paid("order-0001", 1_000).await;
    let reply = twin.api("GET", path, &[], Value::Null).await;
    assert_eq!(reply.json()["paymentKey"], first);
    let second = twin.authenticated("order-0001", 2_000).await;
    let reply = twin.api("GET", path, &[], Value::Null).await;
    assert_eq!(reply.json()["paymentKey"], second);
    assert_eq!(twin.read(&first).await.summary(), "200 DONE");
}

#[tokio::test]
async fn api_2_2_a_window_that_is_closed_leaves_its_payment_ready() {
    let twin = Twin::new();
    let order = json!({ "clientKey": CLIENT, "orderId": "order-0001", "orderName": "머그컵",
        "amount": 1_000 });
    // Nobody is told that a window was closed; it is opened again for the same order.
    let mut keys = Vec::new();
    for _ in 0..2 {
        let request = Request::post("/v2/window/open")
            .header("content-type", "application/json")
            .body(Body::from(order.to_string()))
            .unwrap();
        keys.push(twin.send(request).await.json()["paymentKey"].as_str().unwrap().to_owned());
    }
    assert_ne!(keys[0], keys[1]);
    for key in keys {
        assert_eq!(twin.read(&key).await.summary(), "200 READY");
    }
}

#[tokio::test]
async fn api_4_1_confirm_wants_a_buyer_who_authenticated() {
    let twin = Twin::new();
    let open = json!({ "authenticated": false });
    let key = twin.authenticated_with("order-0001", 1_000, open).await;
    let reply = twin.confirm(&key, "order-0001", 1_000).await;
    assert_eq!(reply.summary(), "404 NOT_FOUND_PAYMENT_SESSION");
    assert_eq!(twin.read(&key).await.summary(), "200 READY");
    let refused = twin.authenticated("order-0002", 1_000).await;
    twin.fault(json!({ "kind": "refuse", "code": "REJECT_CARD_PAYMENT" })).await;
    twin.confirm(&refused, "order-0002", 1_000).await;
    let again = twin.confirm(&refused, "order-0002", 1_000).await;
    assert_eq!(again.summary(), "400 ALREADY_PROCESSED_PAYMENT");
}
