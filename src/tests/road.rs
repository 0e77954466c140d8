//! One road: webhooks, late money, refunds, second carts and second instances all end in `settle`.

use futures::future::join_all;
use serde_json::{Value, json};

use crate::domain::won::Won;
use crate::server::payment::refund;
use crate::tests::shop::{Order, Shop, run, staff};

/// What Toss posts when a payment has changed, as far as a shop may rely on it.
pub(super) fn changed(order: &Order, key: &str, status: &str) -> Value {
    json!({
        "eventType": "PAYMENT_STATUS_CHANGED",
        "createdAt": "2026-11-22T12:00:00.000000",
        "data": {
            "orderId": order.id, "paymentKey": key, "status": status,
            "lastTransactionKey": format!("t-{status}"), "totalAmount": order.amount,
        },
    })
}

impl Shop {
    pub(super) async fn webhook(&self, body: &Value) {
        let answer = self.browser.post_json("/webhooks/toss", body).await;
        answer.is(200);
    }

    /// Asks Toss to cancel, behind the shop's back.
    async fn cancel_in_console(&self, key: &str, amount: Option<i64>) -> Value {
        let mut body = json!({ "cancelReason": "콘솔에서 취소" });
        if let Some(amount) = amount {
            body["cancelAmount"] = json!(amount);
        }
        self.as_merchant(&format!("/v1/payments/{key}/cancel"), &body).await
    }

    async fn refund(&self, order: &Order, amount: Option<i64>) {
        let id = crate::domain::id::OrderId::parse(&order.id).unwrap();
        let amount = amount.and_then(Won::new);
        let app = &self.running.app;
        refund::ask(&app.ledger, &id, amount, (&staff(), "고객 요청"), app.clock.now())
            .await
            .unwrap();
    }
}

#[test]
fn a_webhook_settles_an_order_whose_buyer_never_came_back() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let key = shop.authenticate(&order).await;
        // The answer is lost, and so is the buyer.
        shop.fault(json!({ "call": "confirm", "kind": "lose", "when": "after" })).await;
        shop.fault(json!({ "call": "read", "kind": "lose", "when": "before" })).await;
        shop.confirm(&key, &order, json!(order.amount)).await.is(202);
        shop.webhook(&changed(&order, &key, "DONE")).await;
        shop.settles(&order, "COMPLETED").await;
        shop.holds().await;
    });
}

#[test]
fn a_deposit_and_its_reversal_reach_the_order_by_webhook() {
    run(async {
        let shop = Shop::start_with(&["--sandbox-webhooks"]).await;
        let order = shop.order().await;
        let key = shop.authenticate_as(&order.id, order.amount, "VIRTUAL_ACCOUNT").await;
        shop.confirm(&key, &order, json!(order.amount)).await.is(202);
        let status = format!("select status from orders where id = '{}'", order.id);
        shop.until(&status, "WAITING_FOR_DEPOSIT").await;
        let path = format!("/__sandbox/payments/{key}");
        shop.toss(&format!("{path}/deposit"), &json!({})).await;
        shop.until(&status, "COMPLETED").await;
        assert_eq!(shop.one("select paid from orders").await, order.amount.to_string());
        // The bank takes it back: what was promised is held, and nothing counts as paid.
        shop.toss(&format!("{path}/reverse-deposit"), &json!({})).await;
        shop.until(&status, "WAITING_FOR_DEPOSIT").await;
        assert_eq!(shop.one("select paid from orders").await, "0");
        assert_eq!(shop.stock("tee").await, "118");
        shop.toss(&format!("{path}/deposit"), &json!({})).await;
        shop.until(&status, "COMPLETED").await;
        shop.works_through().await;
        shop.holds().await;
    });
}

#[test]
fn a_virtual_account_that_nobody_pays_into_gives_its_stock_back() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let key = shop.authenticate_as(&order.id, order.amount, "VIRTUAL_ACCOUNT").await;
        shop.confirm(&key, &order, json!(order.amount)).await.is(202);
        assert_eq!(shop.stock("tee").await, "118");
        shop.toss("/__sandbox/clock", &json!({ "advanceSeconds": 8 * 24 * 3_600 })).await;
        shop.settles(&order, "EXPIRED").await;
        assert_eq!(shop.stock("tee").await, "120");
        let page = shop.browser.get(&format!("/orders/{}", order.id)).await;
        assert!(page.text.contains("입금 기한이 지나"), "{}", page.text);
        shop.holds().await;
    });
}

