//! One cart is paid once, in however many tabs, unless its buyer says that it is meant.

use reqwest::Url;
use serde_json::json;

use crate::tests::shop::{Answer, Browser, Order, Shop, run};

impl Shop {
    /// Puts pieces of a product into the cart.
    async fn put(&self, product: &str, quantity: &str) {
        let fields = [("productId", product), ("quantity", quantity)];
        self.browser.post_form("/form/cart", &fields).await.is(302);
    }

    /// A tab in which the cart's page is open.
    async fn tab(&self) -> Tab {
        let page = self.browser.get("/cart").await.text;
        let field = |name: &str| {
            let after = page.split(&format!("name=\"{name}\" value=\"")).nth(1);
            after.and_then(|after| after.split('"').next()).unwrap_or_default().to_owned()
        };
        Tab { form: field("requestId"), lines: field("lines"), cart: field("cart") }
    }

    /// Sends the form of a tab.
    async fn order_in(&self, tab: &Tab) -> Order {
        let fields = [
            ("requestId", tab.form.as_str()),
            ("lines", &tab.lines),
            ("cart", &tab.cart),
            ("name", "홍길동"),
            ("email", "hong@example.com"),
            ("mobilePhone", "010-1234-5678"),
        ];
        let next = self.browser.post_form("/form/order", &fields).await.is(302).location.clone();
        let next = next.unwrap();
        let id = next.strip_prefix("/checkout?orderId=").unwrap_or_else(|| panic!("{next}"));
        let view = self.browser.get_json(&format!("/api/checkout?orderId={id}")).await.json();
        let amount = view["amount"].as_i64().unwrap();
        Order { id: id.to_owned(), name: view["orderName"].as_str().unwrap().to_owned(), amount }
    }

    async fn return_of(&self, browser: &Browser, key: &str, order: &Order) -> Answer {
        let claim = json!({ "paymentKey": key, "orderId": order.id, "amount": order.amount });
        browser.post_json("/api/confirm-payment", &claim).await
    }

    async fn mean_it(&self, browser: &Browser, order: &Order) -> Answer {
        browser.post_json("/api/repeat-order", &json!({ "orderId": order.id })).await
    }
}

struct Tab {
    form: String,
    lines: String,
    cart: String,
}

fn success(key: &str, order: &Order) -> String {
    format!("/success?paymentKey={key}&orderId={}&amount={}", order.id, order.amount)
}

#[test]
fn two_tabs_pay_one_cart_once_unless_its_buyer_means_it() {
    run(async {
        let shop = Shop::start().await;
        shop.put("mug", "1").await;
        let tabs = (shop.tab().await, shop.tab().await);
        let (one, two) = (shop.order_in(&tabs.0).await, shop.order_in(&tabs.1).await);
        assert_ne!(one.id, two.id);
        let keys = (shop.authenticate(&one).await, shop.authenticate(&two).await);
        shop.return_of(&shop.browser, &keys.0, &one).await.is(200);
        let refused = shop.return_of(&shop.browser, &keys.1, &two).await;
        assert!(refused.is(409).text.contains("이미 주문"), "{}", refused.text);
        assert_eq!(shop.calls(&two).await, Vec::<String>::new());
        assert_eq!(shop.status(&two).await, "PENDING");

        // Every page on the way asks, before the window and after it.
        for path in [format!("/checkout?orderId={}", two.id), success(&keys.1, &two)] {
            let page = shop.browser.get(&path).await.is(200).text.clone();
            assert!(page.contains("같은 장바구니를 이미 결제했습니다"), "{page}");
            assert!(page.contains(&format!("/orders/{}", one.id)), "{page}");
            assert!(page.contains("action=\"/form/repeat\""), "{page}");
        }
        let price = shop.browser.post_json("/api/price", &json!({ "orderId": two.id })).await;
        price.is(409);

        // The word is the buyer's.
        shop.mean_it(&shop.stranger(), &two).await.is(404);
        shop.return_of(&shop.browser, &keys.1, &two).await.is(409);
        let amount = two.amount.to_string();
        let fields = [("orderId", two.id.as_str()), ("paymentKey", &keys.1), ("amount", &amount)];
        let said = shop.browser.post_form("/form/repeat", &fields).await;
        let next = said.is(302).location.clone().unwrap();
        assert_eq!(next, success(&keys.1, &two));
        let page = shop.browser.get(&next).await;
        assert!(page.is(200).text.contains("data-status=\"COMPLETED\""), "{}", page.text);
        assert!(shop.events(&two).await.contains(&"Repeated PENDING→PENDING".to_owned()));
        shop.holds().await;
    });
}

