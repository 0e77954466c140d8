//! What payments bring about by themselves (Toss: webhooks.md §1, §3.1 to §3.4, §4).

use serde_json::{Value, json};

use crate::sandbox::tests::webhooks::Scene;
use crate::sandbox::tests::{CLIENT, INDIVIDUAL_CLIENT};

impl Scene {
    /// The next webhooks, one line each. What is about one order comes in order.
    async fn told(&mut self, count: usize) -> Vec<String> {
        let mut lines = Vec::new();
        for _ in 0..count {
            let body = self.receiver.next().await.json();
            let kind = body["eventType"].as_str().unwrap_or("DEPOSIT_CALLBACK").to_owned();
            let status = body["data"]["status"].as_str().or(body["status"].as_str());
            lines.push(format!("{kind} {}", status.unwrap_or("-")));
        }
        lines
    }

    /// How many deliveries there are in all.
    async fn count(&self) -> usize {
        self.deliveries().await.len()
    }
}

#[tokio::test]
async fn webhooks_1_test_payments_are_told() {
    let mut scene = Scene::start().await;
    assert!(CLIENT.starts_with("test_"));
    scene.twin.paid("order-0001", 1_000).await;
    assert_eq!(scene.told(1).await, ["PAYMENT_STATUS_CHANGED DONE"]);
}

#[tokio::test]
async fn webhooks_1_two_events_for_one_change_of_a_virtual_account() {
    let mut scene = Scene::start().await;
    let key = scene.twin.waiting("order-0001", json!({})).await;
    assert_eq!(scene.told(1).await, ["DEPOSIT_CALLBACK WAITING_FOR_DEPOSIT"]);
    scene.twin.deposit(&key, json!({})).await;
    assert_eq!(scene.told(2).await, ["DEPOSIT_CALLBACK DONE", "PAYMENT_STATUS_CHANGED DONE"]);
}

#[tokio::test]
async fn webhooks_3_1_data_is_the_whole_payment_in_the_version_of_the_merchant() {
    let mut scene = Scene::start().await;
    let key = scene.twin.paid("order-0001", 1_000).await;
    let told = scene.receiver.next().await.json();
    assert_eq!(told["data"], scene.twin.read(&key).await.json());
    assert_eq!(told["data"]["version"], "2022-11-16");
}

#[tokio::test]
async fn webhooks_3_1_every_end_of_a_payment_is_told_and_nothing_before_it() {
    let mut scene = Scene::start().await;
    let key = scene.twin.authenticated("order-0001", 1_000).await;
    let open = json!({ "authenticated": false });
    scene.twin.authenticated_with("order-0002", 1_000, open).await;
    // READY and IN_PROGRESS are not told, nor that a window was closed.
    assert_eq!(scene.count().await, 0);
    scene.twin.advance_minutes(10).await;
    assert_eq!(scene.told(1).await, ["PAYMENT_STATUS_CHANGED EXPIRED"]);
    assert_eq!(scene.twin.read(&key).await.summary(), "200 EXPIRED");

    let key = scene.twin.paid("order-0003", 1_000).await;
    assert_eq!(scene.told(1).await, ["PAYMENT_STATUS_CHANGED DONE"]);
    let part = json!({ "cancelReason": "고객 변심", "cancelAmount": 300 });
    scene.twin.cancel(&key, part).await;
    assert_eq!(scene.told(1).await, ["PAYMENT_STATUS_CHANGED PARTIAL_CANCELED"]);
    let key = scene.twin.paid("order-0004", 1_000).await;
    scene.twin.cancel(&key, json!({ "cancelReason": "고객 변심" })).await;
    assert_eq!(
        scene.told(2).await,
        ["PAYMENT_STATUS_CHANGED DONE", "PAYMENT_STATUS_CHANGED CANCELED"]
    );
    let key = scene.twin.authenticated("order-0005", 1_000).await;
    scene.twin.fault(json!({ "kind": "refuse", "code": "REJECT_CARD_PAYMENT" })).await;
    scene.twin.confirm(&key, "order-0005", 1_000).await;
    assert_eq!(scene.told(1).await, ["PAYMENT_STATUS_CHANGED ABORTED"]);
}

#[tokio::test]
async fn webhooks_3_1_time_that_runs_out_is_told_without_any_call() {
    let mut scene = Scene::start().await;
    scene.twin.authenticated("order-0001", 1_000).await;
    // Not through the control API, after whose calls the sandbox looks round in any case.
    scene.twin.state.processor.clock.advance(10 * 60 * 1_000);
    assert_eq!(scene.told(1).await, ["PAYMENT_STATUS_CHANGED EXPIRED"]);
}

