//! Everything at once, on one instance and on two, named after the attacks of the ACIDRain paper
//! (Warszawski and Bailis, 2017) where they match.

use futures::future::join_all;
use serde_json::json;

use crate::domain::bank::Account;
use crate::domain::id::OrderId;
use crate::server::payment::refund::{self, Given, Request, What};
use crate::tests::refunds::request;
use crate::tests::shop::{Browser, Shop, run, staff};

/// Inventory attack: more buyers than pieces.
#[test]
fn one_piece_and_a_hundred_buyers_is_sold_once() {
    run(async {
        let shop = Shop::start().await;
        let other = shop.beside().await;
        shop.alter("update products set stock = 1, received = 1 where id = 'bag'").await;
        let wish = json!({
            "lines": [{ "productId": "bag", "quantity": 1 }],
            "customer": { "name": "홍길동", "email": "hong@example.com", "mobilePhone": "01012345678" },
        });
        let buyers: Vec<(Browser, bool)> = (0..100)
            .map(|at| if at % 2 == 0 { (shop.stranger(), true) } else { (other.stranger(), false) })
            .collect();
        let ready = join_all(buyers.iter().map(async |(buyer, _)| {
            let placed = buyer.post_json("/api/place-order", &wish).await;
            let placed = placed.is(201).json();
            let id = placed["orderId"].as_str().unwrap().to_owned();
            let amount = placed["amount"].as_i64().unwrap();
            let key = shop.authenticate_as(&id, amount, "CARD").await;
            (buyer, json!({ "paymentKey": key, "orderId": id, "amount": amount }))
        }))
        .await;
        let paid = join_all(ready.iter().map(async |(buyer, claim)| {
            buyer.post_json("/api/confirm-payment", claim).await.status.as_u16()
        }))
        .await;
        assert_eq!(paid.iter().filter(|status| **status == 200).count(), 1, "{paid:?}");
        assert_eq!(paid.iter().filter(|status| **status == 400).count(), 99, "{paid:?}");
        assert_eq!(shop.stock("bag").await, "0");
        shop.holds().await;
    });
}

#[test]
fn fifty_confirms_of_one_order_ask_for_the_money_once() {
    run(async {
        let shop = Shop::start().await;
        let other = shop.beside().await;
        let order = shop.order().await;
        let key = shop.authenticate(&order).await;
        let claim = json!({ "paymentKey": key, "orderId": order.id, "amount": order.amount });
        let answers = join_all((0..50).map(async |at| {
            let browser = if at % 2 == 0 { &shop.browser } else { &other.browser };
            browser.post_json("/api/confirm-payment", &claim).await.status.as_u16()
        }))
        .await;
        assert!(answers.iter().all(|status| *status == 200), "{answers:?}");
        let confirms = shop.calls(&order).await;
        assert_eq!(confirms.iter().filter(|call| call.starts_with("confirm")).count(), 1);
        assert_eq!(shop.stock("tee").await, "118");
        shop.holds().await;
    });
}

/// Lost update: a look-up that finds nothing new ends after staff have asked for a refund.
#[test]
fn a_refund_asked_for_during_a_look_up_stays_due() {
    run(async {
        let shop = Shop::start().await;
        let (order, key) = shop.paid().await;
        shop.fault(json!({ "call": "read", "kind": "hold", "when": "after" })).await;
        let body = json!({
            "eventType": "PAYMENT_STATUS_CHANGED", "createdAt": "2026-11-22T12:00:00.000000",
            "data": { "orderId": order.id, "paymentKey": key, "status": "DONE" },
        });
        shop.browser.post_json("/webhooks/toss", &body).await.is(200);
        while shop.faults_left().await > 0 {
            tokio::task::yield_now().await;
        }
        let app = &shop.running.app;
        let id = OrderId::parse(&order.id).unwrap();
        refund::ask(&app.ledger, &id, None, (&staff(), "고객 요청"), app.clock.now())
            .await
            .unwrap();
        shop.lift_faults().await;
        shop.settles(&order, "REFUNDED").await;
        shop.holds().await;
    });
}