#[test]
fn of_two_orders_that_were_both_meant_one_is_asked_about_again() {
    run(async {
        let shop = Shop::start().await;
        shop.put("mug", "1").await;
        let mut orders = Vec::new();
        for _ in 0..3 {
            let order = shop.order_in(&shop.tab().await).await;
            let key = shop.authenticate(&order).await;
            orders.push((order, key));
        }
        let [(one, first), (two, second), (three, third)] = &orders[..] else { unreachable!() };
        shop.return_of(&shop.browser, first, one).await.is(200);
        shop.mean_it(&shop.browser, two).await.is(200);
        shop.mean_it(&shop.browser, three).await.is(200);
        shop.running.app.clock.advance(1_000);
        shop.return_of(&shop.browser, second, two).await.is(200);
        shop.return_of(&shop.browser, third, three).await.is(409);
        shop.holds().await;
    });
}

#[test]
fn two_tabs_that_pay_at_once_pay_once() {
    run(async {
        let shop = Shop::start().await;
        for changed in [false, true] {
            shop.put("mug", "1").await;
            let one = shop.order_in(&shop.tab().await).await;
            if changed {
                shop.put("socks", "1").await;
            }
            let two = shop.order_in(&shop.tab().await).await;
            let keys = (shop.authenticate(&one).await, shop.authenticate(&two).await);
            let answers = tokio::join!(
                shop.return_of(&shop.browser, &keys.0, &one),
                shop.return_of(&shop.browser, &keys.1, &two)
            );
            let mut codes = [answers.0.status.as_u16(), answers.1.status.as_u16()];
            codes.sort_unstable();
            assert_eq!(codes, [200, 409], "{} {}", answers.0.text, answers.1.text);
            shop.holds().await;
            shop.running.app.clock.advance(2 * 3_600_000);
        }
    });
}

#[test]
fn a_cart_that_was_changed_is_the_same_cart_and_a_new_one_is_not() {
    run(async {
        let shop = Shop::start().await;
        shop.put("mug", "1").await;
        let one = shop.order_in(&shop.tab().await).await;
        shop.put("socks", "2").await;
        let two = shop.order_in(&shop.tab().await).await;
        let keys = (shop.authenticate(&one).await, shop.authenticate(&two).await);
        shop.return_of(&shop.browser, &keys.0, &one).await.is(200);
        shop.return_of(&shop.browser, &keys.1, &two).await.is(409);
        // What is left of it is a cart of its own.
        assert_eq!(shop.browser.cookie("gyesan_cart"), "socks*2");
        let three = shop.order_in(&shop.tab().await).await;
        let key = shop.authenticate(&three).await;
        shop.return_of(&shop.browser, &key, &three).await.is(200);
        shop.holds().await;
    });
}

#[test]
fn a_cart_that_waits_for_its_deposit_or_was_paid_within_the_hour_is_not_paid_again() {
    run(async {
        let shop = Shop::start().await;
        shop.put("mug", "1").await;
        let (one, two) =
            (shop.order_in(&shop.tab().await).await, shop.order_in(&shop.tab().await).await);
        let account = shop.authenticate_as(&one.id, one.amount, "VIRTUAL_ACCOUNT").await;
        shop.return_of(&shop.browser, &account, &one).await.is(202);
        let ask = async || {
            let key = shop.authenticate(&two).await;
            shop.return_of(&shop.browser, &key, &two).await
        };
        ask().await.is(409);
        shop.running.app.clock.advance(2 * 3_600_000);
        ask().await.is(409);
        let page = shop.browser.get(&format!("/checkout?orderId={}", two.id)).await.text;
        assert!(page.contains("입금을 기다리고 있습니다"), "{page}");
        shop.toss(&format!("/__sandbox/payments/{account}/deposit"), &json!({})).await;
        shop.settles(&one, "COMPLETED").await;
        ask().await.is(409);
        shop.running.app.clock.advance(2 * 3_600_000);
        ask().await.is(200);
        shop.holds().await;
    });
}

