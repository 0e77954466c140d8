//! Billing keys: issue, charge, delete (Toss: api.md §6.3).

use serde_json::{Value, json};

use crate::sandbox::Config;
use crate::sandbox::tests::shape::Shape;
use crate::sandbox::tests::{INDIVIDUAL_CLIENT, Reply, Twin, basic};

/// The card that was measured to work.
const CARD: &str = "9410001234567890";

fn entry(number: &str) -> Value {
    json!({
        "customerKey": "customer-1", "cardNumber": number, "cardExpirationYear": "30",
        "cardExpirationMonth": "12", "customerIdentityNumber": "900101", "cardPassword": "12",
    })
}

fn charge(order_id: &str) -> Value {
    json!({
        "amount": 1_000, "customerKey": "customer-1", "orderId": order_id, "orderName": "구독",
    })
}

impl Twin {
    async fn post(&self, path: &str, body: Value) -> Reply {
        self.api("POST", path, &[], body).await
    }

    /// A buyer agrees in the window; the one-time key.
    async fn auth_key(&self, more: Value) -> String {
        let mut body = json!({ "clientKey": INDIVIDUAL_CLIENT, "customerKey": "customer-1" });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let reply = self.control("POST", "billing-auth", body).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply.json()["authKey"].as_str().unwrap().to_owned()
    }

    async fn issue(&self, auth_key: &str) -> Reply {
        let body = json!({ "authKey": auth_key, "customerKey": "customer-1" });
        self.post("/v1/billing/authorizations/issue", body).await
    }

    pub(super) async fn billing_key(&self) -> String {
        let reply = self.post("/v1/billing/authorizations/card", entry(CARD)).await;
        reply.json()["billingKey"].as_str().expect("a billing key").to_owned()
    }
}

#[tokio::test]
async fn api_6_3_a_key_is_issued_once_for_an_auth_key() {
    let twin = Twin::new();
    let auth_key = twin.auth_key(json!({ "method": "CARD", "cardCompany": "HANA" })).await;
    let other = json!({ "authKey": auth_key, "customerKey": "customer-2" });
    let path = "/v1/billing/authorizations/issue";
    assert_eq!(twin.post(path, other).await.summary(), "400 INVALID_REQUEST");
    let reply = twin.issue(&auth_key).await;
    let documented = include_str!("fixtures/billing_card_2024-06-01.json");
    assert_eq!(Shape::of(&reply.text), Shape::of(documented));
    let body = reply.json();
    assert_eq!((&body["method"], &body["card"]["issuerCode"]), (&json!("카드"), &json!("21")));
    assert_eq!(body["billingKey"].as_str().unwrap().len(), 44);
    assert_eq!(twin.issue(&auth_key).await.summary(), "404 NOT_FOUND_BILLING");
    assert_eq!(twin.issue("never").await.summary(), "404 NOT_FOUND_BILLING");
}

#[tokio::test]
async fn api_6_3_an_account_is_charged_like_a_card() {
    let twin = Twin::new();
    let auth_key = twin.auth_key(json!({ "method": "TRANSFER", "bank": "우리" })).await;
    let reply = twin.issue(&auth_key).await;
    let documented = include_str!("fixtures/billing_transfer_2024-06-01.json");
    assert_eq!(Shape::of(&reply.text), Shape::of(documented));
    let key = reply.json()["billingKey"].as_str().unwrap().to_owned();
    let body = twin.post(&format!("/v1/billing/{key}"), charge("order-0001")).await.json();
    assert_eq!((&body["type"], &body["method"]), (&json!("BILLING"), &json!("계좌이체")));
    assert_eq!((&body["transfer"]["bankCode"], &body["card"]), (&json!("20"), &Value::Null));
    let mut small = charge("order-0002");
    small["amount"] = 199.into();
    let reply = twin.post(&format!("/v1/billing/{key}"), small).await;
    assert_eq!(reply.summary(), "400 BELOW_MINIMUM_AMOUNT");
}

#[tokio::test]
async fn api_1_6_before_2024_06_01_the_billing_object_has_two_more_fields() {
    for (version, documented) in [
        ("2022-11-16", include_str!("fixtures/billing_card_2022-11-16.json")),
        ("2024-06-01", include_str!("fixtures/billing_card_2024-06-01.json")),
    ] {
        let config = Config::default()
            .with_merchant("shopdemo01", version, "test_ck_shop", "test_sk_shop")
            .unwrap();
        let twin = Twin::with(config);
        let secret = basic("test_sk_shop");
        let headers = [("authorization", secret.as_str())];
        let path = "/v1/billing/authorizations/card";
        let reply = twin.api("POST", path, &headers, entry(CARD)).await;
        assert_eq!(Shape::of(&reply.text), Shape::of(documented), "{version}");
        assert_eq!(reply.json()["mId"], "shopdemo01");
        if version == "2022-11-16" {
            assert_eq!(reply.json()["cardCompany"], "하나");
            assert_eq!(reply.json()["cardNumber"], "94100012****789*");
        }
    }
}

