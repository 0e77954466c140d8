//! What can be made to go wrong with events on demand.

use serde_json::{Value, json};

use crate::sandbox::tests::Twin;
use crate::sandbox::tests::webhooks::{Scene, any_event};

fn deletion(key: &str) -> Value {
    json!({ "event": "BILLING_DELETED", "data": { "billingKey": key } })
}

fn key_of(hit: &super::Hit) -> String {
    hit.json()["data"]["billingKey"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_event_is_repeated_at_once_with_the_same_id_and_body() {
    let mut scene = Scene::start().await;
    scene.fault(json!({ "kind": "repeat", "copies": 2 })).await;
    scene.make(any_event()).await;
    let hits =
        [scene.receiver.next().await, scene.receiver.next().await, scene.receiver.next().await];
    for hit in &hits {
        assert_eq!(
            (hit.text.as_str(), hit.header("transmission-id")),
            (hits[0].text.as_str(), hits[0].header("transmission-id"))
        );
        assert_eq!(hit.header("transmission-retried-count"), "0");
    }
    scene.make(any_event()).await;
    scene.receiver.next().await;
    assert_eq!(scene.deliveries().await.len(), 4);
}

#[tokio::test]
async fn an_event_is_late_on_the_sandboxs_clock() {
    let mut scene = Scene::start().await;
    scene.fault(json!({ "kind": "delay", "delaySeconds": 90 })).await;
    scene.make(deletion("late")).await;
    scene.make(deletion("on time")).await;
    assert_eq!(key_of(&scene.receiver.next().await), "on time");
    scene.twin.advance_minutes(2).await;
    assert_eq!(key_of(&scene.receiver.next().await), "late");
}

#[tokio::test]
async fn webhooks_1_events_may_come_in_reverse() {
    let mut scene = Scene::start().await;
    scene.fault(json!({ "kind": "reorder", "count": 3 })).await;
    for key in ["first", "second", "third"] {
        assert!(scene.receiver.rest().is_empty());
        scene.make(deletion(key)).await;
    }
    let mut keys = Vec::new();
    for _ in 0..3 {
        keys.push(key_of(&scene.receiver.next().await));
    }
    // Events about nothing in particular are under way side by side, so the log has the order.
    keys.sort();
    assert_eq!(keys, ["first", "second", "third"]);
    let mut sent = Vec::new();
    for id in 1..=3 {
        let one = scene.twin.control("GET", &format!("deliveries/{id}"), Value::Null).await.json();
        let body: Value = serde_json::from_str(one["body"].as_str().unwrap()).unwrap();
        sent.push(body["data"]["billingKey"].as_str().unwrap().to_owned());
    }
    assert_eq!(sent, ["third", "second", "first"]);
}

#[tokio::test]
async fn what_is_held_back_is_sent_when_the_fault_is_removed() {
    let mut scene = Scene::start().await;
    let id = scene.fault(json!({ "kind": "reorder", "count": 100 })).await;
    assert_eq!(scene.make(deletion("held")).await, json!([]));
    let listed = scene.twin.control("GET", "webhook-faults", Value::Null).await.json();
    assert_eq!(listed["webhookFaults"][0]["held"], 1);
    let path = format!("webhook-faults/{id}");
    assert_eq!(scene.twin.control("DELETE", &path, Value::Null).await.json()["removed"], 1);
    assert_eq!(key_of(&scene.receiver.next().await), "held");
}

#[tokio::test]
async fn an_event_is_dropped() {
    let mut scene = Scene::start().await;
    scene.fault(json!({ "kind": "drop" })).await;
    let made = scene.make(deletion("dropped")).await;
    assert_eq!((&made[0]["state"], &made[0]["fault"]), (&json!("dropped"), &json!("drop")));
    scene.make(deletion("sent")).await;
    assert_eq!(key_of(&scene.receiver.next().await), "sent");
    let dropped = scene.twin.control("GET", "deliveries?state=dropped", Value::Null).await.json();
    assert_eq!(dropped["deliveries"].as_array().unwrap().len(), 1);
    // A hand can still send it.
    let path = format!("deliveries/{}/resend", made[0]["id"]);
    scene.twin.control("POST", &path, Value::Null).await;
    assert_eq!(key_of(&scene.receiver.next().await), "dropped");
}

#[tokio::test]
async fn webhooks_2_an_event_has_an_unknown_type_or_unknown_fields() {
    let mut scene = Scene::start().await;
    for event in ["BILLING_DELETED", "DEPOSIT_CALLBACK", "payout.changed"] {
        scene.fault(json!({ "kind": "unknownEvent" })).await;
        scene.make(json!({ "event": event })).await;
        assert_eq!(scene.receiver.next().await.json()["eventType"], "SANDBOX_NEW_EVENT", "{event}");
        scene.fault(json!({ "kind": "unknownField" })).await;
        scene.make(json!({ "event": event })).await;
        let body = scene.receiver.next().await.json();
        assert!(body["sandboxNewField"].is_object(), "{event}");
        if event == "BILLING_DELETED" {
            assert!(body["data"]["sandboxNewField"].is_object());
        }
    }
}

#[tokio::test]
async fn webhooks_4_a_secret_or_a_signature_can_be_wrong() {
    let mut scene = Scene::start().await;
    let given = json!({ "secret": "ps_mine", "orderId": "order-0001" });
    for (event, place) in
        [("DEPOSIT_CALLBACK", "/secret"), ("PAYMENT_STATUS_CHANGED", "/data/secret")]
    {
        scene.make(json!({ "event": event, "data": given })).await;
        assert_eq!(scene.receiver.next().await.json().pointer(place).unwrap(), "ps_mine");
        scene.fault(json!({ "kind": "wrongSecret", "orderId": "order-0001" })).await;
        scene.make(json!({ "event": event, "data": given })).await;
        let wrong = scene.receiver.next().await.json();
        let secret = wrong.pointer(place).unwrap().as_str().unwrap().to_owned();
        assert!(secret.starts_with("ps_") && secret != "ps_mine");
    }
}

#[tokio::test]
async fn webhooks_4_an_event_can_be_about_a_payment_that_never_existed() {
    let mut scene = Scene::start().await;
    for event in ["PAYMENT_STATUS_CHANGED", "DEPOSIT_CALLBACK"] {
        scene.make(json!({ "event": event })).await;
        let body = scene.receiver.next().await.json();
        let order = body.pointer("/data/orderId").or(body.pointer("/orderId")).unwrap();
        let path = format!("/v1/payments/orders/{}", order.as_str().unwrap());
        let reply = scene.twin.api("GET", &path, &[], Value::Null).await;
        assert_eq!(reply.summary(), "404 NOT_FOUND_PAYMENT", "{event}");
    }
}

#[tokio::test]
async fn a_fault_waits_for_its_event_its_order_and_its_turn() {
    let scene = Scene::start().await;
    scene.fault(json!({ "kind": "drop", "event": "DEPOSIT_CALLBACK", "orderId": "order-0001", "times": 2 })).await;
    let made = |order: &str| json!({ "event": "DEPOSIT_CALLBACK", "data": { "orderId": order } });
    assert_eq!(scene.make(any_event()).await[0]["state"], "sending");
    assert_eq!(scene.make(made("order-0002")).await[0]["state"], "sending");
    for state in ["dropped", "dropped", "sending"] {
        assert_eq!(scene.make(made("order-0001")).await[0]["state"], state);
    }
}

#[tokio::test]
async fn a_misspelt_webhook_fault_is_refused_and_all_can_be_removed() {
    let twin = Twin::new();
    for (body, field) in [
        (json!({}), "kind"),
        (json!({ "kind": "explode" }), "kind"),
        (json!({ "kind": "delay" }), "delaySeconds"),
        (json!({ "kind": "repeat", "copies": 21 }), "copies"),
        (json!({ "kind": "reorder", "count": 1 }), "count"),
        (json!({ "kind": "reorder", "times": 2 }), "times"),
        (json!({ "kind": "drop", "event": "DEPOSIT" }), "event"),
        (json!({ "kind": "drop", "probability": 1.5 }), "probability"),
        (json!({ "kind": "drop", "probability": "0.5" }), "probability"),
        (json!({ "kind": "drop", "order": "order-0001" }), "order"),
    ] {
        let reply = twin.control("POST", "webhook-faults", body.clone()).await;
        assert_eq!((reply.status.as_u16(), &reply.json()["field"]), (400, &json!(field)), "{body}");
    }
    for body in [json!({ "kind": "drop", "orderId": "order-0001" }), json!({ "kind": "early" })] {
        assert_eq!(twin.control("POST", "webhook-faults", body).await.status, 201);
    }
    let by_order = twin.control("DELETE", "webhook-faults?orderId=order-0001", Value::Null).await;
    assert_eq!(by_order.json()["removed"], 1);
    assert_eq!(twin.control("DELETE", "webhook-faults", Value::Null).await.json()["removed"], 1);
}
