//! Copies of a shop that is in use, and shops made from them: nothing is lost, paid twice or drifts.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use futures::future::join_all;
use serde_json::json;
use sqlx::{Connection, Executor, SqliteConnection};

use crate::server::db::{Db, seed};
use crate::server::ops::backup::{self, Refused, Restored};
use crate::server::runtime::clock;
use crate::tests::restart::{done, programs};
use crate::tests::shop::{Browser, Database, Order, Shop, folder, postgres, run};

/// A buyer on the way back from Toss.
async fn returning(shop: &Shop) -> (Browser, Order, String) {
    let buyer = shop.stranger();
    let wish = json!({
        "lines": [{ "productId": "socks", "quantity": 1 }],
        "customer": Shop::wish()["customer"],
    });
    let placed = buyer.post_json("/api/place-order", &wish).await.is(201).json();
    let text = |name: &str| placed[name].as_str().unwrap().to_owned();
    let amount = placed["amount"].as_i64().unwrap();
    let order = Order { id: text("orderId"), name: text("orderName"), amount };
    let key = shop.authenticate(&order).await;
    (buyer, order, key)
}

/// As docs/OPERATIONS.md says, on either database.
async fn back_up(url: &str, file: &Path) {
    if postgres().is_none() {
        backup::make(url, file).await.unwrap();
        return;
    }
    let mut dump = Command::new(programs().unwrap().join("pg_dump"));
    dump.arg("--format=custom").arg("--file").arg(file).arg(url);
    tokio::task::block_in_place(|| done(&mut dump));
}

/// Into a database that is not there yet; where it is.
async fn restore(file: &Path, folder: &Path) -> Database {
    let Some(server) = postgres() else {
        let database = Database { url: format!("sqlite://{}/restored.db", folder.display()) };
        assert!(backup::restore(&database.url, file).await.unwrap().before.is_none());
        return database;
    };
    let name = format!("restored_{}", clock::row_id());
    Db::create(&server, &name).await.unwrap();
    let url = format!("{server}/{name}");
    let mut restore = Command::new(programs().unwrap().join("pg_restore"));
    restore.args(["--clean", "--if-exists", "--exit-on-error", "--single-transaction"]);
    restore.args(["--dbname", &url]).arg(file);
    tokio::task::block_in_place(|| done(&mut restore));
    Database { url }
}

#[test]
fn a_backup_of_a_shop_under_load_is_restored_and_its_drift_is_0() {
    if postgres().is_some() && programs().is_none() {
        return;
    }
    run(async {
        let toss = Shop::start().await;
        let shop = toss.through(toss.sandbox()).await;
        let files = folder();
        let buyers = join_all((0..24).map(|_| returning(&shop))).await;
        let (early, late) = buyers.split_at(20);
        let (in_doubt, rest) = early.split_first().unwrap();
        let confirm = async |(buyer, order, key): &(Browser, Order, String)| {
            let claim = json!({ "paymentKey": key, "orderId": order.id, "amount": order.amount });
            buyer.post_json("/api/confirm-payment", &claim).await
        };

        // One is being asked about at Toss; the others are paid while copies are made.
        shop.fault(json!({ "call": "confirm", "kind": "hold", "when": "after" })).await;
        let paying = async {
            tokio::join!(confirm(in_doubt), async {
                shop.until_asked(&in_doubt.2).await;
                let load = join_all(rest.iter().map(confirm));
                let copies = async {
                    for copy in 0..4 {
                        back_up(shop.database_url(), &files.join(format!("{copy}.backup"))).await;
                    }
                };
                let (paid, ()) = tokio::join!(load, copies);
                for paid in paid {
                    paid.is(200);
                }
                shop.lift_faults().await;
            })
        };
        paying.await;
        // These are paid when the last copy has been made, and are unpaid in it.
        for answer in join_all(late.iter().map(confirm)).await {
            answer.is(200);
        }
        shop.running.begin_stop();

        for copy in ["0.backup", "3.backup"] {
            let own = folder();
            let database = restore(&files.join(copy), &own).await;
            let again = toss.at(database, own.clone(), toss.sandbox()).await;
            again.is_proved().await;
            for (_, order, _) in &buyers {
                assert_eq!(again.status(order).await, "COMPLETED", "{copy}");
                let calls = again.calls(order).await;
                let confirms = calls.iter().filter(|call| call.starts_with("confirm")).count();
                assert_eq!(confirms, 1, "{copy}: {calls:?}");
            }
            assert_eq!(again.stock("socks").await, (300 - buyers.len()).to_string(), "{copy}");
            again.holds().await;
            // And it sells.
            let (_, order, key) = returning(&again).await;
            again.confirm(&key, &order, json!(order.amount)).await.is(200);
            // That the next copy knows nothing of it is as it should be.
            let back = json!({ "cancelReason": "시험" });
            again.as_merchant(&format!("/v1/payments/{key}/cancel"), &back).await;
        }
        std::fs::remove_dir_all(files).unwrap();
    });
}

