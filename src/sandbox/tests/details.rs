//! The smaller facts about a payment: its card, its keys, its names (Toss: api.md §1.2, §3, §4).

use serde_json::{Value, json};

use crate::sandbox::Config;
use crate::sandbox::tests::methods::cases;
use crate::sandbox::tests::{CLIENT, Twin, basic};

#[tokio::test]
async fn api_3_1_a_card_shows_what_was_chosen() {
    let cases = [
        (json!({}), "installmentPlanMonths", json!(0)),
        (json!({ "installmentMonths": 12 }), "installmentPlanMonths", json!(12)),
        (json!({ "installmentMonths": 3, "interestFree": true }), "isInterestFree", json!(true)),
        (
            json!({ "installmentMonths": 3, "interestFree": true }),
            "interestPayer",
            json!("CARD_COMPANY"),
        ),
        (json!({}), "interestPayer", Value::Null),
        (json!({ "useCardPoint": true }), "useCardPoint", json!(true)),
        (json!({ "checkCard": true }), "cardType", json!("체크")),
        (json!({}), "cardType", json!("신용")),
        (json!({ "corporate": true }), "ownerType", json!("법인")),
        (json!({}), "ownerType", json!("개인")),
        (json!({ "cardCompany": "현대" }), "issuerCode", json!("61")),
        (json!({ "cardCompany": "W1" }), "issuerCode", json!("W1")),
        (json!({}), "approveNo", json!("00000000")),
        (json!({}), "acquireStatus", json!("READY")),
        (json!({ "method": "TOSSPAY", "mix": "CARD_POINTS" }), "cardType", json!("미확인")),
    ];
    for (choice, part, expected) in cases {
        let twin = Twin::new();
        let key = twin.authenticated_with("order-0001", 50_000, choice.clone()).await;
        let body = twin.confirm(&key, "order-0001", 50_000).await.json();
        assert_eq!(body["card"][part], expected, "{choice}");
        let number = body["card"]["number"].as_str().unwrap();
        assert!(number.len() <= 20 && number.contains("****") && number.ends_with('*'));
    }
}

#[tokio::test]
async fn api_3_every_approved_method_but_one_has_a_secret() {
    for case in cases() {
        let twin = Twin::new();
        let key = twin.authenticated_with("order-0001", 33_000, case.choice).await;
        let open = twin.read(&key).await.json();
        assert_eq!(open["secret"], Value::Null, "{}", case.name);
        let body = twin.confirm(&key, "order-0001", 33_000).await.json();
        match body["secret"].as_str() {
            Some(secret) => assert!(secret.starts_with("ps_") && secret.len() == 31),
            None => assert_eq!(case.name, "paypal_done"),
        }
    }
}

#[tokio::test]
async fn api_3_5_every_cancel_has_a_key_of_its_own() {
    let twin = Twin::new();
    let key = twin.paid("order-0001", 1_000).await;
    let part = json!({ "cancelReason": "고객 변심", "cancelAmount": 100 });
    for _ in 0..5 {
        twin.cancel(&key, part.clone()).await;
    }
    let body = twin.read(&key).await.json();
    let mut keys: Vec<&str> = body["cancels"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["transactionKey"].as_str().unwrap())
        .collect();
    assert_eq!(body["lastTransactionKey"], keys[4]);
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), 5);
}

#[tokio::test]
async fn api_3_an_order_id_has_6_to_64_characters_of_its_alphabet() {
    let twin = Twin::new();
    for (id, expected) in [
        ("order=1", 200),
        ("Ab_-09", 200),
        (&*"x".repeat(64), 200),
        ("five5", 400),
        (&*"x".repeat(65), 400),
        ("주문번호입니다", 400),
        ("order 1", 400),
        ("order/1", 400),
    ] {
        let body =
            json!({ "clientKey": CLIENT, "orderId": id, "orderName": "컵", "amount": 1_000 });
        assert_eq!(twin.control("POST", "authenticate", body).await.status, expected, "{id}");
    }
    let body = json!({ "clientKey": CLIENT, "orderId": "order-1", "orderName": "ㄱ".repeat(101),
        "amount": 1_000 });
    assert_eq!(twin.control("POST", "authenticate", body).await.status, 400);
}

