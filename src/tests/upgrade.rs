//! Databases that older versions have left: what was open then is settled now.

use serde_json::json;

use crate::server::db::Db;
use crate::server::runtime::clock::Clock;
use crate::tests::shop::{Database, Order, Shop, folder, postgres, run};

/// After each of these a version may have been in use.
const VERSIONS: [i64; 6] = [1, 2, 4, 5, 6, 7];

/// An order in doubt, of whose one tee the stock is taken, as every version has written it.
fn in_doubt(order: &Order, payment_key: &str, now: i64) -> [String; 5] {
    let Order { id, amount, .. } = order;
    [
        format!(
            "insert into products (id, name, description, picture, price, stock, position)
             values ('tee', '티셔츠', '', '/products/tee.svg', {amount}, 5, 1)"
        ),
        format!(
            "insert into customers (id, customer_key, visitor_hash, created_at)
             values ('someone', 'key', 'hash', {now})"
        ),
        format!(
            "insert into orders (id, customer_id, place_key, order_name, subtotal, discount, amount,
                                 status, buyer_name, buyer_email, buyer_mobile_phone, created_at,
                                 updated_at)
             values ('{id}', 'someone', 'p1', '티셔츠', {amount}, 0, {amount}, 'CONFIRMING', '홍길동',
                     'hong@example.com', '01012345678', {now}, {now})"
        ),
        format!(
            "insert into order_lines (order_id, line, product_id, name, unit_price, quantity)
             values ('{id}', 1, 'tee', '티셔츠', {amount}, 1)"
        ),
        format!(
            "insert into payments (order_id, payment_key, amount, idempotency_key, created_at,
                                   due_at, asked, cancels_refused)
             values ('{id}', '{payment_key}', {amount}, 'confirm-{id}-1', {now}, {now}, 1, 0)"
        ),
    ]
}

/// Tables as they were after `version`.
async fn migrate_to(db: &Db, version: i64) {
    let mut migrations = sqlx::migrate!("./migrations");
    migrations.migrations =
        migrations.iter().filter(|one| one.version <= version).cloned().collect();
    migrations.run(db.read()).await.unwrap();
}

#[test]
fn a_payment_in_doubt_is_settled_by_the_version_that_comes_after() {
    run(async {
        let toss = Shop::start().await;
        for version in VERSIONS {
            let order = Order {
                id: format!("order-of-version-{version}"),
                name: "티셔츠".to_owned(),
                amount: 29_000,
            };
            let key = toss.authenticate(&order).await;
            // Toss took the money, and the version that asked for it never heard.
            toss.takes_elsewhere(&key, &order).await;

            let own = folder();
            let database = Database::of_one_s_own(&own).await;
            let db = Db::open(&database.url).await.unwrap();
            migrate_to(&db, version).await;
            for sql in in_doubt(&order, &key, Clock::default().now()) {
                sqlx::query(sqlx::AssertSqlSafe(sql)).execute(db.read()).await.unwrap();
            }
            // The first counted nothing; its migration does.
            if version > 1 {
                let received = "update products set received = 6";
                sqlx::query(received).execute(db.read()).await.unwrap();
            }
            db.close().await;

            let shop = toss.at(database, own, toss.sandbox()).await;
            shop.settles(&order, "COMPLETED").await;
            assert_eq!(shop.one("select received from products").await, "6", "{version}");
            assert_eq!(shop.one("select paid from orders").await, "29000", "{version}");
            let wish = json!({
                "lines": [{ "productId": "tee", "quantity": 1 }],
                "customer": Shop::wish()["customer"],
            });
            let next = shop.order_of(&wish).await;
            let key = shop.authenticate(&next).await;
            shop.confirm(&key, &next, json!(next.amount)).await.is(200);
            assert_eq!(shop.stock("tee").await, "4", "{version}");
            let confirms = shop.calls(&order).await;
            let confirms = confirms.iter().filter(|call| call.starts_with("confirm")).count();
            assert_eq!(confirms, 1, "the one before the upgrade");
        }
    });
}