#[test]
fn a_webhook_is_never_believed() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let key = shop.authenticate(&order).await;
        for status in ["DONE", "CANCELED", "EXPIRED", "OF_NEXT_YEAR"] {
            shop.webhook(&changed(&order, &key, status)).await;
        }
        let callback = json!({
            "createdAt": "2026-11-22T12:00:00.000000", "secret": "ps_false", "status": "DONE",
            "transactionKey": "t", "orderId": order.id,
        });
        shop.webhook(&callback).await;
        shop.later(10).await;
        assert_eq!(shop.status(&order).await, "PENDING");
        assert_eq!(shop.stock("tee").await, "120");
        shop.confirm(&key, &order, json!(order.amount)).await.is(200);
        shop.webhook(&changed(&order, &key, "CANCELED")).await;
        shop.webhook(&callback).await;
        shop.later(10).await;
        assert_eq!(shop.status(&order).await, "COMPLETED");
        shop.holds().await;
    });
}

#[test]
fn a_webhook_whose_look_up_decided_nothing_is_looked_at_again() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let key = shop.authenticate(&order).await;
        shop.takes_elsewhere(&key, &order).await;
        shop.fault(json!({ "call": "read", "kind": "unknownStatus" })).await;
        shop.webhook(&changed(&order, &key, "DONE")).await;
        shop.settles(&order, "COMPLETED").await;
        assert_eq!(shop.faults_left().await, 0);
        shop.holds().await;
    });
}

#[test]
fn webhooks_twice_at_once_and_for_unknown_orders_are_kept_and_harmless() {
    run(async {
        let shop = Shop::start().await;
        let (order, key) = shop.paid().await;
        let body = changed(&order, &key, "DONE");
        join_all((0..20).map(|_| shop.webhook(&body))).await;
        let filed = shop.one("select count(*) from webhooks").await;
        assert_eq!(filed, "1");
        let unknown = Order { id: "20260101-unknownunknown".to_owned(), ..order.clone() };
        shop.webhook(&changed(&unknown, "k", "DONE")).await;
        shop.webhook(&json!({ "eventType": "BRAND_NEW", "data": [1, 2, 3] })).await;
        shop.webhook(&json!({ "eventType": "BRAND_NEW", "data": { "anything": [1, 2, 3] } })).await;
        shop.later(10).await;
        assert_eq!(shop.one("select count(*) from webhooks").await, "3");
        let waiting =
            "select count(*) from webhooks where outcome = 'unknown order' and due_at > 0";
        shop.until(waiting, "1").await;
        assert_eq!(shop.events(&order).await.len(), 3);
        shop.holds().await;
    });
}

/// Somebody's false return address names the payment of another buyer's order.
#[test]
fn what_went_back_of_another_payment_is_not_written_to_this_order() {
    run(async {
        let shop = Shop::start().await;
        let (order, key) = shop.paid().await;
        let other = shop.order().await;
        shop.cancel_in_console(&key, Some(10_000)).await;
        shop.confirm(&key, &other, json!(100)).await.is(400);
        shop.webhook(&changed(&order, &key, "PARTIAL_CANCELED")).await;
        shop.settles(&order, "PARTIALLY_REFUNDED").await;
        assert_eq!(shop.status(&other).await, "FAILED");
        shop.holds().await;
    });
}

#[test]
fn a_cancel_in_the_console_appears_here() {
    run(async {
        let shop = Shop::start().await;
        let (order, key) = shop.paid().await;
        shop.cancel_in_console(&key, Some(10_000)).await;
        shop.webhook(&changed(&order, &key, "PARTIAL_CANCELED")).await;
        shop.settles(&order, "PARTIALLY_REFUNDED").await;
        assert_eq!(shop.one("select refunded from orders").await, "10000");
        shop.holds().await;
        shop.cancel_in_console(&key, None).await;
        shop.webhook(&changed(&order, &key, "PARTIAL_CANCELED")).await;
        shop.settles(&order, "REFUNDED").await;
        // What was sent to the buyer is not on the shelf again by itself.
        assert_eq!(shop.stock("tee").await, "118");
        let page = shop.browser.get(&format!("/orders/{}", order.id)).await;
        assert!(page.text.contains("전액 환불되었습니다"), "{}", page.text);
        shop.holds().await;
    });
}

