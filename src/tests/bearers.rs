//! The buyer who comes back from Toss in another browser than the one that ordered.

use serde_json::json;

use crate::server::payment::refund::What;
use crate::tests::refunds::request;
use crate::tests::shop::{Browser, Order, Shop, postgres, run};

/// Nobody's.
const NUMBER: &str = "1002123456789";

/// Words of a page that names an account.
const NAMED: [&str; 3] = ["아래 계좌", "계좌번호", "적어 주시면"];

/// Comes back by the address that Toss has made.
async fn returns(browser: &Browser, key: &str, order: &Order) -> String {
    let (id, amount) = (&order.id, order.amount);
    let path = format!("/success?paymentKey={key}&orderId={id}&amount={amount}");
    browser.get(&path).await.text
}

async fn is_mine(browser: &Browser, order: &Order) -> bool {
    let told = browser.get_json(&format!("/api/order?orderId={}", order.id)).await.is(200).json();
    assert_eq!(told["isMine"] == true, told["customer"]["email"] == "hong@example.com", "{told}");
    told["isMine"] == true
}

async fn page(browser: &Browser, order: &Order) -> String {
    browser.get(&format!("/orders/{}", order.id)).await.is(200).text.clone()
}

impl Shop {
    /// A buyer at Toss, who chose an account to pay into.
    async fn at_toss(&self) -> (Order, String) {
        let order = self.order().await;
        let key = self.authenticate_as(&order.id, order.amount, "VIRTUAL_ACCOUNT").await;
        (order, key)
    }

    async fn number(&self, key: &str) -> String {
        let payment = self.payment(key).await;
        payment["virtualAccount"]["accountNumber"].as_str().unwrap().to_owned()
    }

    async fn bound(&self) -> String {
        self.one("select count(*) from order_bearers where bearer_hash is not null").await
    }
}

#[test]
fn the_browser_that_comes_back_with_the_payment_key_is_the_buyers_for_that_order() {
    run(async {
        let shop = Shop::start().await;
        let (order, key) = shop.at_toss().await;
        let elsewhere = shop.order().await;
        let other = shop.stranger();
        let told = returns(&other, &key, &order).await;
        let number = shop.number(&key).await;
        assert!(told.contains(&number) && told.contains("아래 계좌로"), "{told}");
        // From then on, for as long as the cookie is there, and for this order alone.
        shop.running.app.clock.advance(2 * 3_600 * 1_000);
        assert!(page(&other, &order).await.contains(&number));
        assert!(is_mine(&other, &order).await && is_mine(&shop.browser, &order).await);
        assert!(!is_mine(&other, &elsewhere).await);
        let times = "select count(*) from order_bearers where bound_at > 1700000000000";
        assert_eq!(shop.one(times).await, "1");
        // The same address is nobody else's proof, nor is the number of the order.
        let third = shop.stranger();
        for told in [returns(&third, &key, &order).await, page(&third, &order).await] {
            for text in [NAMED[0], NAMED[1], NAMED[2], number.as_str()] {
                assert!(!told.contains(text), "{text}: {told}");
            }
            assert!(told.contains("입금할 계좌는 주문한 브라우저에서만 보입니다"), "{told}");
        }
        let forged = format!("gyesan_returned={}", "a".repeat(26));
        let request = reqwest::Client::new()
            .get(format!("{}/api/order?orderId={}", shop.browser.address(), order.id))
            .header("cookie", forged);
        assert!(request.send().await.unwrap().text().await.unwrap().contains("\"isMine\":false"));
        assert!(!is_mine(&third, &order).await);
        assert_eq!(shop.bound().await, "1");

        // Receipt, coupons, and the account for a refund.
        shop.toss(&format!("/__sandbox/payments/{key}/deposit"), &json!({})).await;
        shop.settles(&order, "COMPLETED").await;
        let path = format!("/api/order?orderId={}", order.id);
        let told = other.get_json(&path).await.is(200).json();
        assert!(told["paid"]["receiptUrl"].as_str().unwrap().starts_with("http"), "{told}");
        let path = format!("/api/checkout?orderId={}", order.id);
        let told = other.get_json(&path).await.is(200).json();
        assert!(!told["coupons"].as_array().unwrap().is_empty(), "{told}");
        let told = third.get_json(&path).await.is(200).json();
        assert!(told["coupons"].as_array().unwrap().is_empty(), "{told}");
        shop.staff_refund(&order, &request_of_everything()).await.unwrap();
        shop.settles(&order, "REFUND_WAITING").await;
        assert!(page(&other, &order).await.contains("적어 주시면"));
        let told = page(&third, &order).await;
        for text in NAMED {
            assert!(!told.contains(text), "{text}: {told}");
        }
        let fields = [
            ("orderId", order.id.as_str()),
            ("bank", "20"),
            ("accountNumber", NUMBER),
            ("holderName", "홍길동"),
        ];
        let told = third.post_form("/form/refund-account", &fields).await;
        assert!(told.location.unwrap().starts_with("/cart?problem="));
        assert_eq!(shop.status(&order).await, "REFUND_WAITING");
        let told = other.post_form("/form/refund-account", &fields).await;
        assert_eq!(told.location, Some(format!("/orders/{}", order.id)));
        shop.settles(&order, "REFUNDED").await;
        shop.holds().await;
    });
}

fn request_of_everything() -> crate::server::payment::refund::Request {
    request(What::Everything)
}

