//! Coupons: owned, used once, inside their window, re-priced by the server alone.

use serde_json::{Value, json};

use crate::server::db::{Db, orders};
use crate::tests::shop::{Database, Order, Shop, folder, run};

async fn coupons(shop: &Shop, subtotal: i64) -> Vec<Value> {
    let path = format!("/api/coupons?subtotal={subtotal}");
    shop.browser.get_json(&path).await.is(200).json().as_array().unwrap().clone()
}

async fn apply(shop: &Shop, order: &Order, coupon: Value) -> crate::tests::shop::Answer {
    let body = json!({ "orderId": order.id, "couponId": coupon });
    shop.browser.post_json("/api/apply-coupon", &body).await
}

/// What of an order's discount falls on each line.
async fn shares(shop: &Shop, order: &Order) -> String {
    let lines = orders::lines(shop.running.app.db.read(), &order.id).await.unwrap();
    lines.iter().map(|line| line.discount.get().to_string()).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_coupon_is_put_on_and_taken_off_by_the_server() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let list = coupons(&shop, order.amount).await;
        let names: Vec<_> = list
            .iter()
            .map(|c| (c["name"].as_str().unwrap(), c["discount"].as_i64().unwrap()))
            .collect();
        assert_eq!(
            names,
            [
                ("10% 할인 (최대 5,000원)", 5_000),
                ("첫 구매 3,000원 할인", 3_000),
                ("10만 원 이상 15,000원 할인", 0),
            ]
        );
        assert_eq!(list[2]["refused"], "100,000원 이상 주문할 때 사용할 수 있습니다.");
        let coupon = list[0]["couponId"].clone();
        assert_eq!(shares(&shop, &order).await, "0 0 0");
        let on = json!({ "status": "PENDING", "taxFree": 0, "discount": 5_000, "amount": 69_500, "couponId": coupon });
        apply(&shop, &order, coupon.clone()).await.is_json(200, on);
        assert_eq!(shares(&shop, &order).await, "3893 805 302");
        let off = json!({ "status": "PENDING", "taxFree": 0, "discount": 0, "amount": 74_500, "couponId": null });
        apply(&shop, &order, json!(null)).await.is_json(200, off);
        assert_eq!(shares(&shop, &order).await, "0 0 0");
        assert_eq!(
            apply(&shop, &order, list[2]["couponId"].clone()).await.is(400).json()["field"],
            "couponId"
        );
        apply(&shop, &order, coupon.clone()).await.is(200);
        // The old amount is no longer the order's.
        let key = shop.authenticate_as(&order.id, 69_500, "CARD").await;
        shop.confirm(&key, &order, json!(69_500)).await.is(200);
        let list = coupons(&shop, 74_500).await;
        let used = list.iter().find(|c| c["couponId"] == coupon).unwrap();
        assert_eq!((&used["isUsed"], &used["usedOrder"]), (&json!(true), &json!(order.id)));
        assert!(used["usedAt"].as_i64().is_some());
        // Too late to change it, and too late to use it again.
        apply(&shop, &order, json!(null)).await.is(409);
        let next = shop.order().await;
        let told = apply(&shop, &next, coupon).await.is(400).json();
        assert_eq!(told["message"], "couponId: 이미 사용한 쿠폰입니다.");
    });
}

#[test]
fn somebody_elses_coupon_and_order_are_out_of_reach() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let coupon = coupons(&shop, order.amount).await[0]["couponId"].clone();
        let stranger = shop.stranger();
        let body = json!({ "orderId": order.id, "couponId": coupon });
        stranger.post_json("/api/apply-coupon", &body).await.is(404);
        let mut wish = Shop::wish();
        wish["couponId"] = coupon;
        let told = stranger.post_json("/api/place-order", &wish).await.is(400).json();
        assert_eq!(told["field"], "couponId");
    });
}

