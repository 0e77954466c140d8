//! The Payment object against the documented examples (Toss: api.md §3).

use serde_json::{Value, json};

use crate::sandbox::payments::vat;
use crate::sandbox::tests::Twin;
use crate::sandbox::tests::shape::Shape;

/// Toss: api.md §3.6, "card, just confirmed", word for word.
const CONFIRMED_CARD: &str = r#"{"mId":"shopdemo01","lastTransactionKey":"txrd_a01k3m9q7w2c5e8r4t6y1v0z9x7p3","paymentKey":"shopd20260301101530Ab3Xz",
 "orderId":"ord-20260301-0001","orderName":"머그컵 외 1건","taxExemptionAmount":0,"status":"DONE",
 "requestedAt":"2026-03-01T10:15:30+09:00","approvedAt":"2026-03-01T10:16:02+09:00","useEscrow":false,"cultureExpense":false,
 "card":{"issuerCode":"41","acquirerCode":"41","number":"43301234****567*","installmentPlanMonths":0,"isInterestFree":false,
  "interestPayer":null,"approveNo":"00000000","useCardPoint":false,"cardType":"신용","ownerType":"개인","acquireStatus":"READY","amount":33000},
 "virtualAccount":null,"transfer":null,"mobilePhone":null,"giftCertificate":null,"cashReceipt":null,"cashReceipts":null,
 "discount":null,"cancels":null,"secret":"ps_0a1B2c3D4e5F6g7H8i9J0k1L2m3N","type":"NORMAL","easyPay":null,"country":"KR",
 "failure":null,"isPartialCancelable":true,
 "receipt":{"url":"https://dashboard.tosspayments.com/receipt/redirection?transactionId=shopd20260301101530Ab3Xz&ref=PX"},
 "checkout":{"url":"https://api.tosspayments.com/v1/payments/shopd20260301101530Ab3Xz/checkout"},
 "currency":"KRW","totalAmount":33000,"balanceAmount":33000,"suppliedAmount":30000,"vat":3000,"taxFreeAmount":0,
 "method":"카드","version":"2022-11-16","metadata":null}"#;

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
