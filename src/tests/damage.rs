//! Rows that cannot be: somebody else has written them. What is wrong is named, and nobody else waits.

use serde_json::json;

use crate::domain::id::OrderId;
use crate::domain::order::Status;
use crate::server::db::orders;
use crate::server::db::payments::{self, Lease};
use crate::server::{Damage, Error};
use crate::tests::shop::{Shop, postgres, run};

#[test]
fn an_order_stands_in_a_state_that_there_is_and_in_no_other() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let pool = shop.running.app.db.read();
        let set = async |status: &str| {
            sqlx::query("update orders set status = $1 where id = $2")
                .bind(status)
                .bind(&order.id)
                .execute(pool)
                .await
        };
        for status in Status::ALL {
            set(status.as_str()).await.unwrap();
        }
        for status in ["PAID", "pending", "", "COMPLETED "] {
            let refused = set(status).await.unwrap_err();
            assert!(refused.to_string().to_lowercase().contains("check"), "{status}: {refused}");
        }
    });
}

#[test]
fn what_cannot_be_is_told_with_its_table_its_column_and_its_row() {
    run(async {
        let shop = Shop::start().await;
        let app = &shop.running.app;
        for (column, value) in [("paid", "-1"), ("refunded", "100000000001")] {
            let order = shop.order().await;
            shop.alter(&format!("update orders set {column} = {value} where id = '{}'", order.id))
                .await;
            let id = OrderId::parse(&order.id).unwrap();
            let failed = orders::load(&app.db, &id).await.unwrap_err();
            let Error::Damaged(damage) = &failed else { panic!("{failed:?}") };
            assert_eq!(*damage, Damage::new("orders", column, &order.id));
            assert!(!failed.is_outage(), "{failed}");
            assert_eq!(
                failed.to_string(),
                format!("stored data is damaged: orders.{column} of {}", order.id)
            );
        }
    });
}

/// Past the checks that keep such rows out.
async fn damaged(shop: &Shop, sql: &str) {
    match postgres() {
        None => {
            let unchecked = sqlx::raw_sql("pragma ignore_check_constraints = on");
            let mut connection = shop.running.app.db.read().acquire().await.unwrap();
            unchecked.execute(&mut *connection).await.unwrap();
            let sql = sqlx::AssertSqlSafe(sql.to_owned());
            sqlx::query(sql).execute(&mut *connection).await.unwrap();
            let checked = sqlx::raw_sql("pragma ignore_check_constraints = off");
            checked.execute(&mut *connection).await.unwrap();
        }
        Some(_) => {
            for drop in [
                "alter table products drop constraint if exists products_price_range",
                "alter table coupon_offers drop constraint if exists coupon_offers_kind",
            ] {
                shop.alter(drop).await;
            }
            shop.alter(sql).await;
        }
    }
}

#[test]
fn an_upgrade_that_a_row_is_in_the_way_of_names_it() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        shop.alter("alter table orders drop column states").await;
        shop.alter("delete from _sqlx_migrations where version = 24").await;
        shop.alter("update orders set status = 'WEIRD'").await;
        let failed = shop.running.app.db.migrate().await.unwrap_err();
        let source = std::error::Error::source(&failed).map(ToString::to_string);
        let told = format!("{failed} {source:?}");
        assert!(told.contains(&format!("orders.status of {}", order.id)), "{told}");
        shop.alter("update orders set status = 'PENDING'").await;
        shop.running.app.db.migrate().await.unwrap();
    });
}

#[test]
fn what_is_not_due_any_more_is_leased_by_nobody_who_came_for_that() {
    run(async {
        let shop = Shop::start().await;
        let (order, _) = shop.paid().await;
        let app = &shop.running.app;
        let now = app.clock.now() + 3_600_000;
        let lease = Lease { until: now + 1, by: 1 };
        let mut tx = app.db.write().await.unwrap();
        assert!(!payments::lease_due(&mut tx, &order.id, now, lease).await.unwrap());
        payments::make_due(&mut tx, &order.id, now).await.unwrap();
        assert!(payments::lease_due(&mut tx, &order.id, now, lease).await.unwrap());
        assert!(!payments::lease_due(&mut tx, &order.id, now, lease).await.unwrap());
        tx.commit().await.unwrap();
    });
}

#[test]
fn one_row_that_cannot_be_keeps_no_list_from_anybody() {
    run(async {
        let shop = Shop::start().await;
        let shelf = async || shop.browser.get_json("/api/products").await.json();
        let before = shelf().await;
        shop.alter(
            "insert into products (id, name, description, picture, price, stock, position)
             values ('no id', '망가진 상품', '', '/favicon.svg', 1000, 1, 0)",
        )
        .await;
        assert_eq!(shelf().await, before);
        shop.browser.get("/").await.is(200);

        // A product that cannot be priced is sold no more, and its buyer is told so.
        let chosen = [("productId", "bag"), ("quantity", "1"), ("back", "cart")];
        shop.browser.post_form("/form/cart", &chosen).await;
        assert!(shop.browser.get("/cart").await.is(200).text.contains("캔버스 장바구니"));
        damaged(&shop, "update products set price = -1 where id = 'bag'").await;
        for path in ["/", "/cart", "/api/cart"] {
            shop.browser.get(path).await.is(200);
        }

        // An offer that cannot be read is given to nobody, and keeps nobody from ordering.
        damaged(&shop, "update coupon_offers set kind = 'MAGIC' where channel = 'NEW_CUSTOMER'")
            .await;
        shop.stranger().post_json("/api/place-order", &Shop::wish()).await.is(201);

        // An order whose number none can have is due before the one that a buyer waits for.
        let order = shop.order().await;
        let key = shop.authenticate(&order).await;
        shop.fault(json!({ "call": "confirm", "kind": "lose", "when": "before" })).await;
        drop(shop.confirm(&key, &order, order.amount.into()).await);
        for copy in [
            "insert into orders (id, customer_id, place_key, order_name, subtotal, discount, amount,
                                 status, buyer_name, buyer_email, buyer_mobile_phone, created_at,
                                 updated_at)
             select 'no', customer_id, 'other', order_name, subtotal, discount, amount, 'FAILED',
                    buyer_name, buyer_email, buyer_mobile_phone, created_at, updated_at
             from orders where status = 'CONFIRMING'",
            "insert into payments (order_id, payment_key, amount, idempotency_key, created_at, due_at,
                                   asked)
             select 'no', 'other', amount, 'other', 0, 0, 0 from payments",
        ] {
            shop.alter(copy).await;
        }
        let app = &shop.running.app;
        let due = payments::due(app.db.read(), app.clock.now() + 3_600_000, 10).await.unwrap();
        assert_eq!(due, [OrderId::parse(&order.id).unwrap()]);
    });
}
