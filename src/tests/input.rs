//! Bad input to the JSON API: a 4xx with a sentence that names the field, and nothing changes.

use serde_json::{Value, json};

use crate::tests::shop::{Shop, run};

/// Rows that an order, a payment or an event would add.
async fn rows(shop: &Shop) -> String {
    let mut counts = Vec::new();
    for table in ["orders", "payments", "order_events", "coupons"] {
        counts.push(shop.one(&format!("select count(*) from {table}")).await);
    }
    counts.join(" ")
}

fn with(path: &[&str], value: Value) -> Value {
    let mut wish = Shop::wish();
    let mut place = &mut wish;
    for key in path {
        place = match key.parse::<usize>() {
            Ok(index) => &mut place[index],
            Err(_) => &mut place[*key],
        };
    }
    *place = value;
    wish
}

#[test]
fn an_order_names_the_field_that_is_wrong() {
    run(async {
        let shop = Shop::start().await;
        let before = rows(&shop).await;
        let long = "가".repeat(101);
        let many: Vec<Value> =
            (0..21).map(|n| json!({ "productId": format!("p{n}"), "quantity": 1 })).collect();
        for (body, field) in [
            (json!({}), "lines"),
            (json!([]), ""),
            (json!("text"), ""),
            (with(&["lines"], json!([])), "lines"),
            (with(&["lines"], json!("tee")), "lines"),
            (with(&["lines"], json!(many)), "lines"),
            (with(&["lines", "0", "quantity"], json!(-1)), "lines[0].quantity"),
            (with(&["lines", "1", "quantity"], json!(0)), "lines[1].quantity"),
            (with(&["lines", "1", "quantity"], json!(100)), "lines[1].quantity"),
            (with(&["lines", "1", "quantity"], json!(1e30)), "lines[1].quantity"),
            (with(&["lines", "1", "quantity"], json!(1.5)), "lines[1].quantity"),
            (with(&["lines", "1", "quantity"], json!("2")), "lines[1].quantity"),
            (with(&["lines", "0", "productId"], json!("no-such")), "lines"),
            (with(&["lines", "0", "productId"], json!("../etc")), "lines[0].productId"),
            (with(&["lines", "0", "productId"], json!(5)), "lines[0].productId"),
            (with(&["customer"], json!(null)), "customer"),
            (with(&["customer", "name"], json!("  ")), "customer.name"),
            (with(&["customer", "name"], json!(long)), "customer.name"),
            (with(&["customer", "email"], json!("hong")), "customer.email"),
            (with(&["customer", "mobilePhone"], json!("전화")), "customer.mobilePhone"),
            (with(&["customer", "mobilePhone"], json!(1012345678)), "customer.mobilePhone"),
            (with(&["couponId"], json!("not-mine")), "couponId"),
            (with(&["couponId"], json!("쿠폰")), "couponId"),
            (with(&["requestId"], json!("again:1")), "requestId"),
        ] {
            let answer = shop.browser.post_json("/api/place-order", &body).await;
            let told = answer.is(400).json();
            assert_eq!(told["code"], "INVALID_REQUEST", "{body}");
            assert_eq!(told["field"].as_str().unwrap_or_default(), field, "{told}");
            assert!(told["message"].as_str().unwrap().contains(field), "{told}");
            assert!(told["message"].as_str().unwrap().len() > 10, "{told}");
        }
        assert_eq!(rows(&shop).await, before);
        assert_eq!(shop.stock("tee").await, "120");
    });
}

#[test]
fn a_price_from_the_browser_is_not_even_read() {
    run(async {
        let shop = Shop::start().await;
        let mut wish = with(&["lines", "0", "price"], json!(1));
        wish["amount"] = json!(1);
        assert_eq!(shop.order_of(&wish).await.amount, 74_500);
    });
}

#[test]
fn a_claim_names_the_field_that_is_wrong() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let key = shop.authenticate(&order).await;
        let before = rows(&shop).await;
        let claim = |field: &str, value: Value| {
            let mut claim =
                json!({ "paymentKey": key, "orderId": order.id, "amount": order.amount });
            claim[field] = value;
            claim
        };
        for (field, value) in [
            ("amount", json!(0)),
            ("amount", json!("0")),
            ("amount", json!(1.5)),
            ("amount", json!("1e3")),
            ("amount", json!(-1)),
            ("amount", json!(null)),
            ("amount", json!("")),
            ("amount", json!([74_500])),
            ("amount", json!(1e300)),
            ("orderId", json!("짧은")),
            ("orderId", json!("abc")),
            ("orderId", json!("x".repeat(65))),
            ("orderId", json!(7)),
            ("paymentKey", json!("")),
            ("paymentKey", json!("a b")),
            ("paymentKey", json!(".")),
            ("paymentKey", json!("..")),
            ("paymentKey", json!("a/b")),
            ("paymentKey", json!("../orders/x")),
            ("paymentKey", json!("%2e%2e")),
            ("paymentKey", json!("a?b")),
            ("paymentKey", json!("a#b")),
            ("paymentKey", json!("k".repeat(201))),
            ("paymentKey", json!({})),
        ] {
            let answer =
                shop.browser.post_json("/api/confirm-payment", &claim(field, value.clone())).await;
            let told = answer.is(400).json();
            assert_eq!(
                (&told["code"], &told["field"]),
                (&json!("INVALID_REQUEST"), &json!(field)),
                "{value}"
            );
        }
        for missing in ["paymentKey", "orderId", "amount"] {
            let mut claim = claim("x", json!(1));
            claim.as_object_mut().unwrap().remove(missing);
            let told = shop.browser.post_json("/api/confirm-payment", &claim).await.is(400).json();
            assert!(told["message"].as_str().unwrap().contains(missing), "{told}");
        }
        let unknown = claim("orderId", json!("20260101-unknown"));
        let told = shop.browser.post_json("/api/confirm-payment", &unknown).await.is(404).json();
        assert_eq!(told["code"], "NOT_FOUND");
        assert_eq!(rows(&shop).await, before);
        assert!(shop.calls(&order).await.is_empty());
    });
}

