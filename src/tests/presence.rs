//! Instances that die in the middle: what they were at is taken up in seconds, and only theirs.

use serde_json::json;

use crate::server::db::payments;
use crate::server::ops::background::{Places, tick_beside};
use crate::server::ops::{background, presence};
use crate::server::runtime::presence::Presence;
use crate::server::{App, Handles};
use crate::tests::shop::{Order, Shop, run};

/// Between two beats.
const BEAT_MS: i64 = 2_000;

/// Another instance of the same shop, which does nothing by itself.
fn another(shop: &Shop) -> App {
    let handles = (*shop.running.app).clone();
    App::from(Handles { presence: Presence::default(), ..handles })
}

/// An order whose payment that instance has asked Toss about, and has heard nothing yet; the money is
/// taken.
async fn asked_by(shop: &Shop, instance: &App) -> Order {
    let order = another_order(shop).await;
    let key = shop.authenticate(&order).await;
    lost(shop, &order).await;
    shop.confirm(&key, &order, json!(order.amount)).await;
    // The shop itself may be asking, in vain.
    let is_free = format!(
        "select case when leased_until is null then 1 else 0 end from payments where order_id = '{}'",
        order.id
    );
    loop {
        shop.until(&is_free, "1").await;
        let (mut tx, now) = (instance.db.write().await.unwrap(), instance.clock.now());
        if payments::lease(&mut tx, &order.id, now, instance.lease(now)).await.unwrap() {
            payments::make_due(&mut tx, &order.id, now).await.unwrap();
            tx.commit().await.unwrap();
            break;
        }
    }
    shop.lift_faults().await;
    order
}

/// Of another cart each time: one cart is paid once.
async fn another_order(shop: &Shop) -> Order {
    let placed: u32 = shop.one("select count(*) from orders").await.parse().unwrap();
    shop.order_of(&json!({
        "lines": [{ "productId": "socks", "quantity": placed + 1 }],
        "customer": Shop::wish()["customer"],
    }))
    .await
}

/// Toss takes the money, and no answer of its about this order arrives.
async fn lost(shop: &Shop, order: &Order) {
    for (call, when) in [("confirm", "after"), ("read", "before")] {
        let fault = json!({
            "call": call, "kind": "lose", "when": when, "orderId": order.id, "times": 1000,
        });
        shop.fault(fault).await;
    }
}

/// Some seconds of a shop that is up.
async fn some_beats(shop: &Shop, beside: &App) {
    for _ in 0..6 {
        presence::beat(beside).await.unwrap();
        shop.running.app.clock.advance(BEAT_MS);
        presence::round(&shop.running.app).await.unwrap();
        background::tick(&shop.running.app).await.unwrap();
    }
}

#[test]
fn what_a_dead_instance_was_at_is_taken_up_in_seconds() {
    run(async {
        let shop = Shop::start().await;
        let (dead, alive) = (another(&shop), another(&shop));
        presence::beat(&dead).await.unwrap();
        presence::beat(&alive).await.unwrap();
        let (left, held) = (asked_by(&shop, &dead).await, asked_by(&shop, &alive).await);
        background::tick(&shop.running.app).await.unwrap();
        for order in [&left, &held] {
            assert_eq!(shop.status(order).await, "CONFIRMING", "somebody is at it");
        }
        let asked = shop.calls(&held).await;

        some_beats(&shop, &alive).await;
        shop.until(&format!("select status from orders where id = '{}'", left.id), "COMPLETED")
            .await;
        assert_eq!(shop.calls(&held).await, asked, "whoever is at it is up");
        assert_eq!(shop.status(&held).await, "CONFIRMING");

        // That one ends well, and leaves nothing that anybody has to wait for.
        presence::leave(&alive).await.unwrap();
        background::tick(&shop.running.app).await.unwrap();
        shop.until(&format!("select status from orders where id = '{}'", held.id), "COMPLETED")
            .await;
        let known = shop.one("select count(*) from instances").await;
        assert_eq!(known, "1", "of the others nothing is left");
        shop.holds().await;
    });
}

#[test]
fn whoever_was_taken_for_dead_goes_on() {
    run(async {
        let shop = Shop::start().await;
        let (sleeper, awake) = (another(&shop), another(&shop));
        presence::beat(&sleeper).await.unwrap();
        let order = asked_by(&shop, &sleeper).await;
        some_beats(&shop, &awake).await;
        shop.until(&format!("select status from orders where id = '{}'", order.id), "COMPLETED")
            .await;

        presence::round(&sleeper).await.unwrap();
        let is_known =
            format!("select count(*) from instances where number = {}", sleeper.presence.number());
        assert_eq!(shop.one(&is_known).await, "1");
        let next = asked_by(&shop, &sleeper).await;
        some_beats(&shop, &sleeper).await;
        assert_eq!(shop.status(&next).await, "CONFIRMING", "it is up again, and at it");
        shop.settles(&next, "COMPLETED").await;
        shop.holds().await;
    });
}

#[test]
fn what_toss_is_slow_about_holds_up_nothing_else() {
    run(async {
        let shop = Shop::start().await;
        let app = &shop.running.app;
        let (slow, quick) = (another_order(&shop).await, another_order(&shop).await);
        for order in [&slow, &quick] {
            let key = shop.authenticate(order).await;
            lost(&shop, order).await;
            shop.confirm(&key, order, json!(order.amount)).await;
        }
        shop.lift_faults().await;
        let hold = json!({ "call": "read", "kind": "hold", "when": "before", "orderId": slow.id });
        shop.fault(hold).await;
        // Both are due, and the first to be asked about is the slow one.
        let places = Places::default();
        app.clock.advance(70_000);
        tick_beside(app, &places).await.unwrap();
        shop.until(&format!("select status from orders where id = '{}'", quick.id), "COMPLETED")
            .await;
        assert_eq!(shop.status(&slow).await, "CONFIRMING", "Toss has not answered");
        // Rounds go on.
        let next = another_order(&shop).await;
        let key = shop.authenticate(&next).await;
        shop.fault(json!({ "call": "confirm", "kind": "lose", "when": "after" })).await;
        shop.confirm(&key, &next, json!(next.amount)).await;
        app.clock.advance(20_000);
        tick_beside(app, &places).await.unwrap();
        shop.until(&format!("select status from orders where id = '{}'", next.id), "COMPLETED")
            .await;
        assert_eq!(shop.status(&slow).await, "CONFIRMING", "Toss has not answered");
        shop.lift_faults().await;
        shop.settles(&slow, "COMPLETED").await;
        shop.holds().await;
    });
}
