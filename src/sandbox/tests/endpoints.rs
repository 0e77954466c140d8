//! What holds for every endpoint: keys, headers, idempotency, and bodies of every kind.

use axum::body::Body;
use axum::http::Request;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::sandbox::tests::{INDIVIDUAL_SECRET, SECRET, Twin, basic};
use crate::sandbox::{Assumptions, Config};

/// Method, path, and whether the pair for widgets may call it.
const ENDPOINTS: [(&str, &str, bool); 21] = [
    ("POST", "/v1/payments/confirm", true),
    ("POST", "/v1/payments/none", true),
    ("GET", "/v1/payments/none", true),
    ("GET", "/v1/payments/orders/order-0001", true),
    ("POST", "/v1/payments/none/cancel", true),
    ("POST", "/v1/payments/key-in", false),
    ("POST", "/v1/virtual-accounts", false),
    ("POST", "/v1/billing/authorizations/issue", false),
    ("POST", "/v1/billing/authorizations/card", false),
    ("POST", "/v1/billing/none", false),
    ("DELETE", "/v1/billing/none", false),
    ("POST", "/v1/cash-receipts", true),
    ("POST", "/v1/cash-receipts/none/cancel", true),
    ("GET", "/v1/cash-receipts", true),
    ("GET", "/v1/transactions", true),
    ("GET", "/v1/settlements", true),
    ("POST", "/v1/settlements", true),
    ("GET", "/v1/promotions", true),
    ("GET", "/v1/promotions/card", true),
    ("POST", "/v1/brandpay/authorizations/access-token", true),
    ("POST", "/v1/brandpay/payments/confirm", true),
];

#[tokio::test]
async fn api_1_2_each_kind_of_key_has_its_endpoints() {
    let twin = Twin::new();
    for (method, path, is_for_widgets) in ENDPOINTS {
        for (secret, may) in [(SECRET, is_for_widgets), (INDIVIDUAL_SECRET, true)] {
            let secret = basic(secret);
            let headers = [("authorization", secret.as_str())];
            let reply = twin.api(method, path, &headers, json!({})).await;
            let refused = reply.status == 400 && reply.text.contains("INVALID_API_KEY");
            assert_eq!(refused, !may, "{method} {path}: {}", reply.text);
        }
    }
}

#[tokio::test]
async fn api_1_3_no_endpoint_answers_without_a_key() {
    let twin = Twin::new();
    for (method, path, _) in ENDPOINTS {
        let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
        assert_eq!(twin.send(request).await.summary(), "401 UNAUTHORIZED_KEY", "{path}");
    }
}

#[tokio::test]
async fn api_1_5_every_answer_says_how_long_it_took() {
    let twin = Twin::new();
    for (method, path, _) in ENDPOINTS.into_iter().chain([("PUT", "/v1/payments/confirm", true)]) {
        let reply = twin.api(method, path, &[], json!({})).await;
        let micros: u64 = reply.header("x-sandbox-service-time-us").parse().unwrap();
        assert!(micros < 10_000_000, "{path}");
        assert_eq!(reply.header("x-tosspayments-trace-id").len(), 32, "{path}");
    }
}

#[tokio::test]
async fn api_1_7_an_unknown_verb_on_a_known_path_is_told_so() {
    let twin = Twin::new();
    for (_, path, _) in ENDPOINTS {
        let reply = twin.api("PATCH", path, &[], Value::Null).await;
        assert_eq!(reply.summary(), "404 NOT_FOUND_HTTP_METHOD", "{path}");
        assert_eq!(reply.json()["message"], "존재하지 않는 HTTP 메소드 접근입니다.");
    }
}

#[tokio::test]
async fn api_7_every_post_is_answered_once_under_a_key() {
    let twin = Twin::new();
    let keys = [("idempotency-key", "one")];
    for (method, path, _) in ENDPOINTS {
        let first = twin.api(method, path, &keys, json!({})).await;
        let other =
            json!({ "orderId": "order-0009", "amount": 1_000, "cancelReason": "다른 본문" });
        let second = twin.api(method, path, &keys, other).await;
        let is_replay = second.header("x-tosspayments-trace-id").contains(", ");
        assert_eq!(is_replay, method == "POST", "{method} {path}");
        if is_replay {
            assert_eq!((first.status, &first.text), (second.status, &second.text), "{path}");
        }
    }
}