#[tokio::test]
async fn api_3_metadata_has_at_most_five_short_pairs() {
    let twin = Twin::new();
    let pairs = |count: usize| -> Value {
        (0..count)
            .map(|at| (format!("k{at}"), "v".into()))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    for (metadata, expected) in [
        (pairs(5), 200),
        (pairs(6), 400),
        (json!({ "k": 7 }), 400),
        (json!({ "k": "v".repeat(2_000) }), 200),
        (json!({ "k": "v".repeat(2_001) }), 400),
        (json!({ "k[0]": "v" }), 400),
        (json!({ "k".repeat(41): "v" }), 400),
        (json!([]), 400),
    ] {
        let body = json!({ "clientKey": CLIENT, "orderId": "order-1", "orderName": "컵",
            "amount": 1_000, "metadata": metadata });
        let reply = twin.control("POST", "authenticate", body).await;
        assert_eq!(reply.status, expected, "{}", reply.text);
    }
}

/// Headers, a body, and what they bring.
type Step<'a> = (Vec<(&'a str, &'a str)>, Value, &'a str);

#[tokio::test]
async fn api_4_1_checks_come_in_their_order() {
    let config = Config::default().with_pair("live_gck_a", "live_gsk_a").unwrap();
    let twin = Twin::with(config);
    let key = twin.authenticated("order-0001", 1_000).await;
    let (nobody, live) = (basic("test_gsk_nobody"), basic("live_gsk_a"));
    let test_code = ("tosspayments-test-code", "REJECT_CARD_COMPANY");
    let good = json!({ "paymentKey": key, "orderId": "order-0001", "amount": 1_000 });
    let mut wrong_amount = good.clone();
    wrong_amount["amount"] = 999.into();
    let unknown = json!({ "paymentKey": "none", "orderId": "order-0001", "amount": 1_000 });
    let long = "k".repeat(301);
    let steps: [Step<'_>; 8] = [
        // An unknown key before everything.
        (
            vec![("authorization", &nobody), ("idempotency-key", &long), test_code],
            json!([]),
            "401 UNAUTHORIZED_KEY",
        ),
        // The idempotency key before the test code.
        (vec![("idempotency-key", &long), test_code], json!([]), "400 INVALID_IDEMPOTENCY_KEY"),
        // The test code before the body.
        (vec![test_code], json!([]), "403 REJECT_CARD_COMPANY"),
        // The body before the payment.
        (vec![("authorization", &live)], json!([]), "400 INVALID_REQUEST"),
        // The payment before whose it is.
        (vec![("authorization", &live)], unknown, "404 NOT_FOUND_PAYMENT_SESSION"),
        // Whose it is, also a test payment under a live key, before what it is about.
        (vec![("authorization", &live)], wrong_amount.clone(), "400 INVALID_API_KEY"),
        (vec![], good, "200 DONE"),
        // That it is done before what it is about.
        (vec![], wrong_amount, "400 ALREADY_PROCESSED_PAYMENT"),
    ];
    for (headers, body, expected) in steps {
        let reply = twin.api("POST", "/v1/payments/confirm", &headers, body.clone()).await;
        assert_eq!(reply.summary(), expected, "{headers:?} {body}");
    }
}

#[tokio::test]
async fn api_4_2_payments_that_are_not_paid_can_be_read_by_key_and_by_order() {
    let twin = Twin::new();
    let ready = json!({ "authenticated": false });
    let key = twin.authenticated_with("order-0001", 1_000, ready).await;
    let by_order = || twin.api("GET", "/v1/payments/orders/order-0001", &[], Value::Null);
    assert_eq!(by_order().await.summary(), "200 READY");
    assert_eq!(by_order().await.text, twin.read(&key).await.text);
    twin.advance_minutes(30).await;
    assert_eq!(by_order().await.summary(), "200 EXPIRED");

    let key = twin.authenticated("order-0002", 1_000).await;
    twin.fault(json!({ "kind": "refuse", "code": "REJECT_CARD_PAYMENT" })).await;
    twin.confirm(&key, "order-0002", 1_000).await;
    assert_eq!(twin.read(&key).await.summary(), "200 ABORTED");
}

