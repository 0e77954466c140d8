//! Virtual accounts: issue, deposit, reversal, refund (Toss: api.md §2.2, §3.2, §5).

use serde_json::{Value, json};

use crate::sandbox::tests::shape::Shape;
use crate::sandbox::tests::{Reply, Twin};

const DAY_MINUTES: i64 = 24 * 60;

impl Twin {
    /// A virtual account issued for 33,000 won.
    pub(super) async fn waiting(&self, order_id: &str, more: Value) -> String {
        let mut choice =
            json!({ "method": "VIRTUAL_ACCOUNT", "bank": "20", "customerName": "박토스" });
        choice.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let key = self.authenticated_with(order_id, 33_000, choice).await;
        let reply = self.confirm(&key, order_id, 33_000).await;
        assert_eq!(reply.summary(), "200 WAITING_FOR_DEPOSIT");
        key
    }

    pub(super) async fn deposit(&self, key: &str, body: Value) -> Reply {
        self.control("POST", &format!("payments/{key}/deposit"), body).await
    }

    pub(super) async fn reverse_deposit(&self, key: &str) -> Reply {
        self.control("POST", &format!("payments/{key}/reverse-deposit"), Value::Null).await
    }
}

fn refund(more: Value) -> Value {
    let mut body = json!({
        "cancelReason": "고객 변심",
        "refundReceiveAccount":
            { "bank": "20", "accountNumber": "1002123456789", "holderName": "박토스" },
    });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

#[tokio::test]
async fn api_2_2_an_exact_deposit_completes_it_and_a_reversal_makes_it_wait_again() {
    let twin = Twin::new();
    let key =
        twin.waiting("ord-20260301-0001", json!({ "cashReceipt": { "type": "소득공제" } })).await;
    let issued = twin.read(&key).await.json();
    assert_eq!(issued["approvedAt"], Value::Null);
    assert_eq!(twin.deposit(&key, json!({ "amount": 32_999 })).await.status, 400);
    assert_eq!(twin.read(&key).await.summary(), "200 WAITING_FOR_DEPOSIT");

    assert_eq!(twin.deposit(&key, json!({})).await.summary(), "200 DONE");
    let reply = twin.read(&key).await;
    let documented = include_str!("fixtures/virtual_account_deposited.json");
    assert_eq!(Shape::of(&reply.text), Shape::of(documented));
    let done = reply.json();
    assert_eq!(done["virtualAccount"]["depositorName"], "박토스");
    assert_eq!(done["cashReceipt"]["amount"], 33_000);
    assert_eq!(done["secret"], issued["secret"]);
    assert_eq!(twin.deposit(&key, json!({})).await.status, 400);

    assert_eq!(twin.reverse_deposit(&key).await.summary(), "200 WAITING_FOR_DEPOSIT");
    let back = twin.read(&key).await.json();
    assert_eq!((&back["approvedAt"], &back["balanceAmount"]), (&Value::Null, &json!(33_000)));
    assert_eq!(back["virtualAccount"]["depositorName"], Value::Null);
    assert_eq!(back["cashReceipt"], Value::Null);
    assert_eq!(back["cashReceipts"].as_array().unwrap().len(), 2);
    assert_eq!(twin.reverse_deposit(&key).await.status, 400);
    assert_eq!(twin.deposit(&key, json!({ "depositorName": "김" })).await.summary(), "200 DONE");
    assert_eq!(twin.read(&key).await.json()["virtualAccount"]["depositorName"], "김");
}

#[tokio::test]
async fn api_2_2_when_the_due_date_passes_it_stays_and_is_marked_expired() {
    for (more, minutes) in [
        (json!({}), 168 * 60),
        (json!({ "validHours": 1 }), 60),
        (json!({ "validHours": 2_160 }), 90 * DAY_MINUTES),
    ] {
        let twin = Twin::new();
        let key = twin.waiting("order-0001", more).await;
        twin.advance_minutes(minutes - 1).await;
        assert_eq!(twin.read(&key).await.json()["virtualAccount"]["expired"], false);
        twin.advance_minutes(1).await;
        let body = twin.read(&key).await.json();
        assert_eq!(body["status"], "WAITING_FOR_DEPOSIT");
        assert_eq!(body["virtualAccount"]["expired"], true);
        assert_eq!(twin.deposit(&key, json!({})).await.status, 400);
        let reason = json!({ "cancelReason": "기한 지남" });
        assert_eq!(twin.cancel(&key, reason).await.summary(), "200 CANCELED");
    }
}

/// By the control API as by time.
#[tokio::test]
async fn an_account_whose_time_is_ended_takes_no_deposit() {
    let twin = Twin::new();
    let key = twin.waiting("order-0001", json!({})).await;
    let path = format!("payments/{key}/expire");
    assert_eq!(twin.control("POST", &path, Value::Null).await.status, 200);
    assert_eq!(twin.read(&key).await.json()["virtualAccount"]["expired"], true);
    assert_eq!(twin.deposit(&key, json!({})).await.status, 400);
}

#[tokio::test]
async fn api_3_2_a_due_date_may_be_said() {
    let twin = Twin::new();
    let due = twin.state.processor.clock.now().plus_minutes(30 * DAY_MINUTES).iso();
    let key = twin.waiting("order-0001", json!({ "dueDate": due.get(..19) })).await;
    assert_eq!(twin.read(&key).await.json()["virtualAccount"]["dueDate"], due);
}

#[tokio::test]
async fn api_3_2_the_number_begins_with_an_x_and_the_buyers_account_is_shown_for_half_an_hour() {
    let twin = Twin::new();
    let account = json!({ "bank": "88", "accountNumber": "110123456789", "holderName": "박토스" });
    let key = twin.waiting("order-0001", json!({ "refundReceiveAccount": account })).await;
    let body = twin.read(&key).await.json();
    let number = body["virtualAccount"]["accountNumber"].as_str().unwrap();
    assert!(number.starts_with('X') && number.len() <= 20, "{number}");
    assert_eq!(
        body["virtualAccount"]["refundReceiveAccount"],
        json!({ "bankCode": "88", "accountNumber": "110123456789", "holderName": "박토스" })
    );
    twin.advance_minutes(30).await;
    let body = twin.read(&key).await.json();
    assert_eq!(body["virtualAccount"]["refundReceiveAccount"], Value::Null);
}

#[tokio::test]
async fn api_5_2_before_the_deposit_only_all_of_it_can_be_cancelled_and_no_account_is_needed() {
    let twin = Twin::new();
    let key = twin.waiting("order-0001", json!({})).await;
    let part = json!({ "cancelReason": "고객 변심", "cancelAmount": 1_000 });
    assert_eq!(
        twin.cancel(&key, part).await.summary(),
        "403 NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT"
    );
    let all = json!({ "cancelReason": "고객 변심" });
    let body = twin.cancel(&key, all.clone()).await.json();
    assert_eq!((&body["status"], &body["balanceAmount"]), (&json!("CANCELED"), &json!(0)));
    assert_eq!(body["virtualAccount"]["refundStatus"], "NONE");
    assert_eq!(twin.cancel(&key, all).await.summary(), "400 ALREADY_CANCELED_PAYMENT");
    assert_eq!(twin.deposit(&key, json!({})).await.status, 400);
}

#[tokio::test]
async fn api_5_2_a_deposited_one_is_refunded_to_an_account_two_days_later() {
    let twin = Twin::new();
    let key = twin.waiting("order-0001", json!({ "cashReceipt": { "type": "소득공제" } })).await;
    twin.deposit(&key, json!({})).await;
    let reason = json!({ "cancelReason": "고객 변심" });
    assert_eq!(twin.cancel(&key, reason).await.summary(), "400 INVALID_REQUEST");
    let part = twin.cancel(&key, refund(json!({ "cancelAmount": 11_000 }))).await.json();
    assert_eq!(part["status"], "PARTIAL_CANCELED");
    assert_eq!(part["virtualAccount"]["refundStatus"], "PENDING");
    let record = part["cancels"][0]["receiptKey"].as_str().unwrap();
    assert!(record.starts_with("c_"), "{record}");
    twin.advance_minutes(2 * DAY_MINUTES).await;
    let body = twin.read(&key).await.json();
    assert_eq!(body["virtualAccount"]["refundStatus"], "COMPLETED");
    let body = twin.cancel(&key, refund(json!({}))).await.json();
    assert_eq!((&body["status"], &body["balanceAmount"]), (&json!("PARTIAL_CANCELED"), &json!(0)));
    let receipts = body["cashReceipts"].as_array().unwrap();
    let sum = |kind: &str| -> i64 {
        receipts
            .iter()
            .filter(|it| it["transactionType"] == kind)
            .map(|it| it["amount"].as_i64().unwrap())
            .sum()
    };
    assert_eq!((sum("CONFIRM"), sum("CANCEL")), (33_000, 33_000));
}

#[tokio::test]
async fn api_5_1_the_account_to_refund_to_is_checked() {
    let twin = Twin::new();
    let own = json!({ "bank": "88", "accountNumber": "110123456789", "holderName": "박토스" });
    let key = twin.waiting("order-0001", json!({ "refundReceiveAccount": own })).await;
    twin.deposit(&key, json!({})).await;
    let cases = [
        (json!({}), "400 INVALID_REQUEST"),
        (
            json!({ "bankCode": "88", "accountNumber": "1", "holderName": "박" }),
            "400 INVALID_REQUEST",
        ),
        (json!({ "bank": "88", "accountNumber": "1" }), "400 INVALID_REQUEST"),
        (json!({ "bank": "없음", "accountNumber": "1", "holderName": "박" }), "400 INVALID_BANK"),
        (
            json!({ "bank": "88", "accountNumber": "110-123", "holderName": "박" }),
            "400 INVALID_REFUND_ACCOUNT_NUMBER",
        ),
        (
            json!({ "bank": "88", "accountNumber": "1".repeat(21), "holderName": "박" }),
            "400 INVALID_REFUND_ACCOUNT_NUMBER",
        ),
        (
            json!({ "bank": "신한", "accountNumber": "110123456789", "holderName": "남" }),
            "400 INVALID_REFUND_ACCOUNT_INFO",
        ),
        (
            json!({ "bank": "SHINHAN", "accountNumber": "110123456789", "holderName": "박토스" }),
            "200 CANCELED",
        ),
    ];
    for (account, expected) in cases {
        let reply = twin.cancel(&key, refund(json!({ "refundReceiveAccount": account }))).await;
        assert_eq!(reply.summary(), expected, "{account}");
    }
}

#[tokio::test]
async fn only_virtual_accounts_take_deposits() {
    let twin = Twin::new();
    let key = twin.paid("order-0001", 1_000).await;
    assert_eq!(twin.deposit(&key, json!({})).await.status, 400);
    assert_eq!(twin.reverse_deposit(&key).await.status, 400);
    assert_eq!(twin.deposit("none", json!({})).await.status, 404);
}

#[tokio::test]
async fn api_3_2_a_depositor_is_named_with_the_deposit() {
    let twin = Twin::new();
    let key = twin.waiting("order-0001", json!({})).await;
    let before = twin.read(&key).await.json();
    assert_eq!(before["virtualAccount"]["depositorName"], Value::Null);
    twin.deposit(&key, json!({ "depositorName": "김토스" })).await;
    assert_eq!(twin.read(&key).await.json()["virtualAccount"]["depositorName"], "김토스");
}

#[tokio::test]
async fn api_3_4_a_virtual_account_has_its_cash_receipt_after_the_deposit() {
    let twin = Twin::new();
    let key = twin.waiting("order-0001", json!({ "cashReceipt": { "type": "소득공제" } })).await;
    assert_eq!(twin.read(&key).await.json()["cashReceipt"], Value::Null);
    twin.deposit(&key, json!({})).await;
    assert_eq!(twin.read(&key).await.json()["cashReceipt"]["type"], "소득공제");
}

#[tokio::test]
async fn api_8_a_deposit_is_made_by_hand() {
    let twin = Twin::new();
    let key = twin.waiting("order-0001", json!({})).await;
    // It comes neither by itself nor by a call of the shop's.
    twin.advance_minutes(60).await;
    assert_eq!(twin.read(&key).await.summary(), "200 WAITING_FOR_DEPOSIT");
    assert_eq!(twin.deposit(&key, json!({})).await.summary(), "200 DONE");
}
