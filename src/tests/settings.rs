//! Settings that fit together, or are told before anything is done.

use clap::Parser;

use crate::server::config::{Cli, Command, Serve};
use crate::startup::Running;
use crate::tests::shop::{Database, Shop, folder, run};

fn serve(settings: &[&str], database: &str) -> Serve {
    let line = ["gyesan", "serve", "--sandbox-addr", "127.0.0.1:0", "--database-url", database];
    match Cli::parse_from([&line, settings].concat()).command {
        Some(Command::Serve(serve)) => *serve,
        other => panic!("{other:?}"),
    }
}

/// Why a shop with these settings does not start.
async fn refused(settings: &[&str]) -> String {
    let folder = folder();
    let file = folder.join("shop.db");
    let url = format!("sqlite://{}", file.display());
    let told = Running::start(serve(settings, &url)).await.unwrap_err();
    assert!(!file.exists(), "{told}");
    std::fs::remove_dir_all(folder).unwrap();
    told
}

#[test]
fn what_does_not_fit_is_told_before_anything_is_done() {
    run(async {
        for (settings, told) in [
            (&["--addr", "127.0.0.1:0", "--toss-security-key", "abc"][..], "64 hexadecimal digits"),
            (&["--addr", "0.0.0.0:0"], "for example PUBLIC_URL=https://shop.example.com"),
            (&["--addr", "[::]:3000"], "or PUBLIC_URL=http://192.168.0.5:3000"),
        ] {
            let refused = refused(settings).await;
            assert!(refused.contains(told), "{refused}");
        }
    });
}

#[test]
fn a_shop_on_all_addresses_names_the_one_that_browsers_use() {
    run(async {
        let folder = folder();
        let database = Database::of_one_s_own(&folder).await;
        let all = ["--addr", "0.0.0.0:0", "--public-url", "https://shop.example.com/"];
        let running = Running::start(serve(&all, &database.url)).await.unwrap();
        let place = format!("http://127.0.0.1:{}/api/place-order", running.addr.port());
        let placed = reqwest::Client::new().post(place).json(&Shop::wish()).send().await.unwrap();
        let placed: serde_json::Value = placed.json().await.unwrap();
        let url = placed["checkoutUrl"].as_str().unwrap_or_else(|| panic!("{placed}"));
        assert!(url.starts_with("https://shop.example.com/checkout?orderId="), "{url}");
        running.stop().await;
        std::fs::remove_dir_all(folder).unwrap();
    });
}
