//! Whatever the control API is sent, it answers by its own rules and never breaks.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::sandbox::tests::{CLIENT, Twin};

const PATHS: [&str; 12] = [
    "authenticate",
    "billing-auth",
    "brandpay-auth",
    "clock",
    "deliveries/1/resend",
    "events",
    "faults",
    "latency",
    "payments/KEY/deposit",
    "payments/KEY/cancels",
    "webhook-faults",
    "webhooks",
];

const NAMES: [&str; 26] = [
    "kind",
    "when",
    "call",
    "code",
    "status",
    "message",
    "delayMs",
    "amount",
    "orderId",
    "paymentKey",
    "times",
    "probability",
    "event",
    "delaySeconds",
    "copies",
    "count",
    "url",
    "mId",
    "events",
    "data",
    "now",
    "advanceSeconds",
    "stopped",
    "latencyMs",
    "clientKey",
    "customerKey",
];

fn words() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![
        json!("lose"),
        json!("refuse"),
        json!("delay"),
        json!("reorder"),
        json!("reversal"),
        json!("after"),
        json!("confirm"),
        json!("PAYMENT_STATUS_CHANGED"),
        json!("DEPOSIT_CALLBACK"),
        json!("payout.changed"),
        json!("tgen_docs"),
        json!(CLIENT),
        json!("http://127.0.0.1:1/"),
        json!("2101-01-31T09:00:00+09:00"),
        json!("order-0001"),
        json!(["DEPOSIT_CALLBACK"]),
        json!({ "status": 7 }),
        json!({ "totalAmount": "x" }),
        json!(i64::MAX),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(1e300),
        json!(0.25),
        json!(0),
        json!(1),
        json!(true),
        json!(null),
        json!("\u{0}'\"<>&한글"),
        json!("a".repeat(10_000)),
        json!([[[]]]),
    ])
}

fn body() -> impl Strategy<Value = Value> {
    prop::collection::vec((prop::sample::select(NAMES.to_vec()), words()), 0..6).prop_map(|pairs| {
        Value::Object(
            pairs.into_iter().map(|(name, it)| (name.to_owned(), it)).collect::<Map<_, _>>(),
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bodies_are_taken_or_refused_by_name(
        calls in prop::collection::vec((prop::sample::select(PATHS.to_vec()), body()), 1..12),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let twin = Twin::new();
            twin.control("POST", "webhooks", json!({ "url": "http://127.0.0.1:1/" })).await;
            let key = twin.waiting("order-0001", json!({})).await;
            for (path, body) in calls {
                let path = path.replace("KEY", &key);
                let reply = twin.control("POST", &path, body.clone()).await;
                let status = reply.status.as_u16();
                assert!([200, 201, 400, 404].contains(&status), "{status} {path} {body}");
                if status >= 400 {
                    assert!(reply.json()["field"].is_string(), "{path} {body} {}", reply.text);
                }
            }
            // And it still works.
            twin.control("DELETE", "faults", Value::Null).await;
            for list in ["faults", "webhook-faults", "deliveries", "payments", "clock"] {
                assert_eq!(twin.control("GET", list, Value::Null).await.status, 200);
            }
            assert!(twin.read(&key).await.status.is_success());
        });
    }
}

#[tokio::test]
async fn addresses_and_queries_of_every_kind_are_taken_or_refused() {
    let twin = Twin::new();
    for (method, path) in [
        ("GET", "deliveries/x"),
        ("GET", "deliveries/99999999999999999999"),
        ("GET", "deliveries?state=lost"),
        ("GET", "deliveries?nothing=1"),
        ("GET", "calls?orderId=%00"),
        ("GET", "payments/%2e%2e%2f"),
        ("GET", "payments/%ff"),
        ("DELETE", "faults/-1"),
        ("DELETE", "webhooks/x"),
        ("PUT", "webhooks/1"),
        ("POST", "merchants/%ff/security-key"),
        ("GET", "nothing"),
    ] {
        let status = twin.control(method, path, Value::Null).await.status;
        assert!(status.is_client_error() || path.starts_with("calls"), "{method} {path} {status}");
    }
}