#[tokio::test]
async fn api_6_3_the_cards_that_were_measured() {
    let twin = Twin::new();
    let path = "/v1/billing/authorizations/card";
    let body = twin.post(path, entry(CARD)).await.json();
    let card = &body["card"];
    assert_eq!(
        (&card["issuerCode"], &card["cardType"], &card["ownerType"]),
        (&json!("21"), &json!("신용"), &json!("개인"))
    );
    let key = body["billingKey"].as_str().unwrap();
    let reply = twin.post(&format!("/v1/billing/{key}"), charge("order-0001")).await;
    assert_eq!(reply.summary(), "200 DONE");

    assert_eq!(twin.post(path, entry("433012")).await.summary(), "400 INVALID_CARD_NUMBER");
    for (at, number) in ["4330121234567890", "5520221234567890"].into_iter().enumerate() {
        let body = twin.post(path, entry(number)).await.json();
        assert_eq!(body["card"]["cardType"], "미확인", "{number}");
        let key = body["billingKey"].as_str().unwrap();
        let reply =
            twin.post(&format!("/v1/billing/{key}"), charge(&format!("order-10{at}"))).await;
        assert_eq!(reply.summary(), "400 NOT_SUPPORTED_CARD_TYPE", "{number}");
    }
}

#[tokio::test]
async fn api_6_3_what_is_wrong_with_a_card_has_its_code() {
    let twin = Twin::new();
    let cases = [
        ("cardNumber", json!("941000123456789x"), "400 INVALID_CARD_NUMBER"),
        ("cardNumber", json!("0410001234567890"), "400 INVALID_CARD_NUMBER"),
        ("cardNumber", Value::Null, "400 INVALID_REQUEST"),
        ("cardExpirationYear", json!("20"), "400 INVALID_CARD_EXPIRATION"),
        ("cardExpirationYear", json!("2030"), "400 INVALID_CARD_EXPIRATION"),
        ("cardExpirationMonth", json!("13"), "400 INVALID_CARD_EXPIRATION"),
        ("cardExpirationMonth", json!("1"), "400 INVALID_CARD_EXPIRATION"),
        ("customerIdentityNumber", json!("901301"), "400 INVALID_BIRTH_DAY_FORMAT"),
        ("customerIdentityNumber", json!("9001011"), "400 INVALID_BIRTH_DAY_FORMAT"),
        ("cardPassword", json!("1234"), "400 INVALID_CARD_PASSWORD"),
        ("customerEmail", json!("nobody"), "400 INVALID_EMAIL"),
        ("customerKey", json!("x"), "400 INVALID_REQUEST"),
        ("customerIdentityNumber", json!("1234567890"), "200 -"),
    ];
    for (name, value, expected) in cases {
        let mut body = entry(CARD);
        body[name] = value.clone();
        let reply = twin.post("/v1/billing/authorizations/card", body).await;
        assert_eq!(reply.summary(), expected, "{name} {value}");
        if expected == "200 -" {
            assert_eq!(reply.json()["card"]["ownerType"], "법인");
        }
    }
}

#[tokio::test]
async fn api_6_3_a_customer_key_has_any_characters_but_at_most_300() {
    let twin = Twin::new();
    for (key, expected) in [
        ("가나 다!#%".to_owned(), "200 -"),
        ("x".repeat(300), "200 -"),
        ("x".repeat(301), "500 FAILED_DB_PROCESSING"),
    ] {
        let mut body = entry(CARD);
        body["customerKey"] = key.into();
        let reply = twin.post("/v1/billing/authorizations/card", body).await;
        assert_eq!(reply.summary(), expected);
    }
}

#[tokio::test]
async fn api_6_3_a_charge_is_a_payment_of_its_own_type() {
    let twin = Twin::new();
    let key = twin.billing_key().await;
    let path = format!("/v1/billing/{key}");
    let reply = twin.post(&path, charge("order-0001")).await;
    assert_eq!(Shape::of(&reply.text), Shape::of(include_str!("fixtures/card_done.json")));
    let body = reply.json();
    assert_eq!((&body["type"], &body["status"]), (&json!("BILLING"), &json!("DONE")));
    assert_eq!(body["card"]["number"], "94100012****789*");
    // It is read and cancelled like any other.
    let payment_key = body["paymentKey"].as_str().unwrap();
    assert_eq!(twin.read(payment_key).await.text, reply.text);
    let reason = json!({ "cancelReason": "고객 변심" });
    assert_eq!(twin.cancel(payment_key, reason).await.summary(), "200 CANCELED");
    assert_eq!(twin.post(&path, charge("order-0001")).await.summary(), "400 DUPLICATED_ORDER_ID");
    // With its sign of equality spelt out, too.
    let spelt = path.replace('=', "%3D");
    assert_eq!(twin.post(&spelt, charge("order-0002")).await.summary(), "200 DONE");
}