/// Sentences that the shop had written itself became codes; Toss's, and any other, stay as they are.
#[test]
fn an_order_that_failed_before_codes_were_kept_still_tells_why() {
    run(async {
        let toss = Shop::start().await;
        let own = folder();
        let database = Database::of_one_s_own(&own).await;
        let db = Db::open(&database.url).await.unwrap();
        migrate_to(&db, 22).await;
        let fill = async |sql: String| {
            sqlx::query(sqlx::AssertSqlSafe(sql)).execute(db.read()).await.unwrap();
        };
        fill(
            "insert into customers (id, customer_key, visitor_hash, created_at)
             values ('someone', 'key', 'hash', 1)"
                .to_owned(),
        )
        .await;
        let failures = [
            (
                "OUT_OF_STOCK",
                "‘3\" \\ 머그컵’ 상품의 재고가 부족해 결제하지 않았습니다.",
                "Not enough pieces of ‘3\" \\ 머그컵’ are left. You were not charged.",
            ),
            (
                "COUPON_UNAVAILABLE",
                "쿠폰을 더 이상 사용할 수 없어 결제를 취소했습니다.",
                "The coupon can no longer be used. The payment was cancelled.",
            ),
            ("AMOUNT_MISMATCH", "결제 금액 불일치", "The amount to pay does not match the order."),
            (
                "UNAUTHORIZED_KEY",
                "결제 설정에 문제가 있어 결제하지 않았습니다. 상점에 문의해 주세요.",
                "The shop's payment settings have a problem, and you were not charged. Please contact \
                 the shop.",
            ),
            ("USER_CANCEL", "결제를 취소했습니다.", "You cancelled the payment."),
            ("REJECT_CARD_PAYMENT", "한도초과 혹은 잔액부족", "한도초과 혹은 잔액부족"),
            ("OUT_OF_STOCK", "품절", "품절"),
        ];
        for (number, (code, sentence, _)) in failures.iter().enumerate() {
            fill(format!(
                "insert into orders (id, customer_id, place_key, order_name, subtotal, discount,
                                     amount, status, buyer_name, buyer_email, buyer_mobile_phone,
                                     created_at, updated_at, failure_code, failure_message)
                 values ('failed-{number}', 'someone', 'p{number}', '티셔츠', 1000, 0, 1000,
                         'FAILED', '홍길동', 'hong@example.com', '01012345678', 1, 1, '{code}',
                         '{sentence}')"
            ))
            .await;
        }
        db.close().await;

        let shop = toss.at(database, own, toss.sandbox()).await;
        for (number, (code, korean, english)) in failures.into_iter().enumerate() {
            let path = format!("/api/order?orderId=failed-{number}");
            for (language, sentence) in [("ko", korean), ("en", english)] {
                let told = shop.browser.get_json_in(language, &path).await.is(200).json();
                let expected = json!({ "code": code, "message": sentence });
                assert_eq!(told["failure"], expected, "{number}");
            }
        }
        let kept = "select count(*) from orders where failure_message is null";
        assert_eq!(shop.one(kept).await, "5");
    });
}

#[test]
fn instances_that_start_together_bring_the_database_up_to_date_once() {
    // An SQLite file is of one machine, whose instances start one after the other.
    if postgres().is_none() {
        return;
    }
    run(async {
        let database = Database::of_one_s_own(&folder()).await;
        let [one, two] = [Db::open(&database.url).await, Db::open(&database.url).await];
        let (one, two) = (one.unwrap(), two.unwrap());
        migrate_to(&one, 7).await;
        let (first, second) = tokio::join!(one.migrate(), two.migrate());
        first.unwrap();
        second.unwrap();
        let left = sqlx::query("select cancels_refused from payments").fetch_all(one.read()).await;
        assert!(left.is_err());
    });
}
