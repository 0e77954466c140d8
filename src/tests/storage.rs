//! Which commands make a database, and what is told of one that cannot be opened.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use clap::Parser;
use sqlx::{AnyConnection, Connection, Executor};
use tokio::runtime::Builder;

use crate::commands;
use crate::server::config::{Cli, Pooler, Storage};
use crate::server::db::{Db, probe};
use crate::startup::storage::{open, open_or_make};
use crate::tests::shop::{Database, folder, postgres, run};
use crate::tests::telemetry::is_alone;

/// Commands that look at a shop or change something in it.
const OTHERS: [&str; 6] = [
    "refund 20261122-mq0qwhsarvekfme0ne --reason 변심",
    "refund 20261122-mq0qwhsarvekfme0ne --withdraw",
    "coupon list",
    "coupon add summer --name 여름 --fixed 1000 --days 3 --staff",
    "coupon issue summer --to customer-key-1",
    "prove",
];

async fn gyesan(line: &str, url: &str) -> Result<(), String> {
    let words = ["gyesan"].into_iter().chain(line.split_whitespace());
    let cli = Cli::try_parse_from(words.chain(["--database-url", url]));
    commands::run(cli.map_err(|error| error.to_string())?).await
}

fn kept(url: &str) -> Storage {
    Storage { database_url: url.into(), pooler: Pooler::Auto }
}

#[test]
fn only_serve_and_migrate_make_a_database() {
    // A command of its own starts the log of its process.
    if !is_alone("tests::storage::only_serve_and_migrate_make_a_database") {
        return;
    }
    Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {
        let folder = folder();
        let own = Database::of_one_s_own(&folder).await.url;
        for line in OTHERS {
            let told = gyesan(line, &own).await.unwrap_err();
            assert!(told.contains("only `gyesan serve` and") || told.contains("Only"), "{told}");
            assert!(told.starts_with("DATABASE_URL: the "), "{line}: {told}");
        }
        if postgres().is_none() {
            assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0, "nothing was made");
        }
        gyesan("migrate", &own).await.unwrap();
        for file in std::fs::read_dir(&folder).unwrap() {
            // What stands beside a database goes once nobody has that open any more.
            let Ok(about) = file.unwrap().metadata() else { continue };
            assert_eq!(about.permissions().mode() & 0o077, 0, "names and addresses will be in it");
        }
        gyesan("coupon list", &own).await.unwrap();
        std::fs::remove_dir_all(folder).unwrap();
    });
}

#[test]
fn a_database_of_another_program_is_left_as_it_is() {
    run(async {
        let folder = folder();
        let own = Database::of_one_s_own(&folder).await.url;
        sqlx::any::install_default_drivers();
        let made = if postgres().is_some() { own.clone() } else { format!("{own}?mode=rwc") };
        let mut other = AnyConnection::connect(&made).await.unwrap();
        other.execute("create table notes (id bigint primary key)").await.unwrap();
        other.close().await.unwrap();
        let file = folder.join("shop.db");
        let before = std::fs::read(&file).ok();

        let told = open(&kept(&own)).await.unwrap_err();
        assert!(told.contains("has no tables of a shop"), "{told}");
        assert_eq!(std::fs::read(&file).ok(), before);
        if postgres().is_none() {
            assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1, "no log beside it");
            std::fs::write(&file, "Dear diary, this is no database. ".repeat(99)).unwrap();
            let told = open(&kept(&own)).await.unwrap_err();
            assert!(told.contains("another kind of file"), "{told}");
        }
        std::fs::remove_dir_all(folder).unwrap();
    });
}

