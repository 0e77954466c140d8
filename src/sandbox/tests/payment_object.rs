//! The Payment object against the documented examples (Toss: api.md §3).

use serde_json::{Value, json};

use crate::sandbox::payments::vat;
use crate::sandbox::tests::Twin;
use crate::sandbox::tests::shape::Shape;

/// A card that was just confirmed (Toss: api.md §3.6).
const CONFIRMED_CARD: &str = include_str!("fixtures/card_done.json");

/// Not in the example and drawn anew for each payment: kept to their lengths and alphabets.
const DRAWN: [&str; 4] = ["lastTransactionKey", "paymentKey", "secret", "mId"];

#[tokio::test]
async fn api_3_6_a_confirmed_card_payment_is_the_documented_example() {
    let twin = Twin::new();
    let key = twin.authenticated("ord-20260301-0001", 33_000).await;
    let reply = twin.confirm(&key, "ord-20260301-0001", 33_000).await;
    assert_eq!(Shape::of(&reply.text), Shape::of(CONFIRMED_CARD));

    let documented: Value = serde_json::from_str(CONFIRMED_CARD).unwrap();
    let answered = reply.json();
    for (name, expected) in documented.as_object().unwrap() {
        let found = &answered[name];
        match name.as_str() {
            name if DRAWN.contains(&name) => {
                let found = found.as_str().unwrap();
                assert!(found.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_'), "{name}");
                if name != "mId" {
                    // The example's transaction key is 4 characters longer than what it says
                    // a key has; ours keeps to the rule.
                    let expected_length = match name {
                        "lastTransactionKey" => "txrd_a01".len() + 26,
                        _ => expected.as_str().unwrap().len(),
                    };
                    assert_eq!(found.len(), expected_length, "{name}");
                }
            }
            "requestedAt" | "approvedAt" => {
                let found = found.as_str().unwrap();
                assert_eq!(found.len(), "2026-03-01T10:15:30+09:00".len());
                assert!(found.ends_with("+09:00"));
            }
            "receipt" => assert_eq!(
                found["url"],
                format!(
                    "https://dashboard.tosspayments.com/receipt/redirection?transactionId={key}&ref=PX"
                )
            ),
            "checkout" => assert_eq!(
                found["url"],
                format!("https://api.tosspayments.com/v1/payments/{key}/checkout")
            ),
            name => assert_eq!(found, expected, "{name}"),
        }
    }
}

#[tokio::test]
async fn api_3_a_payment_key_begins_with_the_merchant_and_the_time_it_was_asked_for() {
    let twin = Twin::new();
    let key = twin.authenticated("order-0001", 1_000).await;
    let asked = twin.read(&key).await.json()["requestedAt"].as_str().unwrap().to_owned();
    let digits: String = asked.chars().take(19).filter(char::is_ascii_digit).collect();
    assert_eq!(key.get(..19), Some(format!("tgen_{digits}").as_str()));
}

#[test]
fn api_3_vat_is_an_eleventh_rounded_half_up() {
    // Toss: api.md §3, measured.
    for (amount, expected) in [(1_000, 91), (50_000, 4_545), (9_026, 821), (0, 0), (5, 0), (6, 1)] {
        assert_eq!(vat(amount), expected, "{amount}");
    }
}

#[tokio::test]
async fn api_3_tax_free_parts_carry_no_vat() {
    let twin = Twin::new();
    let more = json!({ "taxFreeAmount": 22_000 });
    let key = twin.authenticated_with("order-0001", 33_000, more).await;
    let body = twin.confirm(&key, "order-0001", 33_000).await.json();
    assert_eq!(body["vat"], 1_000);
    assert_eq!(body["suppliedAmount"], 10_000);
    assert_eq!(body["taxFreeAmount"], 22_000);
}

#[tokio::test]
async fn api_3_3_easy_pay_comes_in_five_mixes() {
    // mix, card, easyPay.amount, easyPay.discountAmount (Toss: api.md §3.3).
    let cases = [
        ("CARD", Some(10_000), 0, 0),
        ("CARD_POINTS", Some(7_000), 0, 3_000),
        ("BALANCE", None, 10_000, 0),
        ("BALANCE_POINTS", None, 7_000, 3_000),
        ("POINTS", None, 0, 10_000),
    ];
    for (mix, card, balance, points) in cases {
        let twin = Twin::new();
        let more = json!({ "method": "TOSSPAY", "mix": mix, "points": 3_000 });
        let key = twin.authenticated_with("order-0001", 10_000, more).await;
        let body = twin.confirm(&key, "order-0001", 10_000).await.json();
        assert_eq!(body["method"], "간편결제", "{mix}");
        assert_eq!(
            body["easyPay"],
            json!({ "provider": "토스페이", "amount": balance, "discountAmount": points }),
            "{mix}"
        );
        assert_eq!(body["card"]["amount"].as_i64(), card, "{mix}");
        assert_eq!(body["card"].is_null(), card.is_none(), "{mix}");
    }
}

/// A payment in one state: how it gets there, and the documented payment it then is.
#[tokio::test]
async fn api_3_6_every_state_is_the_documented_example_with_its_differences() {
    let reason = |more: Value| {
        let mut body = json!({ "cancelReason": "고객 변심" });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    for (name, fixture) in [
        ("READY", include_str!("fixtures/ready.json")),
        ("EXPIRED", include_str!("fixtures/expired.json")),
        ("ABORTED", include_str!("fixtures/card_aborted.json")),
        ("PARTIAL_CANCELED", include_str!("fixtures/card_partial_canceled.json")),
        ("CANCELED", include_str!("fixtures/card_canceled.json")),
    ] {
        let twin = Twin::new();
        let ready = json!({ "authenticated": name != "READY" });
        let key = twin.authenticated_with("ord-20260301-0001", 33_000, ready).await;
        match name {
            "EXPIRED" => twin.advance_minutes(10).await,
            "ABORTED" => {
                twin.fault(json!({ "kind": "refuse", "code": "REJECT_CARD_PAYMENT" })).await;
                twin.confirm(&key, "ord-20260301-0001", 33_000).await;
            }
            "PARTIAL_CANCELED" | "CANCELED" => {
                twin.confirm(&key, "ord-20260301-0001", 33_000).await;
                let part = json!({ "cancelAmount": 11_000 });
                let more = if name == "CANCELED" { json!({}) } else { part };
                twin.cancel(&key, reason(more)).await;
            }
            _ => {}
        }
        let reply = twin.read(&key).await;
        assert_eq!(Shape::of(&reply.text), Shape::of(fixture), "{name}");
        let (answered, documented) =
            (reply.json(), serde_json::from_str::<Value>(fixture).unwrap());
        for part in
            ["status", "failure", "totalAmount", "balanceAmount", "suppliedAmount", "vat", "method"]
        {
            assert_eq!(answered[part], documented[part], "{name} {part}");
        }
        let cancelled = |it: &Value| {
            let cancel = &it["cancels"][0];
            ["cancelAmount", "refundableAmount", "cancelStatus"].map(|part| cancel[part].clone())
        };
        assert_eq!(cancelled(&answered), cancelled(&documented), "{name}");
        if answered["cancels"].is_array() {
            assert_eq!(answered["lastTransactionKey"], answered["cancels"][0]["transactionKey"]);
        }
    }
}

#[tokio::test]
async fn api_1_7_every_time_is_korean_and_says_so() {
    let twin = Twin::new();
    let key = twin.waiting("order-0001", json!({ "cashReceipt": { "type": "소득공제" } })).await;
    twin.deposit(&key, json!({})).await;
    let cancel = json!({ "cancelReason": "고객 변심", "refundReceiveAccount":
        { "bank": "20", "accountNumber": "1", "holderName": "박토스" } });
    let body = twin.cancel(&key, cancel).await.json();
    let times = [
        &body["requestedAt"],
        &body["approvedAt"],
        &body["virtualAccount"]["dueDate"],
        &body["cancels"][0]["canceledAt"],
        &body["cashReceipts"][0]["requestedAt"],
    ];
    for time in times {
        let time = time.as_str().unwrap();
        let shape: String =
            time.chars().map(|it| if it.is_ascii_digit() { '0' } else { it }).collect();
        assert_eq!(shape, "0000-00-00T00:00:00+00:00");
        assert!(time.ends_with("+09:00"));
    }
}

#[tokio::test]
async fn api_3_6_an_expired_payment_reads_without_what_it_never_had() {
    let twin = Twin::new();
    let key = twin.authenticated("order-0001", 10_000).await;
    twin.advance_minutes(10).await;
    let body = twin.read(&key).await.json();
    for name in ["method", "approvedAt", "lastTransactionKey", "secret", "receipt", "useEscrow"] {
        assert!(body[name].is_null(), "{name}");
    }
    assert_eq!(body["status"], "EXPIRED");
    assert_eq!(body["failure"]["code"], "EXPIRED_PAYMENT");
    assert_eq!(body["balanceAmount"], 10_000);
}

#[tokio::test]
async fn api_3_the_keys_come_in_the_documented_order() {
    // Toss: api.md §3, as measured.
    let documented = "mId lastTransactionKey paymentKey orderId orderName taxExemptionAmount status \
        requestedAt approvedAt useEscrow cultureExpense card virtualAccount transfer mobilePhone \
        giftCertificate cashReceipt cashReceipts discount cancels secret type easyPay country \
        failure isPartialCancelable receipt checkout currency totalAmount balanceAmount \
        suppliedAmount vat taxFreeAmount method version metadata";
    let twin = Twin::new();
    let ready = json!({ "authenticated": false });
    let open = twin.authenticated_with("order-0001", 1_000, ready).await;
    let account = twin.waiting("order-0002", json!({})).await;
    let paid = twin.paid("order-0003", 1_000).await;
    for key in [open, account, paid] {
        let text = twin.read(&key).await.text;
        let Shape::Object(parts) = Shape::of(&text) else { panic!("an object") };
        let names: Vec<&str> = parts.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, documented.split_whitespace().collect::<Vec<_>>());
    }
}
