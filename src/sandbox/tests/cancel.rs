//! Cancel: the measured codes and states (Toss: api.md §5.2).

use serde_json::{Value, json};

use crate::sandbox::tests::Twin;
use crate::sandbox::tests::shape::Shape;

/// One payment of 1,000 won and what is sent to it in turn: body, answer, balance afterwards.
async fn check(steps: &[(Value, &str, i64)]) {
    let twin = Twin::new();
    let key = twin.paid("order-0001", 1_000).await;
    for (body, expected, balance) in steps {
        let mut body = body.clone();
        body["cancelReason"] = "고객 변심".into();
        let reply = twin.cancel(&key, body.clone()).await;
        assert_eq!(reply.summary(), *expected, "{body}");
        let read = twin.read(&key).await.json();
        assert_eq!(read["balanceAmount"], *balance, "{body}");
        if reply.status == 200 {
            assert_eq!(reply.json(), read);
            let cancels = read["cancels"].as_array().unwrap();
            assert_eq!(read["lastTransactionKey"], cancels.last().unwrap()["transactionKey"]);
            assert_eq!(cancels.last().unwrap()["refundableAmount"], *balance);
            let sum: i64 = cancels.iter().map(|it| it["cancelAmount"].as_i64().unwrap()).sum();
            assert_eq!(sum + balance, 1_000);
        }
    }
}

#[tokio::test]
async fn api_5_2_one_full_cancel() {
    check(&[(json!({}), "200 CANCELED", 0), (json!({}), "400 ALREADY_CANCELED_PAYMENT", 0)]).await;
    check(&[(json!({ "cancelAmount": 1_000 }), "200 CANCELED", 0)]).await;
}

#[tokio::test]
async fn api_5_2_what_is_emptied_by_parts_stays_partial() {
    check(&[
        (json!({ "cancelAmount": 300 }), "200 PARTIAL_CANCELED", 700),
        (json!({ "cancelAmount": 701 }), "403 NOT_CANCELABLE_AMOUNT", 700),
        (json!({}), "200 PARTIAL_CANCELED", 0),
        // Not the code of a payment that was cancelled at once.
        (json!({}), "403 NOT_CANCELABLE_AMOUNT", 0),
        (json!({ "cancelAmount": 1 }), "403 NOT_CANCELABLE_AMOUNT", 0),
    ])
    .await;
}

#[tokio::test]
async fn api_5_2_the_refundable_amount_is_a_lock() {
    check(&[
        (json!({ "refundableAmount": 999 }), "400 NOT_MATCHES_REFUNDABLE_AMOUNT", 1_000),
        (json!({ "cancelAmount": 300, "refundableAmount": 1_000 }), "200 PARTIAL_CANCELED", 700),
        (
            json!({ "cancelAmount": 300, "refundableAmount": 1_000 }),
            "400 NOT_MATCHES_REFUNDABLE_AMOUNT",
            700,
        ),
    ])
    .await;
}

#[tokio::test]
async fn api_5_1_a_body_that_is_not_well_formed_cancels_nothing() {
    check(&[
        (json!({ "cancelAmount": 0 }), "400 INVALID_REQUEST", 1_000),
        (json!({ "cancelAmount": -1 }), "400 INVALID_REQUEST", 1_000),
        (json!({ "cancelAmount": "300 won" }), "400 INVALID_REQUEST", 1_000),
        (json!({ "cancelAmount": 1.5 }), "400 INVALID_REQUEST", 1_000),
        (json!({ "currency": "USD" }), "400 INVALID_REQUEST", 1_000),
        (json!({ "refundReceiveAccount": { "bank": "88" } }), "400 INVALID_REQUEST", 1_000),
        (json!({ "currency": "KRW" }), "200 CANCELED", 0),
    ])
    .await;
    let twin = Twin::new();
    let key = twin.paid("order-0001", 1_000).await;
    for body in
        [json!({}), json!({ "cancelReason": "" }), json!({ "cancelReason": "ㄱ".repeat(201) })]
    {
        assert_eq!(twin.cancel(&key, body).await.summary(), "400 INVALID_REQUEST");
    }
}

