//! Idempotency keys (Toss: api.md §7).

use serde_json::{Value, json};

use crate::sandbox::Config;
use crate::sandbox::tests::{INDIVIDUAL_SECRET, Twin, basic};

const MINUTES_OF_15_DAYS: i64 = 15 * 24 * 60;

#[tokio::test]
async fn api_7_a_replay_is_byte_identical_and_has_no_effect() {
    let twin = Twin::new();
    let key = twin.authenticated("order-0001", 1_000).await;
    let headers = [("idempotency-key", "one")];
    let first = twin.confirm_with(&key, "order-0001", 1_000, &headers).await;
    let second = twin.confirm_with(&key, "order-0001", 1_000, &headers).await;
    assert_eq!((first.status, &first.text), (second.status, &second.text));
    assert_eq!(second.header("idempotency-key"), "one");

    let (new, original) = second.header("x-tosspayments-trace-id").split_once(", ").unwrap();
    assert_eq!(original, first.header("x-tosspayments-trace-id"));
    assert_ne!(new, original);

    // Without the key it is a second confirm.
    let third = twin.confirm(&key, "order-0001", 1_000).await;
    assert_eq!(third.summary(), "400 ALREADY_PROCESSED_PAYMENT");
}

#[tokio::test]
async fn api_7_a_cancel_under_one_key_is_one_cancel() {
    let twin = Twin::new();
    let key = twin.paid("order-0001", 1_000).await;
    let path = format!("/v1/payments/{key}/cancel");
    let body = json!({ "cancelReason": "고객 변심", "cancelAmount": 300 });
    for _ in 0..3 {
        let headers = [("Idempotency-Key", "one")];
        let reply = twin.api("POST", &path, &headers, body.clone()).await;
        assert_eq!(reply.summary(), "200 PARTIAL_CANCELED");
    }
    assert_eq!(twin.read(&key).await.json()["balanceAmount"], 700);
}

#[tokio::test]
async fn api_7_the_body_is_no_part_of_the_identity() {
    let twin = Twin::new();
    let key = twin.authenticated("order-0001", 1_000).await;
    let headers = [("idempotency-key", "one")];
    let wrong = twin.confirm_with(&key, "order-0001", 999, &headers).await;
    let corrected = twin.confirm_with(&key, "order-0001", 1_000, &headers).await;
    assert_eq!(wrong.text, corrected.text);
    assert_eq!(corrected.summary(), "400 INVALID_REQUEST");
    let other = [("idempotency-key", "two")];
    assert_eq!(twin.confirm_with(&key, "order-0001", 1_000, &other).await.summary(), "200 DONE");
}

#[tokio::test]
async fn api_7_key_and_address_are_part_of_the_identity() {
    let twin = Twin::new();
    let key = twin.paid("order-0001", 1_000).await;
    let headers = [("idempotency-key", "one")];
    let reply = twin.confirm_with(&key, "order-0001", 1_000, &headers).await;
    assert_eq!(reply.summary(), "400 ALREADY_PROCESSED_PAYMENT");

    let other = basic(INDIVIDUAL_SECRET);
    let headers = [("idempotency-key", "one"), ("authorization", other.as_str())];
    let reply = twin.confirm_with(&key, "order-0001", 1_000, &headers).await;
    assert_eq!(reply.summary(), "400 INVALID_API_KEY");

    let body = json!({ "cancelReason": "고객 변심" });
    let path = format!("/v1/payments/{key}/cancel");
    let reply = twin.api("POST", &path, &[("idempotency-key", "one")], body).await;
    assert_eq!(reply.summary(), "200 CANCELED");
}

#[tokio::test]
async fn api_7_fifteen_days_after_its_first_use_a_key_is_new() {
    let twin = Twin::new();
    let key = twin.paid("order-0001", 1_000).await;
    let headers = [("idempotency-key", "one")];
    let path = format!("/v1/payments/{key}/cancel");
    let body = json!({ "cancelReason": "고객 변심", "cancelAmount": 300 });
    let cancel = || twin.api("POST", &path, &headers, body.clone());
    let balance = |body: Value| body["balanceAmount"].as_i64().unwrap();
    assert_eq!(balance(cancel().await.json()), 700);
    twin.advance_minutes(MINUTES_OF_15_DAYS - 1).await;
    assert_eq!(balance(cancel().await.json()), 700);
    twin.advance_minutes(1).await;
    assert_eq!(balance(cancel().await.json()), 400);
}

#[tokio::test]
async fn api_7_reads_take_no_notice_of_it() {
    let twin = Twin::new();
    let key = twin.authenticated("order-0001", 1_000).await;
    let path = format!("/v1/payments/{key}");
    let headers = [("idempotency-key", "one")];
    let first = twin.api("GET", &path, &headers, Value::Null).await;
    twin.confirm(&key, "order-0001", 1_000).await;
    let second = twin.api("GET", &path, &headers, Value::Null).await;
    assert_eq!((first.summary(), second.summary()), ("200 IN_PROGRESS".into(), "200 DONE".into()));
}

