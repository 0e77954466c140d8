//! Webhooks that anybody may post: what is kept of them, how many, how long, and who waits for whom.

use futures::future::join_all;
use serde_json::{Value, json};

use crate::server::db::webhooks::{OF_ORDER_MAX, ROWS_MAX};
use crate::server::ops::background;
use crate::tests::road::changed;
use crate::tests::shop::{Answer, Order, Shop, run};

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

impl Shop {
    /// Does background work with the clock at rest; the shop's own may be at it too.
    async fn completes_without_time(&self, order: &Order) {
        for _ in 0..1_000 {
            background::tick(&self.running.app).await.unwrap();
            if self.status(order).await == "COMPLETED" {
                return;
            }
        }
        assert_eq!(self.status(order).await, "COMPLETED");
    }

    async fn post(&self, body: &str) -> Answer {
        let kind = "application/json";
        self.browser.post_text("/webhooks/toss", kind, body.to_owned()).await
    }

    async fn filed(&self) -> String {
        self.one("select count(*) from webhooks").await
    }

    async fn figures(&self) -> String {
        self.stranger().get_json("/metrics").await.text
    }

    /// So many rows as `select` makes of numbers `n.i` from 1.
    async fn file_many(&self, many: i64, select: &str) {
        let sql = format!(
            "insert into webhooks (id, received_at, digest, event_type, order_id, body, due_at, tried,
                                   outcome, given_up_at)
             with recursive n(i) as (select 1 union all select i + 1 from n where i < {many})
             select {select} from n"
        );
        self.alter(&sql).await;
    }
}

fn about(order_id: &str, more: &str) -> Value {
    json!({
        "eventType": "PAYMENT_STATUS_CHANGED", "createdAt": "x", "more": more,
        "data": { "orderId": order_id, "paymentKey": "k", "status": "DONE" },
    })
}

#[test]
fn what_is_no_notice_is_answered_counted_and_kept_nowhere() {
    run(async {
        let shop = Shop::start().await;
        for body in ["", "[]", "{", "null", "\"text\"", "{}", "{\"eventType\":\"NEW\"}"] {
            shop.post(body).await.is(200);
        }
        for order_id in ["", "short", "../../etc/passwd"] {
            shop.post(&about(order_id, "").to_string()).await.is(200);
        }
        let large = json!({ "text": "x".repeat(65_000) }).to_string();
        shop.post(&large).await.is(200);
        shop.post(&"x".repeat(100_000)).await.is(413);
        assert_eq!(shop.filed().await, "0");
        let figures = shop.figures().await;
        for line in [
            "gyesan_webhooks_not_kept_total{why=\"FORM\"} 11",
            "gyesan_webhooks_not_kept_total{why=\"SIZE\"} 1",
        ] {
            assert!(figures.contains(line), "{line} is not in {figures}");
        }
    });
}

#[test]
fn a_false_signature_is_kept_nowhere() {
    run(async {
        let key = "ab".repeat(32);
        let shop = Shop::start_with(&["--toss-security-key", &key]).await;
        let payout = json!({ "eventType": "payout.changed", "eventId": "e", "entityBody": {} });
        shop.post(&payout.to_string()).await.is(200);
        assert_eq!(shop.filed().await, "0");
        let figures = shop.figures().await;
        let line = "gyesan_webhooks_not_kept_total{why=\"FORGED\"} 1";
        assert!(figures.contains(line), "{figures}");
    });
}

#[test]
fn every_kind_that_toss_documents_is_a_notice() {
    const KINDS: [&str; 10] = [
        "PAYMENT_STATUS_CHANGED",
        "DEPOSIT_CALLBACK",
        "CANCEL_STATUS_CHANGED",
        "BILLING_DELETED",
        "METHOD_UPDATED",
        "CUSTOMER_STATUS_CHANGED",
        "ORDER_PAYMENT_STATUS_CHANGED",
        "payout.changed",
        "seller.changed",
        "ars-reservation.changed",
    ];
    run(async {
        let shop = Shop::start_with(&["--sandbox-webhooks"]).await;
        for kind in KINDS {
            let told = shop.toss("/__sandbox/events", &json!({ "event": kind })).await;
            assert!(told.get("deliveries").is_some(), "{told}");
        }
        shop.until("select count(*) from webhooks", &KINDS.len().to_string()).await;
        let figures = shop.figures().await;
        assert!(!figures.contains("gyesan_webhooks_not_kept_total{"), "{figures}");
    });
}

#[test]
fn a_real_one_is_looked_at_before_hundreds_about_nothing_and_little_of_them_is_kept() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let key = shop.authenticate(&order).await;
        shop.takes_elsewhere(&key, &order).await;
        let more = "x".repeat(60_000);
        for round in 0..10 {
            let posts = (0..50).map(async |at| {
                let body = about(&format!("there-is-no-{round}-{at}"), &more).to_string();
                shop.post(&body).await.is(200);
            });
            join_all(posts).await;
        }
        shop.webhook(&changed(&order, &key, "DONE")).await;
        // No time brings the shop new questions to Toss.
        shop.completes_without_time(&order).await;
        let kept: i64 = shop.one("select sum(length(body)) from webhooks").await.parse().unwrap();
        assert!(kept < 501 * 300, "{kept}");
        shop.holds().await;
    });
}