#[test]
fn what_is_not_json_is_refused_in_json() {
    run(async {
        let shop = Shop::start().await;
        let big = format!("{{\"lines\": \"{}\"}}", "x".repeat(1 << 20));
        for path in ["place-order", "confirm-payment", "fail-payment", "apply-coupon", "price"] {
            let path = format!("/api/{path}");
            for (kind, body, status) in [
                ("application/json", String::new(), 400),
                ("application/json", "not json".to_owned(), 400),
                ("application/json", "{\"a\":".to_owned(), 400),
                ("application/json", "{} trailing".to_owned(), 400),
                ("application/json", "[".repeat(10_000), 400),
                ("application/json", big.clone(), 413),
                ("text/plain", "{}".to_owned(), 415),
                ("application/x-www-form-urlencoded", "orderId=abcdef".to_owned(), 415),
            ] {
                let answer = shop.browser.post_text(&path, kind, body).await;
                let told = answer.is(status).json();
                assert!(
                    told["message"].as_str().is_some_and(|text| !text.is_empty()),
                    "{path} {told}"
                );
            }
        }
        shop.browser.get_json("/api/no-such-function").await.is(404).json();
    });
}

#[test]
fn the_checkout_view_is_what_the_readme_says() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let view = shop.browser.get_json(&format!("/api/checkout?orderId={}", order.id)).await;
        let view = view.is(200).json();
        assert_eq!(view["orderId"], order.id);
        assert_eq!(view["orderName"], "토스 티셔츠 외 2건");
        assert_eq!(view["amount"], 74_500);
        assert_eq!(view["discount"], 0);
        assert_eq!(view["status"], "PENDING");
        assert_eq!(view["clientKey"], shop.running.app.shop.client_key);
        assert_eq!(view["lines"][0]["unitPrice"], 29_000);
        let key = view["customerKey"].as_str().unwrap();
        assert!(crate::domain::id::CustomerKey::parse(key).is_ok());
        assert_eq!(view["customer"]["name"], "홍길동");
        // Whoever has the address learns what is ordered, and nothing about the buyer.
        let stranger =
            shop.stranger().get_json(&format!("/api/checkout?orderId={}", order.id)).await;
        assert_eq!(stranger.is(200).json()["customer"], Value::Null);
        assert_eq!(stranger.json()["customerKey"], Value::Null);
        assert_eq!(stranger.json()["coupons"], json!([]));

        let unknown = shop.browser.get_json("/api/checkout?orderId=20260101-unknown").await;
        assert_eq!(unknown.is(404).json()["code"], "NOT_FOUND");
        assert_eq!(shop.browser.get_json("/api/checkout").await.is(400).json()["field"], "orderId");
        shop.browser.get_json("/api/checkout?orderId=%EC%A3%BC").await.is(400);
    });
}

#[test]
fn placing_answers_with_the_way_on() {
    run(async {
        let shop = Shop::start().await;
        let answer = shop.browser.post_json("/api/place-order", &Shop::wish()).await;
        let placed = answer.is(201).json();
        let url = format!("http://{}/checkout?orderId=", shop.running.addr);
        assert!(placed["checkoutUrl"].as_str().unwrap().starts_with(&url), "{placed}");
        assert!(crate::domain::id::OrderId::parse(placed["orderId"].as_str().unwrap()).is_ok());
    });
}

#[test]
fn an_order_names_all_fields_that_are_wrong() {
    run(async {
        let shop = Shop::start().await;
        let before = rows(&shop).await;
        let wish = json!({
            "lines": [], "customer": { "name": "\u{3164}", "email": "hong", "mobilePhone": "12" },
        });
        let told = shop.browser.post_json("/api/place-order", &wish).await.is(400).json();
        assert_eq!((&told["code"], &told["field"]), (&json!("INVALID_REQUEST"), &json!("lines")));
        let fields = told["fields"].as_array().unwrap();
        let names: Vec<_> = fields.iter().map(|it| it["field"].as_str().unwrap()).collect();
        let all = ["lines", "customer.name", "customer.email", "customer.mobilePhone"];
        assert_eq!(names, all);
        for field in fields {
            assert!(field["message"].as_str().unwrap().len() > 10, "{field}");
        }
        // One alone is as it ever was.
        let one = with(&["customer", "email"], json!("hong"));
        let told = shop.browser.post_json("/api/place-order", &one).await.is(400).json();
        assert_eq!(told["field"], "customer.email");
        assert_eq!(told.get("fields"), None);
        assert_eq!(rows(&shop).await, before);
    });
}
