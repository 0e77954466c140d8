//! Cash receipts, transactions, settlements, promotions, BrandPay (Toss: api.md §6.4–6.8).

use serde_json::{Value, json};

use crate::sandbox::tests::shape::Shape;
use crate::sandbox::tests::{CLIENT, Reply, Twin, basic};
use crate::sandbox::{Assumptions, Config};

fn shop() -> Twin {
    let config = Config::default()
        .with_merchant("shopdemo01", "2022-11-16", "test_gck_shop", "test_gsk_shop")
        .unwrap();
    Twin::with(config)
}

impl Twin {
    async fn shop(&self, method: &str, path: &str, body: Value) -> Reply {
        let secret = basic("test_gsk_shop");
        self.api(method, path, &[("authorization", secret.as_str())], body).await
    }
}

fn receipt(order_id: &str) -> Value {
    json!({
        "amount": 33_000, "orderId": order_id, "orderName": "머그컵 외 1건", "type": "소득공제",
        "customerIdentityNumber": "010-000-1234",
    })
}

#[tokio::test]
async fn api_6_4_a_receipt_is_given_whatever_the_order_is() {
    let twin = shop();
    let first = twin.shop("POST", "/v1/cash-receipts", receipt("order-0001")).await;
    let documented = include_str!("fixtures/cash_receipt.json");
    assert_eq!(Shape::of(&first.text), Shape::of(documented));
    assert_eq!(first.json()["issueStatus"], "IN_PROGRESS");
    // Measured: the same order gets a second one.
    let second = twin.shop("POST", "/v1/cash-receipts", receipt("order-0001")).await;
    assert_ne!(first.json()["receiptKey"], second.json()["receiptKey"]);
    for (name, value, expected) in [
        ("type", json!("미발행"), "400 INVALID_REQUEST"),
        ("customerIdentityNumber", json!("abc"), "400 INVALID_CASH_RECEIPT_INFO"),
        ("amount", json!(0), "400 INVALID_REQUEST"),
        ("orderName", Value::Null, "400 INVALID_REQUEST"),
    ] {
        let mut body = receipt("order-0001");
        body[name] = value;
        let reply = twin.shop("POST", "/v1/cash-receipts", body).await;
        assert_eq!(reply.summary(), expected, "{name}");
    }
    let mut body = receipt("order-0001");
    body["type"] = "지출증빙".into();
    body["customerIdentityNumber"] = "01012341234".into();
    let reply = twin.shop("POST", "/v1/cash-receipts", body.clone()).await;
    assert_eq!(reply.summary(), "400 INVALID_BUSINESS_NUMBER");
    body["customerIdentityNumber"] = "1234567890".into();
    assert_eq!(twin.shop("POST", "/v1/cash-receipts", body).await.json()["type"], "지출증빙");
}

#[tokio::test]
async fn api_6_4_a_receipt_is_taken_back_in_parts_until_nothing_is_left() {
    let twin = shop();
    let reply = twin.shop("POST", "/v1/cash-receipts", receipt("order-0001")).await;
    let key = reply.json()["receiptKey"].as_str().unwrap().to_owned();
    let path = format!("/v1/cash-receipts/{key}/cancel");
    let body = twin.shop("POST", &path, json!({ "amount": 3_000 })).await.json();
    assert_eq!(body["receiptKey"], format!("c_{key}"));
    assert_eq!((&body["transactionType"], &body["amount"]), (&json!("CANCEL"), &json!(3_000)));
    let body = twin.shop("POST", &path, json!({})).await.json();
    assert_eq!(body["amount"], 30_000);
    assert_eq!(twin.shop("POST", &path, json!({})).await.summary(), "403 FORBIDDEN_REQUEST");
    let reply = twin.shop("POST", "/v1/cash-receipts/none/cancel", json!({})).await;
    assert_eq!(reply.summary(), "404 NOT_FOUND_RECEIPT");
    // There is no reading of one alone.
    let reply = twin.shop("GET", &format!("/v1/cash-receipts/{key}"), Value::Null).await;
    assert_eq!(reply.status, 404);
    assert_eq!(reply.json().get("code"), None, "not in Toss's format");
}

