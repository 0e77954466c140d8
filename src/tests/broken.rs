//! A database that is full, locked or gone for a while, and a stop in the middle: what
//! was told is true, nothing is lost, and all goes on afterwards.

use std::time::{Duration, Instant};

use serde_json::json;
use sqlx::{Connection, Executor};

use crate::tests::shop::{Order, Shop, postgres, run};

impl Shop {
    /// Sets something on the connection that writes. SQLite only.
    async fn writer(&self, pragma: &str) {
        self.running.app.db.set_on_writer(pragma).await.unwrap();
    }

    /// The file may not grow while `during` runs, as on a full disk.
    async fn while_full(&self, during: impl Future<Output = ()>) {
        // Never below what there is, so this is the size of now.
        self.writer("pragma max_page_count = 1").await;
        self.fill_up().await;
        during.await;
        self.writer("pragma max_page_count = 1000000").await;
    }

    /// More rows than the free pages of a file that must not grow.
    async fn fill_up(&self) {
        for _ in 0..200 {
            let placed = self.browser.post_json("/api/place-order", &Shop::wish()).await;
            if placed.status.as_u16() == 503 {
                return;
            }
        }
        panic!("the database is never full");
    }
}

#[test]
fn a_database_that_takes_nothing_is_told_and_forgotten() {
    if postgres().is_some() {
        return;
    }
    run(async {
        let (shop, order, key) = Shop::on_return().await;
        let text = "x".repeat(3_000);
        shop.while_full(async {
            // One may still find room.
            for n in 0..20 {
                let data = json!({ "n": n, "text": text });
                let webhook = json!({ "eventType": "OF_NEXT_YEAR", "data": data });
                let answer = shop.browser.post_json("/webhooks/toss", &webhook).await;
                if n > 0 {
                    answer.is(503);
                }
            }
            shop.browser.get("/").await.is(200);
            // A small write may still find room; what is told is what is stored.
            let answer = shop.confirm(&key, &order, json!(order.amount)).await;
            match answer.status.as_u16() {
                200 => assert_eq!(shop.status(&order).await, "COMPLETED"),
                202 | 503 => assert_eq!(shop.calls(&order).await, Vec::<String>::new()),
                other => panic!("{other}: {}", answer.text),
            }
        })
        .await;
        shop.confirm(&key, &order, json!(order.amount)).await.is(200);
        shop.browser.post_json("/api/place-order", &Shop::wish()).await.is(201);
        shop.holds().await;
    });
}

#[test]
fn an_answer_that_cannot_be_written_down_is_asked_for_again() {
    if postgres().is_some() {
        return;
    }
    run(async {
        let (shop, order, key) = Shop::on_return().await;
        shop.fault(json!({ "call": "confirm", "kind": "hold", "when": "after" })).await;
        let (answer, ()) = tokio::join!(shop.confirm(&key, &order, json!(order.amount)), async {
            shop.until_asked(&key).await;
            shop.while_full(async {
                shop.lift_faults().await;
                // The money is taken, and perhaps there is no room to say so.
                shop.until_answered(&order).await;
            })
            .await;
        });
        assert!([200, 202, 503].contains(&answer.status.as_u16()), "{}", answer.text);
        shop.settles(&order, "COMPLETED").await;
        let confirms = shop.calls(&order).await;
        let confirms = confirms.iter().filter(|call| call.starts_with("confirm")).count();
        assert_eq!(confirms, 1, "the payment was there to be read");
        shop.holds().await;
    });
}

#[test]
fn a_locked_database_is_told_and_waited_for() {
    if postgres().is_some() {
        return;
    }
    run(async {
        let (shop, order, key) = Shop::on_return().await;
        let mut other = sqlx::AnyConnection::connect(shop.database_url()).await.unwrap();
        other.execute("begin immediate").await.unwrap();
        // Longer than the database waits for its lock, so this is told.
        shop.browser.post_json("/api/place-order", &Shop::wish()).await.is(503);
        let (answer, ()) = tokio::join!(shop.confirm(&key, &order, json!(order.amount)), async {
            shop.browser.get("/").await.is(200);
            other.execute("rollback").await.unwrap();
        });
        answer.is(200);
        other.close().await.unwrap();
        shop.holds().await;
    });
}

/// Longer than any wait of the shop's own: for its lock (5 s), for the answer to a buyer (8 s), and
/// for a write that lost a race and is tried again (6 × 5 s).
const LOCKED: Duration = Duration::from_secs(32);

