//! Cancels that come late, and cancels that run on (Toss: api.md §3.5, §5.2).

use serde_json::{Value, json};

use crate::sandbox::payments::Event;
use crate::sandbox::tests::Twin;

const DAY_MINUTES: i64 = 24 * 60;

fn reason() -> Value {
    json!({
        "cancelReason": "고객 변심",
        "refundReceiveAccount": { "bank": "20", "accountNumber": "1", "holderName": "박토스" },
    })
}

#[tokio::test]
async fn api_5_2_each_method_has_its_own_last_day() {
    for (choice, days) in [
        (json!({ "method": "TRANSFER" }), Some(180)),
        (json!({ "method": "VIRTUAL_ACCOUNT" }), Some(365)),
        (json!({ "method": "PAYPAL", "currency": "USD" }), Some(180)),
        (json!({ "method": "CARD" }), None),
        (json!({ "method": "TOSSPAY" }), None),
    ] {
        let twin = Twin::new();
        let mut keys = Vec::new();
        for order in ["order-0001", "order-0002"] {
            let key = twin.authenticated_with(order, 1_000, choice.clone()).await;
            twin.confirm(&key, order, 1_000).await;
            twin.deposit(&key, json!({})).await;
            keys.push(key);
        }
        twin.advance_minutes(days.unwrap_or(5 * 365) * DAY_MINUTES - 1).await;
        assert_eq!(twin.cancel(&keys[0], reason()).await.summary(), "200 CANCELED", "{choice}");
        twin.advance_minutes(1).await;
        let expected = if days.is_some() { "403 EXCEED_MAX_REFUND_DUE" } else { "200 CANCELED" };
        assert_eq!(twin.cancel(&keys[1], reason()).await.summary(), expected, "{choice}");
    }
}

#[tokio::test]
async fn api_5_2_a_mobile_phone_is_cancelled_in_the_same_month() {
    let twin = Twin::new();
    let choice = json!({ "method": "MOBILE_PHONE" });
    // To the first day of the next month, whatever day it is.
    let month = twin.state.processor.clock.now().month();
    while twin.state.processor.clock.now().month() == month {
        twin.advance_minutes(DAY_MINUTES).await;
    }
    let key = twin.authenticated_with("order-0001", 1_000, choice.clone()).await;
    twin.confirm(&key, "order-0001", 1_000).await;
    twin.advance_minutes(20 * DAY_MINUTES).await;
    assert_eq!(twin.cancel(&key, reason()).await.summary(), "200 CANCELED");
    let key = twin.authenticated_with("order-0002", 1_000, choice).await;
    twin.confirm(&key, "order-0002", 1_000).await;
    twin.advance_minutes(20 * DAY_MINUTES).await;
    assert_eq!(twin.cancel(&key, reason()).await.summary(), "403 EXCEED_MAX_REFUND_DUE");
}

#[tokio::test]
async fn api_3_5_easy_pay_from_abroad_is_cancelled_later_than_it_is_answered() {
    for (outcome, status, balance) in
        [("DONE", "PARTIAL_CANCELED", 700), ("ABORTED", "DONE", 1_000)]
    {
        let twin = Twin::new();
        twin.state.processor.book().listen(true);
        let choice = json!({ "method": "ALIPAY", "currency": "USD" });
        let key = twin.authenticated_with("order-0001", 1_000, choice).await;
        twin.confirm(&key, "order-0001", 1_000).await;
        let body = json!({ "cancelReason": "고객 변심", "cancelAmount": 300, "currency": "USD",
            "cancelRequestId": "cancel-0001" });
        let cancel = twin.cancel(&key, body).await.json()["cancels"][0].clone();
        assert_eq!(cancel["cancelStatus"], "IN_PROGRESS");
        assert_eq!(cancel["cancelRequestId"], "cancel-0001");
        twin.state.processor.book().take_outbox();

        let path = format!("payments/{key}/cancels");
        let reply = twin.control("POST", &path, json!({ "outcome": outcome })).await;
        assert_eq!(reply.json(), json!({ "ended": 1 }));
        let body = twin.read(&key).await.json();
        assert_eq!(body["cancels"][0]["cancelStatus"], outcome);
        assert_eq!((&body["status"], &body["balanceAmount"]), (&json!(status), &json!(balance)));
        let news = twin.state.processor.book().take_outbox();
        assert!(
            matches!(&news[0].event, Event::CancelStatusChanged(it) if it.cancel_status == outcome)
        );
        assert_eq!(news.len(), 1);
    }
}