#[tokio::test]
async fn api_6_3_what_is_wrong_with_a_charge_has_its_code() {
    let twin = Twin::new();
    let key = twin.billing_key().await;
    let path = format!("/v1/billing/{key}");
    let cases = [
        ("customerKey", json!("customer-2"), "400 NOT_MATCHES_CUSTOMER_KEY"),
        ("customerKey", Value::Null, "400 INVALID_REQUEST"),
        ("amount", json!(99), "400 BELOW_MINIMUM_AMOUNT"),
        ("amount", json!("x"), "400 INVALID_REQUEST"),
        ("orderId", json!("five5"), "400 INVALID_REQUEST"),
        ("orderName", Value::Null, "400 INVALID_REQUEST"),
        ("cardInstallmentPlan", json!(13), "400 INVALID_CARD_INSTALLMENT_PLAN"),
        ("cardInstallmentPlan", json!(1), "400 INVALID_CARD_INSTALLMENT_PLAN"),
        ("cardInstallmentPlan", json!(2), "400 NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN"),
    ];
    for (name, value, expected) in cases {
        let mut body = charge("order-0001");
        body[name] = value.clone();
        assert_eq!(twin.post(&path, body).await.summary(), expected, "{name} {value}");
    }
    let reply = twin.post("/v1/billing/never-issued", charge("order-0001")).await;
    assert_eq!(reply.summary(), "400 INVALID_BILL_KEY_REQUEST");
}

#[tokio::test]
async fn api_6_3_a_deleted_key_answers_nothing_and_charges_nothing() {
    let twin = Twin::new();
    twin.state.processor.book().listen(true);
    let key = twin.billing_key().await;
    let path = format!("/v1/billing/{key}");
    twin.post(&path, charge("order-0001")).await;
    // The success of a charge is not told (Toss: webhooks.md §3.1).
    assert_eq!(twin.state.processor.book().take_outbox().len(), 0);
    let reply = twin.api("DELETE", &path, &[], Value::Null).await;
    assert_eq!((reply.status.as_u16(), reply.text.as_str()), (200, ""));
    let news = twin.state.processor.book().take_outbox();
    assert!(
        matches!(&news[0].event, crate::sandbox::payments::Event::BillingDeleted { billing_key, .. } if *billing_key == key)
    );
    let reply = twin.post(&path, charge("order-0002")).await;
    assert_eq!(reply.summary(), "400 ALREADY_REMOVED_BILLING_KEY");
    let reply = twin.api("DELETE", &path, &[], Value::Null).await;
    assert_eq!(reply.summary(), "400 ALREADY_REMOVED_BILLING_KEY");
    let reply = twin.api("DELETE", "/v1/billing/never-issued", &[], Value::Null).await;
    assert_eq!(reply.summary(), "404 NOT_FOUND_BILLING");
}

#[tokio::test]
async fn api_6_3_another_merchant_can_do_nothing_with_a_key() {
    let config = Config::default()
        .with_merchant("shopdemo01", "2024-06-01", "test_ck_shop", "test_sk_shop")
        .unwrap();
    let twin = Twin::with(config);
    let key = twin.billing_key().await;
    let path = format!("/v1/billing/{key}");
    let secret = basic("test_sk_shop");
    let headers = [("authorization", secret.as_str())];
    let reply = twin.api("POST", &path, &headers, charge("order-0001")).await;
    assert_eq!(reply.summary(), "400 INVALID_BILL_KEY_REQUEST");
    let reply = twin.api("DELETE", &path, &headers, Value::Null).await;
    assert_eq!(reply.summary(), "404 NOT_FOUND_BILLING");
}

#[tokio::test]
async fn api_6_3_a_billing_key_is_not_noted_with_its_calls() {
    let twin = Twin::new();
    let key = twin.billing_key().await;
    let path = format!("/v1/billing/{key}");
    twin.post(&path, charge("order-0001")).await;
    twin.api("DELETE", &path, &[], Value::Null).await;
    let calls = twin.control("GET", "calls", Value::Null).await;
    assert!(calls.text.contains("/v1/billing/") && !calls.text.contains(&key), "{}", calls.text);
}
