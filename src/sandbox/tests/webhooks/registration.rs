//! Who is told what (Toss: webhooks.md §1).

use serde_json::{Value, json};

use crate::sandbox::tests::Twin;
use crate::sandbox::tests::webhooks::{Receiver, Scene, any_event};

#[tokio::test]
async fn webhooks_1_an_event_is_posted_as_json_over_plain_http() {
    let mut scene = Scene::start().await;
    scene.make(any_event()).await;
    let hit = scene.receiver.next().await;
    assert_eq!(hit.path, "/webhooks/toss");
    assert_eq!(hit.headers["content-type"], "application/json");
    assert_eq!(hit.json()["eventType"], "BILLING_DELETED");
}

#[tokio::test]
async fn webhooks_1_registrations_are_per_merchant_and_event_type() {
    let mut scene = Scene::start().await;
    scene.twin.control("DELETE", "webhooks", Value::Null).await;
    let own =
        json!({ "url": scene.receiver.url, "mId": "tgen_docs", "events": ["BILLING_DELETED"] });
    let registered = scene.twin.control("POST", "webhooks", own).await;
    assert_eq!(registered.status, 201, "{}", registered.text);

    let refused = scene.twin.control("POST", "events", json!({ "event": "METHOD_UPDATED" })).await;
    assert_eq!((refused.status.as_u16(), &refused.json()["field"]), (400, &json!("event")));
    scene.make(any_event()).await;
    assert_eq!(scene.receiver.next().await.json()["eventType"], "BILLING_DELETED");

    let stranger = json!({ "url": scene.receiver.url, "mId": "nobody" });
    let refused = scene.twin.control("POST", "webhooks", stranger).await;
    assert_eq!((refused.status.as_u16(), &refused.json()["field"]), (400, &json!("mId")));
}

#[tokio::test]
async fn registrations_are_made_read_replaced_and_removed() {
    let twin = Twin::new();
    let body = json!({ "url": "http://127.0.0.1:1/a", "events": ["DEPOSIT_CALLBACK"] });
    let made = twin.control("POST", "webhooks", body).await.json();
    assert_eq!(made["events"], json!(["DEPOSIT_CALLBACK"]));
    let path = format!("webhooks/{}", made["id"]);
    assert_eq!(twin.control("GET", &path, Value::Null).await.json(), made);
    let other = json!({ "url": "https://shop.example.com/toss" });
    let replaced = twin.control("PUT", &path, other).await.json();
    assert_eq!(
        (&replaced["id"], &replaced["url"]),
        (&made["id"], &json!("https://shop.example.com/toss"))
    );
    let listed = twin.control("GET", "webhooks", Value::Null).await.json();
    assert_eq!(listed["webhooks"], json!([replaced]));
    assert_eq!(twin.control("DELETE", &path, Value::Null).await.json()["removed"], 1);
    assert_eq!(twin.control("GET", &path, Value::Null).await.status, 404);
    assert_eq!(twin.control("PUT", &path, json!({ "url": "http://a/" })).await.status, 404);
}

#[tokio::test]
async fn a_registration_that_cannot_be_is_refused_by_name() {
    let twin = Twin::new();
    for (body, field) in [
        (json!({}), "url"),
        (json!({ "url": "shop.example.com" }), "url"),
        (json!({ "url": "ftp://shop.example.com/" }), "url"),
        (json!({ "url": format!("http://a/{}", "a".repeat(500)) }), "url"),
        (json!({ "url": "http://a/", "events": [] }), "events"),
        (json!({ "url": "http://a/", "events": ["DEPOSIT"] }), "events"),
        (json!({ "url": "http://a/", "mid": "tgen_docs" }), "mid"),
    ] {
        let reply = twin.control("POST", "webhooks", body.clone()).await;
        assert_eq!((reply.status.as_u16(), &reply.json()["field"]), (400, &json!(field)), "{body}");
    }
    for number in 0..32 {
        let body = json!({ "url": format!("http://127.0.0.1:1/{number}") });
        assert_eq!(twin.control("POST", "webhooks", body).await.status, 201);
    }
    let one_more = twin.control("POST", "webhooks", json!({ "url": "http://a/" })).await;
    assert_eq!(one_more.status, 400);
}

#[tokio::test]
async fn a_dead_receiver_keeps_only_its_own_events_waiting() {
    let mut scene = Scene::start().await;
    let dead = Receiver::start().await;
    dead.answer(super::SILENCE);
    scene.twin.control("POST", "webhooks", json!({ "url": dead.url })).await;
    for _ in 0..20 {
        scene.make(any_event()).await;
    }
    for _ in 0..20 {
        scene.receiver.next().await;
    }
}

#[tokio::test]
async fn without_a_registration_nothing_is_made() {
    let twin = Twin::new();
    let refused = twin.control("POST", "events", any_event()).await;
    assert_eq!(refused.json()["field"], "event");
    twin.paid("order-0001", 1_000).await;
    assert!(super::deliveries(&twin).await.is_empty());
}
