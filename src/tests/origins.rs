//! Whose writes are taken.

use leptos::server_fn::axum::server_fn_paths;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::tests::shop::{Shop, run};

/// What the program answers to a write with these headers, and whether it gave out a cookie.
async fn answer(
    shop: &Shop,
    path: &str,
    cookie: Option<&str>,
    headers: &[(&str, &str)],
) -> (StatusCode, Value, bool) {
    let kind = if path.starts_with("/api/") {
        "application/json"
    } else {
        "application/x-www-form-urlencoded"
    };
    let url = format!("{}{path}", shop.browser.address());
    let mut request = reqwest::Client::new().post(url).header("content-type", kind).body("{}");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    if let Some(cookie) = cookie {
        request = request.header("cookie", format!("gyesan_visitor={cookie}"));
    }
    let answer = request.send().await.unwrap();
    let (status, gives) = (answer.status(), answer.headers().contains_key("set-cookie"));
    (status, serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap_or_default(), gives)
}

/// Every write there is, and whatever is added to them.
fn writes() -> Vec<String> {
    let all = server_fn_paths().filter(|(_, method)| *method == Method::POST);
    let mut paths: Vec<_> = all.map(|(path, _)| path.to_owned()).collect();
    paths.extend(["/api/no-such", "/form/no-such", "/", "/cart"].map(str::to_owned));
    paths
}

#[test]
fn a_write_is_taken_only_from_the_shops_own_pages() {
    run(async {
        let shop = Shop::start().await;
        shop.browser.get("/").await;
        let cookie = shop.browser.cookie("gyesan_visitor");
        let own = shop.browser.address().to_owned();
        let sandbox = shop.sandbox().to_owned();
        let site = |value: &'static str| ("sec-fetch-site", value);
        let from = |value: &'static str| ("origin", value);
        let paths = writes();
        assert!(paths.len() > 14, "{paths:?}");
        for path in &paths {
            for cookie in [None, Some(cookie.as_str())] {
                for (headers, is_taken) in [
                    (vec![site("same-origin")], true),
                    (vec![site("none")], true),
                    (vec![("origin", own.as_str())], true),
                    (vec![site("same-origin"), ("origin", &own)], true),
                    (vec![site("same-site"), from("https://blog.shop.example")], false),
                    (vec![site("same-site"), ("origin", &own)], false),
                    (vec![site("cross-site")], false),
                    (vec![site("")], false),
                    (vec![from("null")], false),
                    (vec![from("https://evil.example")], false),
                    // Another port of the same machine is another origin.
                    (vec![("origin", sandbox.as_str())], false),
                ] {
                    let (status, told, gives) = answer(&shop, path, cookie, &headers).await;
                    let is_forbidden = told["code"] == "FORBIDDEN";
                    assert_eq!(is_forbidden, !is_taken, "{path} {headers:?} {status} {told}");
                    assert_eq!(status == 403, !is_taken, "{path} {headers:?}");
                    // It would replace the buyer's own.
                    assert!(is_taken || !gives, "{path} {headers:?}");
                }
            }
        }
        assert_eq!(shop.one("select count(*) from customers").await, "0");
    });
}

#[test]
fn a_program_writes_what_needs_no_cookie() {
    run(async {
        let shop = Shop::start().await;
        for path in writes() {
            let (status, told, _) = answer(&shop, &path, None, &[]).await;
            assert_ne!(status, 403, "{path} {told}");
        }
        // With no header of a browser at all.
        let http = reqwest::Client::new();
        let post = async |path: &str, body: &Value| {
            let url = format!("{}{path}", shop.browser.address());
            let answer = http.post(url).json(body).send().await.unwrap();
            (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
        };
        let (status, placed) = post("/api/place-order", &Shop::wish()).await;
        assert_eq!(status, 201);
        let (id, amount) = (placed["orderId"].as_str().unwrap(), placed["amount"].clone());
        assert_eq!(post("/api/price", &json!({ "orderId": id })).await.0, 200);
        let key = shop.authenticate_as(id, amount.as_i64().unwrap(), "CARD").await;
        let claim = json!({ "paymentKey": key, "orderId": id, "amount": amount });
        assert_eq!(post("/api/confirm-payment", &claim).await.0, 200);
        // Toss is no browser either, and its notices pass whatever they carry.
        let url = format!("{}/webhooks/toss", shop.browser.address());
        let notice = json!({ "eventType": "x", "data": {} });
        let notice = http.post(url).header("origin", "https://evil.example").json(&notice);
        assert_ne!(notice.send().await.unwrap().status(), 403);
    });
}

/// Whose order it is, a browser proves with its page; a cookie by itself is no proof.
#[test]
fn a_buyers_write_needs_more_than_the_cookie() {
    run(async {
        let shop = Shop::start().await;
        shop.order().await;
        let cookie = shop.browser.cookie("gyesan_visitor");
        for path in writes() {
            let is_for_anybody = [
                "/api/place-order",
                "/api/claim-coupon",
                "/api/price",
                "/api/confirm-payment",
                "/form/cart",
                "/form/order",
            ]
            .contains(&path.as_str());
            let (status, told, _) = answer(&shop, &path, Some(&cookie), &[]).await;
            assert_eq!(status == 403, !is_for_anybody, "{path} {told}");
        }
    });
}