#[tokio::test]
async fn api_6_4_receipts_are_listed_by_day_and_page() {
    let twin = shop();
    for at in 0..3 {
        twin.shop("POST", "/v1/cash-receipts", receipt(&format!("order-000{at}"))).await;
    }
    let today = twin.state.processor.clock.now().date();
    let path = format!("/v1/cash-receipts?requestDate={today}&limit=2");
    let page = twin.shop("GET", &path, Value::Null).await.json();
    assert_eq!((&page["hasNext"], &page["lastCursor"]), (&json!(true), &json!(2)));
    let path = format!("/v1/cash-receipts?requestDate={today}&limit=2&cursor=2");
    let reply = twin.shop("GET", &path, Value::Null).await;
    let documented = include_str!("fixtures/cash_receipt_page.json");
    assert_eq!(Shape::of(&reply.text), Shape::of(documented));
    assert_eq!(reply.json()["data"][0]["orderId"], "order-0002");

    twin.advance_minutes(2 * 24 * 60).await;
    let later = twin.shop("GET", &path, Value::Null).await.json();
    assert_eq!(later["data"][0]["issueStatus"], "COMPLETED");
    let tomorrow = twin.state.processor.clock.now().date();
    let path = format!("/v1/cash-receipts?requestDate={tomorrow}");
    assert_eq!(twin.shop("GET", &path, Value::Null).await.json()["data"], json!([]));

    for (query, expected) in [
        ("", "400 INVALID_REQUIRED_PARAM"),
        ("?requestDate=yesterday", "400 INVALID_REQUEST"),
        ("?startDate=2026-03-01&endDate=2026-03-02", "400 INVALID_REQUEST"),
        ("?requestDate=2026-03-01&limit=-1", "400 INVALID_REQUEST"),
    ] {
        let reply = twin.shop("GET", &format!("/v1/cash-receipts{query}"), Value::Null).await;
        assert_eq!(reply.summary(), expected, "{query}");
    }
    let path = format!("/v1/cash-receipts?requestDate={today}");
    let reply = twin.api("GET", &path, &[], Value::Null).await;
    assert_eq!(reply.summary(), "404 NOT_FOUND_MERCHANT_BUSINESS_NUMBER");
}

#[tokio::test]
async fn api_6_4_a_payments_receipt_is_listed_and_only_cancelled_with_it() {
    let twin = shop();
    let more = json!({ "clientKey": "test_gck_shop", "method": "TRANSFER",
        "cashReceipt": { "type": "소득공제" } });
    let key = twin.authenticated_with("order-0001", 1_000, more).await;
    let body = json!({ "paymentKey": key, "orderId": "order-0001", "amount": 1_000 });
    let body = twin.shop("POST", "/v1/payments/confirm", body).await.json();
    let receipt_key = body["cashReceipt"]["receiptKey"].as_str().unwrap();
    let path = format!("/v1/cash-receipts/{receipt_key}/cancel");
    assert_eq!(twin.shop("POST", &path, json!({})).await.summary(), "403 FORBIDDEN_REQUEST");
    let reason = json!({ "cancelReason": "고객 변심" });
    twin.shop("POST", &format!("/v1/payments/{key}/cancel"), reason).await;
    let today = twin.state.processor.clock.now().date();
    let path = format!("/v1/cash-receipts?requestDate={today}");
    let page = twin.shop("GET", &path, Value::Null).await.json();
    let kinds: Vec<_> =
        page["data"].as_array().unwrap().iter().map(|it| it["transactionType"].clone()).collect();
    assert_eq!(kinds, [json!("CONFIRM"), json!("CANCEL")]);
}

async fn rows(twin: &Twin, query: &str) -> Value {
    let reply = twin.api("GET", &format!("/v1/transactions?{query}"), &[], Value::Null).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.json()
}

#[tokio::test]
async fn api_6_5_each_approval_and_each_cancel_is_a_row() {
    let twin = Twin::new();
    let card = twin.paid("order-0001", 1_000).await;
    let account = twin.waiting("order-0002", json!({})).await;
    twin.cancel(&card, json!({ "cancelReason": "고객 변심", "cancelAmount": 300 })).await;
    twin.deposit(&account, json!({})).await;
    let today = twin.state.processor.clock.now().date();
    let tomorrow = twin.state.processor.clock.now().plus_minutes(24 * 60).date();
    let query = format!("startDate={today}&endDate={tomorrow}");
    let reply =
        twin.api("GET", &format!("/v1/transactions?{query}&limit=1"), &[], Value::Null).await;
    assert_eq!(Shape::of(&reply.text), Shape::of(include_str!("fixtures/transactions.json")));
    let all = rows(&twin, &query).await;
    let told: Vec<String> = all
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            format!(
                "{} {} {}",
                it["method"].as_str().unwrap(),
                it["status"].as_str().unwrap(),
                it["amount"]
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "카드 DONE 1000",
            "가상계좌 WAITING_FOR_DEPOSIT 0",
            "카드 PARTIAL_CANCELED 300",
            "가상계좌 DONE 33000"
        ]
    );
    let second = all[1]["transactionKey"].as_str().unwrap();
    let rest = rows(&twin, &format!("{query}&startingAfter={second}")).await;
    assert_eq!(rest.as_array().unwrap().as_slice(), &all.as_array().unwrap()[2..]);
    assert_eq!(rows(&twin, "startDate=2020-01-01&endDate=2020-12-31T23:59:59").await, json!([]));
    assert_eq!(rows(&twin, &format!("startDate={tomorrow}&endDate={today}")).await, json!([]));
}