#[test]
fn a_refund_is_made_once_whatever_becomes_of_its_answer() {
    run(async {
        for fault in [
            json!({ "kind": "delay", "when": "before", "delayMs": 1 }),
            json!({ "kind": "lose", "when": "after" }),
            json!({ "kind": "lose", "when": "before" }),
            json!({ "kind": "fail", "when": "after", "status": 500 }),
            json!({ "kind": "refuse", "code": "PROVIDER_ERROR" }),
            json!({ "kind": "refuse", "code": "A_CODE_OF_NEXT_YEAR" }),
        ] {
            let shop = Shop::start().await;
            let (order, key) = shop.paid().await;
            let mut set = fault.clone();
            set["call"] = json!("cancel");
            shop.fault(set).await;
            shop.refund(&order, Some(4_500)).await;
            shop.settles(&order, "PARTIALLY_REFUNDED").await;
            assert_eq!(shop.payment(&key).await["balanceAmount"], order.amount - 4_500, "{fault}");
            shop.refund(&order, None).await;
            shop.settles(&order, "REFUNDED").await;
            let payment = shop.payment(&key).await;
            assert_eq!(payment["balanceAmount"], 0, "{fault}");
            assert_eq!(payment["cancels"].as_array().unwrap().len(), 2, "{fault}");
            shop.holds().await;
        }
    });
}

#[test]
fn a_refund_that_toss_will_not_make_leaves_the_order_as_it_was() {
    run(async {
        let shop = Shop::start().await;
        let (order, _) = shop.paid().await;
        shop.fault(json!({ "call": "cancel", "kind": "refuse", "code": "EXCEED_MAX_REFUND_DUE" }))
            .await;
        shop.refund(&order, None).await;
        shop.settles(&order, "COMPLETED").await;
        let code = shop.one("select refused_code from cancels").await;
        assert_eq!(code, "EXCEED_MAX_REFUND_DUE");
        shop.holds().await;
    });
}

#[test]
fn refunds_are_asked_for_within_what_is_left() {
    run(async {
        let shop = Shop::start().await;
        let (order, _) = shop.paid().await;
        let id = crate::domain::id::OrderId::parse(&order.id).unwrap();
        let app = &shop.running.app;
        let ask = async |amount: i64, reason: &str| {
            let amount = Won::new(amount);
            refund::ask(&app.ledger, &id, amount, (&staff(), reason), app.clock.now())
                .await
                .map_err(|it| it.to_string())
        };
        assert!(
            ask(order.amount + 1, "r").await.unwrap_err().contains("--amount must be from 1 to")
        );
        assert!(ask(0, "r").await.unwrap_err().contains("--amount must be from 1"));
        assert!(ask(1_000, "  ").await.unwrap_err().contains("--reason is missing"));
        assert!(ask(1_000, "r").await.is_ok());
        // One at a time.
        assert!(ask(1_000, "r").await.is_err());
        shop.settles(&order, "PARTIALLY_REFUNDED").await;
        let never_paid = shop.order().await;
        let id = crate::domain::id::OrderId::parse(&never_paid.id).unwrap();
        assert!(
            refund::ask(&app.ledger, &id, None, (&staff(), "r"), app.clock.now()).await.is_err()
        );
        shop.holds().await;
    });
}

#[test]
fn late_money_takes_the_stock_again_or_goes_back() {
    run(async {
        for (left, end) in [(100, "COMPLETED"), (1, "FAILED")] {
            let shop = Shop::start().await;
            let order = shop.order().await;
            let key = shop.authenticate(&order).await;
            // Somebody else's confirm, with the shop's own keys, after the order had failed.
            shop.browser
                .post_json("/api/fail-payment", &json!({ "orderId": order.id, "code": "PAY_PROCESS_ABORTED", "message": "중단" }))
                .await
                .is(200);
            shop.takes_elsewhere(&key, &order).await;
            shop.alter(&format!(
                "update products set stock = {left}, received = {left} where id = 'tee'"
            ))
            .await;
            shop.webhook(&changed(&order, &key, "DONE")).await;
            shop.works_through().await;
            assert_eq!(shop.status(&order).await, end);
            let page = shop.browser.get(&format!("/orders/{}", order.id)).await;
            if end == "FAILED" {
                assert_eq!(shop.payment(&key).await["balanceAmount"], 0);
                assert!(page.text.contains("결제를 취소했습니다"), "{}", page.text);
                let path = format!("/api/order?orderId={}", order.id);
                let told = shop.browser.get_json_in("en", &path).await.json();
                let sentence = told["failure"]["message"].as_str().unwrap();
                assert!(sentence.ends_with("are left. The payment was cancelled."), "{told}");
            }
            shop.holds().await;
        }
    });
}