#[test]
fn a_file_that_is_not_there_is_told_with_its_whole_path() {
    run(async {
        let folder = folder();
        let file = folder.join("no").join("shop.db");
        let own = format!("sqlite://{}", file.display());
        for told in
            [open(&kept(&own)).await.unwrap_err(), open_or_make(&kept(&own)).await.unwrap_err()]
        {
            assert!(told.contains(&format!("{} is not there", file.display())), "{told}");
        }
        let told = open(&kept("sqlite://gyesan-typo.db")).await.unwrap_err();
        let whole = std::path::absolute("gyesan-typo.db").unwrap();
        assert!(told.contains(&whole.display().to_string()), "{told}");
        std::fs::remove_dir_all(folder).unwrap();
    });
}

#[test]
fn a_server_that_is_not_there_is_told_soon_and_with_the_cause() {
    run(async {
        // One that takes connections and says nothing, and one that is not there.
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let at = |listener: &TcpListener| {
            let port = listener.local_addr().unwrap().port();
            format!("postgres://gyesan:geheim@127.0.0.1:{port}/shop")
        };
        let gone = at(&TcpListener::bind("127.0.0.1:0").unwrap());
        for (url, cause) in [(at(&silent), "no answer within 3 seconds"), (gone, "refused")] {
            for is_made in [true, false] {
                let began = Instant::now();
                let told = if is_made {
                    open_or_make(&kept(&url)).await.unwrap_err()
                } else {
                    open(&kept(&url)).await.unwrap_err()
                };
                assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
                assert!(told.contains(cause), "{told}");
                assert!(told.contains("the PostgreSQL database shop at 127.0.0.1:"), "{told}");
                assert!(told.contains("is PostgreSQL running there"), "{told}");
                assert!(!told.contains("geheim") && !told.contains("sqlite"), "{told}");
            }
        }
    });
}

#[test]
fn what_a_server_says_of_an_address_is_told_with_what_to_do() {
    // A pooler has one code for all that it refuses.
    let Some(server) = postgres().filter(|_| !is_behind_a_pooler()) else { return };
    run(async {
        let told = open(&kept(&format!("{server}/no_such_shop"))).await.unwrap_err();
        assert!(told.contains("does not exist") && told.contains("createdb"), "{told}");
        let nobody = server.replacen("://gyesan", "://nobody", 1);
        let told = open_or_make(&kept(&format!("{nobody}/postgres"))).await.unwrap_err();
        assert!(told.contains("see the user and the password"), "{told}");
    });
}

/// `end2end/postgres.mjs --pooler` starts one.
#[expect(clippy::disallowed_methods, reason = "a setting of the tests, not of the shop")]
fn is_behind_a_pooler() -> bool {
    std::env::var("GYESAN_TEST_POOLER").is_ok_and(|it| !it.is_empty())
}

#[test]
fn a_pooler_in_front_of_the_server_is_found_out() {
    if postgres().is_none() {
        return;
    }
    run(async {
        let own = Database::of_one_s_own(&folder()).await.url;
        let db = open_or_make(&kept(&own)).await.unwrap();
        assert_eq!(db.is_pooled(), is_behind_a_pooler());
        // What is set is not asked for.
        let told = Db::open_through(&own, Pooler::Transaction).await.unwrap();
        assert!(told.is_pooled());
        for db in [db, told] {
            db.migrate().await.unwrap();
            // More at once than one connection, and one after the other on each.
            let writes = (0..40).map(|now| probe::write(&db, now));
            for written in futures::future::join_all(writes).await {
                written.unwrap();
            }
            let rows = sqlx::query_scalar::<_, i64>("select count(*) from probes where id = $1");
            assert_eq!(rows.bind(1_i64).fetch_one(db.read()).await.unwrap(), 1);
            // A write that fails leaves a connection that is as good.
            let mut tx = db.write().await.unwrap();
            assert!(tx.execute("select no_such_column from probes").await.is_err());
            drop(tx);
            probe::write(&db, 41).await.unwrap();
            let written = sqlx::query_scalar::<_, i64>("select written_at from probes");
            assert_eq!(written.fetch_one(db.read()).await.unwrap(), 41);
            db.close().await;
        }
    });
}
