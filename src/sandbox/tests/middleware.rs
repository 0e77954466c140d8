//! Who may come in, how late answers are, and that the same seed and calls give the same again.

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::sandbox::tests::{Reply, Twin};
use crate::sandbox::{Config, Reach, Sandbox};

async fn with_header(twin: &Twin, method: &str, path: &str, header: (&str, &str)) -> Reply {
    let request = Request::builder().method(method).uri(path).header(header.0, header.1);
    let request = request.header("content-type", "application/json");
    twin.send(request.body(Body::from("{}")).unwrap()).await
}

#[tokio::test]
async fn a_name_that_is_not_this_machines_is_turned_away_unless_allowed() {
    let twin = Twin::new();
    for path in ["/__sandbox/clock", "/v1/payments/x", "/v2/standard", "/__sandbox/"] {
        for host in ["evil.example.com", "192.168.0.2:3100", "localhost.evil.example.com"] {
            let reply = with_header(&twin, "GET", path, ("host", host)).await;
            assert_eq!(reply.status, 403, "{host} {path}");
            assert!(reply.text.contains("--allow-remote"));
        }
        let own = with_header(&twin, "GET", path, ("host", "127.0.0.1:3100")).await;
        assert_ne!(own.status, 403, "{path}");
    }
    let open = Twin::with(Config::default().with_reach(Reach::Anywhere));
    let reply = with_header(&open, "GET", "/__sandbox/clock", ("host", "shop.example.com")).await;
    assert_eq!(reply.status, 200);
}

#[tokio::test]
async fn it_listens_for_other_machines_only_when_allowed() {
    let address = "0.0.0.0:0";
    let refused = Sandbox::new(Config::default())
        .serve(TcpListener::bind(address).await.unwrap(), std::future::pending())
        .await;
    assert!(refused.unwrap_err().to_string().contains("--allow-remote"));
    let open = Sandbox::new(Config::default().with_reach(Reach::Anywhere));
    let served = open.serve(TcpListener::bind(address).await.unwrap(), std::future::ready(()));
    assert!(served.await.is_ok());
}

#[tokio::test]
async fn a_page_of_another_site_cannot_press_its_buttons() {
    let twin = Twin::new();
    let key = twin.authenticated("order-0001", 1_000).await;
    let path = format!("/__sandbox/payments/{key}/expire");
    for origin in ["http://evil.example.com", "null", "http://127.0.0.1:9"] {
        let reply = with_header(&twin, "POST", &path, ("origin", origin)).await;
        assert_eq!((reply.status.as_u16(), &reply.json()["field"]), (403, &json!("Origin")));
    }
    assert_eq!(twin.read(&key).await.summary(), "200 IN_PROGRESS");
    let request = Request::post(&path)
        .header("host", "127.0.0.1:3100")
        .header("origin", "http://127.0.0.1:3100")
        .body(Body::empty())
        .unwrap();
    assert_eq!(twin.send(request).await.status, 200);
    assert_eq!(twin.read(&key).await.summary(), "200 EXPIRED");
}

#[tokio::test]
async fn nothing_changes_by_following_a_link() {
    let twin = Twin::new();
    let page = with_header(&twin, "GET", "/__sandbox/?kind=lose&when=after", ("host", "localhost"));
    let page = page.await;
    assert!(page.text.contains("가상 결제"));
    assert!(page.header("content-security-policy").contains("frame-ancestors 'none'"));
    let faults = twin.control("GET", "faults", Value::Null).await.json();
    assert_eq!(faults["faults"], json!([]));
}