#[test]
fn a_cart_in_doubt_is_not_paid_a_second_time() {
    run(async {
        let shop = Shop::start().await;
        let one = shop.order().await;
        let two = shop.order().await;
        let keys = (shop.authenticate(&one).await, shop.authenticate(&two).await);
        shop.fault(json!({ "call": "any", "kind": "lose", "when": "before", "times": 1000 })).await;
        shop.confirm(&keys.0, &one, json!(one.amount)).await.is(202);
        let answer = shop.confirm(&keys.1, &two, json!(two.amount)).await;
        answer.is(409);
        assert!(answer.text.contains("다시 결제하지 마세요"), "{}", answer.text);
        assert_eq!(shop.calls(&two).await, Vec::<String>::new());
        let page = shop.browser.get(&format!("/checkout?orderId={}", two.id)).await;
        assert!(page.text.contains(&format!("/orders/{}", one.id)), "{}", page.text);
        shop.browser.get_json(&format!("/api/price?orderId={}", two.id)).await;
        // Once it is decided, the other may be paid, by who means it.
        shop.lift_faults().await;
        shop.settles(&one, "COMPLETED").await;
        shop.confirm(&keys.1, &two, json!(two.amount)).await.is(200);
        shop.holds().await;
    });
}

#[test]
fn an_order_that_nobody_pays_ends() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let passes = async |hours: i64| {
            shop.toss("/__sandbox/clock", &json!({ "advanceSeconds": hours * 3_600 })).await;
            // Toss is heard with the next payment, whosever it is.
            shop.running.app.clock.advance(hours * 3_600_000);
            shop.paid().await;
            shop.later(1).await;
        };
        passes(23).await;
        assert_eq!(shop.status(&order).await, "PENDING");
        passes(2).await;
        assert_eq!(shop.status(&order).await, "EXPIRED");
        assert_eq!(shop.stock("tee").await, "116");
        let page = shop.browser.get(&format!("/orders/{}", order.id)).await;
        assert!(page.text.contains("결제 시간이 지났습니다"), "{}", page.text);
        shop.holds().await;
    });
}

#[test]
fn figures_and_health_are_told() {
    run(async {
        let shop = Shop::start().await;
        shop.paid().await;
        let metrics = shop.browser.get_json("/metrics").await;
        let text = &metrics.is(200).text;
        for line in [
            "gyesan_orders_moved_total{status=\"COMPLETED\"} 1",
            "gyesan_toss_calls_total{call=\"confirm\",answer=\"DONE\"} 1",
            "gyesan_payments_open 0",
            "gyesan_webhooks_waiting 0",
        ] {
            assert!(text.contains(line), "{line} is not in {text}");
        }
        shop.browser.get_json("/healthz").await.is(200);
        shop.browser.get_json("/readyz").await.is(200);
    });
}

#[test]
fn figures_on_an_address_of_their_own_are_nowhere_else() {
    run(async {
        let shop = Shop::start_with(&["--ops-addr", "127.0.0.1:0"]).await;
        let ops = shop.running.ops_url.clone().unwrap();
        let asked = async |path: &str| reqwest::get(format!("{ops}{path}")).await.unwrap().status();
        for path in ["/metrics", "/healthz", "/readyz"] {
            assert_eq!(asked(path).await.as_u16(), 200, "{path}");
            assert_eq!(shop.browser.get(path).await.status.as_u16(), 404, "{path}");
        }
        for path in ["/", "/cart", "/api/products", "/webhooks/toss", "/pkg/gyesan.css"] {
            assert_eq!(asked(path).await.as_u16(), 404, "{path}");
        }
        shop.paid().await;
        let metrics = reqwest::get(format!("{ops}/metrics")).await.unwrap().text().await.unwrap();
        assert!(metrics.contains("gyesan_orders_moved_total{status=\"COMPLETED\"} 1"), "{metrics}");
    });
}