#[tokio::test]
async fn api_5_2_what_was_never_paid_cannot_be_cancelled() {
    let twin = Twin::new();
    let reason = json!({ "cancelReason": "고객 변심" });
    let ready = json!({ "authenticated": false });
    let key = twin.authenticated_with("order-0001", 1_000, ready).await;
    assert_eq!(twin.cancel(&key, reason.clone()).await.summary(), "403 NOT_CANCELABLE_PAYMENT");
    let key = twin.authenticated("order-0001", 1_000).await;
    assert_eq!(twin.cancel(&key, reason.clone()).await.summary(), "403 NOT_CANCELABLE_PAYMENT");
    twin.advance_minutes(10).await;
    assert_eq!(twin.cancel(&key, reason.clone()).await.summary(), "403 NOT_CANCELABLE_PAYMENT");
    assert_eq!(twin.cancel("none", reason).await.summary(), "404 NOT_FOUND_PAYMENT");
}

#[tokio::test]
async fn api_3_6_amounts_after_a_partial_and_a_full_cancel() {
    // Toss: api.md §3.6, differences for other states.
    let twin = Twin::new();
    let key = twin.paid("order-0001", 33_000).await;
    let body = json!({ "cancelReason": "고객 변심", "cancelAmount": 11_000 });
    let part = twin.cancel(&key, body).await.json();
    for (name, expected) in [
        ("totalAmount", 33_000),
        ("balanceAmount", 22_000),
        ("suppliedAmount", 20_000),
        ("vat", 2_000),
    ] {
        assert_eq!(part[name], expected, "{name}");
    }

    let key = twin.paid("order-0002", 33_000).await;
    let full = twin.cancel(&key, json!({ "cancelReason": "고객 변심" })).await.json();
    for (name, expected) in
        [("totalAmount", 33_000), ("balanceAmount", 0), ("suppliedAmount", 0), ("vat", 0)]
    {
        assert_eq!(full[name], expected, "{name}");
    }
}

#[tokio::test]
async fn api_3_5_a_cancel_has_every_documented_part() {
    let twin = Twin::new();
    let key = twin.paid("order-0001", 1_000).await;
    let reply = twin.cancel(&key, json!({ "cancelReason": "고객 변심" })).await;
    let cancel = reply.json()["cancels"][0].to_string();
    let Shape::Object(parts) = Shape::of(&cancel) else { panic!("an object") };
    let mut names: Vec<&str> = parts.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    // Toss: api.md §3.5.
    let mut documented = [
        "cancelAmount",
        "cancelReason",
        "taxFreeAmount",
        "taxExemptionAmount",
        "refundableAmount",
        "cardDiscountAmount",
        "transferDiscountAmount",
        "easyPayDiscountAmount",
        "canceledAt",
        "transactionKey",
        "receiptKey",
        "cancelStatus",
        "cancelRequestId",
    ];
    documented.sort_unstable();
    assert_eq!(names, documented);
}

#[tokio::test]
async fn api_5_1_tax_free_amounts_have_their_own_limit() {
    let twin = Twin::new();
    let more = json!({ "taxFreeAmount": 400 });
    let key = twin.authenticated_with("order-0001", 1_000, more).await;
    twin.confirm(&key, "order-0001", 1_000).await;
    let cases = [
        (json!({ "cancelAmount": 500, "taxFreeAmount": 401 }), "403 NOT_CANCELABLE_AMOUNT"),
        // 601 taxed won are not there.
        (json!({ "cancelAmount": 601 }), "403 NOT_CANCELABLE_AMOUNT"),
        (json!({ "cancelAmount": 500, "taxFreeAmount": 400 }), "200 PARTIAL_CANCELED"),
    ];
    for (mut body, expected) in cases {
        body["cancelReason"] = "고객 변심".into();
        assert_eq!(twin.cancel(&key, body.clone()).await.summary(), expected, "{body}");
    }
    let body = twin.read(&key).await.json();
    assert_eq!((&body["taxFreeAmount"], &body["vat"]), (&json!(0), &json!(45)));
}

