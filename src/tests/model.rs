//! Random interleavings of what buyers, staff, banks, Toss's console, webhooks and faults do to a few
//! orders, on two instances of one shop: whatever comes when, in the end everything holds.
//!
//! Beside `gyesan simulate`, which plays more and longer histories on one thread: here requests go
//! over HTTP, what is at once is so on many threads, and PostgreSQL is played on too.

use std::sync::Mutex;

use futures::future::join_all;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::domain::bank::Account;
use crate::domain::order::Status;
use crate::server::config::DOCS_SECRET_KEY;
use crate::server::db::invariants::{self, AtToss};
use crate::server::db::rehearsal;
use crate::server::ops::background;
use crate::server::payment::refund::{Request, What};
use crate::server::proof;
use crate::tests::refunds::request;
use crate::tests::shop::{Order, Shop, run};

/// Histories of one run, unless PROPTEST_CASES says another number.
const HISTORIES: u32 = 6;

/// Orders of one history. Three pieces are there, of which each takes two.
const ORDERS_MAX: usize = 3;
const STOCK: &str = "update products set stock = 3, received = 3 where id = 'tee'";

const DAY: i64 = 24 * 3_600;

/// Background work of a minute each, until nothing is open: a refund that Toss refuses is tried again
/// after ten minutes.
const ROUNDS_MAX: usize = 90;

