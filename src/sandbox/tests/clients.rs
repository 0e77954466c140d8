//! Calls that published clients make beside those that are documented (Toss: api.md §12).

use serde_json::{Value, json};

use crate::sandbox::tests::every_endpoint::{SHOP, SHOP_SECRET, in_2030, shop, shop_with, with};
use crate::sandbox::tests::{CLIENT, Reply, Twin, basic};

impl Twin {
    async fn token(&self, grant: &str, customer: &str, name: &str, it: &Value) -> Reply {
        let mut body = json!({ "grantType": grant, "customerKey": customer });
        body[name] = it.clone();
        self.api("POST", "/v1/brandpay/authorizations/access-token", &[], body).await
    }

    /// The answer to the code of a buyer whom BrandPay has just recognised.
    async fn first_token(&self, customer: &str) -> Value {
        let body = json!({ "clientKey": CLIENT, "customerKey": customer });
        let code = self.control("POST", "brandpay-auth", body).await.json()["code"].clone();
        self.token("AuthorizationCode", customer, "code", &code).await.json()
    }
}

#[tokio::test]
async fn api_12_a_refresh_token_brings_a_new_access_token_to_its_buyer_alone() {
    let twin = Twin::new();
    let first = twin.first_token("customer-1").await;
    let token = first["refreshToken"].clone();
    for _ in 0..2 {
        let next = twin.token("RefreshToken", "customer-1", "refreshToken", &token).await.json();
        assert_ne!(next["accessToken"], first["accessToken"]);
        for name in ["refreshToken", "tokenType", "expiresIn"] {
            assert_eq!(next[name], first[name], "{name}");
        }
    }
    for (customer, name, it) in [
        ("customer-2", "refreshToken", &token),
        ("customer-1", "refreshToken", &first["accessToken"]),
        ("customer-1", "refreshToken", &json!("")),
        ("customer-1", "refreshToken", &Value::Null),
        ("customer-1", "code", &token),
    ] {
        let reply = twin.token("RefreshToken", customer, name, it).await;
        assert_eq!(reply.summary(), "400 INVALID_REQUEST", "{customer} {name} {it}");
    }
    let twin = shop_with(|it| it.brandpay_refreshes = false);
    let token = twin.first_token("customer-1").await["refreshToken"].clone();
    let reply = twin.token("RefreshToken", "customer-1", "refreshToken", &token).await;
    assert_eq!(reply.summary(), "400 INVALID_REQUEST");
}

#[tokio::test]
async fn api_12_the_older_address_of_confirm_confirms() {
    let twin = shop();
    let key = twin.thing("open").await;
    let path = format!("/v1/payments/{key}");
    let body = |amount: i64| json!({ "orderId": "order-0001", "amount": amount }).to_string();
    assert_eq!(twin.call("POST", &path, &body(49_999)).await.summary(), "400 INVALID_REQUEST");
    let reply = twin.call("POST", &path, &body(50_000)).await;
    assert_eq!(reply.summary(), "200 DONE");
    assert_eq!(reply.json()["paymentKey"], json!(key));
    let reply = twin.call("POST", &path, &body(50_000)).await;
    assert_eq!(reply.summary(), "400 ALREADY_PROCESSED_PAYMENT");
    let reply = twin.call("POST", "/v1/payments/none", &body(50_000)).await;
    assert_eq!(reply.summary(), "404 NOT_FOUND_PAYMENT_SESSION");
    // Faults, test codes and the list of calls know it as what it is.
    let open = twin.authenticated_with("order-0002", 1_000, json!({ "clientKey": SHOP })).await;
    let refusal =
        json!({ "kind": "refuse", "code": "REJECT_CARD_PAYMENT", "orderId": "order-0002" });
    twin.fault(with(refusal, json!({ "call": "confirm" }))).await;
    let body = json!({ "orderId": "order-0002", "amount": 1_000 });
    let path = format!("/v1/payments/{open}");
    let reply = twin.call("POST", &path, &body.to_string()).await;
    assert_eq!(reply.summary(), "403 REJECT_CARD_PAYMENT");
    let calls = twin.control("GET", "calls?orderId=order-0002", Value::Null).await.json();
    assert_eq!(calls["calls"][0]["path"], json!(path));
    let secret = basic(SHOP_SECRET);
    let headers = [
        ("authorization", secret.as_str()),
        ("tosspayments-test-code", "FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING"),
    ];
    assert_eq!(twin.api("POST", "/v1/payments/none", &headers, body).await.status, 500);
}