/// A folder with a shop's file that nobody has open, and its address.
async fn closed_shop() -> (PathBuf, String) {
    let folder = folder();
    let url = format!("sqlite://{}/shop.db", folder.display());
    let db = Db::open(&url).await.unwrap();
    db.migrate().await.unwrap();
    seed::fill_if_empty(&db).await.unwrap();
    db.close().await;
    drop(db);
    (folder, url)
}

/// A connection ends a little later than its handle.
async fn restore_soon(url: &str, file: &Path) -> Result<Restored, Refused> {
    for _ in 0..1_000 {
        match backup::restore(url, file).await {
            Err(Refused::Running(_)) => tokio::task::yield_now().await,
            ended => return ended,
        }
    }
    backup::restore(url, file).await
}

async fn run_in(file: &Path, sql: &'static str) {
    let url = format!("sqlite://{}?mode=rwc", file.display());
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    connection.execute(sql).await.unwrap();
    connection.close().await.unwrap();
}

async fn price_of_mug(file: &Path) -> i64 {
    let url = format!("sqlite://{}", file.display());
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    let price = sqlx::query_scalar("select price from products where id = 'mug'");
    let price = price.fetch_one(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    price
}

/// Names of the files in a folder, the parts of an attempt among them.
fn files_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn nothing_is_written_over_and_no_other_file_is_taken_for_a_shop() {
    run(async {
        let (folder, url) = closed_shop().await;
        let file = folder.join("a.backup");
        let at = |name: &str| format!("sqlite://{}", folder.join(name).display());
        std::fs::write(folder.join("letter.txt"), "x".repeat(9_000)).unwrap();
        std::fs::write(folder.join("empty.db"), "").unwrap();
        run_in(&folder.join("other.db"), "create table notes (id bigint)").await;
        let before = files_in(&folder);

        let told = backup::make("postgres://host/shop", &file).await.unwrap_err();
        assert!(told.to_string().contains("pg_dump"), "{told}");
        let told = backup::make(&at("typing-error.db"), &file).await.unwrap_err();
        assert!(matches!(told, Refused::Missing(_)), "{told}");
        let told = backup::make(&at("letter.txt"), &file).await.unwrap_err();
        assert!(matches!(told, Refused::NoDatabase(_)), "{told}");
        for other in ["other.db", "empty.db"] {
            let told = backup::make(&at(other), &file).await.unwrap_err();
            assert!(matches!(told, Refused::Foreign(_)), "{other}: {told}");
        }
        let told = backup::make(&url, &folder.join("letter.txt")).await.unwrap_err();
        assert!(matches!(told, Refused::Taken(_)), "{told}");
        let told = backup::make(&url, &folder.join("no/such/folder")).await.unwrap_err();
        assert!(matches!(told, Refused::Io(..)), "{told}");
        assert_eq!(files_in(&folder), before, "nothing was made");

        assert!(backup::make(&url, &file).await.unwrap() > 0);
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "names and addresses are in it");
        std::fs::remove_dir_all(folder).unwrap();
    });
}