#[tokio::test]
async fn webhooks_3_1_the_success_of_a_billing_charge_is_not_told() {
    let scene = Scene::start().await;
    let twin = &scene.twin;
    let agreed = json!({ "clientKey": INDIVIDUAL_CLIENT, "customerKey": "customer-1" });
    let auth_key = twin.control("POST", "billing-auth", agreed).await.json()["authKey"].clone();
    let issue = json!({ "authKey": auth_key, "customerKey": "customer-1" });
    let issued = twin.api("POST", "/v1/billing/authorizations/issue", &[], issue).await.json();
    let charge = json!({
        "amount": 1_000, "customerKey": "customer-1", "orderId": "order-0001", "orderName": "구독",
    });
    let path = format!("/v1/billing/{}", issued["billingKey"].as_str().unwrap());
    assert_eq!(twin.api("POST", &path, &[], charge).await.summary(), "200 DONE");
    assert_eq!(scene.count().await, 0);
}

#[tokio::test]
async fn webhooks_3_1_the_secret_is_that_of_the_confirm_answer() {
    let mut scene = Scene::start().await;
    let key = scene.twin.authenticated("order-0001", 1_000).await;
    let confirmed = scene.twin.confirm(&key, "order-0001", 1_000).await.json();
    let told = scene.receiver.next().await.json();
    assert!(confirmed["secret"].as_str().unwrap().starts_with("ps_"));
    assert_eq!(told["data"]["secret"], confirmed["secret"]);
}

#[tokio::test]
async fn webhooks_3_2_a_deposit_callback_names_secret_transaction_and_order() {
    let mut scene = Scene::start().await;
    let key = scene.twin.waiting("order-0001", json!({})).await;
    let waiting = scene.twin.read(&key).await.json();
    let told = scene.receiver.next().await.json();
    assert_eq!(told["secret"], waiting["secret"]);
    assert_eq!(told["transactionKey"], waiting["lastTransactionKey"]);
    assert_eq!(
        (&told["orderId"], &told["status"]),
        (&json!("order-0001"), &json!("WAITING_FOR_DEPOSIT"))
    );
}

#[tokio::test]
async fn webhooks_3_2_issue_deposit_reversal_and_cancels_are_told_and_a_due_date_is_not() {
    let mut scene = Scene::start().await;
    let key = scene.twin.waiting("order-0001", json!({})).await;
    scene.twin.deposit(&key, json!({})).await;
    scene.told(3).await;
    scene.twin.reverse_deposit(&key).await;
    assert_eq!(scene.told(1).await, ["DEPOSIT_CALLBACK WAITING_FOR_DEPOSIT"]);
    let before = scene.count().await;
    scene.twin.advance_minutes(200 * 60).await;
    assert_eq!(scene.count().await, before);
    scene.twin.cancel(&key, json!({ "cancelReason": "입금 전 취소" })).await;
    assert_eq!(
        scene.told(2).await,
        ["DEPOSIT_CALLBACK CANCELED", "PAYMENT_STATUS_CHANGED CANCELED"]
    );

    let key = scene.twin.waiting("order-0002", json!({})).await;
    scene.twin.deposit(&key, json!({})).await;
    scene.told(3).await;
    let account = json!({ "bank": "20", "accountNumber": "1002123456789", "holderName": "박토스" });
    let part = json!({ "cancelReason": "고객 변심", "cancelAmount": 1_000, "refundReceiveAccount": account });
    assert_eq!(scene.twin.cancel(&key, part).await.summary(), "200 PARTIAL_CANCELED");
    assert_eq!(
        scene.told(2).await,
        ["DEPOSIT_CALLBACK PARTIAL_CANCELED", "PAYMENT_STATUS_CHANGED PARTIAL_CANCELED"]
    );
}

#[tokio::test]
async fn webhooks_3_2_a_bank_may_take_a_deposit_back_within_seconds() {
    let mut scene = Scene::start().await;
    let key = scene.twin.waiting("order-0001", json!({})).await;
    scene.told(1).await;
    scene.fault(json!({ "kind": "reversal", "delaySeconds": 90 })).await;
    scene.twin.deposit(&key, json!({})).await;
    assert_eq!(scene.told(2).await, ["DEPOSIT_CALLBACK DONE", "PAYMENT_STATUS_CHANGED DONE"]);
    assert_eq!(scene.twin.read(&key).await.summary(), "200 DONE");
    scene.twin.advance_minutes(2).await;
    assert_eq!(scene.told(1).await, ["DEPOSIT_CALLBACK WAITING_FOR_DEPOSIT"]);
    assert_eq!(scene.twin.read(&key).await.summary(), "200 WAITING_FOR_DEPOSIT");
}

#[tokio::test]
async fn webhooks_3_3_a_cancel_that_ran_on_abroad_is_told_and_a_domestic_one_is_not() {
    let mut scene = Scene::start().await;
    let abroad = json!({ "method": "ALIPAY", "currency": "USD" });
    let key = scene.twin.authenticated_with("order-0001", 30, abroad).await;
    assert_eq!(scene.twin.confirm(&key, "order-0001", 30).await.summary(), "200 DONE");
    scene.told(1).await;
    let cancel = json!({ "cancelReason": "고객 변심", "cancelRequestId": "cancel-0001" });
    let canceled = scene.twin.cancel(&key, cancel).await;
    assert_eq!(canceled.status, 200, "{}", canceled.text);
    let ended = scene.twin.control("POST", &format!("payments/{key}/cancels"), json!({})).await;
    assert_eq!(ended.json()["ended"], 1);
    let told = loop {
        let body = scene.receiver.next().await.json();
        if body["eventType"] == "CANCEL_STATUS_CHANGED" {
            break body;
        }
    };
    assert_eq!(told["data"]["cancelStatus"], "DONE");
    assert_eq!(told["data"]["cancelRequestId"], "cancel-0001");
    assert!(told["data"].get("paymentKey").is_none() && told["data"].get("orderId").is_none());
}

