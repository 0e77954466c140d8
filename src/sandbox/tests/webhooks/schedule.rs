//! What counts as an answer, and the repeats on the sandbox's clock (Toss: webhooks.md §1).

use std::time::Duration;

use serde_json::{Value, json};

use crate::sandbox::tests::webhooks::{SILENCE, Scene, any_event};
use crate::sandbox::webhooks::{REPEAT_MINUTES, WAIT};
use crate::sandbox::{Assumptions, Config};

async fn state_after(config: Config, status: u16) -> String {
    let mut scene = Scene::with(config).await;
    scene.receiver.answer(status);
    scene.make(any_event()).await;
    scene.receiver.next().await;
    let delivery = scene.until_tried(1).await;
    assert_eq!(delivery["attempts"][0]["status"], status);
    delivery["state"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn webhooks_1_only_exactly_200_is_success() {
    assert_eq!(state_after(Config::default(), 200).await, "success");
    for status in [201, 202, 204, 400, 404, 500, 503] {
        assert_eq!(state_after(Config::default(), status).await, "sending", "{status}");
    }
    let lenient = Assumptions { webhook_any_2xx: true, ..Assumptions::default() };
    let config = Config::default().with_assumptions(lenient);
    assert_eq!(state_after(config.clone(), 204).await, "success");
    assert_eq!(state_after(config, 302).await, "sending");
}

#[tokio::test]
async fn webhooks_1_a_redirect_is_not_followed() {
    let mut scene = Scene::start().await;
    scene.receiver.answer(302);
    scene.make(any_event()).await;
    assert_eq!(scene.receiver.next().await.path, "/webhooks/toss");
    assert_eq!(scene.until_tried(1).await["state"], "sending");
    assert!(scene.receiver.rest().is_empty());
}

#[tokio::test]
async fn webhooks_1_a_receiver_has_ten_seconds() {
    assert_eq!(WAIT, Duration::from_secs(10));
    let scene = Scene::with(Config::default().with_webhook_wait(Duration::from_millis(300))).await;
    scene.receiver.answer(SILENCE);
    scene.make(any_event()).await;
    let delivery = scene.until_tried(1).await;
    assert_eq!(
        (&delivery["state"], &delivery["attempts"][0]["status"]),
        (&json!("sending"), &Value::Null)
    );
    assert!(delivery["attempts"][0]["error"].as_str().unwrap().contains("no answer"));
}

#[tokio::test]
async fn webhooks_1_a_refused_connection_counts_as_a_failure() {
    let scene = Scene::start().await;
    scene.twin.control("DELETE", "webhooks", Value::Null).await;
    // A port that was free a moment ago.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    scene.twin.control("POST", "webhooks", json!({ "url": url })).await;
    scene.make(any_event()).await;
    let delivery = scene.until_tried(1).await;
    assert_eq!(delivery["state"], "sending");
    assert!(delivery["attempts"][0]["error"].is_string());
}

#[tokio::test]
async fn webhooks_1_failures_repeat_after_1_4_16_64_256_1024_4096_minutes_and_then_failed() {
    assert_eq!(REPEAT_MINUTES, [1, 4, 16, 64, 256, 1024, 4096]);
    let mut scene = Scene::start().await;
    scene.twin.control("POST", "clock", json!({ "stopped": true })).await;
    scene.receiver.answer(500);
    scene.make(any_event()).await;
    scene.receiver.next().await;
    for (number, minutes) in REPEAT_MINUTES.into_iter().enumerate() {
        let delivery = scene.until_tried(number + 1).await;
        assert_eq!(delivery["state"], "sending");
        // A second before it is due nothing is sent.
        scene.twin.control("POST", "clock", json!({ "advanceSeconds": minutes * 60 - 1 })).await;
        assert_eq!(scene.deliveries().await[0]["attempts"].as_array().unwrap().len(), number + 1);
        assert!(scene.receiver.rest().is_empty());
        scene.twin.control("POST", "clock", json!({ "advanceSeconds": 1 })).await;
        let hit = scene.receiver.next().await;
        assert_eq!(hit.header("transmission-retried-count"), (number + 1).to_string());
    }
    let delivery = scene.until_tried(8).await;
    assert_eq!((&delivery["state"], &delivery["nextAttemptAt"]), (&json!("failed"), &Value::Null));
    scene.twin.advance_minutes(100_000).await;
    assert_eq!(scene.until_tried(8).await["state"], "failed");
    assert!(scene.receiver.rest().is_empty());
}

#[tokio::test]
async fn webhooks_1_a_success_ends_the_schedule() {
    let mut scene = Scene::start().await;
    scene.receiver.answer(500);
    scene.make(any_event()).await;
    scene.receiver.next().await;
    scene.until_tried(1).await;
    scene.receiver.answer(200);
    scene.twin.advance_minutes(1).await;
    scene.receiver.next().await;
    assert_eq!(scene.until_tried(2).await["state"], "success");
    scene.twin.advance_minutes(10).await;
    assert!(scene.receiver.rest().is_empty());
}

#[tokio::test]
async fn webhooks_1_sending_again_by_hand_voids_the_schedule_and_starts_it_again() {
    let mut scene = Scene::start().await;
    scene.receiver.answer(500);
    scene.make(any_event()).await;
    scene.receiver.next().await;
    scene.until_tried(1).await;
    scene.twin.advance_minutes(1).await;
    assert_eq!(scene.receiver.next().await.header("transmission-retried-count"), "1");
    let id = scene.until_tried(2).await["id"].clone();

    let path = format!("deliveries/{id}/resend");
    assert_eq!(scene.twin.control("POST", &path, Value::Null).await.status, 200);
    assert_eq!(scene.receiver.next().await.header("transmission-retried-count"), "0");
    scene.until_tried(3).await;
    // The old schedule's next try was due 4 minutes on, the new one's is due 1 minute on.
    scene.twin.advance_minutes(1).await;
    assert_eq!(scene.receiver.next().await.header("transmission-retried-count"), "1");
    scene.receiver.answer(200);
    let delivered = scene.until_tried(4).await;
    assert_eq!(scene.twin.control("POST", &path, Value::Null).await.status, 200);
    scene.receiver.next().await;
    let delivered_again = scene.until_tried(5).await;
    assert_eq!(delivered["id"], delivered_again["id"]);
    assert_eq!(delivered_again["state"], "success");
    assert_eq!(scene.twin.control("POST", "deliveries/999/resend", Value::Null).await.status, 404);
}

#[tokio::test]
async fn webhooks_1_a_repeat_may_arrive_after_a_newer_event() {
    let mut scene = Scene::start().await;
    scene.receiver.answer(500);
    scene.make(json!({ "event": "BILLING_DELETED", "data": { "billingKey": "old" } })).await;
    scene.receiver.next().await;
    scene.until_tried(1).await;
    scene.receiver.answer(200);
    scene.make(json!({ "event": "BILLING_DELETED", "data": { "billingKey": "new" } })).await;
    assert_eq!(scene.receiver.next().await.json()["data"]["billingKey"], "new");
    scene.until_tried(1).await;
    scene.twin.advance_minutes(1).await;
    assert_eq!(scene.receiver.next().await.json()["data"]["billingKey"], "old");
}

#[tokio::test]
async fn webhooks_1_a_repeat_has_the_body_of_the_first_try() {
    let mut scene = Scene::start().await;
    scene.receiver.answer(500);
    scene.make(any_event()).await;
    let first = scene.receiver.next().await;
    scene.until_tried(1).await;
    scene.twin.advance_minutes(1).await;
    let second = scene.receiver.next().await;
    assert_eq!(first.text, second.text);
    assert_ne!(first.header("transmission-time"), second.header("transmission-time"));
}