/// What somebody does; `n` is one of the orders, `at` one of the two instances.
#[derive(Clone, Debug)]
enum Deed {
    Place { at: usize },
    Coupon { n: usize, is_on: bool, at: usize },
    Approve { n: usize, method: &'static str },
    Claim { n: usize, more: i64, at: usize },
    Look { n: usize, at: usize },
    Webhook { n: usize, status: &'static str, at: usize },
    Deposit { n: usize },
    Reverse { n: usize },
    Refund { n: usize, amount: Option<i64>, has_account: bool },
    Account { n: usize, at: usize },
    Console { n: usize, amount: Option<i64> },
    Fault { call: &'static str, fault: &'static str },
    Wait { seconds: i64 },
}

const FAULTS: [(&str, &str); 10] = [
    ("confirm", r#"{"kind":"lose","when":"before"}"#),
    ("confirm", r#"{"kind":"lose","when":"after"}"#),
    ("confirm", r#"{"kind":"fail","when":"after"}"#),
    ("confirm", r#"{"kind":"refuse","code":"REJECT_CARD_PAYMENT"}"#),
    ("confirm", r#"{"kind":"refuse","code":"PROVIDER_ERROR"}"#),
    ("confirm", r#"{"kind":"wrongAmount"}"#),
    ("cancel", r#"{"kind":"lose","when":"after"}"#),
    ("cancel", r#"{"kind":"fail","when":"before"}"#),
    ("any", r#"{"kind":"lose","when":"before"}"#),
    ("any", r#"{"kind":"rateLimit"}"#),
];

fn deed() -> impl Strategy<Value = Deed> {
    let (n, at) = (0..ORDERS_MAX, 0_usize..2);
    let won = || prop_oneof![1 => Just(None), 3 => (500_i64..40_000).prop_map(Some)];
    let method = prop_oneof![Just("CARD"), Just("VIRTUAL_ACCOUNT"), Just("TRANSFER")];
    let status = prop_oneof![Just("DONE"), Just("CANCELED"), Just("WAITING_FOR_DEPOSIT")];
    let more = prop_oneof![8 => Just(0_i64), 1 => Just(100), 1 => Just(-100)];
    let seconds = prop_oneof![Just(1_i64), Just(5), Just(70), Just(400), Just(800), Just(8 * DAY)];
    prop_oneof![
        6 => at.clone().prop_map(|at| Deed::Place { at }),
        2 => (n.clone(), any::<bool>(), at.clone())
            .prop_map(|(n, is_on, at)| Deed::Coupon { n, is_on, at }),
        6 => (n.clone(), method).prop_map(|(n, method)| Deed::Approve { n, method }),
        9 => (n.clone(), more, at.clone()).prop_map(|(n, more, at)| Deed::Claim { n, more, at }),
        2 => (n.clone(), at.clone()).prop_map(|(n, at)| Deed::Look { n, at }),
        4 => (n.clone(), status, at.clone())
            .prop_map(|(n, status, at)| Deed::Webhook { n, status, at }),
        4 => n.clone().prop_map(|n| Deed::Deposit { n }),
        2 => n.clone().prop_map(|n| Deed::Reverse { n }),
        4 => (n.clone(), won(), any::<bool>())
            .prop_map(|(n, amount, has_account)| Deed::Refund { n, amount, has_account }),
        1 => (n.clone(), at).prop_map(|(n, at)| Deed::Account { n, at }),
        2 => (n, won()).prop_map(|(n, amount)| Deed::Console { n, amount }),
        3 => (0..FAULTS.len()).prop_map(|it| {
            let (call, fault) = FAULTS.get(it).copied().unwrap_or(FAULTS[0]);
            Deed::Fault { call, fault }
        }),
        4 => seconds.prop_map(|seconds| Deed::Wait { seconds }),
    ]
}

/// One deed, or a few at once.
fn step() -> impl Strategy<Value = Vec<Deed>> {
    prop_oneof![
        3 => deed().prop_map(|deed| vec![deed]),
        2 => proptest::collection::vec(deed(), 2..6),
    ]
}

/// An order that a buyer was told of.
#[derive(Clone, Debug)]
struct Known {
    order: Order,
    keys: Vec<String>,
    told_paid: bool,
    was_reversed: bool,
}

struct World {
    instances: [Shop; 2],
    known: Mutex<Vec<Known>>,
    http: reqwest::Client,
}

impl World {
    async fn begin() -> World {
        let shop = Shop::start_with(&["--sandbox-webhooks"]).await;
        shop.alter(STOCK).await;
        let other = shop.beside().await;
        // The cookie of the first visit is the same person's on both.
        shop.browser.get("/").await.is(200);
        other.browser.becomes(&shop.browser);
        World { instances: [shop, other], known: Mutex::default(), http: reqwest::Client::new() }
    }

    fn shop(&self) -> &Shop {
        &self.instances[0]
    }

    fn order(&self, n: usize) -> Option<Known> {
        self.known.lock().unwrap().get(n).cloned()
    }

    /// An order that somebody has opened Toss's window for, and the last key of it.
    fn opened(&self, n: usize) -> Option<(Known, String)> {
        let known = self.order(n)?;
        let key = known.keys.last()?.clone();
        Some((known, key))
    }

    fn learn(&self, id: &str, learn: impl FnOnce(&mut Known)) {
        let mut known = self.known.lock().unwrap();
        if let Some(known) = known.iter_mut().find(|it| it.order.id == id) {
            learn(known);
        }
    }

    async fn does(&self, deed: &Deed) {
        match deed {
            Deed::Place { at } => self.place(*at).await,
            Deed::Coupon { n, is_on, at } => self.coupon(*n, *is_on, *at).await,
            Deed::Approve { n, method } => self.approve(*n, method).await,
            Deed::Claim { n, more, at } => self.claim(*n, *more, *at).await,
            Deed::Look { n, at } => {
                let Some(known) = self.order(*n) else { return };
                let page = format!("/orders/{}", known.order.id);
                self.instances[*at].browser.get(&page).await.is(200);
            }
            Deed::Webhook { n, status, at } => {
                let Some((known, key)) = self.opened(*n) else { return };
                self.tell(&known.order, &key, status, *at).await;
            }
            Deed::Deposit { n } => drop(self.at_bank(*n, "deposit").await),
            Deed::Reverse { n } => {
                let Some((id, told)) = self.at_bank(*n, "reverse-deposit").await else { return };
                if told.get("status").is_some() {
                    self.learn(&id, |known| known.was_reversed = true);
                }
            }
            Deed::Refund { n, amount, has_account } => {
                let Some(known) = self.order(*n) else { return };
                let what = amount.map_or(What::Everything, What::Amount);
                let account = Account::parse("20", "1002123456789", "홍길동").unwrap();
                let account = has_account.then_some(account);
                // Refused where there is nothing to give back, or not as much.
                drop(
                    self.shop()
                        .staff_refund(&known.order, &Request { account, ..request(what) })
                        .await,
                );
            }
            Deed::Account { n, at } => {
                let Some(known) = self.order(*n) else { return };
                self.name_account(&known.order.id, *at).await;
            }
            Deed::Console { n, amount } => self.console(*n, *amount).await,
            Deed::Fault { call, fault } => {
                let mut fault: Value = serde_json::from_str(fault).unwrap();
                fault["call"] = json!(call);
                self.shop().fault(fault).await;
            }
            Deed::Wait { seconds } => self.wait(*seconds).await,
        }
    }

    async fn place(&self, at: usize) {
        if self.known.lock().unwrap().len() >= ORDERS_MAX {
            return;
        }
        let wish = json!({
            "lines": [
                { "productId": "tee", "quantity": 2 }, { "productId": "socks", "quantity": 1 },
            ],
            "customer": Shop::wish()["customer"],
        });
        let placed = self.instances[at].browser.post_json("/api/place-order", &wish).await;
        assert!(!placed.status.is_server_error(), "{}", placed.text);
        // Refused where too few are left.
        if placed.status.as_u16() != 201 {
            return;
        }
        let placed = placed.json();
        let order = Order {
            id: placed["orderId"].as_str().unwrap().to_owned(),
            name: placed["orderName"].as_str().unwrap().to_owned(),
            amount: placed["amount"].as_i64().unwrap(),
        };
        let keys = Vec::new();
        let known = Known { order, keys, told_paid: false, was_reversed: false };
        self.known.lock().unwrap().push(known);
    }

    async fn coupon(&self, n: usize, is_on: bool, at: usize) {
        let Some(Known { order, .. }) = self.order(n) else { return };
        let browser = &self.instances[at].browser;
        let coupons = browser.get_json("/api/coupons?subtotal=62500").await.json();
        let coupon = coupons.as_array().and_then(|it| it.first()).map(|it| it["couponId"].clone());
        let coupon = coupon.filter(|_| is_on).unwrap_or(Value::Null);
        let body = json!({ "orderId": order.id, "couponId": coupon });
        let priced = browser.post_json("/api/apply-coupon", &body).await;
        assert!(!priced.status.is_server_error(), "{}", priced.text);
        if priced.status.is_success() {
            let amount = priced.json()["amount"].as_i64().unwrap();
            self.learn(&order.id, |known| known.order.amount = amount);
        }
    }

    async fn approve(&self, n: usize, method: &str) {
        let Some(Known { order, .. }) = self.order(n) else { return };
        let body = json!({
            "clientKey": self.shop().running.app.shop.client_key, "orderId": order.id,
            "orderName": "주문", "amount": order.amount, "method": method,
        });
        let told = self.shop().toss("/__sandbox/authenticate", &body).await;
        if let Some(key) = told["paymentKey"].as_str() {
            self.learn(&order.id, |known| known.keys.push(key.to_owned()));
        }
    }

    async fn claim(&self, n: usize, more: i64, at: usize) {
        let Some((Known { order, .. }, key)) = self.opened(n) else { return };
        let answer = self.instances[at].confirm(&key, &order, json!(order.amount + more)).await;
        assert!(!answer.status.is_server_error(), "{}", answer.text);
        if answer.status.as_u16() == 200 && answer.json()["status"] == "COMPLETED" {
            self.learn(&order.id, |known| known.told_paid = true);
        }
    }

    async fn tell(&self, order: &Order, key: &str, status: &str, at: usize) {
        let body = json!({
            "eventType": "PAYMENT_STATUS_CHANGED", "createdAt": "2026-01-01T00:00:00.000000",
            "data": { "orderId": order.id, "paymentKey": key, "status": status },
        });
        self.instances[at].browser.post_json("/webhooks/toss", &body).await.is(200);
    }

    async fn at_bank(&self, n: usize, what: &str) -> Option<(String, Value)> {
        let (known, key) = self.opened(n)?;
        let told = self.shop().toss(&format!("/__sandbox/payments/{key}/{what}"), &json!({})).await;
        Some((known.order.id, told))
    }

    async fn name_account(&self, id: &str, at: usize) {
        let fields = [
            ("orderId", id),
            ("bank", "88"),
            ("accountNumber", "110123456789"),
            ("holderName", "홍길동"),
        ];
        self.instances[at].browser.post_form("/form/refund-account", &fields).await;
    }

    /// A cancel past the shop.
    async fn console(&self, n: usize, amount: Option<i64>) {
        let Some((_, key)) = self.opened(n) else { return };
        let mut body = json!({
            "cancelReason": "콘솔에서 취소",
            "refundReceiveAccount":
                { "bank": "20", "accountNumber": "1002123456789", "holderName": "홍길동" },
        });
        if let Some(amount) = amount {
            body["cancelAmount"] = json!(amount);
        }
        let url = format!("{}/v1/payments/{key}/cancel", self.shop().sandbox());
        let request = self.http.post(url).basic_auth(DOCS_SECRET_KEY, Some("")).json(&body);
        // Lost where a fault strikes it.
        drop(request.send().await);
    }

    /// Lets the clocks of all run ahead, and both instances work.
    async fn wait(&self, seconds: i64) {
        self.shop().toss("/__sandbox/clock", &json!({ "advanceSeconds": seconds })).await;
        for instance in &self.instances {
            instance.running.app.clock.advance(seconds * 1_000);
        }
        let rounds = self.instances.iter().map(|instance| background::tick(&instance.running.app));
        for round in join_all(rounds).await {
            round.unwrap();
        }
        // Where nobody pays, Toss's time is told with its list alone.
        for instance in &self.instances {
            proof::step(&instance.running.app).await.unwrap();
        }
    }

    /// Until the count is 0.
    async fn settles(&self, open: impl AsyncFn() -> i64) {
        for _ in 0..ROUNDS_MAX {
            let waiting = rehearsal::waiting_for_account(self.shop().running.app.db.read());
            for id in waiting.await.unwrap() {
                self.name_account(&id, 1).await;
            }
            self.wait(61).await;
            if open().await == 0 {
                return;
            }
            tokio::task::yield_now().await;
        }
        panic!("{} orders stay open", open().await);
    }

    /// Lets everything come to its end, and looks whether it holds.
    async fn ends(&self) {
        self.shop().lift_faults().await;
        let known = self.known.lock().unwrap().clone();
        for Known { order, keys, .. } in &known {
            for key in keys {
                self.tell(order, key, "LOOK", 0).await;
            }
        }
        let pool = self.shop().running.app.db.read();
        self.settles(async || rehearsal::in_doubt(pool).await.unwrap()).await;
        self.holds(&known).await;
        for Known { order, keys, .. } in &known {
            for key in keys {
                let answer = self.instances[1].confirm(key, order, json!(order.amount)).await;
                assert!(!answer.status.is_server_error(), "{}", answer.text);
            }
        }
        self.wait(40 * DAY).await;
        self.settles(async || rehearsal::unfinished(pool).await.unwrap()).await;
        self.holds(&known).await;
    }

    async fn holds(&self, known: &[Known]) {
        let told = self.shop().seen("/__sandbox/payments").await;
        let number = |it: &Value| it.as_i64().unwrap();
        let at_toss: Vec<AtToss> = told["payments"]
            .as_array()
            .unwrap()
            .iter()
            .map(|payment| AtToss {
                order_id: payment["orderId"].as_str().unwrap().to_owned(),
                status: payment["status"].as_str().unwrap().to_owned(),
                total: number(&payment["totalAmount"]),
                balance: number(&payment["balanceAmount"]),
            })
            .collect();
        let pool = self.shop().running.app.db.read();
        let mut offences = invariants::offences(pool).await.unwrap();
        offences.extend(invariants::against_toss(pool, &at_toss).await.unwrap());
        offences.extend(rehearsal::decided_too_soon(pool).await.unwrap());
        assert!(offences.is_empty(), "{offences:#?}");
        for Known { order, told_paid, was_reversed, .. } in known {
            let status = self.shop().status(order).await;
            let is_paid = Status::parse(&status).is_some_and(Status::is_paid);
            let breaks_word = *told_paid && !is_paid && !was_reversed;
            assert!(!breaks_word, "{}: told as paid, and is {status}", order.id);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a setting of the tests, not of the shop")]
fn histories() -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|count| count.parse().ok());
    let config = ProptestConfig::with_cases(asked.unwrap_or(HISTORIES));
    // Each is a shop of its own.
    ProptestConfig { max_shrink_iters: 100, ..config }
}

proptest! {
    #![proptest_config(histories())]

    #[test]
    fn whatever_comes_when_everything_holds(steps in proptest::collection::vec(step(), 4..30)) {
        run(async {
            let world = World::begin().await;
            for step in &steps {
                join_all(step.iter().map(|deed| world.does(deed))).await;
                let pool = world.shop().running.app.db.read();
                let offences = invariants::offences(pool).await.unwrap();
                assert!(offences.is_empty(), "after {step:?}: {offences:#?}");
            }
            world.ends().await;
        });
    }
}