#[tokio::test]
async fn webhooks_3_4_deleting_a_billing_key_is_told() {
    let mut scene = Scene::start().await;
    let agreed = json!({ "clientKey": INDIVIDUAL_CLIENT, "customerKey": "customer-1" });
    let twin = &scene.twin;
    let auth_key = twin.control("POST", "billing-auth", agreed).await.json()["authKey"].clone();
    let issue = json!({ "authKey": auth_key, "customerKey": "customer-1" });
    let issued = twin.api("POST", "/v1/billing/authorizations/issue", &[], issue).await.json();
    let path = format!("/v1/billing/{}", issued["billingKey"].as_str().unwrap());
    assert_eq!(twin.api("DELETE", &path, &[], Value::Null).await.status, 200);
    let told = scene.receiver.next().await.json();
    assert_eq!(told["eventType"], "BILLING_DELETED");
    assert_eq!(told["data"]["billingKey"], issued["billingKey"]);
    assert!(told["data"].get("reason").is_some());
}

#[tokio::test]
async fn an_event_can_be_made_about_a_payment_as_it_stands() {
    let mut scene = Scene::start().await;
    let key = scene.twin.paid("order-0001", 1_000).await;
    let first = scene.receiver.next().await.json();
    for event in ["PAYMENT_STATUS_CHANGED", "DEPOSIT_CALLBACK"] {
        scene.make(json!({ "event": event, "paymentKey": key })).await;
        let told = scene.receiver.next().await.json();
        let data = if event == "DEPOSIT_CALLBACK" { &told } else { &told["data"] };
        assert_eq!(data["secret"], first["data"]["secret"], "{event}");
    }
    let unknown = json!({ "event": "PAYMENT_STATUS_CHANGED", "paymentKey": "nobody" });
    assert_eq!(scene.twin.control("POST", "events", unknown).await.status, 404);
    let other = json!({ "event": "BILLING_DELETED", "paymentKey": key });
    assert_eq!(scene.twin.control("POST", "events", other).await.json()["field"], "paymentKey");
}

#[tokio::test]
async fn webhooks_3_2_an_event_may_arrive_before_the_answer_of_the_confirm_that_caused_it() {
    let mut scene = Scene::start().await;
    let key = scene.twin.authenticated("order-0001", 1_000).await;
    scene.fault(json!({ "kind": "early", "event": "PAYMENT_STATUS_CHANGED" })).await;
    scene.receiver.hold();
    let twin = scene.twin.clone();
    let confirming = {
        let key = key.clone();
        tokio::spawn(async move { twin.confirm(&key, "order-0001", 1_000).await })
    };
    // The receiver has the event, reads the payment, and the shop still has no answer.
    let told = scene.receiver.next().await.json();
    assert_eq!(told["data"]["status"], "DONE");
    assert_eq!(scene.twin.read(&key).await.summary(), "200 DONE");
    assert!(!confirming.is_finished());
    scene.receiver.release();
    assert_eq!(confirming.await.unwrap().summary(), "200 DONE");
}

#[tokio::test]
async fn an_order_of_events_is_kept_within_one_order_and_can_be_turned_round() {
    let mut scene = Scene::start().await;
    let key = scene.twin.waiting("order-0001", json!({})).await;
    scene.told(1).await;
    scene.fault(json!({ "kind": "reorder", "count": 2 })).await;
    scene.twin.deposit(&key, json!({})).await;
    assert_eq!(scene.told(2).await, ["PAYMENT_STATUS_CHANGED DONE", "DEPOSIT_CALLBACK DONE"]);
}

#[tokio::test]
async fn a_payments_timeline_has_its_calls_and_its_webhooks() {
    let mut scene = Scene::start().await;
    let key = scene.twin.paid("order-0001", 1_000).await;
    scene.receiver.next().await;
    scene.until_tried(1).await;
    let shown = scene.twin.control("GET", &format!("payments/{key}"), Value::Null).await;
    let timeline = shown.json()["timeline"].as_array().unwrap().clone();
    let mut what: Vec<&str> = timeline.iter().map(|it| it["what"].as_str().unwrap()).collect();
    what.sort_unstable();
    assert_eq!(what, ["authenticated", "call", "opened", "transaction", "webhook"]);
    assert!(!shown.text.contains("ps_"));
    assert_eq!(scene.twin.control("GET", "payments/nobody", Value::Null).await.status, 404);
}
