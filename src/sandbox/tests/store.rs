//! Everything over a restart, in a file.

use std::path::PathBuf;

use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::sandbox::tests::webhooks::Receiver;
use crate::sandbox::tests::{INDIVIDUAL_CLIENT, Twin};
use crate::sandbox::{Config, Sandbox};

/// A file of its own, removed with its handle.
struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> Place {
        let name = format!("gyesan-sandbox-{}-{name}.json", std::process::id());
        Place(std::env::temp_dir().join(name))
    }

    fn open(&self, config: Config) -> Result<Sandbox, String> {
        Sandbox::restored(config, self.0.clone())
    }

    fn read(&self) -> Value {
        serde_json::from_slice(&std::fs::read(&self.0).unwrap()).unwrap()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.0));
    }
}

/// Serves it, lets `act` do something, and stops it.
async fn run<T>(sandbox: Sandbox, act: impl AsyncFnOnce(Twin) -> T) -> T {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let twin = Twin::of(&sandbox);
    let (stop, stopped) = oneshot::channel::<()>();
    let served = tokio::spawn(sandbox.serve(listener, async move {
        let _ = stopped.await;
    }));
    tokio::task::yield_now().await;
    let done = act(twin).await;
    stop.send(()).unwrap();
    served.await.unwrap().unwrap();
    done
}

#[tokio::test]
async fn everything_goes_on_after_a_restart() {
    let place = Place::new("everything");
    let mut receiver = Receiver::start().await;
    receiver.answer(500);
    let url = receiver.url.clone();
    let first = place.open(Config::default().with_seed(7)).unwrap();
    let (before, keys) = run(first, async |twin: Twin| {
        twin.control("POST", "clock", json!({ "stopped": true, "advanceSeconds": 3600 })).await;
        twin.control("POST", "webhooks", json!({ "url": url })).await;
        twin.control("POST", "webhook-faults", json!({ "kind": "drop", "orderId": "order-9999" })).await;
        twin.control("POST", "latency", json!({ "latencyMs": 1 })).await;
        twin.control("POST", "merchants/tgen_docs/security-key", Value::Null).await;
        twin.fault(json!({ "kind": "refuse", "code": "NEW", "status": 418, "orderId": "order-9999", "times": 2 })).await;
        let paid = twin.paid("order-0001", 1_000).await;
        receiver.next().await;
        let waiting = twin.waiting("order-0002", json!({})).await;
        receiver.next().await;
        let open = twin.authenticated("order-0003", 2_000).await;
        let headers = [("idempotency-key", "one")];
        twin.confirm_with("nobody", "order-0004", 1_000, &headers).await;
        let agreed = json!({ "clientKey": INDIVIDUAL_CLIENT, "customerKey": "customer-1" });
        let auth_key = twin.control("POST", "billing-auth", agreed).await.json()["authKey"].clone();
        // Both tries have been written down.
        while !all_tried(&twin).await {
            tokio::task::yield_now().await;
        }
        (shown(&twin).await, (paid, waiting, open, auth_key))
    })
    .await;

    let second = place.open(Config::default().with_seed(99)).unwrap();
    let (paid, waiting, open, auth_key) = keys;
    run(second, async |twin: Twin| {
        assert_eq!(shown(&twin).await, before);
        let headers = [("idempotency-key", "one")];
        let replayed = twin.confirm_with("nobody", "order-0004", 1_000, &headers).await;
        assert!(replayed.header("x-tosspayments-trace-id").contains(", "), "{}", replayed.text);
        assert_eq!(twin.read(&paid).await.summary(), "200 DONE");
        assert_eq!(twin.confirm(&open, "order-0003", 2_000).await.summary(), "200 DONE");
        receiver.next().await;
        twin.deposit(&waiting, json!({})).await;
        assert_eq!(twin.read(&waiting).await.summary(), "200 DONE");
        let issue = json!({ "authKey": auth_key, "customerKey": "customer-1" });
        let issued = twin.api("POST", "/v1/billing/authorizations/issue", &[], issue).await;
        assert_eq!(issued.status, 200, "{}", issued.text);
        // What had failed is repeated when it is due, between what is told for the first time.
        twin.advance_minutes(1).await;
        while receiver.next().await.header("transmission-retried-count") == "0" {}
    })
    .await;
}