#[tokio::test]
async fn api_1_4_reasons_of_failure_come_in_english_too() {
    let twin = Twin::new();
    let aborted = twin.authenticated("order-0001", 1_000).await;
    twin.fault(json!({ "kind": "refuse", "code": "REJECT_CARD_PAYMENT" })).await;
    twin.confirm(&aborted, "order-0001", 1_000).await;
    let expired = twin.authenticated("order-0002", 1_000).await;
    twin.advance_minutes(10).await;
    for (key, expected) in [
        (aborted, "Card limit or balance too low"),
        (expired, "The payment has expired. Please try again."),
    ] {
        let headers = [("accept-language", "en-US")];
        let reply = twin.api("GET", &format!("/v1/payments/{key}"), &headers, Value::Null).await;
        assert_eq!(reply.json()["failure"]["message"], expected);
    }
}

#[tokio::test]
async fn api_1_2_a_merchants_two_pairs_read_and_cancel_the_same_payments() {
    let config = Config::default()
        .with_merchant("shopdemo01", "2024-06-01", "test_ck_shop", "test_sk_shop")
        .and_then(|it| {
            it.with_merchant("shopdemo01", "2022-11-16", "test_gck_shop", "test_gsk_shop")
        })
        .unwrap();
    let twin = Twin::with(config);
    let more = json!({ "clientKey": "test_gck_shop" });
    let key = twin.authenticated_with("order-0001", 1_000, more).await;
    let widget = basic("test_gsk_shop");
    let individual = basic("test_sk_shop");
    let headers = [("authorization", widget.as_str())];
    let reply = twin.confirm_with(&key, "order-0001", 1_000, &headers).await;
    assert_eq!(reply.json()["mId"], "shopdemo01");
    let path = format!("/v1/payments/{key}");
    let headers = [("authorization", individual.as_str())];
    assert_eq!(twin.api("GET", &path, &headers, Value::Null).await.summary(), "200 DONE");
    let reason = json!({ "cancelReason": "고객 변심" });
    let reply = twin.api("POST", &format!("{path}/cancel"), &headers, reason).await;
    assert_eq!(reply.summary(), "200 CANCELED");
    // Nobody else's.
    assert_eq!(twin.read(&key).await.summary(), "404 NOT_FOUND_PAYMENT");
}

#[test]
fn api_1_6_a_merchant_has_a_version_the_sandbox_speaks() {
    use crate::sandbox::PairRefused;
    for (m_id, version, expected) in [
        ("shopdemo01", "2022-11-16", None),
        ("shopdemo01", "1.4", Some(PairRefused::UnknownVersion)),
        ("", "2024-06-01", Some(PairRefused::NotAMerchantId)),
        ("a-merchant-id-too-long", "2024-06-01", Some(PairRefused::NotAMerchantId)),
        ("한글", "2024-06-01", Some(PairRefused::NotAMerchantId)),
    ] {
        let result = Config::default().with_merchant(m_id, version, "test_ck_a", "test_sk_a");
        assert_eq!(result.err(), expected, "{m_id} {version}");
    }
}

#[tokio::test]
async fn api_4_1_less_than_the_minimum_of_an_account_and_more_than_a_transfer_carries() {
    for (method, amount, expected) in [
        ("VIRTUAL_ACCOUNT", 199, "400 BELOW_MINIMUM_AMOUNT"),
        ("VIRTUAL_ACCOUNT", 200, "200 WAITING_FOR_DEPOSIT"),
        ("TRANSFER", 199, "400 BELOW_MINIMUM_AMOUNT"),
        ("TRANSFER", 10_000_000, "200 DONE"),
        ("MOBILE_PHONE", 100, "200 DONE"),
    ] {
        let twin = Twin::new();
        let more = json!({ "method": method });
        let key = twin.authenticated_with("order-0001", amount, more).await;
        let reply = twin.confirm(&key, "order-0001", amount).await;
        assert_eq!(reply.summary(), expected, "{method} {amount}");
    }
}

