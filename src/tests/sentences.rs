//! In which language callers are told what cannot be, and why an order failed.

use serde_json::{Value, json};

use crate::tests::shop::{Answer, Shop, run};

fn is_korean(text: &str) -> bool {
    text.chars().any(|letter| ('가'..='힣').contains(&letter))
}

/// The same but for the sentence, which is Korean unless English is asked for.
#[track_caller]
fn told(status: u16, korean: &Answer, english: &Answer, expected: &Value, sentences: [&str; 2]) {
    let mut expected = expected.clone();
    for (answer, sentence) in [korean, english].into_iter().zip(sentences) {
        expected["message"] = sentence.into();
        assert_eq!((answer.status.as_u16(), &answer.json()), (status, &expected));
    }
}

#[test]
fn callers_are_told_what_cannot_be_in_the_language_that_they_accept() {
    run(async {
        let shop = Shop::start().await;
        let browser = &shop.browser;
        let path = "/api/order?orderId=nobodys-order";
        told(
            404,
            &browser.get_json(path).await,
            &browser.get_json_in("en-US", path).await,
            &json!({ "code": "NOT_FOUND", "reason": "NO_ORDER" }),
            [
                "주문을 찾을 수 없습니다. 주문 번호를 확인해 주세요.",
                "The order could not be found. Please check the order number.",
            ],
        );
        told(
            404,
            &browser.get_json("/api/no-such").await,
            &browser.get_json_in("en", "/api/no-such").await,
            &json!({ "code": "NOT_FOUND", "reason": "NO_SUCH_API" }),
            ["없는 API 주소입니다.", "There is no API at this address."],
        );

        let order = shop.order().await;
        shop.alter("update products set stock = 1 where id = 'tee'").await;
        let (path, ask) = ("/api/price", json!({ "orderId": order.id }));
        told(
            409,
            &browser.post_json(path, &ask).await,
            &browser.post_json_in("en", path, &ask).await,
            &json!({
                "code": "CONFLICT", "field": "lines", "reason": "SHORT_NOW",
                "values": { "product": "토스 티셔츠", "pieces": 1 },
            }),
            [
                "lines: ‘토스 티셔츠’ 상품은 1개까지 주문할 수 있습니다. 결제하지 않았으니, 수량을 바꿔 새로 주문해 주세요.",
                "lines: Up to 1 of ‘토스 티셔츠’ can be ordered. You were not charged. Please change the quantity and order again.",
            ],
        );

        let coupons = browser.get_json("/api/coupons?subtotal=1000").await.json();
        let coupons = coupons.as_array().unwrap().iter();
        let bulk =
            coupons.clone().find(|it| it["name"].as_str().unwrap().contains("10만")).unwrap();
        let mut wish = json!({
            "lines": [{ "productId": "socks", "quantity": 1 }],
            "customer": Shop::wish()["customer"],
        });
        wish["couponId"] = bulk["couponId"].clone();
        let path = "/api/place-order";
        told(
            400,
            &browser.post_json(path, &wish).await,
            &browser.post_json_in("en", path, &wish).await,
            &json!({
                "code": "INVALID_REQUEST", "field": "couponId", "reason": "COUPON_MINIMUM",
                "values": { "minimum": 100_000 },
            }),
            [
                "couponId: 100,000원 이상 주문할 때 사용할 수 있습니다.",
                "couponId: It can be used on orders of ₩100,000 or more.",
            ],
        );

        let (path, guess) = ("/api/claim-coupon", json!({ "code": "NOSUCHCODE" }));
        let mut tries = 0;
        let wait = loop {
            let answer = browser.post_json_in("en", path, &guess).await;
            tries += 1;
            assert!(tries < 100, "{}", answer.text);
            if answer.status.as_u16() == 429 {
                break answer.json();
            }
        };
        assert_eq!((&wait["field"], &wait["reason"]), (&json!("code"), &json!("CODE_WAIT")));
        let seconds = wait["values"]["seconds"].as_i64().unwrap();
        let sentence = wait["message"].as_str().unwrap();
        assert!(seconds > 0 && sentence.contains("Please try again in"), "{wait}");
        let wait = browser.post_json(path, &guess).await;
        assert!(
            wait.is(429).json()["message"].as_str().unwrap().contains("뒤에 다시 시도해 주세요")
        );

        shop.alter("update products set stock = 100, received = received + 99 where id = 'tee'")
            .await;
        shop.read_only(true).await;
        let path = "/api/place-order";
        told(
            503,
            &browser.post_json(path, &Shop::wish()).await,
            &browser.post_json_in("en", path, &Shop::wish()).await,
            &json!({ "code": "UNAVAILABLE", "reason": "UNAVAILABLE" }),
            [
                "지금은 주문을 처리할 수 없습니다. 잠시 후 다시 시도해 주세요.",
                "Orders cannot be processed at the moment. Please try again in a little while.",
            ],
        );
        shop.read_only(false).await;
    });
}