#[test]
fn a_restore_is_refused_while_the_shop_runs_and_keeps_what_was_there() {
    run(async {
        let (folder, url) = closed_shop().await;
        let (file, shop) = (folder.join("a.backup"), folder.join("shop.db"));
        backup::make(&url, &file).await.unwrap();

        let db = Db::open(&url).await.unwrap();
        let mut tx = db.write().await.unwrap();
        tx.execute("update products set price = 1 where id = 'mug'").await.unwrap();
        tx.commit().await.unwrap();
        let told = backup::restore(&url, &file).await.unwrap_err();
        assert!(matches!(told, Refused::Running(_)), "{told}");
        // A copy of it as it runs is none that can be restored.
        std::fs::copy(&shop, folder.join("plain.db")).unwrap();
        std::fs::copy(folder.join("shop.db-wal"), folder.join("plain.db-wal")).unwrap();
        let told = backup::restore(&url, &folder.join("plain.db")).await.unwrap_err();
        assert!(matches!(told, Refused::InUse(_)), "{told}");
        db.close().await;
        drop(db);

        let restored = restore_soon(&url, &file).await.unwrap();
        assert_eq!(price_of_mug(&shop).await, 12_000, "as it was");
        let before = restored.before.unwrap();
        assert_eq!(price_of_mug(&before).await, 1, "what was there is kept, with its last write");
        assert!(!files_in(&folder).iter().any(|name| name.contains(".part-")));
        std::fs::remove_dir_all(folder).unwrap();
    });
}

#[test]
fn what_is_damaged_or_newer_is_not_restored() {
    run(async {
        let (folder, url) = closed_shop().await;
        let (file, shop) = (folder.join("a.backup"), folder.join("shop.db"));
        backup::make(&url, &file).await.unwrap();
        let bytes = std::fs::read(&file).unwrap();
        let [garbled, short, letter, newer] =
            ["garbled", "short", "letter", "newer"].map(|name| folder.join(name));
        let mut torn = bytes.clone();
        let middle = bytes.len() / 2;
        torn[middle..middle + 8_192].fill(0xff);
        std::fs::write(&garbled, torn).unwrap();
        std::fs::write(&short, &bytes[..middle]).unwrap();
        std::fs::write(&letter, "x".repeat(9_000)).unwrap();
        std::fs::copy(&file, &newer).unwrap();
        run_in(&newer, "update _sqlx_migrations set version = 9999 where version = 1").await;

        for damaged in [&garbled, &short] {
            let told = backup::restore(&url, damaged).await.unwrap_err();
            assert!(matches!(told, Refused::Broken(..)), "{told}");
        }
        let told = backup::restore(&url, &letter).await.unwrap_err();
        assert!(matches!(told, Refused::NoDatabase(_)), "{told}");
        let told = backup::restore(&url, &newer).await.unwrap_err();
        assert!(matches!(told, Refused::Newer(_)), "{told}");
        let told = backup::restore(&url, &shop).await.unwrap_err();
        assert!(matches!(told, Refused::Same(_)), "{told}");
        let other = folder.join("other.db");
        run_in(&other, "create table notes (id bigint)").await;
        let to_other = format!("sqlite://{}", other.display());
        let told = backup::restore(&to_other, &file).await.unwrap_err();
        assert!(matches!(told, Refused::Foreign(_)), "{told}");
        assert_eq!(price_of_mug(&shop).await, 12_000, "nothing was replaced");
        assert!(!files_in(&folder).iter().any(|name| name.contains(".part-")));
        std::fs::remove_dir_all(folder).unwrap();
    });
}

/// What makes a restore needed: the file is no database any more, and its log is still beside it.
#[test]
fn a_log_of_the_database_from_before_is_not_read_into_the_restored_one() {
    run(async {
        let (folder, url) = closed_shop().await;
        let (file, shop) = (folder.join("a.backup"), folder.join("shop.db"));
        backup::make(&url, &file).await.unwrap();
        let db = Db::open(&url).await.unwrap();
        let mut tx = db.write().await.unwrap();
        tx.execute("update products set price = 1 where id = 'mug'").await.unwrap();
        tx.commit().await.unwrap();
        std::fs::copy(folder.join("shop.db-wal"), folder.join("log")).unwrap();
        db.close().await;
        drop(db);
        // Ends once nobody has it open.
        let first = restore_soon(&url, &file).await.unwrap().before.unwrap();
        for is_there in [true, false] {
            std::fs::copy(folder.join("log"), folder.join("shop.db-wal")).unwrap();
            if is_there {
                std::fs::write(&shop, "x".repeat(9_000)).unwrap();
            } else {
                std::fs::remove_file(&shop).unwrap();
            }
            let restored = backup::restore(&url, &file).await.unwrap();
            assert_eq!(restored.before.is_some(), is_there);
            assert!(!folder.join("shop.db-wal").exists());
            assert_eq!(price_of_mug(&shop).await, 12_000);
        }
        assert_eq!(price_of_mug(&first).await, 1);
        std::fs::remove_dir_all(folder).unwrap();
    });
}