#[test]
fn the_inbox_has_a_bound_and_old_junk_goes_first() {
    run(async {
        let shop = Shop::start().await;
        let (order, key) = shop.paid().await;
        let (now, id) = (shop.running.app.clock.now(), &order.id);
        let row = |name: &str, order_id: &str, due_at: &str, given_up_at: &str| {
            format!(
                "'{name}' || i, {now} - 100000 + i, '{name}' || i, 'PAYMENT_STATUS_CHANGED',
                 {order_id}, '{{}}', cast({due_at} as bigint), 0, null, cast({given_up_at} as bigint)"
            )
        };
        let later = format!("{}", now + DAY_MS);
        let (own, strange) = (format!("'{id}'"), "'there-is-no-' || i");
        let junk = ROWS_MAX - 15;
        shop.file_many(junk, &row("junk", strange, &later, "null")).await;
        shop.file_many(5, &row("waiting", &own, &later, "null")).await;
        shop.file_many(5, &row("given-up", &own, "null", &now.to_string())).await;
        shop.file_many(5, &row("done", &own, "null", "null")).await;
        let of = async |name: &str| {
            let sql = format!("select count(*) from webhooks where id like '{name}%'");
            shop.one(&sql).await.parse::<i64>().unwrap()
        };
        shop.webhook(&changed(&order, &key, "DONE")).await;
        let left = of("junk").await;
        assert!((junk - 200..junk).contains(&left), "{left}");
        assert_eq!(
            shop.one("select min(received_at) from webhooks where id like 'junk%'").await,
            (now - 100_000 + junk - left + 1).to_string(),
            "the oldest went"
        );
        assert_eq!([of("waiting").await, of("given-up").await, of("done").await], [5, 5, 5]);
        // Full of what is about orders of the shop: what is done with goes before the rest.
        shop.alter(&format!(
            "update webhooks set order_id = '{id}', due_at = {later} where id like 'junk%'"
        ))
        .await;
        shop.file_many(ROWS_MAX - left - 16, &row("more", &own, &later, "null")).await;
        let other = shop.order().await;
        shop.webhook(&changed(&other, "k", "DONE")).await;
        assert_eq!(of("done").await, 0);
        assert_eq!(of("waiting").await, 5);
        let all: i64 = shop.filed().await.parse().unwrap();
        assert!(all <= ROWS_MAX, "{all}");
    });
}

#[test]
fn one_order_has_so_many_and_no_more() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let key = shop.authenticate(&order).await;
        shop.takes_elsewhere(&key, &order).await;
        for n in 0..2 * OF_ORDER_MAX {
            shop.webhook(&changed(&order, &key, &format!("OF_NEXT_YEAR_{n}"))).await;
        }
        assert_eq!(shop.filed().await, OF_ORDER_MAX.to_string());
        shop.settles(&order, "COMPLETED").await;
        shop.holds().await;
    });
}

/// Whoever has pushed a true callback out with false ones has only brought the question forward.
#[test]
fn false_callbacks_do_not_stand_in_the_way_of_a_true_one() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let key = shop.authenticate_as(&order.id, order.amount, "VIRTUAL_ACCOUNT").await;
        shop.confirm(&key, &order, json!(order.amount)).await.is(202);
        let secret = shop.payment(&key).await["secret"].as_str().unwrap().to_owned();
        shop.toss(&format!("/__sandbox/payments/{key}/deposit"), &json!({})).await;
        let callback = |secret: &str| {
            json!({ "createdAt": "x", "secret": secret, "status": "DONE", "transactionKey": "t",
                    "orderId": order.id })
        };
        shop.webhook(&callback(&secret)).await;
        let posts = (0..3 * OF_ORDER_MAX).map(async |n| {
            shop.webhook(&callback(&format!("ps_false{n}"))).await;
        });
        join_all(posts).await;
        shop.completes_without_time(&order).await;
        shop.holds().await;
    });
}

#[test]
fn what_is_done_with_is_forgotten_after_thirty_days() {
    run(async {
        let shop = Shop::start().await;
        let (order, key) = shop.paid().await;
        shop.webhook(&changed(&order, &key, "DONE")).await;
        shop.webhook(&json!({ "eventType": "BRAND_NEW", "data": { "n": 1 } })).await;
        shop.until("select count(*) from webhooks where due_at is null", "2").await;
        shop.running.app.clock.advance(29 * DAY_MS);
        background::tick(&shop.running.app).await.unwrap();
        assert_eq!(shop.filed().await, "2");
        shop.running.app.clock.advance(2 * DAY_MS);
        shop.until("select count(*) from webhooks", "0").await;
    });
}

#[test]
fn an_address_may_post_so_many_a_minute_and_others_are_not_stopped_by_it() {
    run(async {
        let settings = ["--proxies", "1", "--webhooks-of-address-per-minute", "3"];
        let shop = Shop::start_with(&settings).await;
        let order = Order { id: "there-is-no-order".to_owned(), name: String::new(), amount: 1 };
        let post = async |from: &str, status: &str| {
            let url = format!("{}/webhooks/toss", shop.browser.address());
            let request = reqwest::Client::new().post(url).json(&changed(&order, "k", status));
            let answer = request.header("x-forwarded-for", from).send().await.unwrap();
            answer.status().as_u16()
        };
        let mut statuses = Vec::new();
        for status in ["A", "B", "C", "D", "E"] {
            statuses.push(post("198.51.100.1, 203.0.113.9", status).await);
        }
        // Some of a minute may have passed.
        assert_eq!((&statuses[..3], statuses[4]), (&[200, 200, 200][..], 429));
        assert_eq!(post("203.0.113.10", "F").await, 200);
        shop.running.app.clock.advance(60_000);
        assert_eq!(post("203.0.113.9", "G").await, 200);
        let figures = shop.figures().await;
        assert!(figures.contains("gyesan_webhooks_not_kept_total{why=\"RATE\"}"), "{figures}");
    });
}