#[tokio::test]
async fn api_6_5_starting_after_may_name_an_earlier_transaction() {
    let strict = Assumptions { starting_after_any: false, ..Assumptions::default() };
    for (assumptions, taken) in [(Assumptions::default(), true), (strict, false)] {
        let twin = Twin::with(Config::default().with_assumptions(assumptions));
        let at = json!({ "stopped": true, "now": "2030-01-01T09:00:00+09:00" });
        twin.control("POST", "clock", at).await;
        let first = twin.paid("order-0001", 1_000).await;
        let first = twin.read(&first).await.json()["lastTransactionKey"].clone();
        twin.advance_minutes(24 * 60).await;
        twin.paid("order-0002", 1_000).await;
        let (first, day) = (first.as_str().unwrap(), "startDate=2030-01-02&endDate=2030-01-03");
        let path = format!("/v1/transactions?{day}&startingAfter={first}");
        let reply = twin.api("GET", &path, &[], Value::Null).await;
        if taken {
            assert_eq!(reply.json()[0]["orderId"], "order-0002", "{}", reply.text);
        } else {
            assert_eq!(reply.summary(), "400 INVALID_TRANSACTION_KEY");
        }
    }
}

#[tokio::test]
async fn api_6_5_what_cannot_be_listed() {
    let twin = Twin::new();
    for (query, expected) in [
        ("", "400 INVALID_DATE"),
        ("startDate=2026-03-01", "400 INVALID_DATE"),
        ("startDate=2026-03-01T00:00:00Z&endDate=2026-03-02", "400 INVALID_DATE"),
        ("startDate=2026-02-30&endDate=2026-03-02", "400 INVALID_DATE"),
        ("startDate=2026-03-01&endDate=2026-03-02&limit=0", "400 INVALID_REQUEST"),
        ("startDate=2026-03-01&endDate=2026-03-02&startingAfter=x", "400 INVALID_TRANSACTION_KEY"),
        ("startDate=%FF&endDate=%00", "400 INVALID_DATE"),
    ] {
        let path = format!("/v1/transactions?{query}");
        assert_eq!(twin.api("GET", &path, &[], Value::Null).await.summary(), expected, "{query}");
    }
}

#[tokio::test]
async fn api_6_5_what_was_made_just_now_may_be_missing() {
    let assumptions = Assumptions {
        transactions_lag_ms: 60_000,
        cancel_rows_are_negative: true,
        ..Assumptions::default()
    };
    let twin = Twin::with(Config::default().with_assumptions(assumptions));
    let key = twin.paid("order-0001", 1_000).await;
    twin.cancel(&key, json!({ "cancelReason": "고객 변심" })).await;
    let query = "startDate=2020-01-01&endDate=2120-01-01";
    assert_eq!(rows(&twin, query).await, json!([]));
    twin.advance_minutes(1).await;
    let rows = rows(&twin, query).await;
    assert_eq!((&rows[0]["amount"], &rows[1]["amount"]), (&json!(1_000), &json!(-1_000)));
}

