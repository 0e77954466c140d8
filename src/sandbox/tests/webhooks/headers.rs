//! The headers of a delivery, and its signature (Toss: webhooks.md §1.1, §4).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::sandbox::tests::webhooks::{Hit, Scene, any_event};
use crate::sandbox::{Assumptions, Config, KeyForm};

#[tokio::test]
async fn webhooks_1_1_the_headers_of_a_delivery() {
    let mut scene = Scene::start().await;
    scene.make(any_event()).await;
    let hit = scene.receiver.next().await;
    let time = hit.header("transmission-time");
    assert_eq!((time.len(), &time[10..11], &time[19..]), (25, "T", "+09:00"));
    assert_eq!(hit.header("transmission-retried-count"), "0");
    let id = hit.header("transmission-id");
    let rest = id.strip_prefix("whtrans_a01").unwrap();
    assert!(
        rest.len() == 26 && rest.bytes().all(|it| matches!(it, b'a'..=b'z' | b'2'..=b'7')),
        "{id}"
    );
    assert_eq!(hit.header("signature"), "");
}

#[tokio::test]
async fn webhooks_1_1_ids_differ_between_deliveries_and_repeats_keep_theirs_as_assumed() {
    for keep in [true, false] {
        let assumed = Assumptions { webhook_repeats_keep_id: keep, ..Assumptions::default() };
        let mut scene = Scene::with(Config::default().with_assumptions(assumed)).await;
        scene.receiver.answer(500);
        scene.make(any_event()).await;
        let first = scene.receiver.next().await;
        scene.until_tried(1).await;
        scene.twin.advance_minutes(1).await;
        let repeat = scene.receiver.next().await;
        let same = first.header("transmission-id") == repeat.header("transmission-id");
        assert_eq!(same, keep);
        scene.make(any_event()).await;
        let other = scene.receiver.next().await;
        assert_ne!(first.header("transmission-id"), other.header("transmission-id"));
    }
}

#[tokio::test]
async fn webhooks_1_1_only_payout_and_seller_are_signed() {
    let mut scene = Scene::start().await;
    for (event, signed) in [
        ("payout.changed", true),
        ("seller.changed", true),
        ("ars-reservation.changed", false),
        ("PAYMENT_STATUS_CHANGED", false),
        ("DEPOSIT_CALLBACK", false),
    ] {
        scene.make(json!({ "event": event })).await;
        let hit = scene.receiver.next().await;
        assert_eq!(hit.header("signature").starts_with("v1:"), signed, "{event}");
    }
}

/// Whether one of the values is the HMAC under `key`, as a receiver computes it.
fn is_signed_with(hit: &Hit, key: &[u8]) -> bool {
    let signed = format!("{}:{}", hit.text, hit.header("transmission-time"));
    hit.header("signature").split(',').any(|value| {
        let value = STANDARD.decode(value.strip_prefix("v1:").unwrap()).unwrap();
        let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
        mac.update(signed.as_bytes());
        mac.verify_slice(&value).is_ok()
    })
}

async fn security_keys(scene: &Scene) -> Vec<String> {
    let merchants = scene.twin.control("GET", "merchants", Value::Null).await.json();
    let row = merchants["merchants"].as_array().unwrap().iter().find(|it| it["mId"] == "tgen_docs");
    let keys = row.unwrap()["securityKeys"].as_array().unwrap().clone();
    keys.iter().map(|key| key.as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn webhooks_4_a_signature_is_the_hmac_of_body_and_time_under_the_security_key() {
    let mut scene = Scene::start().await;
    let keys = security_keys(&scene).await;
    assert!(
        keys.len() == 1 && keys[0].len() == 64 && keys[0].bytes().all(|it| it.is_ascii_hexdigit())
    );
    scene.make(json!({ "event": "payout.changed", "mId": "tgen_docs" })).await;
    let hit = scene.receiver.next().await;
    assert!(is_signed_with(&hit, keys[0].as_bytes()));
    assert!(!is_signed_with(&hit, b"another key"));
}

#[tokio::test]
async fn webhooks_4_the_key_may_be_the_bytes_that_the_text_stands_for() {
    let assumed = Assumptions { webhook_key_form: KeyForm::Decoded, ..Assumptions::default() };
    let mut scene = Scene::with(Config::default().with_assumptions(assumed)).await;
    let key = security_keys(&scene).await.remove(0);
    let bytes: Vec<u8> =
        (0..32).map(|at| u8::from_str_radix(&key[at * 2..at * 2 + 2], 16).unwrap()).collect();
    scene.make(json!({ "event": "seller.changed", "mId": "tgen_docs" })).await;
    let hit = scene.receiver.next().await;
    assert!(is_signed_with(&hit, &bytes) && !is_signed_with(&hit, key.as_bytes()));
}

#[tokio::test]
async fn webhooks_4_two_values_are_sent_while_a_key_is_being_replaced() {
    let mut scene = Scene::start().await;
    let old = security_keys(&scene).await.remove(0);
    let reissue = "merchants/tgen_docs/security-key";
    assert_eq!(scene.twin.control("POST", reissue, Value::Null).await.status, 200);
    let new = security_keys(&scene).await.remove(0);
    assert_ne!(old, new);
    // At most two at once.
    assert_eq!(scene.twin.control("POST", reissue, Value::Null).await.status, 400);

    let payout = json!({ "event": "payout.changed", "mId": "tgen_docs" });
    scene.make(payout.clone()).await;
    let hit = scene.receiver.next().await;
    assert_eq!(hit.header("signature").split(',').count(), 2);
    assert!(is_signed_with(&hit, old.as_bytes()) && is_signed_with(&hit, new.as_bytes()));

    scene.twin.advance_minutes(7 * 24 * 60).await;
    scene.make(payout).await;
    let hit = scene.receiver.next().await;
    assert!(!is_signed_with(&hit, old.as_bytes()) && is_signed_with(&hit, new.as_bytes()));
    assert_eq!(
        scene.twin.control("POST", "merchants/nobody/security-key", Value::Null).await.status,
        404
    );
}