#[tokio::test]
async fn api_1_1_links_are_tosss_own_until_the_sandbox_has_an_address() {
    let twin = Twin::new();
    let key = twin.paid("order-0001", 1_000).await;
    let body = twin.read(&key).await.json();
    let receipt = body["receipt"]["url"].as_str().unwrap();
    assert!(receipt.starts_with("https://dashboard.tosspayments.com/receipt/"), "{receipt}");
    let checkout = format!("https://api.tosspayments.com/v1/payments/{key}/checkout");
    assert_eq!(body["checkout"]["url"], checkout);
    twin.state.processor.link_to("http://127.0.0.1:3100");
    let body = twin.read(&key).await.json();
    for page in ["receipt", "checkout"] {
        let url = body[page]["url"].as_str().unwrap();
        let path = url.strip_prefix("http://127.0.0.1:3100").unwrap();
        let reply = twin.api("GET", path, &[], Value::Null).await;
        assert!(reply.status == 200 && reply.text.contains("order-0001"), "{url}");
    }
}

#[tokio::test]
async fn api_2_1_a_payment_can_be_in_each_of_eight_states() {
    let twin = Twin::new();
    let ready = json!({ "authenticated": false });
    let reason =
        |amount: Option<i64>| json!({ "cancelReason": "고객 변심", "cancelAmount": amount });
    let mut keys = vec![
        (twin.authenticated_with("order-0001", 1_000, ready.clone()).await, "READY"),
        (twin.authenticated("order-0002", 1_000).await, "IN_PROGRESS"),
        (twin.waiting("order-0003", json!({})).await, "WAITING_FOR_DEPOSIT"),
        (twin.paid("order-0004", 1_000).await, "DONE"),
    ];
    let key = twin.paid("order-0005", 1_000).await;
    twin.cancel(&key, reason(None)).await;
    keys.push((key, "CANCELED"));
    let key = twin.paid("order-0006", 1_000).await;
    twin.cancel(&key, reason(Some(1))).await;
    keys.push((key, "PARTIAL_CANCELED"));
    let key = twin.authenticated("order-0007", 1_000).await;
    twin.fault(json!({ "kind": "refuse", "code": "REJECT_CARD_PAYMENT" })).await;
    twin.confirm(&key, "order-0007", 1_000).await;
    keys.push((key, "ABORTED"));
    let key = twin.authenticated("order-0008", 1_000).await;
    twin.control("POST", &format!("payments/{key}/expire"), Value::Null).await;
    keys.push((key, "EXPIRED"));
    for (key, status) in keys {
        assert_eq!(twin.read(&key).await.summary(), format!("200 {status}"));
    }
}

#[tokio::test]
async fn api_1_6_answers_may_carry_what_no_document_knows() {
    let twin = Twin::new();
    let key = twin.authenticated("order-0001", 1_000).await;
    twin.fault(json!({ "kind": "unknownCode" })).await;
    let code = twin.read(&key).await.json()["code"].as_str().unwrap().to_owned();
    assert!(crate::sandbox::codes::find(&code).is_none(), "{code}");
    twin.fault(json!({ "kind": "unknownField" })).await;
    let body = twin.read(&key).await.json();
    assert!(body["sandboxNewField"].is_object());
    twin.fault(json!({ "kind": "unknownStatus" })).await;
    assert_eq!(twin.read(&key).await.json()["status"], "SANDBOX_NEW_STATUS");
    assert_eq!(twin.confirm(&key, "order-0001", 1_000).await.summary(), "200 DONE");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn api_4_1_of_many_confirms_at_once_one_takes_the_money() {
    let twin = Twin::new();
    let key = twin.authenticated("order-0001", 1_000).await;
    let calls: Vec<_> = (0..16)
        .map(|_| {
            let (twin, key) = (twin.clone(), key.clone());
            tokio::spawn(async move { twin.confirm(&key, "order-0001", 1_000).await.summary() })
        })
        .collect();
    let mut told = Vec::new();
    for call in calls {
        told.push(call.await.unwrap());
    }
    told.sort_unstable();
    assert_eq!(told.iter().filter(|it| *it == "200 DONE").count(), 1);
    assert_eq!(told.iter().filter(|it| *it == "400 ALREADY_PROCESSED_PAYMENT").count(), 15);
}