#[tokio::test]
async fn api_6_6_the_test_environment_settles_nothing() {
    let twin = Twin::new();
    let key = twin.paid("order-0001", 1_000).await;
    for (query, expected) in [
        ("startDate=2026-03-01&endDate=2026-03-02", "200 []"),
        ("startDate=2026-03-01&endDate=2026-03-02&dateType=paidOutDate&page=1&size=5000", "200 []"),
        ("startDate=2026-03-01&endDate=2026-03-02&dateType=x", "400 INVALID_REQUEST"),
        ("startDate=2026-03-01&endDate=2026-03-02&page=0", "400 INVALID_REQUEST"),
        ("startDate=2026-03-01&endDate=2026-03-02&size=0", "400 INVALID_REQUEST"),
        ("startDate=2026-03-01T00:00:00Z&endDate=2026-03-02", "400 INVALID_DATE"),
        ("endDate=2026-03-02", "400 INVALID_DATE"),
    ] {
        let reply = twin.api("GET", &format!("/v1/settlements?{query}"), &[], Value::Null).await;
        let told =
            if reply.status == 200 { format!("200 {}", reply.text) } else { reply.summary() };
        assert_eq!(told, expected, "{query}");
    }
    let ask = |key: &str| twin.api("POST", "/v1/settlements", &[], json!({ "paymentKey": key }));
    assert_eq!(ask(&key).await.json(), json!({ "result": true }));
    assert_eq!(ask("none").await.summary(), "404 NOT_FOUND_PAYMENT");
    let open = twin.authenticated("order-0002", 1_000).await;
    assert_eq!(ask(&open).await.summary(), "403 FORBIDDEN_REQUEST");
}

#[tokio::test]
async fn api_6_7_card_promotions_have_their_documented_shape() {
    let twin = Twin::new();
    let reply = twin.api("GET", "/v1/promotions/card", &[], Value::Null).await;
    let documented: Value =
        serde_json::from_str(include_str!("fixtures/promotions_card.json")).unwrap();
    let keys = |it: &Value| -> Vec<String> { it.as_object().unwrap().keys().cloned().collect() };
    let answered = reply.json();
    assert_eq!(keys(&answered), keys(&documented));
    for list in ["discountCards", "interestFreeCards"] {
        for card in answered[list].as_array().unwrap() {
            assert_eq!(keys(card), keys(&documented[list][0]), "{list}");
        }
    }
    let all = twin.api("GET", "/v1/promotions", &[], Value::Null).await.json();
    for promotion in all.as_array().unwrap() {
        let part = match promotion["type"].as_str().unwrap() {
            "CARD_DISCOUNT" => "cardDiscount",
            "CARD_INTEREST_FREE" => "cardInterestFree",
            other => panic!("{other}"),
        };
        assert!(promotion["payType"].is_string() && promotion[part].is_object(), "{promotion}");
    }
}

#[tokio::test]
async fn api_6_8_brandpay_recognises_a_buyer_and_confirms_with_his_key() {
    let twin = Twin::new();
    let body = json!({ "clientKey": CLIENT, "customerKey": "customer-1" });
    let code = twin.control("POST", "brandpay-auth", body).await.json()["code"].clone();
    let token = |grant: &str, customer: &str| {
        let body = json!({ "grantType": grant, "customerKey": customer, "code": code });
        let twin = twin.clone();
        async move { twin.api("POST", "/v1/brandpay/authorizations/access-token", &[], body).await }
    };
    assert_eq!(token("Other", "customer-1").await.summary(), "400 INVALID_REQUEST");
    assert_eq!(token("AuthorizationCode", "customer-2").await.summary(), "400 INVALID_REQUEST");
    let body = token("AuthorizationCode", "customer-1").await.json();
    assert_eq!(body["tokenType"], "bearer");
    assert!(body["accessToken"].is_string() && body["expiresIn"].is_number());
    assert_eq!(token("AuthorizationCode", "customer-1").await.summary(), "400 INVALID_REQUEST");

    let more = json!({ "method": "BRANDPAY", "customerKey": "customer-1" });
    let key = twin.authenticated_with("order-0001", 1_000, more).await;
    let confirm = |customer: &str| {
        let body = json!({ "paymentKey": key, "orderId": "order-0001", "amount": 1_000,
            "customerKey": customer });
        let twin = twin.clone();
        async move { twin.api("POST", "/v1/brandpay/payments/confirm", &[], body).await }
    };
    assert_eq!(confirm("customer-2").await.summary(), "400 NOT_MATCHES_CUSTOMER_KEY");
    let body = confirm("customer-1").await.json();
    assert_eq!((&body["status"], &body["type"]), (&json!("DONE"), &json!("BRANDPAY")));
    let normal = twin.authenticated("order-0002", 1_000).await;
    let body = json!({ "paymentKey": normal, "orderId": "order-0002", "amount": 1_000,
        "customerKey": "customer-1" });
    let reply = twin.api("POST", "/v1/brandpay/payments/confirm", &[], body).await;
    assert_eq!(reply.summary(), "400 INVALID_REQUEST");
}