#[tokio::test]
async fn api_7_a_charge_under_one_key_is_one_charge() {
    let twin = Twin::new();
    let path = format!("/v1/billing/{}", twin.billing_key().await);
    let body = json!({ "amount": 1_000, "customerKey": "customer-1", "orderId": "order-0001",
        "orderName": "구독" });
    let keys = [("idempotency-key", "one")];
    let first = twin.api("POST", &path, &keys, body.clone()).await;
    let second = twin.api("POST", &path, &keys, body.clone()).await;
    assert_eq!((first.summary(), &first.text), ("200 DONE".to_owned(), &second.text));
    let third = twin.api("POST", &path, &[], body).await;
    assert_eq!(third.summary(), "400 DUPLICATED_ORDER_ID");
}

#[tokio::test]
async fn api_8_a_limit_of_calls_a_minute_can_be_switched_on() {
    let assumptions = Assumptions { calls_a_minute_max: Some(3), ..Assumptions::default() };
    let config = Config::default().with_pair("live_gck_a", "live_gsk_a").unwrap();
    let twin = Twin::with(config.with_assumptions(assumptions));
    twin.control("POST", "clock", json!({ "stopped": true })).await;
    for _ in 0..3 {
        assert_eq!(twin.read("none").await.status, 404);
    }
    let reply = twin.read("none").await;
    assert_eq!(reply.status, 429);
    assert!(reply.json()["code"].is_string());
    // Another API counts for itself, and live keys do not count.
    assert_eq!(twin.confirm("none", "order-0001", 1_000).await.status, 404);
    let live = basic("live_gsk_a");
    for _ in 0..5 {
        let headers = [("authorization", live.as_str())];
        let reply = twin.api("GET", "/v1/payments/none", &headers, Value::Null).await;
        assert_eq!(reply.status, 404);
    }
    twin.advance_minutes(1).await;
    assert_eq!(twin.read("none").await.status, 404);
}

#[tokio::test]
async fn api_8_without_it_more_than_a_hundred_calls_are_answered() {
    let twin = Twin::new();
    for _ in 0..120 {
        assert_eq!(twin.read("none").await.status, 404);
    }
}

/// Bodies of every kind that no client of sound mind sends.
fn monsters() -> Vec<Vec<u8>> {
    let nested =
        |open: &str, close: &str| [open.repeat(5_000), close.repeat(5_000)].concat().into_bytes();
    let mut bodies: Vec<Vec<u8>> = [
        "",
        " ",
        "null",
        "true",
        "7",
        "\"text\"",
        "[]",
        "[{}]",
        "{",
        "{}",
        "{\"amount\"",
        "}{",
        "{\"amount\":1e999}",
        "{\"amount\":-1e999}",
        "{\"amount\":1.5}",
        "{\"amount\":null}",
        "{\"amount\":99999999999999999999999999}",
        "{\"amount\":-9223372036854775808}",
        "{\"orderId\":{\"a\":[]}}",
        "{\"orderId\":[1,2]}",
        "{\"paymentKey\":true}",
        "{\"paymentKey\":\"\\ud800\"}",
        "{\"paymentKey\":\"\\u0000\"}",
        "{\"a\":1,}",
        "{\"cancelReason\":[7]}",
        "{\"cancelReason\":true}",
        "{\"cancelReason\":\"x\",\"cancelAmount\":\"x\"}",
        "{\"cancelReason\":\"x\",\"refundReceiveAccount\":[]}",
        "amount=1000&orderId=order-0001",
        "<xml/>",
        "{\"customerKey\":{},\"authKey\":[]}",
        "{'amount': 1000}",
    ]
    .into_iter()
    .map(|text| text.as_bytes().to_vec())
    .collect();
    bodies.push(nested("[", "]"));
    bodies.push(nested("{\"a\":", "}"));
    bodies.push(vec![0xff, 0xfe, 0x00, 0x80]);
    bodies.push(b"{\"orderName\":\"\xff\xff\"}".to_vec());
    bodies.push(format!("{{\"orderName\":\"{}\"}}", "x".repeat(70_000)).into_bytes());
    bodies.push(format!("{{\"amount\":{}}}", "9".repeat(60_000)).into_bytes());
    bodies
}

