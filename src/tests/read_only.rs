//! A database that can be read and not be written, as after a failed disk or on a stand-by server:
//! every page tells the truth, nothing is lost, and all goes on once it takes writes again.

use std::time::{Duration, Instant};

use clap::Parser;
use serde_json::json;
use sqlx::{AnyConnection, Connection, Executor};

use crate::server::config::{Cli, Command};
use crate::startup::Running;
use crate::tests::shop::{Shop, postgres, run};

impl Shop {
    /// From now on the database takes nothing, or again what it is given.
    pub(super) async fn read_only(&self, is_on: bool) {
        match postgres() {
            None => {
                let pragma = format!("pragma query_only = {}", i32::from(is_on));
                self.running.app.db.set_on_writer(&pragma).await.unwrap();
            }
            Some(server) => {
                let name = self.database_url().rsplit('/').next().unwrap();
                let mut admin =
                    AnyConnection::connect(&format!("{server}/postgres")).await.unwrap();
                let setting = if is_on { "on" } else { "off" };
                for sql in [
                    format!("alter database {name} set default_transaction_read_only = {setting}"),
                    // It is a connection's for as long as that lasts.
                    format!(
                        "select pg_terminate_backend(pid) from pg_stat_activity
                         where datname = '{name}'"
                    ),
                ] {
                    admin.execute(sqlx::AssertSqlSafe(sql)).await.unwrap();
                }
                admin.close().await.unwrap();
            }
        }
    }
}

#[test]
fn a_shop_that_cannot_write_says_so_and_asks_for_no_money() {
    run(async {
        let shop = Shop::start().await;
        let (paid, _) = shop.paid().await;
        let wish = json!({
            "lines": [{ "productId": "socks", "quantity": 3 }],
            "customer": Shop::wish()["customer"],
        });
        let order = shop.order_of(&wish).await;
        let key = shop.authenticate(&order).await;
        let back =
            format!("/success?paymentKey={key}&orderId={}&amount={}", order.id, order.amount);

        shop.read_only(true).await;
        for page in ["/".to_owned(), "/cart".to_owned(), format!("/orders/{}", paid.id)] {
            shop.browser.get(&page).await.is(200);
        }
        shop.browser.get(&format!("/checkout?orderId={}", order.id)).await.is(200);
        let refused = shop.browser.post_json("/api/place-order", &Shop::wish()).await;
        assert_eq!(refused.is(503).json()["code"], "UNAVAILABLE");
        // So that Toss sends it again.
        let webhook = json!({
            "eventType": "PAYMENT_STATUS_CHANGED", "createdAt": "2026-01-01T00:00:00.000000",
            "data": { "orderId": order.id, "paymentKey": key, "status": "DONE" },
        });
        shop.browser.post_json("/webhooks/toss", &webhook).await.is(503);
        let page = shop.browser.get(&back).await;
        assert!(page.is(503).text.contains("잠시 후 다시 시도해 주세요"), "{}", page.text);
        assert_eq!(shop.calls(&order).await, Vec::<String>::new(), "nothing was written before");

        shop.read_only(false).await;
        let page = shop.browser.get(&back).await;
        assert!(page.is(200).text.contains("결제가 완료되었습니다"), "{}", page.text);
        shop.browser.post_json("/api/place-order", &Shop::wish()).await.is(201);
        shop.holds().await;
    });
}

#[test]
fn money_that_was_taken_while_nothing_could_be_written_is_not_lost() {
    run(async {
        let (shop, order, key) = Shop::on_return().await;
        let back =
            format!("/success?paymentKey={key}&orderId={}&amount={}", order.id, order.amount);
        shop.fault(json!({ "call": "confirm", "kind": "hold", "when": "after" })).await;
        let (page, ()) = tokio::join!(shop.browser.get(&back), async {
            shop.until_asked(&key).await;
            shop.read_only(true).await;
            shop.lift_faults().await;
        });
        // Neither paid nor failed is true: it is being checked, and nobody should pay again.
        assert!(page.is(202).text.contains("다시 결제하지 마세요"), "{}", page.text);
        let claim = shop.confirm(&key, &order, json!(order.amount)).await;
        assert_eq!(claim.is(202).json()["status"], "CONFIRMING");
        let page = shop.browser.get(&format!("/orders/{}", order.id)).await;
        assert!(page.is(200).text.contains("다시 결제하지 마세요"), "{}", page.text);
        assert_eq!(shop.payment(&key).await["status"], "DONE");

        shop.read_only(false).await;
        shop.settles(&order, "COMPLETED").await;
        let confirms = shop.calls(&order).await;
        let confirms = confirms.iter().filter(|call| call.starts_with("confirm")).count();
        assert_eq!(confirms, 1, "the payment was there to be read");
        shop.holds().await;
    });
}

impl Shop {
    /// Until `/readyz` answers so; an answer counts for a second.
    async fn is_told_ready(&self, status: u16) -> String {
        let began = Instant::now();
        loop {
            let ready = self.browser.get_json("/readyz").await;
            if ready.status.as_u16() == status {
                return ready.text;
            }
            assert!(began.elapsed() < Duration::from_secs(20), "{}", ready.text);
            tokio::task::yield_now().await;
        }
    }
}

#[test]
fn a_shop_whose_database_takes_no_writes_is_not_ready() {
    run(async {
        let shop = Shop::start().await;
        shop.browser.get_json("/readyz").await.is(200);
        shop.read_only(true).await;
        let told = shop.is_told_ready(503).await;
        assert_eq!(told, "the database takes no writes\n");
        shop.browser.get_json("/healthz").await.is(200);
        shop.browser.get("/").await.is(200);
        shop.read_only(false).await;
        shop.is_told_ready(200).await;
    });
}

#[test]
fn a_shop_does_not_begin_on_a_database_that_takes_no_writes() {
    run(async {
        let shop = Shop::start().await;
        let url = shop.database_url().to_owned();
        let url = if postgres().is_some() {
            shop.read_only(true).await;
            url
        } else {
            shop.running.app.db.close().await;
            format!("{url}?mode=ro")
        };
        let line = ["gyesan", "serve", "--addr", "127.0.0.1:0", "--sandbox-addr", "127.0.0.1:0"];
        let cli = Cli::parse_from([&line[..], &["--database-url", &url]].concat());
        let Some(Command::Serve(serve)) = cli.command else { unreachable!() };
        let told = Running::start(*serve).await.unwrap_err();
        assert!(told.contains("DATABASE_URL"), "{told}");
        assert!(
            told.contains("takes no writes") || told.contains("read") && told.contains("only"),
            "{told}"
        );
    });
}
