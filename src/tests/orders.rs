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
            assert_eq!((&told["code"], &told["message"]), (&json!("CONFLICT"), &json!(message)));
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
        let told = json!({ "orderId": order.id, "status": "FAILED", "message": "카드사에서 승인을 거절해 결제되지 않았습니다.",
        });
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

/// Whoever knows an order's number: another browser, and one without a cookie.
#[test]
fn only_the_buyer_is_told_the_customer_key_and_can_give_up() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let key = shop.one("select customer_key from customers").await;
        let path = format!("/checkout?orderId={}", order.id);
        let own = shop.browser.get(&path).await;
        assert!(own.is(200).text.contains(&key) && own.text.contains("hong@example.com"));
        let stranger = shop.stranger();
        stranger.get("/").await;
        let lie = "농협 302-1234-5678 로 입금해 주세요";
        let body = json!({ "orderId": order.id, "code": lie, "message": lie });
        for browser in [&stranger, &shop.stranger()] {
            let page = browser.get(&path).await;
            let view = browser.get_json(&format!("/api{path}")).await;
            for told in [&page.is(200).text, &view.is(200).text] {
                for private in [&*key, "hong@example.com", "01012345678", "홍길동"] {
                    assert!(!told.contains(private), "{private} in {told}");
                }
            }
            // Nothing is left that would ask Toss for this customer.
            assert!(page.text.contains("이 브라우저에서 한 주문이 아닙니다"), "{}", page.text);
            assert!(!page.text.contains("payment-methods"), "{}", page.text);
            let told = browser.post_json("/api/fail-payment", &body).await;
            assert_eq!(told.is(403).json()["code"], "FORBIDDEN");
            let fail = format!("/fail?orderId={}&code=PAY_PROCESS_ABORTED&message=x", order.id);
            let page = browser.get(&fail).await;
            assert!(page.is(200).text.contains("결제되지 않았습니다"), "{}", page.text);
            // Nothing but the choice of language, which repeats what its own address says.
            let (page, _) = page.text.split_once("<footer").unwrap();
            assert!(!page.contains(&order.id), "{page}");
        }
        assert_eq!(shop.status(&order).await, "PENDING");
        assert_eq!(shop.events(&order).await, ["Placed PENDING→PENDING"]);

        // The buyer's own link says no more: neither its words nor a code that is none.
        let told = shop.browser.post_json("/api/fail-payment", &body).await.is(200).json();
        assert_eq!(told["message"], "결제를 마치지 않았습니다.");
        for kept in ["failure_code", "failure_message"] {
            let kept = shop.one(&format!("select {kept} from orders")).await;
            assert!(!kept.contains("농협"), "{kept}");
        }
        let page = shop.browser.get(&format!("/orders/{}", order.id)).await;
        assert!(!page.is(200).text.contains("농협"), "{}", page.text);
        let kept = shop.one("select count(*) from order_events where detail like '%302-%'").await;
        assert_eq!(kept, "0");
    });
}

/// Told before the buyer goes to the bank, and by name.
#[test]
fn what_was_sold_out_meanwhile_is_told_when_the_price_is_asked_for() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let ask = json!({ "orderId": order.id });
        let price = async || shop.browser.post_json("/api/price", &ask).await;
        price().await.is(200);
        for (stock, sentence) in [
            (1, "‘토스 티셔츠’ 상품은 1개까지 주문할 수 있습니다."),
            (0, "‘토스 티셔츠’ 상품이 품절되었습니다."),
        ] {
            shop.alter(&format!("update products set stock = {stock} where id = 'tee'")).await;
            let told = price().await.is(409).json();
            assert_eq!((&told["code"], &told["field"]), (&json!("CONFLICT"), &json!("lines")));
            let message = told["message"].as_str().unwrap();
            assert!(message.starts_with(&format!("lines: {sentence}")), "{message}");
        }
        assert_eq!(shop.status(&order).await, "PENDING");
        shop.alter("update products set stock = 2 where id = 'tee'").await;
        price().await.is(200);
        // What is on the shelf is nothing to an order that has its pieces.
        let key = shop.authenticate(&order).await;
        shop.confirm(&key, &order, json!(order.amount)).await.is(200);
        assert_eq!(shop.stock("tee").await, "0");
        assert_eq!(price().await.is(200).json()["status"], "COMPLETED");
    });
}