#[test]
fn a_coupon_is_checked_again_when_the_money_is_asked_for() {
    run(async {
        for change in [
            "update coupons set valid_until = 1 where offer_id = 'welcome'",
            "update coupons set valid_from = 9999999999999 where offer_id = 'welcome'",
            "update coupons set used_at = 5, used_order = 'another' where offer_id = 'welcome'",
        ] {
            let shop = Shop::start().await;
            coupons(&shop, 74_500).await;
            let mut wish = Shop::wish();
            wish["couponId"] =
                json!(shop.one("select id from coupons where offer_id = 'welcome'").await);
            let order = shop.order_of(&wish).await;
            let key = shop.authenticate(&order).await;
            shop.alter(change).await;
            let told = shop.confirm(&key, &order, json!(order.amount)).await.is(400).json();
            assert_eq!(
                told["message"], "쿠폰을 더 이상 사용할 수 없어 결제하지 않았습니다.",
                "{change}"
            );
            assert!(shop.calls(&order).await.is_empty());
            assert_eq!(shop.stock("tee").await, "120");
        }
    });
}

#[test]
fn one_coupon_on_two_orders_is_used_by_one() {
    run(async {
        let shop = Shop::start().await;
        coupons(&shop, 74_500).await;
        let mut wish = Shop::wish();
        wish["couponId"] =
            json!(shop.one("select id from coupons where offer_id = 'welcome'").await);
        let one = shop.order_of(&wish).await;
        wish["lines"][1]["quantity"] = json!(2);
        let two = shop.order_of(&wish).await;
        let keys = (shop.authenticate(&one).await, shop.authenticate(&two).await);
        let (first, second) = tokio::join!(
            shop.confirm(&keys.0, &one, json!(one.amount)),
            shop.confirm(&keys.1, &two, json!(two.amount)),
        );
        let mut statuses = [first.status.as_u16(), second.status.as_u16()];
        statuses.sort();
        assert_eq!(statuses, [200, 400]);
        assert_eq!(shop.stock("tee").await, "118");
    });
}

/// Orders from before lines had shares get the same ones from the migration.
#[test]
fn the_migration_splits_as_the_rules_do() {
    const MIGRATION: &str = include_str!("../../migrations/0004_coupons.sql");
    let from = MIGRATION.find("update order_lines").unwrap();
    let update = &MIGRATION[from..from + MIGRATION[from..].find(';').unwrap()];
    run(async {
        let shop = Shop::start().await;
        coupons(&shop, 74_500).await;
        let coupon = shop.one("select id from coupons where offer_id = 'welcome'").await;
        let mut placed = Vec::new();
        for (tees, mugs, socks) in [(1, 1, 1), (7, 3, 1), (1, 2, 11), (3, 3, 3), (2, 1, 5)] {
            let mut wish = Shop::wish();
            for (line, quantity) in [tees, mugs, socks].into_iter().enumerate() {
                wish["lines"][line]["quantity"] = json!(quantity);
            }
            wish["couponId"] = json!(coupon);
            let order = shop.order_of(&wish).await;
            let split = shares(&shop, &order).await;
            placed.push((order, split));
        }
        shop.alter("update order_lines set discount = 0").await;
        shop.alter(update).await;
        for (order, split) in &placed {
            assert_eq!(shares(&shop, order).await, *split);
        }
        shop.holds().await;
    });
}