#[tokio::test]
async fn api_3_5_a_running_cancel_ends_by_itself() {
    let twin = Twin::new();
    twin.state.processor.book().listen(true);
    let choice = json!({ "method": "ALIPAY", "currency": "USD" });
    let key = twin.authenticated_with("order-0001", 1_000, choice).await;
    twin.confirm(&key, "order-0001", 1_000).await;
    twin.cancel(&key, json!({ "cancelReason": "고객 변심" })).await;
    twin.state.processor.book().take_outbox();
    twin.advance_minutes(1).await;
    twin.state.processor.book().pass_time(twin.state.processor.clock.now());
    let news = twin.state.processor.book().take_outbox();
    assert!(matches!(&news[0].event, Event::CancelStatusChanged(it) if it.cancel_status == "DONE"));
    assert_eq!(twin.read(&key).await.summary(), "200 CANCELED");
}

#[tokio::test]
async fn api_3_5_paypal_and_domestic_methods_are_cancelled_at_once() {
    for choice in [json!({ "method": "PAYPAL", "currency": "USD" }), json!({})] {
        let twin = Twin::new();
        let key = twin.authenticated_with("order-0001", 1_000, choice).await;
        twin.confirm(&key, "order-0001", 1_000).await;
        let body = json!({ "cancelReason": "고객 변심", "cancelRequestId": "cancel-0001" });
        let cancel = twin.cancel(&key, body).await.json()["cancels"][0].clone();
        assert_eq!(cancel["cancelStatus"], "DONE");
        assert_eq!(cancel["cancelRequestId"], Value::Null);
    }
}

#[tokio::test]
async fn api_5_2_escrow_is_cancelled_whole_or_not_at_all() {
    let twin = Twin::new();
    let choice = json!({ "method": "TRANSFER", "useEscrow": true });
    let key = twin.authenticated_with("order-0001", 1_000, choice).await;
    twin.confirm(&key, "order-0001", 1_000).await;
    let part = json!({ "cancelReason": "고객 변심", "cancelAmount": 300 });
    assert_eq!(twin.cancel(&key, part).await.summary(), "403 NOT_ALLOWED_PARTIAL_REFUND");
    assert_eq!(twin.cancel(&key, reason()).await.summary(), "200 CANCELED");
}

#[tokio::test]
async fn api_1_6_dollars_have_cents_and_won_have_none() {
    // Measured at Toss: 726.24 dollars of which 181.56 came back.
    let twin = Twin::new();
    let choice = json!({ "method": "PAYPAL", "currency": "USD", "amount": 726.24 });
    let key = twin.authenticated_with("order-0001", 1, choice).await;
    for amount in [json!(726), json!(726.25), json!("726.2"), json!(726.241)] {
        let body = json!({ "paymentKey": key, "orderId": "order-0001", "amount": amount });
        let reply = twin.api("POST", "/v1/payments/confirm", &[], body).await;
        assert_eq!(reply.summary(), "400 INVALID_REQUEST", "{amount}");
    }
    let body = json!({ "paymentKey": key, "orderId": "order-0001", "amount": "726.24" });
    let body = twin.api("POST", "/v1/payments/confirm", &[], body).await.json();
    assert_eq!(
        (&body["totalAmount"], &body["easyPay"]["amount"]),
        (&json!(726.24), &json!(726.24))
    );
    let part =
        json!({ "cancelReason": "고객 변심", "cancelAmount": 181.56, "refundableAmount": 726.24 });
    let body = twin.cancel(&key, part).await.json();
    assert_eq!(body["cancels"][0]["cancelAmount"], 181.56);
    assert_eq!(body["cancels"][0]["refundableAmount"], 544.68);
    for (name, expected) in [("balanceAmount", 544.68), ("suppliedAmount", 495.16), ("vat", 49.52)]
    {
        assert_eq!(body[name], expected, "{name}");
    }

    let order = json!({ "clientKey": crate::sandbox::tests::CLIENT, "orderId": "order-0002",
        "orderName": "컵", "amount": 1_000.5 });
    let reply = twin.control("POST", "authenticate", order).await;
    assert_eq!((reply.status.as_u16(), &reply.json()["field"]), (400, &json!("amount")));
}
