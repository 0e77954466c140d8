//! Keys and Basic authentication (Toss: api.md §1.2, §1.3).

use axum::body::Body;
use axum::http::Request;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use serde_json::{Value, json};

use crate::sandbox::merchants::{Accounts, PairRefused};
use crate::sandbox::tests::{CLIENT, INDIVIDUAL_SECRET, SECRET, Twin, basic};
use crate::sandbox::{Config, Sandbox};

#[tokio::test]
async fn api_1_3_every_way_to_present_a_key() {
    let encode = |text: &str| STANDARD.encode(text);
    let unpadded = STANDARD_NO_PAD.encode(format!("{SECRET}:"));
    let padded = encode(&format!("{SECRET}:"));
    let cases = [
        (format!("Basic {padded}"), "404 NOT_FOUND_PAYMENT"),
        (format!("basic {padded}"), "404 NOT_FOUND_PAYMENT"),
        (format!("BASIC {unpadded}"), "404 NOT_FOUND_PAYMENT"),
        (format!("Basic {}", encode(SECRET)), "403 INCORRECT_BASIC_AUTH_FORMAT"),
        (basic("test_gsk_nobody"), "401 UNAUTHORIZED_KEY"),
        (basic(CLIENT), "401 UNAUTHORIZED_KEY"),
        (basic(&format!("\u{feff}{SECRET}")), "401 UNAUTHORIZED_KEY"),
        (format!("Bearer {SECRET}"), "401 UNAUTHORIZED_KEY"),
        ("Basic ***".to_owned(), "401 UNAUTHORIZED_KEY"),
        ("Basic".to_owned(), "401 UNAUTHORIZED_KEY"),
    ];
    let twin = Twin::new();
    for (header, expected) in cases {
        let headers = [("authorization", header.as_str())];
        let reply = twin.api("GET", "/v1/payments/none", &headers, Value::Null).await;
        assert_eq!(reply.summary(), expected, "{header}");
    }
}

#[tokio::test]
async fn api_1_3_a_missing_header_is_an_unknown_key() {
    let request = Request::get("/v1/payments/none").body(Body::empty()).unwrap();
    assert_eq!(Twin::new().send(request).await.summary(), "401 UNAUTHORIZED_KEY");
}

#[tokio::test]
async fn api_1_3_a_payment_is_confirmed_by_the_partner_of_the_key_that_opened_it() {
    let twin = Twin::new();
    let key = twin.authenticated("order-0001", 1_000).await;
    let other = basic(INDIVIDUAL_SECRET);
    let headers = [("authorization", other.as_str())];
    let reply = twin.confirm_with(&key, "order-0001", 1_000, &headers).await;
    assert_eq!(reply.summary(), "400 INVALID_API_KEY");
    assert_eq!(reply.json()["message"], "잘못된 시크릿키 연동 정보 입니다.");
    assert_eq!(twin.confirm(&key, "order-0001", 1_000).await.summary(), "200 DONE");
}

#[tokio::test]
async fn api_1_3_another_merchant_sees_nothing() {
    let config = Config::default().with_pair("test_gck_shop", "test_gsk_shop").unwrap();
    let twin = Twin::with(config);
    let key = twin.paid("order-0001", 1_000).await;
    let other = basic("test_gsk_shop");
    let headers = [("authorization", other.as_str())];
    for path in [format!("/v1/payments/{key}"), "/v1/payments/orders/order-0001".to_owned()] {
        let reply = twin.api("GET", &path, &headers, Value::Null).await;
        assert_eq!(reply.summary(), "404 NOT_FOUND_PAYMENT");
    }
}

#[test]
fn api_1_2_pairs_are_checked_when_they_are_registered() {
    let cases = [
        ("test_gck_a", "test_gsk_a", Ok(())),
        ("live_ck_a", "live_sk_a", Ok(())),
        (CLIENT, SECRET, Ok(())),
        ("test_gsk_a", "test_gsk_a", Err(PairRefused::NotAClientKey)),
        ("", "test_gsk_a", Err(PairRefused::NotAClientKey)),
        ("test_gck_", "test_gsk_a", Err(PairRefused::NotAClientKey)),
        ("test_gck_a", "test_gck_a", Err(PairRefused::NotASecretKey)),
        ("test_gck_a", "test_sk_a", Err(PairRefused::KindsDiffer)),
        ("test_gck_a", "live_gsk_a", Err(PairRefused::EnvironmentsDiffer)),
        (CLIENT, "test_gsk_a", Err(PairRefused::Taken)),
    ];
    for (client_key, secret_key, expected) in cases {
        let result = Accounts::documented().add("shop", Some("2022-11-16"), client_key, secret_key);
        assert_eq!(result, expected, "{client_key} {secret_key}");
    }
}

#[test]
fn no_secret_key_is_ever_printed() {
    for secret_key in [SECRET, INDIVIDUAL_SECRET] {
        assert!(!format!("{:?}", Config::default()).contains(secret_key));
        assert!(!format!("{:?}", Sandbox::new(Config::default())).contains(secret_key));
    }
}

#[tokio::test]
async fn api_1_1_one_address_serves_test_and_live_keys() {
    let twin = Twin::with(Config::default().with_pair("live_gck_a", "live_gsk_a").unwrap());
    let live = json!({ "clientKey": "live_gck_a" });
    let live = twin.authenticated_with("order-0001", 1_000, live).await;
    let test = twin.authenticated("order-0001", 1_000).await;
    for (secret, own, other) in [("live_gsk_a", &live, &test), (SECRET, &test, &live)] {
        let secret = basic(secret);
        let headers = [("authorization", secret.as_str())];
        let reply = twin.confirm_with(other, "order-0001", 1_000, &headers).await;
        assert_eq!(reply.summary(), "400 INVALID_API_KEY");
        let reply = twin.confirm_with(own, "order-0001", 1_000, &headers).await;
        assert_eq!(reply.summary(), "200 DONE");
    }
}

#[tokio::test]
async fn api_1_2_a_security_key_is_64_hexadecimal_characters() {
    let merchants = Twin::new().control("GET", "merchants", Value::Null).await.json();
    for merchant in merchants["merchants"].as_array().unwrap() {
        let keys = merchant["securityKeys"].as_array().unwrap();
        assert_eq!(keys.len(), 1, "{merchant}");
        let key = keys[0].as_str().unwrap();
        assert!(key.len() == 64 && key.bytes().all(|it| it.is_ascii_hexdigit()), "{key}");
    }
}