#[tokio::test]
async fn api_1_7_no_body_brings_out_anything_but_a_refusal_in_the_documented_form() {
    let twin = Twin::new();
    let key = twin.paid("order-0001", 1_000).await;
    let billing = twin.billing_key().await;
    let more = [format!("/v1/payments/{key}/cancel"), format!("/v1/billing/{billing}")];
    let paths = ENDPOINTS.iter().filter(|it| it.0 == "POST").map(|it| it.1.to_owned()).chain(more);
    for path in paths {
        for body in monsters() {
            let shown = String::from_utf8_lossy(&body).chars().take(40).collect::<String>();
            let request = Request::post(&path)
                .header("authorization", basic(INDIVIDUAL_SECRET))
                .header("content-type", "application/json")
                .body(Body::from(body))
                .unwrap();
            let reply = twin.send(request).await;
            assert!(reply.status.is_client_error(), "{path} {shown}: {}", reply.text);
            let answer = reply.json();
            let keys: Vec<_> = answer.as_object().unwrap().keys().collect();
            assert_eq!(keys, ["code", "message"], "{path} {shown}");
            assert!(answer["code"].as_str().is_some_and(|code| !code.is_empty()));
            assert!(answer["message"].as_str().is_some_and(|it| it.chars().count() <= 510));
        }
    }
    assert_eq!(twin.read(&key).await.summary(), "200 DONE");
}

#[tokio::test]
async fn api_1_7_no_path_or_query_brings_out_anything_but_a_refusal_in_the_documented_form() {
    let twin = Twin::new();
    let strange =
        ["%FF", "%00", "%E0%80%80", "..%2f..", "a%20b", "%F0%9F%8D%9A", "=", &"x".repeat(5_000)];
    for name in strange {
        for (method, path) in [
            ("GET", format!("/v1/payments/{name}")),
            ("GET", format!("/v1/payments/orders/{name}")),
            ("POST", format!("/v1/payments/{name}/cancel")),
            ("POST", format!("/v1/billing/{name}")),
            ("DELETE", format!("/v1/billing/{name}")),
            ("POST", format!("/v1/cash-receipts/{name}/cancel")),
            ("GET", format!("/v1/transactions?startDate={name}&endDate={name}")),
            ("GET", format!("/v1/settlements?startDate={name}&{name}")),
            ("GET", format!("/v1/cash-receipts?requestDate={name}&cursor={name}&limit={name}")),
        ] {
            let body = json!({ "cancelReason": "고객 변심" });
            let reply = twin.api(method, &path, &[], body).await;
            assert!(reply.status.is_client_error(), "{method} {path}");
            assert!(reply.json()["code"].is_string(), "{method} {path}");
        }
    }
}

/// Any JSON, often under names that mean something.
fn any_json() -> impl Strategy<Value = Value> {
    const NAMES: [&str; 24] = [
        "amount",
        "orderId",
        "orderName",
        "paymentKey",
        "cancelReason",
        "cancelAmount",
        "currency",
        "refundReceiveAccount",
        "bank",
        "accountNumber",
        "holderName",
        "customerKey",
        "authKey",
        "cardNumber",
        "cardExpirationYear",
        "cardExpirationMonth",
        "customerIdentityNumber",
        "customerName",
        "validHours",
        "dueDate",
        "cashReceipt",
        "type",
        "grantType",
        "code",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|it| json!(it)),
        (1_i64..100_000).prop_map(Value::from),
        ".{0,40}".prop_map(Value::from),
        "[A-Za-z0-9_=-]{6,64}".prop_map(Value::from),
        "[0-9]{1,20}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 64, 24, |inner| {
        let name = proptest::sample::select(NAMES.as_slice()).prop_map(str::to_owned);
        prop_oneof![
            4 => proptest::collection::vec((name, inner.clone()), 0..24)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
            1 => proptest::collection::vec(inner, 0..6).prop_map(Value::from),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    /// Whatever is sent, the answer is one that Toss documents: never a fault of ours.
    #[test]
    fn api_1_7_random_bodies_are_answered_as_documented(body in any_json()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let twin = Twin::new();
            let key = twin.paid("order-0001", 1_000).await;
            let billing = twin.billing_key().await;
            let more = [format!("/v1/payments/{key}/cancel"), format!("/v1/billing/{billing}")];
            let paths = ENDPOINTS.iter().filter(|it| it.0 == "POST").map(|it| it.1.to_owned());
            for path in paths.chain(more) {
                let reply = twin.api("POST", &path, &[], body.clone()).await;
                let answer = reply.json();
                let is_measured = answer["code"] == "FAILED_DB_PROCESSING";
                assert!(!reply.status.is_server_error() || is_measured, "{path}: {answer}");
                assert!(reply.status == 200 || answer["message"].is_string(), "{path}: {answer}");
            }
        });
    }
}
