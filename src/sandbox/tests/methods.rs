//! Every method of payment, confirmed, against documented JSON (Toss: api.md §3).

use serde_json::{Value, json};

use crate::sandbox::tests::shape::Shape;
use crate::sandbox::tests::{INDIVIDUAL_CLIENT, INDIVIDUAL_SECRET, Twin, basic};

/// One method: what the buyer chooses, and the documented payment it becomes.
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) choice: Value,
    pub(super) fixture: &'static str,
}

macro_rules! case {
    ($name:literal, $choice:tt) => {
        Case {
            name: $name,
            choice: json!($choice),
            fixture: include_str!(concat!("fixtures/", $name, ".json")),
        }
    };
}

pub(super) fn cases() -> Vec<Case> {
    vec![
        case!("card_done", {}),
        case!("easy_pay_card_done", { "method": "TOSSPAY", "mix": "CARD" }),
        case!("easy_pay_balance_done", { "method": "TOSSPAY", "mix": "BALANCE" }),
        case!("virtual_account_waiting",
            { "method": "VIRTUAL_ACCOUNT", "bank": "우리", "customerName": "박토스" }),
        case!("transfer_done",
            { "method": "TRANSFER", "bank": "20", "cashReceipt": { "type": "소득공제" } }),
        case!("mobile_phone_done", { "method": "MOBILE_PHONE", "carrier": "KT" }),
        case!("culture_gift_certificate_done", { "method": "CULTURE_GIFT_CERTIFICATE" }),
        case!("book_gift_certificate_done", { "method": "BOOK_GIFT_CERTIFICATE" }),
        case!("game_gift_certificate_done", { "method": "GAME_GIFT_CERTIFICATE" }),
        case!("paypal_done", { "method": "PAYPAL", "currency": "USD" }),
    ]
}

#[tokio::test]
async fn api_3_4_every_method_fills_its_own_part_and_no_other() {
    for Case { name, choice, fixture } in cases() {
        let twin = Twin::new();
        let key = twin.authenticated_with("ord-20260301-0001", 33_000, choice).await;
        let reply = twin.confirm(&key, "ord-20260301-0001", 33_000).await;
        assert_eq!(Shape::of(&reply.text), Shape::of(fixture), "{name}");
        assert_eq!(reply.text, twin.read(&key).await.text, "{name}");
        let (answered, documented) =
            (reply.json(), serde_json::from_str::<Value>(fixture).unwrap());
        for part in ["method", "status", "totalAmount", "vat", "currency", "transfer", "easyPay"] {
            assert_eq!(answered[part], documented[part], "{name} {part}");
        }
        let key = answered["lastTransactionKey"].as_str().unwrap();
        let is_card = documented["lastTransactionKey"].as_str().unwrap().starts_with("txrd_a01");
        assert_eq!(key.len(), if is_card { 34 } else { 32 }, "{name}");
        assert_eq!(key.starts_with("txrd_a01"), is_card, "{name}");
    }
}

#[tokio::test]
async fn api_1_4_values_come_in_english_when_asked_for() {
    let words = [
        ("card_done", "CARD"),
        ("easy_pay_card_done", "EASY_PAY"),
        ("easy_pay_balance_done", "EASY_PAY"),
        ("virtual_account_waiting", "VIRTUAL_ACCOUNT"),
        ("transfer_done", "TRANSFER"),
        ("mobile_phone_done", "MOBILE_PHONE"),
        ("culture_gift_certificate_done", "CULTURE_GIFT_CERTIFICATE"),
        ("book_gift_certificate_done", "BOOK_GIFT_CERTIFICATE"),
        ("game_gift_certificate_done", "GAME_GIFT_CERTIFICATE"),
        ("paypal_done", "FOREIGN_EASY_PAY"),
    ];
    for (Case { name, choice, .. }, (expected_name, method)) in cases().into_iter().zip(words) {
        assert_eq!(name, expected_name);
        let twin = Twin::new();
        let key = twin.authenticated_with("order-0001", 33_000, choice).await;
        let headers = [("accept-language", "en-US,en;q=0.9")];
        let reply = twin.confirm_with(&key, "order-0001", 33_000, &headers).await;
        assert_eq!(reply.json()["method"], method, "{name}");
        let hangul = |letter: char| ('가'..='힣').contains(&letter);
        // Names are the shop's own and stay as they were.
        let left = reply.text.replace("머그컵 외 1건", "").replace("박토스", "");
        assert!(!left.contains(hangul), "{name}: {left}");
        for other in ["ko-KR", "ja", "*", ""] {
            let path = format!("/v1/payments/{key}");
            let reply = twin.api("GET", &path, &[("accept-language", other)], Value::Null).await;
            assert!(reply.json()["method"].as_str().unwrap().contains(hangul), "{other}");
        }
    }
}

#[tokio::test]
async fn api_1_6_requests_take_bank_codes_in_every_notation_and_answers_carry_numbers() {
    for (said, code) in
        [("88", "88"), ("신한", "88"), ("SHINHAN", "88"), ("신한은행", "88"), ("IBK", "03")]
    {
        let twin = Twin::new();
        let choice = json!({ "method": "TRANSFER", "bank": said });
        let key = twin.authenticated_with("order-0001", 1_000, choice).await;
        let body = twin.confirm(&key, "order-0001", 1_000).await.json();
        assert_eq!(body["transfer"]["bankCode"], code, "{said}");
    }
}