async fn all_tried(twin: &Twin) -> bool {
    let deliveries = twin.control("GET", "deliveries", Value::Null).await.json();
    let deliveries = deliveries["deliveries"].as_array().unwrap().clone();
    deliveries.iter().all(|it| !it["attempts"].as_array().unwrap().is_empty())
}

/// All that the control API shows.
async fn shown(twin: &Twin) -> Vec<Value> {
    let mut shown = Vec::new();
    for list in [
        "calls",
        "clock",
        "deliveries",
        "faults",
        "latency",
        "merchants",
        "payments",
        "webhook-faults",
        "webhooks",
    ] {
        shown.push(twin.control("GET", list, Value::Null).await.json());
    }
    shown
}

#[tokio::test]
async fn the_same_dice_go_on() {
    let place = Place::new("dice");
    let stopped = json!({ "stopped": true, "now": "2101-01-31T09:00:00+09:00" });
    let whole = Twin::new();
    whole.control("POST", "clock", stopped.clone()).await;
    whole.authenticated("order-0001", 1_000).await;
    let expected = whole.authenticated("order-0002", 1_000).await;

    let first = place.open(Config::default().with_seed(7)).unwrap();
    run(first, async |twin: Twin| {
        twin.control("POST", "clock", stopped).await;
        twin.authenticated("order-0001", 1_000).await;
    })
    .await;
    let second = place.open(Config::default().with_seed(99)).unwrap();
    run(second, async |twin: Twin| {
        assert_eq!(twin.authenticated("order-0002", 1_000).await, expected);
    })
    .await;
}

#[tokio::test]
async fn a_file_is_begun_at_once_and_nothing_is_left_beside_it() {
    let place = Place::new("begun");
    let sandbox = place.open(Config::default()).unwrap();
    assert_eq!(place.read()["format"], 1);
    run(sandbox, async |twin: Twin| {
        twin.authenticated("order-0001", 1_000).await;
    })
    .await;
    assert_eq!(place.read()["book"]["payments"].as_array().unwrap().len(), 1);
    let beside = place.0.with_extension("json.part");
    assert!(!beside.exists());
}

#[tokio::test]
async fn a_file_that_is_damaged_newer_or_unwritable_stops_the_start_with_a_sentence() {
    let place = Place::new("refused");
    let check = |bytes: &str, told: &str| {
        std::fs::write(&place.0, bytes).unwrap();
        let refused = place.open(Config::default()).unwrap_err();
        assert!(refused.contains(told) && refused.contains("--state"), "{refused}");
        // It is left as it was.
        assert_eq!(std::fs::read_to_string(&place.0).unwrap(), bytes);
    };
    check("", "is not a sandbox's state");
    check("not JSON", "is not a sandbox's state");
    check("{\"format\": 2}", "newer sandbox");
    check("{\"format\": 1}", "is damaged");
    check("[1]", "is damaged");
    std::fs::remove_file(&place.0).unwrap();
    drop(place.open(Config::default()).unwrap());
    let mut saved = place.read();
    saved["faults"] = json!([{ "id": 1, "kind": "explode" }]);
    check(&saved.to_string(), "is damaged");
    let nowhere = std::env::temp_dir().join("no such folder").join("state.json");
    let refused = Sandbox::restored(Config::default(), nowhere).unwrap_err();
    assert!(refused.contains("cannot be written"), "{refused}");
}

#[tokio::test]
async fn an_address_of_the_settings_is_registered_once() {
    let place = Place::new("once");
    for _ in 0..2 {
        let config = Config::default().with_webhook("http://127.0.0.1:1/own").unwrap();
        let sandbox = place.open(config).unwrap();
        run(sandbox, async |twin: Twin| {
            let webhooks = twin.control("GET", "webhooks", Value::Null).await.json();
            assert_eq!(webhooks["webhooks"].as_array().unwrap().len(), 1);
        })
        .await;
    }
    let config = Config::default().with_webhook("http://127.0.0.1:1/other").unwrap();
    let twin = Twin::of(&place.open(config).unwrap());
    let webhooks = twin.control("GET", "webhooks", Value::Null).await.json();
    let ids: Vec<&Value> =
        webhooks["webhooks"].as_array().unwrap().iter().map(|it| &it["id"]).collect();
    assert_eq!(ids, [1, 2]);
}