#[tokio::test]
async fn api_3_3_easy_pay_is_left_as_it_was() {
    let twin = Twin::new();
    let more = json!({ "method": "NAVERPAY", "mix": "BALANCE_POINTS", "points": 200 });
    let key = twin.authenticated_with("order-0001", 1_000, more).await;
    let before = twin.confirm(&key, "order-0001", 1_000).await.json();
    let after = twin.cancel(&key, json!({ "cancelReason": "고객 변심" })).await.json();
    assert_eq!(before["easyPay"], after["easyPay"]);
    assert_eq!(after["cancels"][0]["easyPayDiscountAmount"], 200);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    /// Whatever is asked for: the balance never falls below 0, and what was given back and what
    /// is left sum to what was paid.
    #[test]
    fn api_5_2_cancels_and_balance_sum_to_the_total(
        total in 100_i64..100_000,
        amounts in proptest::collection::vec(proptest::option::of(1_i64..50_000), 1..8),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let twin = Twin::new();
            let key = twin.paid("order-0001", total).await;
            let mut left = total;
            for amount in amounts {
                let mut body = json!({ "cancelReason": "고객 변심" });
                if let Some(amount) = amount {
                    body["cancelAmount"] = amount.into();
                }
                let reply = twin.cancel(&key, body).await;
                let fits = left > 0 && amount.is_none_or(|amount| amount <= left);
                assert_eq!(reply.status == 200, fits, "{}", reply.text);
                if fits {
                    left -= amount.unwrap_or(left);
                }
                let read = twin.read(&key).await.json();
                assert_eq!(read["balanceAmount"], left);
                assert_eq!(read["suppliedAmount"].as_i64().unwrap() + read["vat"].as_i64().unwrap(), left);
            }
        });
    }
}

#[tokio::test]
async fn api_3_5_an_instant_discount_comes_back_with_the_last_cancel() {
    let twin = Twin::new();
    let choice = json!({ "cardCompany": "HYUNDAI", "discountAmount": 3_000 });
    let key = twin.authenticated_with("order-0001", 33_000, choice).await;
    let body = twin.confirm(&key, "order-0001", 33_000).await.json();
    assert_eq!(body["discount"], json!({ "amount": 3_000 }));
    // The issuer is asked for all of it.
    assert_eq!((&body["card"]["amount"], &body["totalAmount"]), (&json!(33_000), &json!(33_000)));
    let part = |amount: i64| json!({ "cancelReason": "고객 변심", "cancelAmount": amount });
    assert_eq!(
        twin.cancel(&key, part(2_999)).await.summary(),
        "400 EXCEED_CANCEL_AMOUNT_DISCOUNT_AMOUNT"
    );
    let body = twin.cancel(&key, part(3_000)).await.json();
    assert_eq!(body["cancels"][0]["cardDiscountAmount"], 0);
    let body = twin.cancel(&key, json!({ "cancelReason": "고객 변심" })).await.json();
    assert_eq!(body["cancels"][1]["cardDiscountAmount"], 3_000);
    assert_eq!(body["balanceAmount"], 0);
}

#[tokio::test]
async fn api_5_2_what_has_a_deposit_on_a_cup_is_cancelled_whole() {
    let twin = Twin::new();
    let more = json!({ "taxExemptionAmount": 300 });
    let key = twin.authenticated_with("order-0001", 1_000, more).await;
    twin.confirm(&key, "order-0001", 1_000).await;
    let part = json!({ "cancelReason": "고객 변심", "cancelAmount": 500 });
    assert_eq!(twin.cancel(&key, part).await.summary(), "403 NOT_ALLOWED_PARTIAL_REFUND");
    let all = json!({ "cancelReason": "고객 변심" });
    assert_eq!(twin.cancel(&key, all).await.summary(), "200 CANCELED");
}

#[tokio::test]
async fn api_3_an_instant_discount_is_told_in_its_own_part() {
    for discount in [None, Some(3_000)] {
        let twin = Twin::new();
        let choice = json!({ "cardCompany": "HYUNDAI", "discountAmount": discount });
        let key = twin.authenticated_with("order-0001", 33_000, choice).await;
        let body = twin.confirm(&key, "order-0001", 33_000).await.json();
        let expected = discount.map_or(Value::Null, |amount| json!({ "amount": amount }));
        assert_eq!(body["discount"], expected);
    }
}
