//! Streams by which open pages follow their orders: what they say, to whom, and what they cost.

use std::time::Duration;

use reqwest::Response;
use serde_json::json;
use tokio::time::timeout;

use crate::tests::shop::{Browser, Order, Shop, run};

/// Far more than any event takes here, so that a busy machine fails no test.
const PATIENCE: Duration = Duration::from_secs(60);

/// A stream as it is read.
struct Stream {
    response: Response,
    text: String,
}

impl Stream {
    async fn of(browser: &Browser, order: &Order) -> Stream {
        let response = browser.listen(&format!("/api/orders/{}/events", order.id)).await;
        assert_eq!(response.status(), 200);
        Stream { response, text: String::new() }
    }

    /// Everything up to the next empty line, or nothing when the stream has ended.
    async fn block(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.text = rest;
                return Some(block);
            }
            let chunk = timeout(PATIENCE, self.response.chunk()).await.unwrap().unwrap()?;
            self.text.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    /// The status in the next event; signs of life are passed over.
    async fn status(&mut self) -> Option<String> {
        loop {
            let block = self.block().await?;
            let data = block.lines().find_map(|line| line.strip_prefix("data: "));
            if let Some(status) = data {
                return Some(status.to_owned());
            }
        }
    }

    async fn tells(&mut self, status: &str) {
        assert_eq!(self.status().await.as_deref(), Some(status));
    }
}

async fn figure(shop: &Shop, name: &str) -> u64 {
    let metrics = shop.stranger().get_json("/metrics").await;
    let line = metrics.text.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.trim().parse().unwrap()
}

/// Waits until so many streams are open: the server hears of a closed connection when it does.
async fn open(shop: &Shop, streams: u64) {
    let waiting = async {
        while figure(shop, "gyesan_streams_open ").await != streams {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, waiting).await.unwrap();
}

#[test]
fn a_settled_doubt_appears_on_every_instance() {
    run(async {
        let (shop, order, key) = Shop::on_return().await;
        let other = shop.beside().await;
        shop.fault(
            json!({ "orderId": order.id, "call": "confirm", "kind": "lose", "when": "after" }),
        )
        .await;
        shop.fault(json!({ "orderId": order.id, "call": "read", "kind": "lose", "when": "before", "times": 50 }))
            .await;
        shop.confirm(&key, &order, json!(order.amount)).await.is(202);
        let mut here = Stream::of(&shop.browser, &order).await;
        let mut there = Stream::of(&other.stranger(), &order).await;
        here.tells("CONFIRMING").await;
        there.tells("CONFIRMING").await;
        shop.lift_faults().await;
        shop.settles(&order, "COMPLETED").await;
        here.tells("COMPLETED").await;
        there.tells("COMPLETED").await;
        shop.holds().await;
    });
}

#[test]
fn a_deposit_and_its_reversal_appear_on_every_instance() {
    run(async {
        let shop = Shop::start_with(&["--sandbox-webhooks"]).await;
        let other = shop.beside().await;
        let order = shop.order().await;
        let mut here = Stream::of(&shop.browser, &order).await;
        here.tells("PENDING").await;
        let key = shop.authenticate_as(&order.id, order.amount, "VIRTUAL_ACCOUNT").await;
        shop.confirm(&key, &order, json!(order.amount)).await.is(202);
        let mut there = Stream::of(&other.stranger(), &order).await;
        there.tells("WAITING_FOR_DEPOSIT").await;
        // The doubt on the way may have been over before anyone looked.
        let said = here.status().await;
        if said.as_deref() == Some("CONFIRMING") {
            here.tells("WAITING_FOR_DEPOSIT").await;
        } else {
            assert_eq!(said.as_deref(), Some("WAITING_FOR_DEPOSIT"));
        }
        let path = format!("/__sandbox/payments/{key}");
        for (what, status) in [("deposit", "COMPLETED"), ("reverse-deposit", "WAITING_FOR_DEPOSIT")]
        {
            shop.toss(&format!("{path}/{what}"), &json!({})).await;
            here.tells(status).await;
            there.tells(status).await;
        }
    });
}

#[test]
fn a_change_is_seen_whatever_the_clocks_say() {
    run(async {
        let shop = Shop::start().await;
        let other = shop.beside().await;
        // An hour ahead: nothing that the other writes is new by this clock.
        shop.running.app.clock.advance(3_600_000);
        let order = shop.order().await;
        let mut stream = Stream::of(&shop.browser, &order).await;
        stream.tells("PENDING").await;
        let failed = json!({ "orderId": order.id, "code": "PAY_PROCESS_CANCELED", "message": "x" });
        other.browser.becomes(&shop.browser);
        other.browser.post_json("/api/fail-payment", &failed).await.is(200);
        stream.tells("FAILED").await;
        // Nothing more can be expected of it.
        assert_eq!(stream.status().await, None);
    });
}

#[test]
fn a_stream_says_no_more_than_where_the_order_stands() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        for browser in [&shop.browser, &shop.stranger()] {
            let mut stream = Stream::of(browser, &order).await;
            let headers = stream.response.headers().clone();
            let header = |name: &str| headers.get(name).map(|value| value.to_str().unwrap());
            assert_eq!(header("content-type"), Some("text/event-stream"));
            assert_eq!(header("cache-control"), Some("no-store"));
            assert_eq!(header("x-accel-buffering"), Some("no"));
            assert_eq!(header("x-content-type-options"), Some("nosniff"));
            // What only a page needs is room that each open stream keeps.
            assert_eq!(header("x-frame-options"), None);
            // Compression would hold events back.
            assert_eq!(header("content-encoding"), None);
            let block = stream.block().await.unwrap();
            let mut told: Vec<_> =
                block.lines().map(|line| line.split_once(": ").unwrap()).collect();
            told.sort_unstable();
            let names: Vec<_> = told.iter().map(|(name, _)| *name).collect();
            assert_eq!(names, ["data", "id", "retry"], "{block}");
            assert_eq!(told[0].1, "PENDING");
            assert!(told[1..].iter().all(|(_, value)| value.parse::<u64>().is_ok()), "{block}");
        }
    });
}