#[test]
fn whoever_has_the_orders_number_alone_comes_back_in_vain() {
    run(async {
        let shop = Shop::start().await;
        // Toss has given out no such key: the order fails, and is nobody's but the buyer's.
        let (unpaid, _) = shop.at_toss().await;
        let stranger = shop.stranger();
        returns(&stranger, "tgen_20260301101530Ab3Xz", &unpaid).await;
        assert!(!is_mine(&stranger, &unpaid).await);
        // Another key than the order's.
        let (order, key) = shop.at_toss().await;
        let (_, others) = shop.at_toss().await;
        shop.confirm(&key, &order, json!(order.amount)).await.is(202);
        for key in [others.as_str(), "tgen_20260301101530Ab3Xz", &key[..key.len() - 1]] {
            let told = returns(&stranger, key, &order).await;
            assert!(!told.contains("아래 계좌"), "{told}");
            assert!(!is_mine(&stranger, &order).await, "{key}");
        }
        let claim = json!({ "paymentKey": others, "orderId": order.id, "amount": order.amount });
        stranger.post_json("/api/confirm-payment", &claim).await;
        assert!(!is_mine(&stranger, &order).await);
        shop.settles(&unpaid, "FAILED").await;
        assert!(!is_mine(&stranger, &unpaid).await);
        shop.holds().await;
    });
}

/// The address stays in a history, and is passed on as if it were the order's.
#[test]
fn an_address_that_was_used_or_is_old_is_no_proof() {
    run(async {
        let shop = Shop::start().await;
        let (order, key) = shop.at_toss().await;
        let number = async || shop.number(&key).await;
        let told = returns(&shop.browser, &key, &order).await;
        assert!(told.contains(&number().await), "{told}");
        let other = shop.stranger();
        assert!(!returns(&other, &key, &order).await.contains(&number().await));
        assert!(!is_mine(&other, &order).await && is_mine(&shop.browser, &order).await);
        // A program told the shop, and the buyer came late.
        let (order, key) = shop.at_toss().await;
        shop.confirm(&key, &order, json!(order.amount)).await.is(202);
        shop.running.app.clock.advance(31 * 60 * 1_000);
        returns(&other, &key, &order).await;
        assert!(!is_mine(&other, &order).await);
        assert_eq!(shop.bound().await, "0");
    });
}

/// What Toss has not told yet is nobody's to see, and is the same browser's once Toss has.
#[test]
fn who_comes_back_while_toss_is_silent_sees_the_order_once_toss_has_told() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let key = shop.authenticate(&order).await;
        let lost = json!({ "orderId": order.id, "call": "any", "kind": "lose", "when": "after" });
        shop.fault(lost).await;
        let other = shop.stranger();
        returns(&other, &key, &order).await;
        if shop.status(&order).await == "CONFIRMING" {
            assert!(!is_mine(&other, &order).await);
        }
        shop.settles(&order, "COMPLETED").await;
        assert!(is_mine(&other, &order).await);
        shop.holds().await;
    });
}

/// A telephone that lost its way while Toss was asked: it has not seen what it would be known by.
#[test]
fn who_hangs_up_while_toss_is_asked_and_comes_again_is_the_buyer() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let key = shop.authenticate(&order).await;
        let slow = json!({ "orderId": order.id, "call": "confirm", "kind": "delay",
                           "delayMs": 2_500, "when": "before" });
        shop.fault(slow).await;
        let other = shop.stranger();
        let status = format!("select status from orders where id = '{}'", order.id);
        tokio::select! {
            _ = returns(&other, &key, &order) => panic!("answered before Toss was"),
            () = shop.until(&status, "CONFIRMING") => {}
        }
        // Which waits for the answer to the first.
        returns(&other, &key, &order).await;
        assert_eq!(shop.status(&order).await, "COMPLETED");
        assert!(is_mine(&other, &order).await);
        assert_eq!(shop.bound().await, "1");
        shop.holds().await;
    });
}

/// Neither does the payment depend on it, nor who comes again.
#[test]
fn a_paid_order_is_completed_though_it_cannot_be_written_down_who_came() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let key = shop.authenticate(&order).await;
        let (nobody, anybody) = if postgres().is_some() {
            (
                "alter table order_bearers add constraint nobody check (bound_at < 0)",
                "alter table order_bearers drop constraint nobody",
            )
        } else {
            (
                "create trigger nobody before insert on order_bearers
                 begin select raise(abort, 'nobody'); end",
                "drop trigger nobody",
            )
        };
        shop.alter(nobody).await;
        let other = shop.stranger();
        returns(&other, &key, &order).await;
        assert_eq!(shop.status(&order).await, "COMPLETED");
        assert!(!is_mine(&other, &order).await);
        shop.alter(anybody).await;
        returns(&other, &key, &order).await;
        assert!(is_mine(&other, &order).await);
        shop.holds().await;
    });
}

/// Whoever ordered and has confirmed has come back, by a page or by a program.
#[test]
fn once_the_buyer_has_confirmed_by_a_program_nobody_else_comes_back() {
    run(async {
        let shop = Shop::start().await;
        let (order, key) = shop.at_toss().await;
        shop.confirm(&key, &order, json!(order.amount)).await.is(202);
        let other = shop.stranger();
        let told = returns(&other, &key, &order).await;
        assert!(!told.contains(&shop.number(&key).await), "{told}");
        assert!(!is_mine(&other, &order).await && is_mine(&shop.browser, &order).await);
        // A program of nobody's that confirms is not shown anything either, and binds nothing.
        let (order, key) = shop.at_toss().await;
        shop.confirm(&key, &order, json!(order.amount)).await.is(202);
        assert_eq!(shop.bound().await, "0");
    });
}
