//! Placing, failing and starting again; who sees what of an order.

use futures::future::join_all;
use serde_json::json;

use crate::tests::shop::{Shop, run};

#[test]
fn the_same_form_sent_twice_at_once_makes_one_order() {
    run(async {
        let shop = Shop::start().await;
        let mut wish = Shop::wish();
        wish["requestId"] = json!("form-1");
        // The first makes the customer; then the crowd.
        let first = shop.order_of(&wish).await;
        let sent = (0..10).map(|_| shop.browser.post_json("/api/place-order", &wish));
        for answer in join_all(sent).await {
            assert_eq!(answer.is(201).json()["orderId"], first.id);
        }
        assert_eq!(shop.one("select count(*) from orders").await, "1");
        // Another quantity in the same form is another wish.
        wish["lines"][0]["quantity"] = json!(1);
        assert_ne!(shop.order_of(&wish).await.id, first.id);
        // And the same name of a form in another browser is another form.
        let other = shop.stranger().post_json("/api/place-order", &wish).await.is(201).json();
        assert_eq!(shop.one("select count(*) from orders").await, "3");
        assert_ne!(other["orderId"], first.id);
    });
}

#[test]
fn two_first_orders_of_one_browser_at_once_make_one_customer() {
    run(async {
        let shop = Shop::start().await;
        shop.browser.get("/").await.is(200);
        let wish = Shop::wish();
        let sent = (0..8).map(|_| shop.browser.post_json("/api/place-order", &wish));
        for answer in join_all(sent).await {
            answer.is(201);
        }
        assert_eq!(shop.one("select count(*) from customers").await, "1");
        assert_eq!(shop.one("select count(*) from orders").await, "8");
        assert_eq!(shop.one("select count(*) from coupons").await, "3");
    });
}

#[test]
fn more_than_there_is_cannot_be_ordered() {
    run(async {
        let shop = Shop::start().await;
        let mut wish = Shop::wish();
        for (product, quantity, message) in [
            ("bag", 4, "‘캔버스 장바구니’ 상품은 3개까지 주문할 수 있습니다."),
            ("poster", 1, "‘한정판 포스터’ 상품이 품절되었습니다."),
        ] {
            wish["lines"] = json!([{ "productId": product, "quantity": quantity }]);
            let told = shop.browser.post_json("/api/place-order", &wish).await.is(409).json();
            assert_eq!(told, json!({ "code": "CONFLICT", "message": message }));
        }
        assert_eq!(shop.one("select count(*) from orders").await, "0");
    });
}

#[test]
fn a_reason_is_kept_on_a_pending_order_and_on_no_other() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let fail = |id: &str, message: &str| json!({ "orderId": id, "code": "REJECT_CARD_COMPANY", "message": message });
        let told = json!({ "orderId": order.id, "status": "FAILED", "message": "카드사 거절" });
        for message in ["카드사 거절", "다른 말"] {
            let answer =
                shop.browser.post_json("/api/fail-payment", &fail(&order.id, message)).await;
            answer.is_json(200, told.clone());
        }
        assert_eq!(
            shop.events(&order).await,
            ["Placed PENDING→PENDING", "Abandoned PENDING→FAILED"]
        );
        // A failed order is not confirmed any more.
        let key = shop.authenticate(&order).await;
        shop.confirm(&key, &order, json!(order.amount)).await.is_json(400, told);
        assert!(shop.calls(&order).await.is_empty());

        let (paid, key) = shop.paid().await;
        let answer = shop.browser.post_json("/api/fail-payment", &fail(&paid.id, "거짓")).await;
        let body = json!({
            "orderId": paid.id, "paymentKey": key, "status": "COMPLETED", "amount": paid.amount,
        });
        answer.is_json(200, body);
        assert_eq!(
            shop.one(&format!("select failure_code from orders where id = '{}'", paid.id)).await,
            "null"
        );

        let open = shop.order().await;
        let key = shop.authenticate(&open).await;
        shop.fault(json!({ "call": "confirm", "kind": "lose", "when": "after" })).await;
        shop.fault(json!({ "call": "read", "kind": "lose", "when": "before", "times": 50 })).await;
        shop.confirm(&key, &open, json!(open.amount)).await.is(202);
        let answer = shop.browser.post_json("/api/fail-payment", &fail(&open.id, "거짓")).await;
        assert_eq!(answer.is(200).json()["status"], "CONFIRMING");
        shop.lift_faults().await;
        shop.settles(&open, "COMPLETED").await;

        shop.browser.post_json("/api/fail-payment", &fail("20260101-unknown", "")).await.is(404);
    });
}

#[test]
fn one_press_starts_again_with_the_same_cart() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let again = [("orderId", order.id.as_str())];
        // Nothing has failed yet: the order itself can still be paid.
        let answer = shop.browser.post_form("/form/again", &again).await;
        assert_eq!(
            answer.is(302).location.as_deref(),
            Some(&*format!("/checkout?orderId={}", order.id))
        );
        let fail = json!({ "orderId": order.id, "code": "PAY_PROCESS_ABORTED", "message": "중단" });
        shop.browser.post_json("/api/fail-payment", &fail).await.is(200);
        let presses = (0..5).map(|_| shop.browser.post_form("/form/again", &again));
        let places: std::collections::BTreeSet<_> =
            join_all(presses).await.into_iter().map(|answer| answer.location.unwrap()).collect();
        assert_eq!(places.len(), 1, "{places:?}");
        assert!(!places.first().unwrap().contains(&order.id));
        assert_eq!(shop.one("select count(*) from orders").await, "2");
        assert_eq!(shop.one("select count(distinct order_name) from orders").await, "1");
        // Paid meanwhile: there is nothing to start, but something to look at.
        let path = places.first().unwrap().clone();
        let newest = path.rsplit('=').next().unwrap().to_owned();
        let newest = crate::tests::shop::Order { id: newest, ..order.clone() };
        let key = shop.authenticate(&newest).await;
        shop.confirm(&key, &newest, json!(newest.amount)).await.is(200);
        let answer = shop.browser.post_form("/form/again", &again).await;
        assert_eq!(answer.location.as_deref(), Some(&*format!("/orders/{}", newest.id)));
        // Not for somebody else, who would be shown the buyer's name.
        let stranger = shop.stranger().post_form("/form/again", &again).await;
        assert!(stranger.location.unwrap().starts_with("/cart?problem="));
    });
}

#[test]
fn only_the_buyer_sees_private_details() {
    run(async {
        let shop = Shop::start().await;
        let (order, _) = shop.paid().await;
        let path = format!("/api/order?orderId={}", order.id);
        let mine = shop.browser.get_json(&path).await.is(200).json();
        assert_eq!(mine["customer"]["email"], "hong@example.com");
        assert!(mine["paid"]["receiptUrl"].as_str().unwrap().starts_with("http"));
        assert!(mine["paid"]["detail"].as_str().unwrap().contains("일시불"));
        let theirs = shop.stranger().get_json(&path).await.is(200).json();
        assert_eq!(
            theirs["customer"],
            json!({ "name": "홍*동", "email": "h***@example.com", "mobilePhone": "010-****-5678" })
        );
        assert_eq!(theirs["paid"]["receiptUrl"], json!(null));
        assert_eq!(theirs["paid"]["detail"], json!(null));
        assert_eq!(theirs["amount"], order.amount);
    });
}
