//! Background work that fails again and again: what the log is told of it, and where it ends.

use std::io::Write;
use std::sync::{Arc, Mutex};

use serde_json::json;
use tokio::runtime::Builder;
use tracing::Dispatch;
use tracing_subscriber::layer::SubscriberExt;

use crate::server::ops::background;
use crate::server::proof;
use crate::tests::shop::{Shop, run};

/// A log that can be read.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// Lines about the background's failures and their end.
    fn lines(&self) -> Vec<String> {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        let lines = text.lines().filter(|line| line.contains("work=\"background\""));
        lines.map(str::to_owned).collect()
    }
}

impl Log {
    /// Lines about what failed beside the background.
    fn failures(&self) -> Vec<String> {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        let is_one = |line: &&str| line.contains("ERROR") && !line.contains("work=\"");
        text.lines().filter(is_one).map(str::to_owned).collect()
    }
}

#[test]
fn what_a_request_fails_at_is_logged_once_and_what_is_refused_is_not() {
    let log = Log::default();
    let writer = log.clone();
    let format = tracing_subscriber::fmt::layer().with_ansi(false);
    let listener = tracing_subscriber::registry().with(format.with_writer(move || writer.clone()));
    let _another = Dispatch::new(tracing_subscriber::registry());
    let _listening = tracing::subscriber::set_default(listener);
    Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        shop.browser.get_json("/api/order?orderId=nobodys-order").await.is(404);
        assert_eq!(log.failures(), Vec::<String>::new());
        shop.read_only(true).await;
        for (path, body, status) in [
            ("/api/place-order", Shop::wish(), 503),
            ("/api/apply-coupon", json!({ "orderId": order.id, "couponId": null }), 503),
        ] {
            let before = log.failures().len();
            shop.browser.post_json(path, &body).await.is(status);
            let told = log.failures();
            assert!(told.len() == before + 1 && told[before].contains("database"), "{told:#?}");
        }
        let before = log.failures().len();
        let fields = [("productId", "tee"), ("quantity", "1"), ("back", "cart")];
        shop.browser.post_form("/form/cart", &fields).await.is(302);
        assert_eq!(log.failures().len(), before);
        shop.read_only(false).await;
    });
}

impl Shop {
    /// As the program's own loop does.
    async fn background(&self) {
        let app = &self.running.app;
        app.failures.watch(&app.clock, background::tick(app)).await;
    }
}

#[test]
fn a_database_that_takes_nothing_fills_no_log() {
    let log = Log::default();
    let writer = log.clone();
    let format = tracing_subscriber::fmt::layer().with_ansi(false);
    let listener = tracing_subscriber::registry().with(format.with_writer(move || writer.clone()));
    // Beside only one listener, tracing asks that of whichever thread comes by first, for good; the
    // threads of other tests have none.
    let _another = Dispatch::new(tracing_subscriber::registry());
    let _listening = tracing::subscriber::set_default(listener);
    // On this thread alone, which is the one that listens.
    Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
        let (shop, order, key) = Shop::on_return().await;
        shop.fault(json!({ "call": "confirm", "kind": "lose", "when": "after" })).await;
        shop.fault(json!({ "call": "read", "kind": "lose", "when": "before", "times": 50 })).await;
        shop.confirm(&key, &order, json!(order.amount)).await.is(202);
        let webhook = json!({
            "eventType": "PAYMENT_STATUS_CHANGED", "createdAt": "x",
            "data": { "orderId": order.id, "paymentKey": key, "status": "DONE" },
        });
        shop.browser.post_json("/webhooks/toss", &webhook).await.is(200);
        assert_eq!(log.lines(), Vec::<String>::new());

        shop.read_only(true).await;
        shop.running.app.clock.advance(3_600_000);
        for _ in 0..100 {
            shop.background().await;
        }
        // The shop's own loop may have failed before the clock was put forward, and then told again.
        let lines = log.lines();
        let told = lines.len();
        assert!((1..=2).contains(&told) && lines[0].contains("ERROR"), "{lines:#?}");
        shop.running.app.clock.advance(60_000);
        for _ in 0..100 {
            shop.background().await;
        }
        let lines = log.lines();
        assert!(lines.len() == told + 1 && lines[told].contains("still failing"), "{lines:#?}");

        shop.read_only(false).await;
        shop.lift_faults().await;
        shop.background().await;
        shop.background().await;
        let lines = log.lines();
        assert!(lines.len() == told + 2 && lines[told + 1].contains("works again"), "{lines:#?}");
        shop.settles(&order, "COMPLETED").await;
        assert_eq!(log.lines().len(), told + 2);
        shop.holds().await;
    });
}

#[test]
fn a_webhook_that_the_shop_itself_fails_at_is_given_up_and_its_order_is_not() {
    run(async {
        let shop = Shop::start().await;
        let (order, key) = shop.paid().await;
        // No version writes this; whoever reads it fails.
        shop.alter("update orders set paid = -1").await;
        let webhook = json!({
            "eventType": "PAYMENT_STATUS_CHANGED", "createdAt": "x",
            "data": { "orderId": order.id, "paymentKey": key, "status": "CANCELED" },
        });
        shop.browser.post_json("/webhooks/toss", &webhook).await.is(200);
        shop.until("select tried from webhooks", "1").await;
        assert_eq!(shop.one("select given_up_at from webhooks").await, "null");
        let mut hours = 0;
        while shop.one("select due_at from webhooks").await != "null" {
            shop.later(3_600).await;
            hours += 1;
            assert!(hours < 24 * 5, "it has an end");
        }
        assert!(hours > 24 * 3, "and a late one: {hours} hours");
        let outcome = shop.one("select outcome from webhooks").await;
        assert_eq!(outcome, "given up: the shop failed");
        let metrics = shop.stranger().get_json("/metrics").await.text;
        assert!(metrics.contains("\ngyesan_webhooks_given_up 1\n"), "{metrics}");

        // What the webhook told of is found without it.
        shop.alter("update orders set paid = amount").await;
        let cancel = json!({ "cancelReason": "고객 요청" });
        shop.as_merchant(&format!("/v1/payments/{key}/cancel"), &cancel).await;
        for _ in 0..50 {
            proof::step(&shop.running.app).await.unwrap();
            shop.later(70).await;
        }
        assert_eq!(shop.status(&order).await, "REFUNDED");
        // And the same event, sent again, is taken up no more than its row says.
        shop.browser.post_json("/webhooks/toss", &webhook).await.is(200);
        assert_eq!(shop.one("select count(*) from webhooks").await, "1");
        shop.holds().await;
    });
}