/// Another program has the file, or the tables, for half a minute: one payment is being asked for, one
/// buyer comes back, and others place orders, pay and look on.
#[test]
fn a_database_that_is_locked_for_half_a_minute_loses_nothing() {
    run(async {
        let (shop, taken, taken_key) = Shop::on_return().await;
        let wish = json!({
            "lines": [{ "productId": "socks", "quantity": 1 }],
            "customer": Shop::wish()["customer"],
        });
        let returning = shop.order_of(&wish).await;
        let returning_key = shop.authenticate(&returning).await;
        let mug = json!({
            "lines": [{ "productId": "mug", "quantity": 1 }], "customer": Shop::wish()["customer"],
        });
        let paid = shop.order_of(&mug).await;
        let paid_key = shop.authenticate(&paid).await;
        shop.confirm(&paid_key, &paid, json!(paid.amount)).await.is(200);
        let back = |order: &Order, key: &str| {
            format!("/success?paymentKey={key}&orderId={}&amount={}", order.id, order.amount)
        };
        shop.fault(json!({
            "orderId": taken.id, "call": "confirm", "kind": "hold", "when": "after",
        }))
        .await;
        let mut other = sqlx::AnyConnection::connect(shop.database_url()).await.unwrap();
        let webhook = json!({
            "eventType": "PAYMENT_STATUS_CHANGED", "createdAt": "x",
            "data": { "orderId": taken.id, "paymentKey": taken_key, "status": "DONE" },
        });
        let [back_of_taken, back_of_returning] =
            [back(&taken, &taken_key), back(&returning, &returning_key)];
        let locked = async {
            shop.until_asked(&taken_key).await;
            let lock = match postgres() {
                None => "begin immediate",
                // Reads go on, as they do beside SQLite's writer.
                Some(_) => {
                    "begin; lock table orders, payments, webhooks, customers in exclusive mode"
                }
            };
            other.execute(lock).await.unwrap();
            let began = Instant::now();
            // Toss has the money, and its answer cannot be written down.
            shop.lift_faults().await;
            let mut rounds = 0;
            while began.elapsed() < LOCKED {
                let (asked, unasked, placed, filed) = tokio::join!(
                    shop.browser.get(&back_of_taken),
                    shop.browser.get(&back_of_returning),
                    shop.browser.post_json("/api/place-order", &wish),
                    shop.browser.post_json("/webhooks/toss", &webhook),
                );
                // Neither paid nor failed is true of the one.
                assert!(asked.is(202).text.contains("다시 결제하지 마세요"), "{}", asked.text);
                // Of the other Toss has not been asked; paying once more would help nobody.
                assert!(unasked.is(503).text.contains("잠시 후"), "{}", unasked.text);
                assert!(!unasked.text.contains("이어서 결제하기"), "{}", unasked.text);
                assert_eq!(placed.is(503).json()["code"], "UNAVAILABLE");
                // So that Toss sends it again.
                filed.is(503);
                let page = shop.browser.get(&format!("/orders/{}", paid.id)).await;
                assert!(page.is(200).text.contains("결제가 완료되었습니다"), "{}", page.text);
                let page = shop.browser.get(&format!("/orders/{}", taken.id)).await;
                assert!(page.is(200).text.contains("다시 결제하지 마세요"), "{}", page.text);
                rounds += 1;
            }
            assert_eq!(shop.payment(&taken_key).await["status"], "DONE");
            assert_eq!(shop.calls(&returning).await, Vec::<String>::new(), "nothing was written");
            other.execute("rollback").await.unwrap();
            rounds
        };
        let (page, rounds) = tokio::join!(shop.browser.get(&back_of_taken), locked);
        assert!(page.is(202).text.contains("다시 결제하지 마세요"), "{}", page.text);
        assert!(rounds > 1, "{rounds}");
        other.close().await.unwrap();

        shop.settles(&taken, "COMPLETED").await;
        let confirms = shop.calls(&taken).await;
        let confirms = confirms.iter().filter(|call| call.starts_with("confirm")).count();
        assert_eq!(confirms, 1, "the payment was there to be read");
        let page = shop.browser.get(&back_of_returning).await;
        assert!(page.is(200).text.contains("결제가 완료되었습니다"), "{}", page.text);
        shop.browser.post_json("/api/place-order", &Shop::wish()).await.is(201);
        shop.holds().await;
    });
}

#[test]
fn connections_that_break_in_the_middle_are_made_anew() {
    if postgres().is_none() {
        return;
    }
    run(async {
        let (shop, order, key) = Shop::on_return().await;
        shop.fault(json!({ "call": "confirm", "kind": "hold", "when": "after" })).await;
        let (_, ()) = tokio::join!(shop.confirm(&key, &order, json!(order.amount)), async {
            shop.until_asked(&key).await;
            // What a restart of the server does to those who are connected.
            let mut other = sqlx::AnyConnection::connect(shop.database_url()).await.unwrap();
            other
                .execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity
                     where datname = current_database() and pid <> pg_backend_pid()",
                )
                .await
                .unwrap();
            other.close().await.unwrap();
            shop.lift_faults().await;
        });
        shop.settles(&order, "COMPLETED").await;
        shop.browser.get("/").await.is(200);
        shop.holds().await;
    });
}

#[test]
fn a_stop_lets_what_is_in_flight_end_well() {
    run(async {
        let (shop, order, key) = Shop::on_return().await;
        // The sandbox of another shop, so that it does not stop with this one.
        let other = shop.beside().await;
        other.fault(json!({ "call": "confirm", "kind": "hold", "when": "before" })).await;
        let claim = json!({ "paymentKey": key, "orderId": order.id, "amount": order.amount });
        let Shop { running, browser, .. } = &other;
        let app = running.app.clone();
        let (answer, ()) = tokio::join!(browser.post_json("/api/confirm-payment", &claim), async {
            other.until_asked(&key).await;
            running.begin_stop();
            other.lift_faults().await;
        });
        answer.is(200);
        drop(app);
        assert_eq!(shop.status(&order).await, "COMPLETED");
        shop.holds().await;
    });
}

impl Shop {
    /// Until Toss holds the confirm of this payment in its hand.
    pub(super) async fn until_asked(&self, key: &str) {
        for _ in 0..5_000 {
            let payment = self.payment(key).await;
            let used_up = self.faults_left().await == 0;
            if payment["status"] == "DONE" || used_up {
                return;
            }
            tokio::task::yield_now().await;
        }
        panic!("toss was never asked");
    }

    /// Until the confirm of this order has its answer.
    async fn until_answered(&self, order: &Order) {
        for _ in 0..5_000 {
            if !self.calls(order).await.is_empty() {
                return;
            }
            tokio::task::yield_now().await;
        }
        panic!("toss never answered");
    }
}