/// A database of before coupons had offers with numbers keeps what it holds.
#[test]
fn an_older_database_is_brought_up_to_date() {
    const BEFORE: &[&str] = &[
        "insert into customers (id, customer_key, visitor_hash, created_at)
         values ('someone', 'key', 'hash', 1)",
        "insert into coupon_offers (id, name, kind, value, minimum, valid_days)
         values ('welcome', '첫 구매', 'FIXED', 1000, 0, 30)",
        "insert into coupons (id, customer_id, offer_id, name, kind, value, minimum, valid_from,
                              valid_until)
         values ('c1', 'someone', 'welcome', '첫 구매', 'FIXED', 1000, 0, 7, 9)",
        "insert into orders (id, customer_id, place_key, order_name, subtotal, discount, amount,
                             coupon_id, status, buyer_name, buyer_email, buyer_mobile_phone,
                             created_at, updated_at)
         values ('order1', 'someone', 'p1', '셋', 3000, 1000, 2000, 'c1', 'PENDING', '', '', '', 1, 1),
                ('order2', 'someone', 'p2', '셋', 3000, 0, 3000, null, 'PENDING', '', '', '', 1, 1)",
        "insert into order_lines (order_id, line, product_id, name, unit_price, quantity)
         values ('order1', 1, 'a', 'a', 1000, 1), ('order1', 2, 'b', 'b', 500, 2),
                ('order1', 3, 'c', 'c', 1000, 1), ('order2', 1, 'a', 'a', 1000, 3)",
    ];
    run(async {
        let own = folder();
        let url = Database::of_one_s_own(&own).await.url;
        let db = Db::open(&url).await.unwrap();
        let mut before = sqlx::migrate!("./migrations");
        before.migrations = before.iter().filter(|one| one.version < 4).cloned().collect();
        before.run(db.read()).await.unwrap();
        for sql in BEFORE {
            sqlx::query(*sql).execute(db.read()).await.unwrap();
        }
        db.migrate().await.unwrap();
        let shares = async |id: &str| {
            let lines = orders::lines(db.read(), id).await.unwrap();
            lines.iter().map(|line| line.discount.get()).collect::<Vec<_>>()
        };
        assert_eq!(
            (shares("order1").await, shares("order2").await),
            (vec![334, 333, 333], vec![0])
        );
        let coupon: (String, String, i64) =
            sqlx::query_as("select offer_id, issue_key, issued_at from coupons")
                .fetch_one(db.read())
                .await
                .unwrap();
        assert_eq!(coupon, ("welcome".to_owned(), "welcome:1".to_owned(), 7));
        let offers = crate::server::shop::offer::list(&db).await.unwrap();
        assert_eq!((offers.len(), offers[0].1.issued), (1, 1));
        db.close().await;
        std::fs::remove_dir_all(own).unwrap();
    });
}

/// Who has used a coupon before persons were counted has used it.
#[test]
fn uses_of_before_are_counted_for_their_buyers() {
    run(async {
        let own = folder();
        let url = Database::of_one_s_own(&own).await.url;
        let db = Db::open(&url).await.unwrap();
        let mut before = sqlx::migrate!("./migrations");
        before.migrations = before.iter().filter(|one| one.version < 12).cloned().collect();
        before.run(db.read()).await.unwrap();
        let customers = "insert into customers (id, customer_key, visitor_hash, created_at) values
             ('c', 'key', 'hash', 1)";
        let coupons =
            "insert into coupons (id, customer_id, issue_key, offer_id, name, kind, value,
                                            minimum, valid_from, valid_until, used_at, used_order)
             values ('c1', 'c', 'welcome:1', 'welcome', '', 'FIXED', 1000, 0, 7, 9, 8, 'order1'),
                    ('c2', 'c', 'welcome:2', 'welcome', '', 'FIXED', 1000, 0, 7, 9, 8, 'order2'),
                    ('c3', 'c', 'welcome:3', 'welcome', '', 'FIXED', 1000, 0, 7, 9, null, null)";
        let orders =
            "insert into orders (id, customer_id, place_key, order_name, subtotal, discount,
                                          amount, coupon_id, status, buyer_name, buyer_email,
                                          buyer_mobile_phone, created_at, updated_at)
             values ('order1', 'c', 'p1', '', 3000, 0, 3000, 'c1', 'PENDING', '',
                     'Hong@Example.com', '01012345678', 1, 1),
                    ('order2', 'c', 'p2', '', 3000, 0, 3000, 'c2', 'PENDING', '',
                     'hong@example.com', '821012345678', 1, 1)";
        for sql in [customers, coupons, orders] {
            sqlx::query(sql).execute(db.read()).await.unwrap();
        }
        db.migrate().await.unwrap();
        let counted: Vec<(String, String, i64)> =
            sqlx::query_as("select offer_id, contact, used from coupon_uses order by contact")
                .fetch_all(db.read())
                .await
                .unwrap();
        let row = |contact: &str| ("welcome".to_owned(), contact.to_owned(), 2);
        assert_eq!(counted, [row("email hong@example.com"), row("phone 1012345678")]);
        db.close().await;
        std::fs::remove_dir_all(own).unwrap();
    });
}