#[tokio::test]
async fn api_7_a_key_has_at_most_300_characters() {
    let twin = Twin::new();
    let long = "k".repeat(301);
    let headers = [("idempotency-key", long.as_str())];
    let reply = twin.confirm_with("none", "order-0001", 1_000, &headers).await;
    assert_eq!(reply.summary(), "400 INVALID_IDEMPOTENCY_KEY");
    let fits = "k".repeat(300);
    let headers = [("idempotency-key", fits.as_str())];
    let reply = twin.confirm_with("none", "order-0001", 1_000, &headers).await;
    assert_eq!(reply.summary(), "404 NOT_FOUND_PAYMENT_SESSION");
}

#[tokio::test]
async fn api_7_while_the_first_is_running_the_second_is_turned_away() {
    let twin = Twin::new();
    let key = twin.authenticated("order-0001", 1_000).await;
    twin.fault(json!({ "call": "confirm", "kind": "hold", "when": "before" })).await;
    let headers = [("idempotency-key", "one")];
    let first = twin.confirm_with(&key, "order-0001", 1_000, &headers);
    let others = async {
        // The first call stands at the gate, so this one surely comes second.
        let second = twin.confirm_with(&key, "order-0001", 1_000, &headers).await;
        assert_eq!(second.summary(), "409 IDEMPOTENT_REQUEST_PROCESSING");
        twin.control("DELETE", "faults", Value::Null).await;
    };
    // `biased` by order: join polls the first call before it polls the others.
    let (first, ()) = tokio::join!(first, others);
    assert_eq!(first.summary(), "200 DONE");
    let third = twin.confirm_with(&key, "order-0001", 1_000, &headers).await;
    assert_eq!(third.text, first.text);
}

#[tokio::test]
async fn api_7_a_5xx_is_kept_only_when_the_effect_happened() {
    let twin = Twin::new();
    let headers = [("idempotency-key", "one")];
    let key = twin.authenticated("order-0001", 1_000).await;
    twin.fault(json!({ "kind": "fail", "when": "before" })).await;
    let reply = twin.confirm_with(&key, "order-0001", 1_000, &headers).await;
    assert_eq!(reply.summary(), "500 FAILED_INTERNAL_SYSTEM_PROCESSING");
    twin.fault(json!({ "kind": "fail", "when": "after" })).await;
    let reply = twin.confirm_with(&key, "order-0001", 1_000, &headers).await;
    assert_eq!(reply.summary(), "500 FAILED_INTERNAL_SYSTEM_PROCESSING");
    assert_eq!(twin.read(&key).await.summary(), "200 DONE");
    // The effect happened, so the answer stays, as the assumptions say.
    let reply = twin.confirm_with(&key, "order-0001", 1_000, &headers).await;
    assert_eq!(reply.summary(), "500 FAILED_INTERNAL_SYSTEM_PROCESSING");

    let assumptions = crate::sandbox::Assumptions {
        keep_5xx_after_effect: false,
        ..crate::sandbox::Assumptions::default()
    };
    let twin = Twin::with(Config::default().with_assumptions(assumptions));
    let key = twin.authenticated("order-0001", 1_000).await;
    twin.fault(json!({ "kind": "fail", "when": "after" })).await;
    twin.confirm_with(&key, "order-0001", 1_000, &headers).await;
    let reply = twin.confirm_with(&key, "order-0001", 1_000, &headers).await;
    assert_eq!(reply.summary(), "400 ALREADY_PROCESSED_PAYMENT");
}

#[tokio::test]
async fn api_7_a_refused_key_is_not_kept() {
    let twin = Twin::new();
    let key = twin.authenticated("order-0001", 1_000).await;
    let wrong = [("idempotency-key", "one"), ("authorization", "Basic d3Jvbmc6")];
    let reply = twin.confirm_with(&key, "order-0001", 1_000, &wrong).await;
    assert_eq!(reply.summary(), "401 UNAUTHORIZED_KEY");
    let headers = [("idempotency-key", "one")];
    let reply = twin.confirm_with(&key, "order-0001", 1_000, &headers).await;
    assert_eq!(reply.summary(), "200 DONE");
}

#[tokio::test]
async fn api_1_5_the_idempotency_key_is_echoed_and_a_replay_has_both_trace_ids() {
    let twin = Twin::new();
    let headers = [("idempotency-key", "one")];
    let first = twin.confirm_with("none", "order-0001", 1_000, &headers).await;
    let second = twin.confirm_with("none", "order-0001", 1_000, &headers).await;
    assert_eq!((first.header("idempotency-key"), second.header("idempotency-key")), ("one", "one"));
    let original = first.header("x-tosspayments-trace-id");
    let both = second.header("x-tosspayments-trace-id");
    let (new, old) = both.split_once(", ").unwrap();
    assert_eq!((new.len(), old), (32, original));
    assert_ne!(new, original);
}