#[tokio::test]
async fn answers_of_the_api_alone_are_late_on_request() {
    let twin = Twin::new();
    let set = |latency_ms: i64| json!({ "latencyMs": latency_ms });
    assert_eq!(twin.control("POST", "latency", set(30)).await.json(), set(30));
    let began = Instant::now();
    assert_eq!(twin.read("nobody").await.status, 404);
    assert!(began.elapsed() >= Duration::from_millis(30));
    assert_eq!(twin.control("GET", "latency", Value::Null).await.json(), set(30));
    for wrong in [json!({}), set(-1), set(120_001), json!({ "latencyMs": 1, "ms": 1 })] {
        assert_eq!(twin.control("POST", "latency", wrong).await.status, 400);
    }
    let from_the_start = Twin::with(Config::default().with_latency_ms(7));
    assert_eq!(from_the_start.control("GET", "latency", Value::Null).await.json(), set(7));
}

#[tokio::test]
async fn the_clock_is_set_forward_and_never_back() {
    let twin = Twin::new();
    let set = |now: &str| json!({ "stopped": true, "now": now });
    let later = twin.control("POST", "clock", set("2101-01-31T09:00:00+09:00")).await;
    assert_eq!(later.json()["now"], "2101-01-31T09:00:00+09:00", "{}", later.text);
    for wrong in ["2101-01-31T08:59:59+09:00", "2101-01-31T09:00:00", "tomorrow, at nine o'clock"] {
        let reply = twin.control("POST", "clock", set(wrong)).await;
        assert_eq!(
            (reply.status.as_u16(), &reply.json()["field"]),
            (400, &json!("now")),
            "{wrong}"
        );
    }
    assert_eq!(twin.control("GET", "clock", Value::Null).await.json(), later.json());
}

/// The same calls on a sandbox of the same seed, at the same stopped time.
async fn history() -> Vec<String> {
    let twin = Twin::new();
    let clock = json!({ "stopped": true, "now": "2101-01-31T09:00:00+09:00" });
    twin.control("POST", "clock", clock).await;
    twin.fault(json!({
        "call": "confirm", "kind": "fail", "when": "before", "probability": 0.5,
    }))
    .await;
    let mut told = Vec::new();
    for number in 0..40 {
        let order_id = format!("order-{number:04}");
        let key = twin.authenticated(&order_id, 1_000).await;
        let reply = twin.confirm(&key, &order_id, 1_000).await;
        told.push(format!("{} {} {}", key, reply.header("x-tosspayments-trace-id"), reply.text));
    }
    told
}

#[tokio::test]
async fn the_same_seed_and_calls_give_the_same_keys_ids_and_faults() {
    let (one, other) = (history().await, history().await);
    assert_eq!(one, other);
    let failed = one.iter().filter(|it| it.contains("FAILED_INTERNAL")).count();
    assert!((8..=32).contains(&failed), "{failed} of 40 at one half");
}

#[tokio::test]
async fn a_probability_of_0_never_strikes_and_of_1_always() {
    let twin = Twin::new();
    let never = twin.fault(json!({ "kind": "rateLimit", "probability": 0 })).await;
    for _ in 0..20 {
        assert_eq!(twin.read("nobody").await.status, 404);
    }
    twin.control("DELETE", &format!("faults/{never}"), Value::Null).await;
    twin.fault(json!({ "kind": "rateLimit", "probability": 1, "times": 20 })).await;
    for _ in 0..20 {
        assert_eq!(twin.read("nobody").await.summary(), "429 TOO_MANY_REQUESTS");
    }
    assert_eq!(twin.read("nobody").await.status, 404);
    for wrong in [json!(1.5), json!(-0.1), json!("0.5"), json!(0.000_000_1)] {
        let body = json!({ "kind": "cut", "probability": wrong });
        assert_eq!(twin.control("POST", "faults", body).await.json()["field"], "probability");
    }
}

#[tokio::test]
async fn a_rate_limit_has_no_effect_on_the_payment() {
    let twin = Twin::new();
    let key = twin.authenticated("order-0001", 1_000).await;
    twin.fault(json!({ "kind": "rateLimit" })).await;
    let limited = twin.confirm(&key, "order-0001", 1_000).await;
    assert_eq!(limited.summary(), "429 TOO_MANY_REQUESTS");
    assert_eq!(twin.confirm(&key, "order-0001", 1_000).await.summary(), "200 DONE");
}
