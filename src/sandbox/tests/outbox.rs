//! What is told about payments, and what is not (Toss: webhooks.md §3).

use serde_json::json;

use crate::sandbox::payments::{BookSnapshot, Event, OutboxEntry};
use crate::sandbox::tests::Twin;

impl Twin {
    fn listening() -> Twin {
        let twin = Twin::new();
        twin.state.processor.book().listen(true);
        twin
    }

    /// What is new, one line each.
    fn news(&self) -> Vec<String> {
        let mut book = self.state.processor.book();
        book.pass_time(self.state.processor.clock.now());
        book.take_outbox().iter().map(line).collect()
    }
}

fn line(news: &OutboxEntry) -> String {
    assert!(!news.m_id.is_empty());
    assert!(!news.at.iso().is_empty());
    match &news.event {
        Event::PaymentStatusChanged(payment) => format!("payment {}", payment.status.as_str()),
        Event::Deposit { secret, status, transaction_key, order_id, payment_key } => {
            assert!(secret.starts_with("ps_") && transaction_key.len() == 32);
            assert!(order_id.starts_with("order-") && !payment_key.is_empty());
            format!("deposit {}", status.as_str())
        }
        Event::CancelStatusChanged(cancel) => format!("cancel {}", cancel.cancel_status),
        Event::BillingDeleted { billing_key, reason } => {
            format!("billing {} {}", billing_key.len(), reason.is_some())
        }
    }
}

#[tokio::test]
async fn webhooks_3_1_a_card_is_told_when_it_is_paid_and_when_it_is_cancelled() {
    let twin = Twin::listening();
    let key = twin.authenticated("order-0001", 1_000).await;
    assert_eq!(twin.news(), [] as [&str; 0]);
    twin.confirm(&key, "order-0001", 1_000).await;
    assert_eq!(twin.news(), ["payment DONE"]);
    let part = json!({ "cancelReason": "고객 변심", "cancelAmount": 300 });
    twin.cancel(&key, part.clone()).await;
    twin.cancel(&key, part).await;
    assert_eq!(twin.news(), ["payment PARTIAL_CANCELED", "payment PARTIAL_CANCELED"]);
}

#[tokio::test]
async fn webhooks_3_1_time_that_runs_out_is_told_without_anyone_looking() {
    let twin = Twin::listening();
    twin.authenticated("order-0001", 1_000).await;
    twin.authenticated_with("order-0002", 1_000, json!({ "authenticated": false })).await;
    twin.advance_minutes(10).await;
    assert_eq!(twin.news(), ["payment EXPIRED"]);
    twin.advance_minutes(20).await;
    assert_eq!(twin.news(), ["payment EXPIRED"]);
    twin.advance_minutes(60).await;
    assert_eq!(twin.news(), [] as [&str; 0]);
}

#[tokio::test]
async fn webhooks_3_1_a_refusal_at_confirm_is_told_as_aborted() {
    let twin = Twin::listening();
    let key = twin.authenticated("order-0001", 1_000).await;
    twin.fault(json!({ "kind": "refuse", "code": "REJECT_CARD_PAYMENT" })).await;
    twin.confirm(&key, "order-0001", 1_000).await;
    assert_eq!(twin.news(), ["payment ABORTED"]);
}

#[tokio::test]
async fn webhooks_3_2_a_virtual_account_is_told_twice_but_for_its_waiting_and_its_due_date() {
    let twin = Twin::listening();
    let key = twin.waiting("order-0001", json!({})).await;
    assert_eq!(twin.news(), ["deposit WAITING_FOR_DEPOSIT"]);
    twin.deposit(&key, json!({})).await;
    assert_eq!(twin.news(), ["deposit DONE", "payment DONE"]);
    twin.reverse_deposit(&key).await;
    assert_eq!(twin.news(), ["deposit WAITING_FOR_DEPOSIT"]);
    twin.advance_minutes(168 * 60).await;
    assert_eq!(twin.news(), [] as [&str; 0]);
    twin.cancel(&key, json!({ "cancelReason": "기한 지남" })).await;
    assert_eq!(twin.news(), ["deposit CANCELED", "payment CANCELED"]);
}

#[tokio::test]
async fn while_nobody_listens_nothing_is_kept() {
    let twin = Twin::new();
    twin.paid("order-0001", 1_000).await;
    twin.state.processor.book().listen(true);
    assert_eq!(twin.news(), [] as [&str; 0]);
    twin.paid("order-0002", 1_000).await;
    twin.state.processor.book().listen(false);
    assert_eq!(twin.news(), [] as [&str; 0]);
}

#[tokio::test]
async fn a_book_comes_back_from_its_snapshot() {
    let twin = Twin::new();
    let card = twin.paid("order-0001", 1_000).await;
    let waiting = twin.waiting("order-0002", json!({})).await;
    let easy = json!({ "method": "NAVERPAY", "mix": "CARD_POINTS" });
    let open = twin.authenticated_with("order-0003", 2_000, easy).await;
    let text = serde_json::to_string(&twin.state.processor.book().snapshot()).unwrap();

    let other = Twin::new();
    // It is the same time there, too.
    let kept: BookSnapshot = serde_json::from_str(&text).unwrap();
    other.state.processor.book().restore(kept, &other.state.processor.accounts);
    for key in [&card, &waiting, &open] {
        assert_eq!(other.read(key).await.text, twin.read(key).await.text);
    }
    assert_eq!(other.confirm(&open, "order-0003", 2_000).await.summary(), "200 DONE");
    other.deposit(&waiting, json!({})).await;
    assert_eq!(other.read(&waiting).await.summary(), "200 DONE");
}