/// Return page, webhook and the workers of two instances, all at one order in doubt.
#[test]
fn whoever_comes_first_settles_and_the_others_agree() {
    run(async {
        let shop = Shop::start().await;
        let other = shop.beside().await;
        for round in 0..5 {
            let order = shop.order().await;
            let key = shop.authenticate(&order).await;
            shop.fault(json!({ "call": "confirm", "kind": "lose", "when": "after" })).await;
            shop.confirm(&key, &order, json!(order.amount)).await.is(202);
            let claim = json!({ "paymentKey": key, "orderId": order.id, "amount": order.amount });
            let body = json!({
                "eventType": "PAYMENT_STATUS_CHANGED", "createdAt": "2026-11-22T12:00:00.000000",
                "data": { "orderId": order.id, "paymentKey": key, "status": "DONE", "n": round },
            });
            tokio::join!(
                shop.later(2),
                other.later(2),
                async {
                    shop.browser.post_json("/webhooks/toss", &body).await.is(200);
                },
                async {
                    other.browser.post_json("/webhooks/toss", &body).await.is(200);
                },
                async {
                    other.browser.post_json("/api/confirm-payment", &claim).await;
                },
                async {
                    shop.browser.post_json("/api/confirm-payment", &claim).await;
                },
            );
            shop.settles(&order, "COMPLETED").await;
            let moves = shop.events(&order).await.into_iter().filter(|it| !it.contains("Repeated"));
            assert_eq!(moves.count(), 3);
            shop.holds().await;
        }
    });
}