#[tokio::test]
async fn api_12_times_are_taken_in_the_forms_that_clients_send() {
    let twin = in_2030(shop()).await;
    let made = twin.thing("transaction").await;
    for (start, end, count) in [
        ("2030-01-01", "2030-01-02", 1),
        ("2030-01-01T00:00:00", "2030-01-01T23:59:59", 1),
        ("2030-01-01T09:00:00.000", "2030-01-01T09:00:00.999", 1),
        ("2030-01-01T09:00:00.001", "2030-01-01T10:00:00.123456789", 0),
        ("2030-01-01T09:00", "2030-01-01T09:01", 1),
        ("2030-01-01T09:00:00%2B09:00", "2030-01-01T09:00:01%2B09:00", 1),
        // A plus that nobody escaped.
        ("2030-01-01T09:00:00+09:00", "2030-01-01T09:00:01+09:00", 1),
        ("2029-12-31T23:59:59-01:00", "2029-12-31T23:00:00.5-01:00", 0),
        ("2030-01-01T00:00:00.000-00:00", "2030-01-01T00:00%2B00:00", 1),
    ] {
        let path = format!("/v1/transactions?startDate={start}&endDate={end}");
        let reply = twin.call("GET", &path, "").await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text);
        let keys = reply.json();
        let expected = if count == 1 { json!([made]) } else { json!([]) };
        let keys: Vec<_> =
            keys.as_array().unwrap().iter().map(|it| &it["transactionKey"]).collect();
        assert_eq!(json!(keys), expected, "{path}");
    }
    // Measured: a Z is refused. The rest is no time.
    for wrong in [
        "2030-01-01T09:00:00Z",
        "2030-01-01T09:00:00.000Z",
        "2030-01-01T09:00Z",
        "2030-01-01T",
        "2030-01-01T25:00:00",
        "2030-01-01T09:00:00.",
        "2030-01-01T09:00:00%2B0900",
        "2030-01-01T09:00:00%2B99:00",
        "2030-02-30T09:00:00.000",
        "20300101T090000",
        "tomorrow",
    ] {
        for path in ["transactions", "settlements"] {
            let path = format!("/v1/{path}?startDate={wrong}&endDate=2030-01-02");
            let reply = twin.call("GET", &path, "").await;
            assert_eq!(reply.summary(), "400 INVALID_DATE", "{path}");
        }
    }
    for (path, status) in [
        ("/v1/settlements?startDate=2030-01-01T00:00:00.000&endDate=2030-01-02T00:00", 200),
        ("/v1/cash-receipts?requestDate=2030-01-01T00:00:00", 200),
        ("/v1/cash-receipts?requestDate=2030-01-01T00:00:00Z", 400),
    ] {
        assert_eq!(twin.call("GET", path, "").await.status, status, "{path}");
    }
}

#[tokio::test]
async fn api_12_more_rows_than_a_list_gives_are_cut() {
    let twin = shop();
    let receipt = twin.thing("receipt").await;
    let today = twin.state.processor.clock.now().date();
    for limit in ["10000", "10001", "9223372036854775807"] {
        let path =
            format!("/v1/transactions?startDate=2020-01-01&endDate=2120-01-01&limit={limit}");
        assert_eq!(twin.call("GET", &path, "").await.json(), json!([]), "{limit}");
        let path = format!("/v1/settlements?startDate={today}&endDate={today}&size={limit}");
        assert_eq!(twin.call("GET", &path, "").await.json(), json!([]), "{limit}");
        let path = format!("/v1/cash-receipts?requestDate={today}&limit={limit}");
        let body = twin.call("GET", &path, "").await.json();
        assert_eq!(body["data"][0]["receiptKey"], json!(receipt), "{limit}");
    }
}

#[tokio::test]
async fn api_12_an_order_id_of_base64_and_an_amount_as_text_are_confirmed() {
    let twin = Twin::new();
    let id = "MC4xMjM0NTY3ODkwMTI=";
    let key = twin.authenticated(id, 1_000).await;
    let body = json!({ "paymentKey": key, "orderId": id, "amount": "1000" });
    assert_eq!(twin.api("POST", "/v1/payments/confirm", &[], body).await.summary(), "200 DONE");
}
