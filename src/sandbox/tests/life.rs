//! States and time limits (Toss: api.md §2), and reading (§4.2).

use serde_json::{Value, json};

use crate::sandbox::tests::Twin;

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