/// Cart attack: the cart changes while it is being paid for. Each order has its own lines and
/// price, so that what is paid is what was placed.
#[test]
fn placing_twice_at_once_makes_one_order_and_the_price_cannot_change_under_it() {
    run(async {
        let shop = Shop::start().await;
        // A browser has its cookie by the time it has a form.
        shop.browser.get("/cart").await;
        let mut wish = Shop::wish();
        wish["requestId"] = json!("abcdefghijklmnopqr");
        let placed =
            join_all((0..20).map(|_| shop.browser.post_json("/api/place-order", &wish))).await;
        let ids: std::collections::BTreeSet<String> = placed
            .iter()
            .map(|answer| answer.is(201).json()["orderId"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(ids.len(), 1);
        let order = shop.order().await;
        let key = shop.authenticate(&order).await;
        let coupon = json!({ "orderId": order.id, "couponId": null });
        let (confirmed, _) = tokio::join!(
            shop.confirm(&key, &order, json!(order.amount)),
            shop.browser.post_json("/api/apply-coupon", &coupon),
        );
        confirmed.is(200);
        shop.holds().await;
    });
}

/// The price changes while it is being paid: either the old amount is taken and the coupon stays
/// off, or the claim names another amount than the order's and nothing is taken.
#[test]
fn a_coupon_put_on_while_the_order_is_paid_changes_all_of_it_or_nothing() {
    run(async {
        let shop = Shop::start().await;
        shop.browser.get_json("/api/coupons?subtotal=74500").await.is(200);
        for _ in 0..10 {
            // The same lines again would be asked about.
            shop.running.app.clock.advance(2 * 3_600_000);
            let order = shop.order().await;
            let key = shop.authenticate(&order).await;
            let coupon = shop.one("select id from coupons where offer_id = 'tenth'").await;
            let on = json!({ "orderId": order.id, "couponId": coupon });
            let claim = json!({ "paymentKey": key, "orderId": order.id, "amount": order.amount });
            let (confirmed, applied) = tokio::join!(
                shop.browser.post_json("/api/confirm-payment", &claim),
                shop.browser.post_json("/api/apply-coupon", &on),
            );
            match (confirmed.status.as_u16(), applied.status.as_u16()) {
                (200, 409) => {}
                (400, 200) => assert_eq!(confirmed.json()["message"], "결제 금액 불일치"),
                ended => panic!("{ended:?}: {} {}", confirmed.text, applied.text),
            }
            shop.holds().await;
        }
    });
}

#[test]
fn refunds_of_one_order_at_once_give_back_no_more_than_was_paid() {
    run(async {
        let shop = Shop::start().await;
        let (order, key) = shop.paid().await;
        let id = crate::domain::id::OrderId::parse(&order.id).unwrap();
        let app = &shop.running.app;
        let by = staff();
        let asked = join_all((0..20).map(|_| {
            let (by, now) = ((&by, "고객 요청"), app.clock.now());
            crate::server::payment::refund::ask(&app.ledger, &id, None, by, now)
        }))
        .await;
        assert_eq!(asked.iter().filter(|asked| asked.is_ok()).count(), 1);
        shop.settles(&order, "REFUNDED").await;
        assert_eq!(shop.payment(&key).await["cancels"].as_array().unwrap().len(), 1);
        shop.holds().await;
    });
}

/// Voucher attack: refunds of one won, all at once on two instances, until one is refused.
#[test]
fn sixty_four_refunds_at_once_give_back_each_won_once() {
    run(async {
        let shop = Shop::start().await;
        let other = shop.beside().await;
        let (order, key) = shop.paid().await;
        let mut made = 0;
        for _ in 0..4 {
            let asked = join_all((0..64).map(async |at| {
                let at_desk = if at % 2 == 0 { &shop } else { &other };
                at_desk.staff_refund(&order, &request(What::Amount(1))).await.is_ok()
            }))
            .await;
            // A second is granted only once the first is done.
            let granted = asked.iter().filter(|asked| **asked).count();
            assert!(granted >= 1);
            made += granted;
            tokio::join!(shop.later(2), other.later(2));
            shop.settles(&order, "PARTIALLY_REFUNDED").await;
        }
        let told = shop.payment(&key).await;
        assert_eq!(told["cancels"].as_array().unwrap().len(), made);
        assert_eq!(told["balanceAmount"], order.amount - i64::try_from(made).unwrap());
        shop.holds().await;
    });
}

/// Each wants the last two tees; between them they may have no more than two.
#[test]
fn staff_who_refund_the_same_line_at_once_give_it_back_once() {
    run(async {
        let shop = Shop::start().await;
        let other = shop.beside().await;
        let (order, _) = shop.paid().await;
        let wish = Request { restocks: true, ..request(What::Pieces(vec![("tee".to_owned(), 2)])) };
        // Again and again, as people do who are told that it is underway.
        let mut asked = 0;
        for _ in 0..5 {
            let both = join_all((0..16).map(async |at| {
                let at_desk = if at % 2 == 0 { &shop } else { &other };
                at_desk.staff_refund(&order, &wish).await.is_ok()
            }))
            .await;
            asked += both.iter().filter(|asked| **asked).count();
            tokio::join!(shop.later(2), other.later(2));
            shop.settles(&order, "PARTIALLY_REFUNDED").await;
        }
        assert_eq!(asked, 1);
        assert_eq!(shop.stock("tee").await, "120");
        assert_eq!(shop.one("select refunded from orders").await, "58000");
        shop.holds().await;
    });
}

/// The bank takes the deposit back while the shop gives it back: one of the two, never both.
#[test]
fn a_refund_and_a_reversal_of_the_deposit_at_once_end_in_one_of_them() {
    run(async {
        let shop = Shop::start().await;
        let other = shop.beside().await;
        for round in 0..6 {
            let (order, key) = shop.deposited().await;
            let what = if round % 2 == 0 { What::Everything } else { What::Amount(4_500) };
            let account = Account::parse("20", "1002123456789", "홍길동").unwrap();
            let refund = Request { account: Some(account), ..request(what) };
            let reversal = format!("/__sandbox/payments/{key}/reverse-deposit");
            let nothing = json!({});
            tokio::join!(
                async {
                    shop.staff_refund(&order, &refund).await.ok();
                    shop.later(2).await;
                },
                async {
                    shop.toss(&reversal, &nothing).await;
                    other.later(2).await;
                },
            );
            let body = json!({
                "eventType": "PAYMENT_STATUS_CHANGED", "createdAt": "2026-11-22T12:00:00.000000",
                "data": { "orderId": order.id, "paymentKey": key, "status": "CHANGED" },
            });
            other.browser.post_json("/webhooks/toss", &body).await.is(200);
            let open = format!(
                "select count(*) from cancels where order_id = '{}' and closed_at is null",
                order.id
            );
            shop.until(&open, "0").await;
            let told = shop.payment(&key).await;
            let (status, balance) = (shop.status(&order).await, told["balanceAmount"].clone());
            let fits = match status.as_str() {
                "WAITING_FOR_DEPOSIT" => told["status"] == "WAITING_FOR_DEPOSIT",
                "PARTIALLY_REFUNDED" => balance == order.amount - 4_500,
                "REFUNDED" | "FAILED" => balance == 0,
                _ => false,
            };
            assert!(fits, "{status} and {told}");
            shop.holds().await;
        }
    });
}

/// The buyer names an account in two tabs while staff name another, and one of them is paid to.
#[test]
fn accounts_named_at_once_are_paid_to_once() {
    run(async {
        let shop = Shop::start().await;
        let (order, key) = shop.deposited().await;
        shop.staff_refund(&order, &request(What::Amount(4_500))).await.unwrap();
        let fields = [
            ("orderId", order.id.as_str()),
            ("bank", "20"),
            ("accountNumber", "1002123456789"),
            ("holderName", "홍길동"),
        ];
        let id = crate::domain::id::OrderId::parse(&order.id).unwrap();
        let (app, account) =
            (&shop.running.app, Account::parse("88", "110123456789", "홍길동").unwrap());
        let now = app.clock.now();
        tokio::join!(
            shop.browser.post_form("/form/refund-account", &fields),
            shop.browser.post_form("/form/refund-account", &fields),
            async {
                refund::give_account(&app.ledger, Given::Staff(&staff()), &id, &account, now)
                    .await
                    .ok()
            },
        );
        shop.settles(&order, "PARTIALLY_REFUNDED").await;
        assert_eq!(shop.payment(&key).await["cancels"].as_array().unwrap().len(), 1);
        shop.holds().await;
    });
}