#[test]
fn there_is_no_stream_of_an_order_that_is_not() {
    run(async {
        let shop = Shop::start().await;
        for id in ["there-is-no-such-order", "x", "..%2F..%2Fetc", "%FF%00", "%EA%B0%80"] {
            let answer = shop.browser.get_json(&format!("/api/orders/{id}/events")).await;
            assert_eq!(answer.is(404).json()["code"], "NOT_FOUND", "{id}");
        }
        open(&shop, 0).await;
    });
}

#[test]
fn a_browser_and_an_instance_have_so_many_streams_and_no_more() {
    run(async {
        let shop = Shop::start_with(&["--streams-max", "5"]).await;
        let order = shop.order().await;
        let path = format!("/api/orders/{}/events", order.id);
        let mut streams = Vec::new();
        for _ in 0..4 {
            streams.push(Stream::of(&shop.browser, &order).await);
        }
        let refused = shop.browser.listen(&path).await;
        assert_eq!(refused.status(), 503);
        assert_eq!(refused.headers()["retry-after"], "60");
        // Another browser has the last place of the instance.
        streams.push(Stream::of(&shop.stranger(), &order).await);
        assert_eq!(shop.stranger().listen(&path).await.status(), 503);
        // A place that is left is free for the next.
        streams.pop();
        open(&shop, 4).await;
        streams.push(Stream::of(&shop.stranger(), &order).await);
        open(&shop, 5).await;
    });
}

#[test]
fn an_address_has_so_many_streams_and_no_more() {
    run(async {
        let settings = ["--streams-of-address-max", "3", "--proxies", "1"];
        let shop = Shop::start_with(&settings).await;
        let order = shop.order().await;
        let path = format!("/api/orders/{}/events", order.id);
        // Whoever drops the cookie is another visitor, and says what it likes of itself.
        let mut streams = Vec::new();
        for own in ["", "198.51.100.1, ", "unknown, , 198.51.100.2, "] {
            let told = format!("{own}203.0.113.9");
            streams.push(shop.stranger().listen_from(&path, &[&told]).await);
        }
        assert!(streams.iter().all(|stream| stream.status() == 200));
        for told in [&["203.0.113.9"][..], &["198.51.100.3", "203.0.113.9:4711"]] {
            let refused = shop.stranger().listen_from(&path, told).await;
            assert_eq!(refused.status(), 503);
            assert_eq!(refused.headers()["retry-after"], "60");
        }
        // The page asks by itself then, and other addresses have their own.
        shop.stranger().get(&format!("/orders/{}", order.id)).await.is(200);
        let other = shop.stranger().listen_from(&path, &["203.0.113.10"]).await;
        assert_eq!(other.status(), 200);
        open(&shop, 4).await;
        streams.pop();
        open(&shop, 3).await;
        streams.push(shop.stranger().listen_from(&path, &["203.0.113.9"]).await);
        assert_eq!(streams[2].status(), 200);
        drop((streams, other));
        open(&shop, 0).await;
    });
}

#[test]
fn without_a_word_about_proxies_nobody_is_counted_by_one_of_them() {
    run(async {
        let shop = Shop::start_with(&["--streams-of-address-max", "1"]).await;
        let order = shop.order().await;
        let path = format!("/api/orders/{}/events", order.id);
        let (one, two) = (shop.stranger(), shop.stranger());
        let streams = tokio::join!(
            one.listen_from(&path, &["203.0.113.9"]),
            two.listen_from(&path, &["203.0.113.9"])
        );
        assert_eq!((streams.0.status().as_u16(), streams.1.status().as_u16()), (200, 200));
        open(&shop, 2).await;
    });
}

#[test]
fn a_silent_stream_gives_signs_of_life() {
    run(async {
        let shop = Shop::start_with(&["--streams-alive-seconds", "1"]).await;
        let order = shop.order().await;
        let mut stream = Stream::of(&shop.browser, &order).await;
        stream.tells("PENDING").await;
        for _ in 0..2 {
            // A comment, which a browser passes over.
            assert_eq!(stream.block().await.as_deref(), Some(":"));
        }
    });
}

#[test]
fn the_database_is_asked_only_while_somebody_listens() {
    run(async {
        let shop = Shop::start().await;
        shop.paid().await;
        assert_eq!(figure(&shop, "gyesan_looks_total ").await, 0);
        let order = shop.order().await;
        let mut stream = Stream::of(&shop.browser, &order).await;
        stream.tells("PENDING").await;
        let key = shop.authenticate(&order).await;
        shop.confirm(&key, &order, json!(order.amount)).await.is(200);
        while stream.status().await.as_deref() != Some("COMPLETED") {}
        assert!(figure(&shop, "gyesan_looks_total ").await > 0);
        drop(stream);
        open(&shop, 0).await;
        let looks = figure(&shop, "gyesan_looks_total ").await;
        for _ in 0..3 {
            shop.paid().await;
        }
        // One may have been under way.
        assert!(figure(&shop, "gyesan_looks_total ").await <= looks + 1);
    });
}

#[test]
fn a_stop_ends_streams_at_once() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let mut stream = Stream::of(&shop.browser, &order).await;
        stream.tells("PENDING").await;
        shop.running.begin_stop();
        assert_eq!(stream.status().await, None);
        assert_eq!(shop.running.app.live.count(), 0);
    });
}
