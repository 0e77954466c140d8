//! `TossPayments-Test-Code` (Toss: api.md §8).

use serde_json::{Value, json};

use crate::sandbox::codes::{find, rows_of_table};
use crate::sandbox::tests::{INDIVIDUAL_SECRET, Twin, basic};

/// The endpoints that take test codes, by their word in the table of codes.
const ENDPOINTS: [(&str, &str); 3] = [
    ("confirm", "/v1/payments/confirm"),
    ("key-in", "/v1/payments/key-in"),
    ("billing-charge", "/v1/billing/none"),
];

async fn ask(twin: &Twin, path: &str, code: &str) -> crate::sandbox::tests::Reply {
    let key = basic(INDIVIDUAL_SECRET);
    let headers = [("authorization", key.as_str()), ("TossPayments-Test-Code", code)];
    // Nothing in the body names anything that exists.
    twin.api("POST", path, &headers, json!({ "paymentKey": "none" })).await
}

#[tokio::test]
async fn api_8_every_code_of_the_endpoint_can_be_asked_for_before_anything_is_looked_at() {
    let twin = Twin::new();
    for (word, path) in ENDPOINTS {
        let mut asked = 0;
        for row in rows_of_table().filter(|row| [word, "any", "core"].contains(&row.endpoint)) {
            let reply = ask(&twin, path, row.code).await;
            assert_eq!(reply.status, row.status, "{word} {}", row.code);
            assert_eq!(reply.json(), json!({ "code": row.code, "message": row.message }));
            asked += 1;
        }
        assert!(asked > 80, "{word}");
    }
}

#[tokio::test]
async fn api_8_codes_of_other_endpoints_and_of_none_are_not_known() {
    let twin = Twin::new();
    for (word, path) in ENDPOINTS {
        for row in rows_of_table().filter(|row| row.endpoint == "cash-receipt") {
            assert_eq!(ask(&twin, path, row.code).await.summary(), "400 INVALID_TEST_CODE");
        }
        for code in ["NO_SUCH_CODE", "", "reject_card_payment", "EXCEED_MAX_REFUND_DUE"] {
            let reply = ask(&twin, path, code).await;
            assert_eq!(reply.summary(), "400 INVALID_TEST_CODE", "{word} {code}");
        }
    }
    assert_eq!(
        ask(&twin, "/v1/payments/confirm", "").await.json()["message"],
        "유효하지 않은 테스트 코드입니다."
    );
}

#[tokio::test]
async fn api_8_the_codes_that_were_measured() {
    let twin = Twin::new();
    for (code, status) in [
        ("REJECT_CARD_PAYMENT", 403),
        ("ALREADY_PROCESSED_PAYMENT", 400),
        ("IDEMPOTENT_REQUEST_PROCESSING", 409),
        ("DUPLICATED_ORDER_ID", 400),
        ("FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING", 500),
        ("COMMON_ERROR", 500),
    ] {
        let reply = ask(&twin, "/v1/payments/confirm", code).await;
        assert_eq!(reply.summary(), format!("{status} {code}"));
    }
}

#[tokio::test]
async fn api_8_other_endpoints_take_no_notice_of_it() {
    let twin = Twin::new();
    let key = twin.paid("order-0001", 1_000).await;
    let headers = [("tosspayments-test-code", "COMMON_ERROR")];
    let reply = twin.api("GET", &format!("/v1/payments/{key}"), &headers, Value::Null).await;
    assert_eq!(reply.summary(), "200 DONE");
    let body = json!({ "cancelReason": "고객 변심" });
    let reply = twin.api("POST", &format!("/v1/payments/{key}/cancel"), &headers, body).await;
    assert_eq!(reply.summary(), "200 CANCELED");
}

#[tokio::test]
async fn api_1_4_messages_come_in_english_when_asked_for() {
    let twin = Twin::new();
    let headers = [("tosspayments-test-code", "REJECT_CARD_PAYMENT"), ("accept-language", "en-US")];
    let reply = twin.confirm_with("none", "order-0001", 1_000, &headers).await;
    assert_eq!(reply.json()["message"], "Card limit or balance too low");
    for row in rows_of_table() {
        let english = find(row.code).unwrap().english;
        assert!(!english.is_empty() && english.is_ascii() || english.contains('…'), "{}", row.code);
        assert!(!english.contains("retry:"), "{}", row.code);
    }
}