#[tokio::test]
async fn api_9_2_the_same_number_means_another_institution() {
    let twin = Twin::new();
    let key = twin
        .authenticated_with("order-0001", 1_000, json!({ "method": "TRANSFER", "bank": "KOOKMIN" }))
        .await;
    let body = twin.confirm(&key, "order-0001", 1_000).await.json();
    assert_eq!(body["transfer"]["bankCode"], "06");
    let key =
        twin.authenticated_with("order-0002", 1_000, json!({ "cardCompany": "KOOKMIN" })).await;
    let body = twin.confirm(&key, "order-0002", 1_000).await.json();
    assert_eq!(body["card"]["issuerCode"], "11");
}

#[tokio::test]
async fn api_3_culture_expense_and_escrow_are_of_accounts_alone() {
    for (method, expected) in [("TRANSFER", true), ("VIRTUAL_ACCOUNT", true), ("CARD", false)] {
        let twin = Twin::new();
        let choice = json!({ "method": method, "useEscrow": true, "isCulturalExpenses": true });
        let key = twin.authenticated_with("order-0001", 1_000, choice).await;
        let body = twin.confirm(&key, "order-0001", 1_000).await.json();
        assert_eq!(body["cultureExpense"], expected, "{method}");
        assert_eq!(body["useEscrow"], expected, "{method}");
        assert_eq!(body["isPartialCancelable"], !expected, "{method}");
    }
}

#[tokio::test]
async fn api_3_metadata_is_an_echo() {
    let twin = Twin::new();
    let more = json!({ "metadata": { "cart": "7", "memo": "문 앞" } });
    let key = twin.authenticated_with("order-0001", 1_000, more.clone()).await;
    let body = twin.confirm(&key, "order-0001", 1_000).await.json();
    assert_eq!(body["metadata"], more["metadata"]);
}

#[tokio::test]
async fn api_1_6_the_version_is_the_merchants_and_fixed_for_widgets() {
    let twin = Twin::new();
    let key = twin.paid("order-0001", 1_000).await;
    assert_eq!(twin.read(&key).await.json()["version"], "2022-11-16");
    let more = json!({ "clientKey": INDIVIDUAL_CLIENT });
    let key = twin.authenticated_with("order-0002", 1_000, more).await;
    let secret = basic(INDIVIDUAL_SECRET);
    let headers = [("authorization", secret.as_str())];
    let body = twin.confirm_with(&key, "order-0002", 1_000, &headers).await.json();
    assert_eq!(body["version"], "2024-06-01");
}

#[tokio::test]
async fn a_choice_that_cannot_be_is_refused_by_its_field() {
    let twin = Twin::new();
    let cases = [
        (json!({ "method": "CASH" }), "method"),
        (json!({ "method": "PAYPAL" }), "currency"),
        (json!({ "method": "TRANSFER", "currency": "USD" }), "currency"),
        (json!({ "method": "TRANSFER", "bank": "없는은행" }), "bank"),
        (json!({ "method": "TRANSFER", "amount": 10_000_001 }), "amount"),
        (json!({ "method": "MOBILE_PHONE", "carrier": "NONE" }), "carrier"),
        (json!({ "method": "VIRTUAL_ACCOUNT", "validHours": 2_161 }), "validHours"),
        (json!({ "method": "VIRTUAL_ACCOUNT", "validHours": 1, "dueDate": "x" }), "dueDate"),
        (json!({ "method": "VIRTUAL_ACCOUNT", "dueDate": "2020-01-01T00:00:00" }), "dueDate"),
        (
            json!({ "method": "VIRTUAL_ACCOUNT", "cashReceipt": { "type": "x" } }),
            "cashReceipt.type",
        ),
        (json!({ "method": "VIRTUAL_ACCOUNT", "refundReceiveAccount": 7 }), "refundReceiveAccount"),
    ];
    for (more, field) in cases {
        let mut body = json!({ "clientKey": crate::sandbox::tests::CLIENT, "orderId": "order-0001",
            "orderName": "머그컵", "amount": 1_000 });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let reply = twin.control("POST", "authenticate", body).await;
        assert_eq!((reply.status.as_u16(), &reply.json()["field"]), (400, &json!(field)), "{more}");
    }
}

#[tokio::test]
async fn api_1_4_no_header_chooses_the_version() {
    let twin = Twin::new();
    let key = twin.paid("order-0001", 1_000).await;
    let path = format!("/v1/payments/{key}");
    for name in ["tosspayments-api-version", "tosspayments-version", "x-api-version"] {
        let reply = twin.api("GET", &path, &[(name, "2024-06-01")], Value::Null).await;
        assert_eq!(reply.json()["version"], "2022-11-16", "{name}");
    }
}

#[tokio::test]
async fn api_1_6_what_older_versions_had_is_gone() {
    for (choice, part) in [
        (json!({}), "card"),
        (json!({ "method": "MOBILE_PHONE" }), "mobilePhone"),
        (json!({ "method": "TRANSFER" }), "transfer"),
        (json!({ "method": "VIRTUAL_ACCOUNT" }), "virtualAccount"),
    ] {
        let twin = Twin::new();
        let key = twin.authenticated_with("order-0001", 1_000, choice).await;
        let body = twin.confirm(&key, "order-0001", 1_000).await.json();
        assert!(body["lastTransactionKey"].is_string() && body["transactionKey"].is_null());
        let inside = body[part].as_object().unwrap();
        for gone in ["company", "provider", "carrier", "bank"] {
            assert!(!inside.contains_key(gone), "{part}.{gone}");
        }
    }
}