#[test]
fn a_false_amount_is_told_in_the_language_of_whoever_reads_it() {
    run(async {
        let (shop, order, key) = Shop::on_return().await;
        let claim = json!({ "paymentKey": key, "orderId": order.id, "amount": 1 });
        let answer = shop.browser.post_json_in("en", "/api/confirm-payment", &claim).await;
        let mut body = json!({
            "orderId": order.id, "status": "FAILED",
            "message": "The amount to pay does not match the order.",
        });
        answer.is_json(400, body.clone());
        body["message"] = "결제 금액 불일치".into();
        let path = format!("/api/order-status?orderId={}", order.id);
        shop.browser.get_json(&path).await.is_json(200, body);
    });
}

#[test]
fn an_order_that_failed_for_a_korean_buyer_is_read_in_english() {
    run(async {
        let (shop, order, key) = Shop::on_return().await;
        shop.alter("update products set stock = 0 where id = 'tee'").await;
        let failed = shop.confirm(&key, &order, json!(order.amount)).await.is(400).json();
        let korean = "‘토스 티셔츠’ 상품의 재고가 부족해 결제하지 않았습니다.";
        assert_eq!(failed["message"], korean);
        // What is stored is no sentence.
        let reason = shop.one("select failure_reason from orders").await;
        assert_eq!(
            serde_json::from_str::<Value>(&reason).unwrap(),
            json!({
                "reason": "OUT_OF_STOCK",
                "values": { "product": "토스 티셔츠", "charge": "NEVER" },
            })
        );
        for column in ["failure_words", "failure_message"] {
            assert_eq!(shop.one(&format!("select {column} from orders")).await, "null");
        }
        let path = format!("/api/order?orderId={}", order.id);
        let english = "Not enough pieces of ‘토스 티셔츠’ are left. You were not charged.";
        for (language, sentence) in [("en", english), ("ko", korean)] {
            let failure = shop.browser.get_json_in(language, &path).await.json()["failure"].clone();
            assert_eq!(failure, json!({ "code": "OUT_OF_STOCK", "message": sentence }));
        }
        let page = shop.browser.get(&format!("/orders/{}?lang=en", order.id)).await;
        assert!(page.is(200).text.contains("Not enough pieces of"), "{}", page.text);
    });
}

#[test]
fn toss_is_asked_in_the_language_of_the_buyer_and_its_words_are_quoted() {
    run(async {
        for language in ["en-US,en;q=0.9", "ko-KR"] {
            let (shop, order, key) = Shop::on_return().await;
            shop.fault(json!({
                "call": "confirm", "kind": "refuse", "code": "REJECT_CARD_COMPANY",
            }))
            .await;
            let claim = json!({ "paymentKey": key, "orderId": order.id, "amount": order.amount });
            let path = "/api/confirm-payment";
            let failed = shop.browser.post_json_in(language, path, &claim).await.is(400).json();
            let words = failed["message"].as_str().unwrap();
            assert_eq!(is_korean(words), language.starts_with("ko"), "{words}");
            assert_eq!(shop.one("select failure_words from orders").await, words);
            assert_eq!(shop.one("select failure_reason from orders").await, "null");
            // They are Toss's, and the same for everybody.
            for reader in ["en", "ko"] {
                let path = format!("/api/order-status?orderId={}", order.id);
                let read = shop.browser.get_json_in(reader, &path).await.json();
                assert_eq!(read["message"], words, "{reader}");
            }
        }
    });
}

/// Who asks Toss in English is answered with other words for methods.
#[test]
fn how_an_order_was_paid_is_kept_the_same_whoever_asked() {
    run(async {
        let mut kept = Vec::new();
        for language in ["en", "ko"] {
            let (shop, order, key) = Shop::on_return().await;
            let claim = json!({ "paymentKey": key, "orderId": order.id, "amount": order.amount });
            shop.browser.post_json_in(language, "/api/confirm-payment", &claim).await.is(200);
            kept.push(shop.one("select method from payments").await);
            let path = format!("/api/order?orderId={}", order.id);
            let paid = |answer: Answer| answer.json()["paid"].clone();
            let korean = paid(shop.browser.get_json_in("ko", &path).await);
            let english = paid(shop.browser.get_json_in("en", &path).await);
            assert!(is_korean(korean["method"].as_str().unwrap()), "{korean}");
            assert!(korean["detail"].as_str().unwrap().ends_with("· 일시불"), "{korean}");
            let [method, detail] = ["method", "detail"].map(|it| english[it].as_str().unwrap());
            assert!(!is_korean(method) && !is_korean(detail), "{english}");
            assert!(detail.ends_with("· paid at once"), "{detail}");
        }
        assert_eq!(kept[0], kept[1]);
    });
}
