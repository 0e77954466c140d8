//! Clocks that are set while something is in doubt: nobody is told that nothing was paid on the word of
//! the shop's own clock.

use serde_json::json;

use crate::server::ops::background;
use crate::tests::shop::{Order, Shop, run};

const MINUTE: i64 = 60;
const DAY: i64 = 24 * 60 * MINUTE;

/// Where Toss refuses every confirm in passing, and says of the payment that nothing was asked.
const REFUSED: &str = r#"{"call":"confirm","kind":"lose","when":"before","times":1000}"#;

impl Shop {
    /// The machine's clock is set, ahead or back, and the background works.
    async fn sets_clock(&self, seconds: i64) {
        self.running.app.clock.set(seconds * 1_000);
        background::tick(&self.running.app).await.unwrap();
    }

    async fn told(&self, order: &Order) -> String {
        let path = format!("/api/order-status?orderId={}", order.id);
        let told = self.browser.get_json(&path).await.json();
        told["status"].as_str().unwrap_or_else(|| panic!("{told}")).to_owned()
    }

    async fn moment_at_toss(&self) -> i64 {
        let told = self.seen("/__sandbox/clock").await;
        told["now"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap().as_millisecond()
    }
}

#[test]
fn a_clock_twenty_minutes_ahead_tells_nobody_that_a_slow_payment_expired() {
    run(async {
        let (shop, order, key) = Shop::on_return().await;
        let beside = shop.beside().await;
        beside.browser.becomes(&shop.browser);
        shop.fault(json!({ "call": "confirm", "kind": "hold", "when": "before" })).await;
        // Toss takes its time, and both instances find that every lease and every deadline is over.
        let (answer, ()) = tokio::join!(shop.confirm(&key, &order, json!(order.amount)), async {
            shop.until_asked(&key).await;
            for instance in [&shop, &beside] {
                instance.sets_clock(20 * MINUTE).await;
                for _ in 0..3 {
                    // Someone else may have asked again, and have got it.
                    let told = instance.told(&order).await;
                    assert!(["CONFIRMING", "COMPLETED"].contains(&told.as_str()), "{told}");
                    background::tick(&instance.running.app).await.unwrap();
                }
                let page = instance.browser.get(&format!("/orders/{}", order.id)).await;
                for lie in ["만료", "연결되지 않았습니다"] {
                    assert!(!page.text.contains(lie), "{}", page.text);
                }
            }
            shop.lift_faults().await;
        });
        assert!([200, 202].contains(&answer.status.as_u16()), "{}", answer.text);
        shop.until("select status from orders", "COMPLETED").await;
        let paid =
            ["Placed PENDING→PENDING", "Sent PENDING→CONFIRMING", "Approved CONFIRMING→COMPLETED"];
        assert_eq!(shop.events(&order).await, paid);
        assert_eq!(shop.told(&order).await, "COMPLETED");
        let metrics = shop.browser.get_json("/metrics").await.text;
        assert!(metrics.contains("gyesan_clock_jumps_total 1\n"), "{metrics}");
        assert!(metrics.contains("gyesan_clock_ahead_seconds 1"), "{metrics}");
        shop.holds().await;
    });
}

#[test]
fn a_clock_that_is_set_back_keeps_no_doubt_waiting() {
    run(async {
        let (shop, order, key) = Shop::on_return().await;
        shop.fault(json!({ "call": "confirm", "kind": "lose", "when": "after" })).await;
        shop.fault(json!({ "call": "read", "kind": "lose", "when": "before" })).await;
        shop.confirm(&key, &order, json!(order.amount)).await.is(202);
        shop.sets_clock(-30 * DAY).await;
        for _ in 0..3 {
            shop.later(MINUTE).await;
        }
        assert_eq!(shop.told(&order).await, "COMPLETED");
        shop.holds().await;
    });
}

#[test]
fn a_lease_of_a_clock_that_was_set_back_is_none() {
    run(async {
        let (shop, order, key) = Shop::on_return().await;
        shop.fault(json!({ "call": "confirm", "kind": "hold", "when": "after" })).await;
        let (_, ()) = tokio::join!(shop.confirm(&key, &order, json!(order.amount)), async {
            shop.until_asked(&key).await;
            shop.sets_clock(-DAY).await;
            shop.until("select status from orders", "COMPLETED").await;
            shop.lift_faults().await;
        });
        shop.holds().await;
    });
}

#[test]
fn after_a_restart_of_the_machine_toss_s_clock_ends_the_doubt() {
    run(async {
        let (shop, order, key) = Shop::on_return().await;
        shop.fault(serde_json::from_str(REFUSED).unwrap()).await;
        shop.confirm(&key, &order, json!(order.amount)).await.is(202);
        shop.alter("update payments set begun_boot = 'the start before'").await;
        for _ in 0..20 {
            shop.later(MINUTE + 1).await;
        }
        // Twenty minutes, or a clock that was set: nobody here can tell.
        assert_eq!(shop.told(&order).await, "CONFIRMING");
        assert_eq!(shop.one("select count(*) from payments where toss_at > 0").await, "1");
        // Toss's clock has gone on by as much, though it still calls the payment unasked.
        shop.alter("update payments set toss_at = toss_at - 11 * 60000").await;
        shop.later(MINUTE + 1).await;
        assert_eq!(shop.told(&order).await, "CONFIRMING");
        shop.alter("update payments set toss_at = toss_at - 2 * 60000").await;
        shop.settles(&order, "EXPIRED").await;
        assert_eq!(shop.stock("tee").await, "120");
        shop.holds().await;
    });
}

#[test]
fn on_the_same_machine_the_doubt_ends_in_time_wherever_its_clock_stands() {
    run(async {
        for seconds in [-DAY, DAY] {
            let (shop, order, key) = Shop::on_return().await;
            shop.fault(serde_json::from_str(REFUSED).unwrap()).await;
            shop.confirm(&key, &order, json!(order.amount)).await.is(202);
            shop.sets_clock(seconds).await;
            for _ in 0..10 {
                shop.later(MINUTE + 1).await;
            }
            assert_eq!(shop.told(&order).await, "CONFIRMING", "{seconds}");
            for _ in 0..4 {
                shop.later(MINUTE + 1).await;
            }
            assert_eq!(shop.told(&order).await, "EXPIRED", "{seconds}");
            shop.holds().await;
        }
    });
}

#[test]
fn a_clock_that_is_ahead_ends_no_order_that_may_be_paid() {
    run(async {
        let shop = Shop::start().await;
        let (order, _) = (shop.order().await, shop.paid().await);
        for seconds in [2 * DAY, -2 * DAY, -2 * DAY, 2 * DAY] {
            shop.sets_clock(seconds).await;
            assert_eq!(shop.status(&order).await, "PENDING", "{seconds}");
        }
        // The machine is started with it.
        let beside = shop.beside().await;
        beside.sets_clock(2 * DAY).await;
        assert_eq!(shop.status(&order).await, "PENDING");
        let key = shop.authenticate(&order).await;
        shop.confirm(&key, &order, json!(order.amount)).await.is(200);
        shop.holds().await;
    });
}

#[test]
fn toss_s_clock_is_heard_with_each_answer() {
    run(async {
        let shop = Shop::start().await;
        assert_eq!(shop.running.app.clock.at_toss(), None);
        shop.toss("/__sandbox/clock", &json!({ "advanceSeconds": DAY })).await;
        shop.paid().await;
        let off = shop.moment_at_toss().await - shop.running.app.clock.at_toss().unwrap();
        assert!(off.abs() < 30_000, "{off}");
    });
}