#[test]
fn a_payment_that_was_given_back_is_not_in_the_way() {
    run(async {
        let shop = Shop::start().await;
        shop.put("mug", "1").await;
        let (one, two) =
            (shop.order_in(&shop.tab().await).await, shop.order_in(&shop.tab().await).await);
        let keys = (shop.authenticate(&one).await, shop.authenticate(&two).await);
        shop.return_of(&shop.browser, &keys.0, &one).await.is(200);
        let cancel = json!({ "cancelReason": "단순 변심" });
        shop.as_merchant(&format!("/v1/payments/{}/cancel", keys.0), &cancel).await;
        let changed = json!({ "eventType": "PAYMENT_STATUS_CHANGED", "createdAt": "2026-03-01T10:15:30.000000",
            "data": { "paymentKey": keys.0, "orderId": one.id, "status": "CANCELED" } });
        shop.browser.post_json("/webhooks/toss", &changed).await;
        shop.settles(&one, "REFUNDED").await;
        shop.return_of(&shop.browser, &keys.1, &two).await.is(200);
        shop.holds().await;
    });
}

/// Who answered, and when, does not matter: the order has emptied the cart.
#[test]
fn the_cart_is_emptied_by_the_order() {
    run(async {
        let shop = Shop::start().await;
        for method in ["CARD", "late", "VIRTUAL_ACCOUNT"] {
            shop.put("mug", "1").await;
            let order = shop.order_in(&shop.tab().await).await;
            shop.put("socks", "1").await;
            let toss_method = if method == "late" { "CARD" } else { method };
            let key = shop.authenticate_as(&order.id, order.amount, toss_method).await;
            if method == "late" {
                let lost = json!({ "call": "any", "kind": "lose", "when": "after", "times": 1000 });
                shop.fault(lost).await;
            }
            // In another browser.
            let answer = shop.return_of(&shop.stranger(), &key, &order).await;
            if method == "late" {
                answer.is(202);
                shop.browser.get("/").await.is(200);
                assert_eq!(shop.browser.cookie("gyesan_cart"), "mug*1~socks*1");
                shop.lift_faults().await;
                shop.settles(&order, "COMPLETED").await;
            }
            let page = shop.browser.get("/cart").await;
            assert_eq!(shop.browser.cookie("gyesan_cart"), "socks*1", "{method}");
            assert!(!page.text.contains("파란 머그컵"), "{}", page.text);
            // What is put into it later stays.
            shop.put("mug", "1").await;
            shop.browser.get("/").await;
            shop.browser.get("/cart").await;
            assert_eq!(shop.browser.cookie("gyesan_cart"), "socks*1~mug*1");
            shop.put("socks", "0").await;
            shop.put("mug", "0").await;
            shop.running.app.clock.advance(2 * 3_600_000);
        }
    });
}

#[test]
fn an_address_that_says_more_than_it_may_leads_nowhere_else() {
    run(async {
        let shop = Shop::start().await;
        shop.put("mug", "1").await;
        let order = shop.order_in(&shop.tab().await).await;
        for (key, amount) in [("../../x", "100"), ("k&orderId=other", "1"), ("k", "-1"), ("k", "x")]
        {
            let fields = [("orderId", order.id.as_str()), ("paymentKey", key), ("amount", amount)];
            let next = shop.browser.post_form("/form/repeat", &fields).await.location.unwrap();
            let next = Url::parse(&format!("http://shop{next}")).unwrap();
            assert_eq!(next.path(), "/checkout", "{next}");
        }
    });
}

/// A program sends what it likes: the same goods are the same cart in whichever order they stand.
#[test]
fn the_same_goods_in_another_order_are_the_same_cart() {
    run(async {
        let shop = Shop::start().await;
        let wish = |first: &str, second: &str| {
            json!({
                "lines": [
                    { "productId": first, "quantity": 1 }, { "productId": second, "quantity": 1 },
                ],
                "customer": Shop::wish()["customer"],
            })
        };
        let one = shop.order_of(&wish("mug", "socks")).await;
        let two = shop.order_of(&wish("socks", "mug")).await;
        let keys = (shop.authenticate(&one).await, shop.authenticate(&two).await);
        shop.return_of(&shop.browser, &keys.0, &one).await.is(200);
        shop.return_of(&shop.browser, &keys.1, &two).await.is(409);
        assert_eq!(shop.status(&two).await, "PENDING");
        shop.holds().await;
    });
}
