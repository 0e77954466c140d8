//! Claiming coupons: by code and from staff, within window, number and limit, also all at once.
//! Races are named after the voucher attacks of the ACIDRain paper (Warszawski and Bailis, 2017).

use futures::future::join_all;
use serde_json::{Value, json};

use crate::domain::code::CouponCode;
use crate::domain::coupon::Worth;
use crate::domain::id::{CustomerKey, OfferId};
use crate::domain::offer::{Channel, Offer, OfferRefused};
use crate::domain::won::Won;
use crate::server::shop::offer::{self, Given};
use crate::tests::shop::{Answer, Browser, Order, Shop, run};

/// 4,000 won off, by the code SUMMER26, once each, for 30 days.
pub(super) fn summer() -> Offer {
    Offer {
        id: OfferId::parse("summer").unwrap(),
        name: "여름 4,000원 할인".to_owned(),
        worth: Worth::Fixed(Won::new(4_000).unwrap()),
        minimum: Won::new(10_000).unwrap(),
        channel: Channel::Code(CouponCode::parse("SUMMER26").unwrap()),
        valid_from: None,
        valid_until: None,
        valid_days: 30,
        issue_max: None,
        per_customer: 1,
    }
}

pub(super) async fn add(shop: &Shop, offer: &Offer) {
    assert!(offer::add(&shop.running.app.db, offer).await.unwrap());
}

async fn claim(browser: &Browser, code: &str) -> Answer {
    browser.post_json("/api/claim-coupon", &json!({ "code": code })).await
}

/// A program without cookies, from an address of its own: a new visitor each time.
struct Nobody<'a> {
    http: reqwest::Client,
    shop: &'a Shop,
    from: &'static str,
}

impl Nobody<'_> {
    async fn claims(&self, code: &str) -> u16 {
        let url = format!("{}/api/claim-coupon", self.shop.browser.address());
        let request = self.http.post(url).header("x-forwarded-for", self.from);
        request.json(&json!({ "code": code })).send().await.unwrap().status().as_u16()
    }
}

async fn issued(shop: &Shop) -> String {
    shop.one("select count(*) from coupons where offer_id = 'summer'").await
}

#[test]
fn a_code_brings_a_coupon_that_can_be_used() {
    run(async {
        let shop = Shop::start().await;
        add(&shop, &summer()).await;
        let order = shop.order().await;
        let got = claim(&shop.browser, " ｓummer 26 ").await.is(201).json();
        assert_eq!(got["name"], "여름 4,000원 할인");
        let days = got["validUntil"].as_i64().unwrap() - got["validFrom"].as_i64().unwrap();
        assert_eq!(days, 30 * 86_400_000);
        let on = json!({ "orderId": order.id, "couponId": got["couponId"] });
        let price = shop.browser.post_json("/api/apply-coupon", &on).await.is(200).json();
        assert_eq!((&price["discount"], &price["amount"]), (&json!(4_000), &json!(70_500)));
        let key = shop.authenticate_as(&order.id, 70_500, "CARD").await;
        shop.confirm(&key, &order, json!(70_500)).await.is(200);
        shop.holds().await;
        // Once each, also when it has been used.
        assert_eq!(claim(&shop.browser, "SUMMER26").await.is(409).json()["field"], "code");
        // Whoever has never been here before becomes a customer by it.
        let stranger = shop.stranger();
        claim(&stranger, "SUMMER26").await.is(201);
        let list = stranger.get_json("/api/coupons?subtotal=74500").await.is(200).json();
        assert_eq!(list.as_array().unwrap().len(), 4);
        shop.holds().await;
    });
}

#[test]
fn a_code_that_brings_less_than_the_chosen_coupon_does_not_replace_it() {
    run(async {
        let shop = Shop::start().await;
        let of = |id: &str, code: &str, off: i64, minimum: i64| Offer {
            id: OfferId::parse(id).unwrap(),
            worth: Worth::Fixed(Won::new(off).unwrap()),
            minimum: Won::new(minimum).unwrap(),
            channel: Channel::Code(CouponCode::parse(code).unwrap()),
            ..summer()
        };
        add(&shop, &summer()).await;
        for (id, code, off, minimum) in [
            ("less", "LESS1000", 1_000, 0),
            ("same", "SAME4000", 4_000, 0),
            ("more", "MORE9000", 9_000, 0),
            ("dear", "DEAR9999", 9_999, 900_000),
            ("form", "FORM2000", 2_000, 0),
        ] {
            add(&shop, &of(id, code, off, minimum)).await;
        }
        let order = shop.order().await;
        let claim = async |code: &str| {
            let body = json!({ "code": code, "orderId": order.id });
            shop.browser.post_json("/api/claim-coupon", &body).await.is(201).json()
        };
        assert_eq!(claim("SUMMER26").await["told"], Value::Null);
        for (code, told, amount) in [
            ("LESS1000", "이 쿠폰은 1,000원, 선택한 쿠폰은 4,000원 할인", "70500"),
            ("SAME4000", "이 쿠폰은 4,000원, 선택한 쿠폰은 4,000원 할인", "70500"),
            ("DEAR9999", "900,000원 이상 주문할 때", "70500"),
            ("MORE9000", "", "65500"),
        ] {
            let got = claim(code).await;
            assert!(got["told"].as_str().unwrap_or_default().contains(told), "{got}");
            assert_eq!(got["told"].is_null(), told.is_empty(), "{got}");
            assert_eq!(shop.one("select amount from orders").await, amount, "{code}");
        }
        // By the plain form too.
        let fields = [("orderId", order.id.as_str()), ("code", "FORM2000")];
        let answer = shop.browser.post_form("/form/claim-coupon", &fields).await;
        let page = shop.browser.get(&answer.location.unwrap()).await.text;
        assert!(page.contains("쿠폰을 이 주문에 적용하지 않았습니다"), "{page}");
        assert_eq!(shop.one("select amount from orders").await, "65500");
        // Nobody else's order.
        let body = json!({ "code": "SUMMER26", "orderId": order.id });
        let got = shop.stranger().post_json("/api/claim-coupon", &body).await.is(201).json();
        assert!(got["told"].is_string(), "{got}");
        assert_eq!(shop.one("select amount from orders").await, "65500");
    });
}

#[test]
fn a_claim_that_cannot_be_says_why() {
    run(async {
        let shop = Shop::start().await;
        let now = shop.running.app.clock.now();
        let of = |id: &str, code: &str| Offer {
            id: OfferId::parse(id).unwrap(),
            channel: Channel::Code(CouponCode::parse(code).unwrap()),
            ..summer()
        };
        add(&shop, &Offer { valid_from: Some(now + 100_000), ..of("early", "EARLY") }).await;
        add(&shop, &Offer { valid_until: Some(now + 50_000), ..of("late", "LATE") }).await;
        add(&shop, &Offer { issue_max: Some(1), ..of("few", "FEWFEW") }).await;
        add(&shop, &Offer { channel: Channel::Staff, ..summer() }).await;
        claim(&shop.stranger(), "FEWFEW").await.is(201);
        claim(&shop.browser, "LATE").await.is(201);
        shop.running.app.clock.advance(60_000);
        for (code, status, sentence) in [
            ("NOSUCH", 404, "code: 등록되지 않은 쿠폰 코드입니다. 코드를 다시 확인해 주세요."),
            ("SUMMER26", 404, "code: 등록되지 않은 쿠폰 코드입니다. 코드를 다시 확인해 주세요."),
            ("EARLY", 409, "code: 아직 받을 수 없는 쿠폰입니다."),
            ("LATE", 409, "code: 기간이 끝난 쿠폰입니다."),
            ("FEWFEW", 409, "code: 선착순 마감된 쿠폰입니다."),
            ("", 400, "code: 쿠폰 코드는 한글, 영문, 숫자, -, _ 4~30자입니다."),
            ("' or 1=1", 400, "code: 쿠폰 코드는 한글, 영문, 숫자, -, _ 4~30자입니다."),
        ] {
            let told = claim(&shop.browser, code).await.is(status).json();
            assert_eq!((&told["message"], &told["field"]), (&json!(sentence), &json!("code")));
        }
        shop.running.app.clock.advance(60_000);
        claim(&shop.browser, "EARLY").await.is(201);
        let told = claim(&shop.browser, "EARLY").await.is(409).json();
        assert_eq!(told["message"], "code: 이미 받은 쿠폰입니다. 쿠폰 목록에서 확인해 주세요.");
        for body in [json!({}), json!({ "code": 5 }), json!({ "code": null })] {
            let told = shop.browser.post_json("/api/claim-coupon", &body).await.is(400).json();
            assert_eq!(told["field"], "code", "{body}");
        }
        shop.holds().await;
    });
}

#[test]
fn nobody_finds_a_code_by_trying() {
    run(async {
        let shop = Shop::start().await;
        add(&shop, &summer()).await;
        shop.browser.get("/cart").await;
        let tried: Vec<String> = (0..40).map(|number| format!("GUESS{number}")).collect();
        let answers = join_all(
            tried.iter().map(async |code| claim(&shop.browser, code).await.status.as_u16()),
        )
        .await;
        assert_eq!(answers.iter().filter(|status| **status == 404).count(), 10, "{answers:?}");
        assert_eq!(answers.iter().filter(|status| **status == 429).count(), 30, "{answers:?}");
        let told = claim(&shop.browser, "SUMMER26").await.is(429).json();
        assert_eq!(told["code"], "TOO_MANY_REQUESTS");
        let message = told["message"].as_str().unwrap();
        assert!(message.ends_with("초 뒤에 다시 시도해 주세요."), "{message}");
        claim(&shop.stranger(), "SUMMER26").await.is(201);
        shop.running.app.clock.advance(600_000);
        claim(&shop.browser, "SUMMER26").await.is(201);
    });
}

/// An attacker without cookies, others on its line, and everybody else.
#[test]
fn a_thousand_wrong_codes_stop_nobody_who_did_nothing() {
    run(async {
        let shop = Shop::start_with(&["--proxies", "1"]).await;
        add(&shop, &summer()).await;
        let claim_from = async |browser: &Browser, from: &str, code: &str| {
            let body = json!({ "code": code });
            browser.post_json_from(from, "/api/claim-coupon", &body).await
        };
        // On the attacker's line too, and a customer before it began.
        let neighbour = shop.stranger();
        neighbour.get_json("/api/coupons?subtotal=74500").await.is(200);
        shop.running.app.clock.advance(1_000);
        let nobody = Nobody { http: reqwest::Client::new(), shop: &shop, from: "203.0.113.9" };
        let mut answered = 0;
        for round in 0..20 {
            let answers = join_all(
                (0..50).map(async |at| nobody.claims(&format!("GUESS{round}-{at}")).await),
            );
            answered += answers.await.iter().filter(|status| **status == 404).count();
        }
        assert!((50..60).contains(&answered), "{answered}");
        let late = claim_from(&shop.stranger(), "203.0.113.9", "SUMMER26").await;
        assert!(late.is(429).text.contains("같은 인터넷 주소에서"), "{}", late.text);
        claim_from(&shop.stranger(), "203.0.113.10", "SUMMER26").await.is(201);
        claim_from(&neighbour, "203.0.113.9", "SUMMER26").await.is(201);
        shop.running.app.clock.advance(3_600_000);
        claim_from(&shop.stranger(), "203.0.113.9", "SUMMER26").await.is(201);
    });
}

#[test]
fn an_address_does_not_take_all_coupons_at_once() {
    run(async {
        let shop = Shop::start_with(&["--proxies", "1"]).await;
        add(&shop, &Offer { issue_max: Some(300), ..summer() }).await;
        let nobody = Nobody { http: reqwest::Client::new(), shop: &shop, from: "203.0.113.9" };
        let answers = join_all((0..300).map(async |_| nobody.claims("SUMMER26").await)).await;
        let won = answers.iter().filter(|status| **status == 201).count();
        assert!((50..70).contains(&won), "{answers:?}");
        let other = Nobody { from: "203.0.113.10", ..nobody };
        assert_eq!(other.claims("SUMMER26").await, 201);
        shop.holds().await;
    });
}

/// Claimed is not used: what nobody orders with is there for others again.
#[test]
fn a_limited_coupon_is_held_for_half_an_hour_and_kept_with_an_order() {
    run(async {
        let shop = Shop::start().await;
        let offer = Offer { issue_max: Some(3), per_customer: 2, ..summer() };
        add(&shop, &offer).await;
        let now = shop.running.app.clock.now();
        let (placing, applying, idle) = (shop.stranger(), shop.stranger(), shop.stranger());
        let mut claimed = Vec::new();
        for browser in [&placing, &applying, &idle] {
            let told = claim(browser, "SUMMER26").await.is(201).json();
            let held = told["validUntil"].as_i64().unwrap() - now;
            assert!((1_800_000..1_860_000).contains(&held), "{told}");
            claimed.push(told["couponId"].clone());
        }
        claim(&shop.browser, "SUMMER26").await.is(409);

        let mut wish = Shop::wish();
        applying.post_json("/api/place-order", &wish).await.is(201);
        wish["couponId"] = claimed[0].clone();
        placing.post_json("/api/place-order", &wish).await.is(201);
        wish["couponId"] = json!(null);
        let order = applying.post_json("/api/place-order", &wish).await.is(201).json();
        let on = json!({ "orderId": order["orderId"], "couponId": claimed[1] });
        applying.post_json("/api/apply-coupon", &on).await.is(200);
        // An order that it is refused for keeps nothing.
        wish["lines"] = json!([{ "productId": "socks", "quantity": 1 }]);
        wish["couponId"] = claimed[2].clone();
        idle.post_json("/api/place-order", &wish).await.is(400);

        shop.later(31 * 60).await;
        shop.until("select count(*) from coupons where offer_id = 'summer'", "2").await;
        assert_eq!(shop.one("select issued from coupon_offers where id = 'summer'").await, "2");
        for (browser, id, is_kept) in [
            (&placing, &claimed[0], true),
            (&applying, &claimed[1], true),
            (&idle, &claimed[2], false),
        ] {
            let list = browser.get_json("/api/coupons?subtotal=74500").await.is(200).json();
            let found = list.as_array().unwrap().iter().find(|one| one["couponId"] == *id);
            let days = found.map(|one| (one["validUntil"].as_i64().unwrap() - now) / 86_400_000);
            assert_eq!(days, is_kept.then_some(30), "{list}");
        }
        // Also for whoever let it go.
        claim(&idle, "SUMMER26").await.is(201);
        claim(&shop.browser, "SUMMER26").await.is(409);
        shop.holds().await;
    });
}

#[test]
fn staff_give_what_there_is_to_whom_they_choose() {
    run(async {
        let shop = Shop::start().await;
        let db = &shop.running.app.db;
        let staff = Offer { channel: Channel::Staff, issue_max: Some(2), ..summer() };
        add(&shop, &Offer { per_customer: 2, ..staff.clone() }).await;
        assert!(!offer::add(db, &staff).await.unwrap(), "the same id");
        let key = async |browser: &Browser| {
            browser.get_json("/api/coupons?subtotal=74500").await.is(200);
            let sql =
                "select customer_key from customers order by created_at desc, id desc limit 1";
            CustomerKey::parse(&shop.one(sql).await).unwrap()
        };
        let (one, two) = (key(&shop.browser).await, key(&shop.stranger()).await);
        let now = shop.running.app.clock.now();
        let nobody = CustomerKey::parse("nobody").unwrap();
        for (id, key, given) in [
            ("winter", &one, Given::NoSuchOffer),
            ("summer", &nobody, Given::NoSuchCustomer),
            ("summer", &one, Given::Yes),
            ("summer", &one, Given::Yes),
            ("summer", &one, Given::Refused(OfferRefused::HasIt)),
            ("summer", &two, Given::Refused(OfferRefused::AllGone)),
            // Any offer, whatever its channel; this one everybody has already.
            ("welcome", &two, Given::Refused(OfferRefused::HasIt)),
            ("thanks", &two, Given::Yes),
        ] {
            let id = OfferId::parse(id).unwrap();
            assert_eq!(offer::give(db, &id, key, now).await.unwrap(), given, "{id} {key}");
        }
        let list = offer::list(db).await.unwrap();
        let tally = |id: &str| {
            let found = list.iter().find(|(offer, _)| offer.id.as_str() == id).unwrap();
            (found.1.issued, found.1.used)
        };
        assert_eq!((tally("summer"), tally("welcome"), tally("thanks")), ((2, 0), (2, 0), (1, 0)));
        shop.holds().await;
    });
}

/// New customers are given an offer that has a number only while there is any.
#[test]
fn what_new_customers_are_given_may_run_out() {
    run(async {
        let shop = Shop::start().await;
        add(&shop, &Offer { channel: Channel::NewCustomer, issue_max: Some(3), ..summer() }).await;
        let now = shop.running.app.clock.now();
        let over = Offer { valid_until: Some(now + 1), ..summer() };
        let id = OfferId::parse("over").unwrap();
        add(&shop, &Offer { id, channel: Channel::NewCustomer, ..over }).await;
        shop.running.app.clock.advance(1_000);
        let strangers: Vec<Browser> = (0..12).map(|_| shop.stranger()).collect();
        let lists = join_all(strangers.iter().map(async |stranger| {
            let list = stranger.get_json("/api/coupons?subtotal=74500").await.is(200).json();
            list.as_array().unwrap().len()
        }))
        .await;
        assert_eq!(lists.iter().filter(|count| **count == 4).count(), 3, "{lists:?}");
        assert_eq!(lists.iter().filter(|count| **count == 3).count(), 9, "{lists:?}");
        shop.holds().await;
    });
}

/// Voucher attack: one customer claims one coupon many times at once, on two instances.
#[test]
fn voucher_attack_sixty_four_claims_of_one_coupon_by_one_customer() {
    run(async {
        for (limit, is_new) in [(1, true), (1, false), (3, false)] {
            let shop = Shop::start().await;
            let other = shop.beside().await;
            add(&shop, &Offer { per_customer: limit, issue_max: Some(50), ..summer() }).await;
            // The cookie is there; the customer, perhaps, is made by the claim.
            shop.browser.get(if is_new { "/cart" } else { "/api/coupons?subtotal=1" }).await;
            other.browser.becomes(&shop.browser);
            let answers = join_all((0..64).map(async |at| {
                let browser = if at % 2 == 0 { &shop.browser } else { &other.browser };
                claim(browser, "summer26").await.status.as_u16()
            }))
            .await;
            let won = answers.iter().filter(|status| **status == 201).count();
            let told = answers.iter().filter(|status| **status == 409).count();
            assert_eq!((won.to_string(), told), (limit.to_string(), 64 - won), "{answers:?}");
            assert_eq!(issued(&shop).await, limit.to_string());
            shop.holds().await;
        }
    });
}

/// Voucher attack: one coupon pays for many orders at once, on two instances.
#[test]
fn voucher_attack_sixty_four_orders_paid_with_one_coupon() {
    run(async {
        let shop = Shop::start().await;
        let other = shop.beside().await;
        shop.alter("update products set stock = 5000, received = 5000 where id = 'socks'").await;
        shop.browser.get_json("/api/coupons?subtotal=74500").await.is(200);
        other.browser.becomes(&shop.browser);
        let coupon = shop.one("select id from coupons where offer_id = 'welcome'").await;
        let mut ready = Vec::new();
        for socks in 1..=64 {
            let mut wish = Shop::wish();
            wish["lines"] = json!([{ "productId": "socks", "quantity": 10 + socks }]);
            wish["couponId"] = json!(coupon);
            let order = shop.order_of(&wish).await;
            let key = shop.authenticate(&order).await;
            ready.push((order, key));
        }
        let answers = join_all(ready.iter().enumerate().map(async |(at, (order, key))| {
            let claim = json!({ "paymentKey": key, "orderId": order.id, "amount": order.amount });
            let browser = if at % 2 == 0 { &shop.browser } else { &other.browser };
            let answer = browser.post_json("/api/confirm-payment", &claim).await;
            (answer.status.as_u16(), answer.json()["message"].clone())
        }))
        .await;
        let sentence = "쿠폰을 더 이상 사용할 수 없어 결제하지 않았습니다.";
        let told = answers.iter().filter(|answer| **answer == (400, json!(sentence))).count();
        let paid = answers.iter().filter(|(status, _)| *status == 200).count();
        assert_eq!((paid, told), (1, 63), "{answers:?}");
        for ((order, _), (status, _)) in ready.iter().zip(&answers) {
            // Their money was never asked for.
            assert_eq!(shop.calls(order).await.is_empty(), *status == 400);
        }
        shop.holds().await;
    });
}

/// Voucher attack: the end of one order is told again and again, while the coupon that it gave
/// back pays for another. Given back once is given back once.
#[test]
fn voucher_attack_a_coupon_restored_twice() {
    run(async {
        let shop = Shop::start().await;
        let other = shop.beside().await;
        shop.browser.get_json("/api/coupons?subtotal=74500").await.is(200);
        other.browser.becomes(&shop.browser);
        let coupon = shop.one("select id from coupons where offer_id = 'welcome'").await;
        let mut wish = Shop::wish();
        wish["couponId"] = json!(coupon);
        let first = shop.order_of(&wish).await;
        let key = shop.authenticate(&first).await;
        let refusal = json!({
            "call": "confirm", "kind": "refuse", "code": "REJECT_CARD_PAYMENT", "orderId": first.id,
        });
        shop.fault(refusal).await;
        let claim = json!({ "paymentKey": key, "orderId": first.id, "amount": first.amount });
        let failed = |n: usize| {
            json!({
                "eventType": "PAYMENT_STATUS_CHANGED", "createdAt": "2026-11-22T12:00:00.000000",
                "data": { "orderId": first.id, "paymentKey": key, "status": "ABORTED", "n": n },
            })
        };
        join_all((0..16).map(async |at| {
            let browser = if at % 2 == 0 { &shop.browser } else { &other.browser };
            browser.post_json("/api/confirm-payment", &claim).await;
            browser.post_json("/webhooks/toss", &failed(at)).await.is(200);
        }))
        .await;
        shop.settles(&first, "FAILED").await;
        assert_eq!(shop.one("select count(*) from coupons where used_at > 0").await, "0");
        // Another order pays with it, while the first one's end goes on being told.
        wish["lines"][1]["quantity"] = json!(2);
        let second = shop.order_of(&wish).await;
        let paid = shop.authenticate(&second).await;
        let (answer, _) = tokio::join!(
            shop.confirm(&paid, &second, json!(second.amount)),
            join_all((16..48).map(async |at| {
                let browser = if at % 2 == 0 { &shop.browser } else { &other.browser };
                browser.post_json("/webhooks/toss", &failed(at)).await.is(200);
                browser.post_json("/api/confirm-payment", &claim).await;
                let body = json!({ "orderId": first.id, "code": "X", "message": "x" });
                browser.post_json("/api/fail-payment", &body).await;
            })),
        );
        answer.is(200);
        shop.works_through().await;
        let used = "select used_order from coupons where offer_id = 'welcome'";
        assert_eq!(shop.one(used).await, second.id);
        assert_eq!(shop.stock("tee").await, "118");
        shop.holds().await;
    });
}

/// Where no script runs, the code is a form, and the page that comes next tells.
#[test]
fn a_code_is_claimed_by_a_plain_form() {
    run(async {
        let shop = Shop::start().await;
        add(&shop, &Offer { minimum: Won::new(80_000).unwrap(), ..summer() }).await;
        let order = shop.order().await;
        let page = format!("/checkout?orderId={}", order.id);
        let send = async |code: &str, order: &str| {
            let fields = [("orderId", order), ("code", code)];
            let answer = shop.browser.post_form("/form/claim-coupon", &fields).await;
            answer.is(302).location.clone().unwrap()
        };
        let next = send("<b>", &order.id).await;
        assert!(next == format!("{page}&problem=CODE_FORM"), "{next}");
        let told = shop.browser.get(&next).await.is(200).text.clone();
        assert!(told.contains("쿠폰 코드는 한글, 영문, 숫자, -, _ 4~30자입니다."), "{told}");
        // Theirs from now on, but this order is too small for it.
        let next = send("summer26", &order.id).await;
        assert!(next.ends_with("&problem=COUPON_UNUSABLE"), "{next}");
        let told = shop.browser.get(&next).await.is(200).text.clone();
        assert!(told.contains("80,000원 이상 주문할 때 사용할 수 있습니다."), "{told}");
        assert_eq!(issued(&shop).await, "1");
        assert_eq!(send("thanks2000", &order.id).await, page);
        let told = shop.browser.get(&page).await.is(200).text.clone();
        assert!(told.contains("72,500원 결제하기"), "{told}");
        assert_eq!(send("thanks2000", "../..").await, "/cart");
        shop.holds().await;
    });
}

/// The page is told before the window opens, and by name.
#[test]
fn a_coupon_that_was_lost_is_told_when_the_price_is_asked_for() {
    run(async {
        let shop = Shop::start().await;
        shop.browser.get_json("/api/coupons?subtotal=74500").await.is(200);
        let mut wish = Shop::wish();
        wish["couponId"] =
            json!(shop.one("select id from coupons where offer_id = 'welcome'").await);
        let lost = shop.order_of(&wish).await;
        wish["lines"][1]["quantity"] = json!(2);
        let paid = shop.order_of(&wish).await;
        let key = shop.authenticate(&paid).await;
        shop.confirm(&key, &paid, json!(paid.amount)).await.is(200);
        let ask = json!({ "orderId": lost.id });
        let told = shop.browser.post_json("/api/price", &ask).await.is(409).json();
        assert_eq!(told["field"], "couponId");
        assert_eq!(
            told["message"],
            "couponId: 다른 주문에 사용한 쿠폰입니다. 쿠폰을 바꾸거나 ‘사용 안 함’을 선택해 주세요."
        );
        let off = json!({ "orderId": lost.id, "couponId": null });
        let price = shop.browser.post_json("/api/apply-coupon", &off).await.is(200).json();
        assert_eq!(price["amount"], 74_500);
        let expected: Value = json!({ "status": "PENDING", "taxFree": 0, "discount": 0, "amount": 74_500, "couponId": null });
        shop.browser.post_json("/api/price", &ask).await.is_json(200, expected);
        let key = shop.authenticate_as(&lost.id, 74_500, "CARD").await;
        shop.confirm(&key, &lost, json!(74_500)).await.is(200);
        shop.holds().await;
    });
}

/// The coupon that a browser has of an offer: the first, or the one that it has just been given.
async fn coupon_of(browser: &Browser, name: &str) -> Value {
    let list = browser.get_json("/api/coupons?subtotal=74500").await.is(200).json();
    let list = list.as_array().unwrap();
    list.iter().find(|coupon| coupon["name"] == name).unwrap()["couponId"].clone()
}

fn wish_of(phone: &str, email: &str, coupon: &Value) -> Value {
    let mut wish = Shop::wish();
    wish["customer"]["mobilePhone"] = json!(phone);
    wish["customer"]["email"] = json!(email);
    wish["couponId"] = coupon.clone();
    wish
}

const WELCOME: &str = "첫 구매 3,000원 할인";
const USED: &str = "couponId: 같은 휴대폰 번호나 이메일로 이미 사용한 쿠폰입니다.";

#[test]
fn a_person_uses_an_offer_once_by_however_many_browsers() {
    run(async {
        let shop = Shop::start().await;
        add(&shop, &summer()).await;
        let mut wish = Shop::wish();
        wish["couponId"] = coupon_of(&shop.browser, WELCOME).await;
        let first = shop.order_of(&wish).await;
        let key = shop.authenticate(&first).await;
        shop.confirm(&key, &first, json!(first.amount)).await.is(200);
        for (phone, email) in [
            ("010-1234-5678", "hong@example.com"),
            ("+82 10 1234 5678", "another@example.com"),
            ("010-8765-4321", "HONG@Example.com"),
            ("01087654321", "hong+2@example.com"),
        ] {
            let again = shop.stranger();
            let coupon = coupon_of(&again, WELCOME).await;
            let wish = wish_of(phone, email, &coupon);
            let told = again.post_json("/api/place-order", &wish).await.is(400).json();
            assert_eq!((&told["message"], &told["field"]), (&json!(USED), &json!("couponId")));
            // Nor is it put on the order afterwards, and the list says why.
            let bare = wish_of(phone, email, &json!(null));
            let placed = again.post_json("/api/place-order", &bare).await.is(201).json();
            let on = json!({ "orderId": placed["orderId"], "couponId": coupon });
            let told = again.post_json("/api/apply-coupon", &on).await.is(400).json();
            assert_eq!(told["message"], USED);
            let list = again.get_json("/api/coupons?subtotal=74500").await.is(200).json();
            let list = list.as_array().unwrap();
            let one = list.iter().find(|one| one["couponId"] == coupon).unwrap();
            assert_eq!(
                (
                    &one["discount"],
                    format!("couponId: {}", one["refused"].as_str().unwrap()).as_str()
                ),
                (&json!(0), USED)
            );
            // Other offers are not touched by it.
            claim(&again, "SUMMER26").await.is(201);
        }
        let other = shop.stranger();
        let coupon = coupon_of(&other, WELCOME).await;
        let wish = wish_of("010-8765-4321", "another@example.com", &coupon);
        other.post_json("/api/place-order", &wish).await.is(201);
        shop.holds().await;
    });
}

#[test]
fn a_code_that_a_person_has_used_is_not_claimed_again() {
    run(async {
        let shop = Shop::start().await;
        add(&shop, &summer()).await;
        let mut wish = Shop::wish();
        wish["couponId"] =
            claim(&shop.browser, "SUMMER26").await.is(201).json()["couponId"].clone();
        let first = shop.order_of(&wish).await;
        let key = shop.authenticate(&first).await;
        shop.confirm(&key, &first, json!(first.amount)).await.is(200);
        let again = shop.stranger();
        let bare = wish_of("+82 10 1234 5678", "another@example.com", &json!(null));
        again.post_json("/api/place-order", &bare).await.is(201);
        let told = claim(&again, "SUMMER26").await.is(409).json();
        assert_eq!(told["message"], "code: 같은 휴대폰 번호나 이메일로 이미 사용한 쿠폰입니다.");
        assert_eq!(issued(&shop).await, "1");
    });
}

/// Voucher attack: one person, many browsers, all pay at once, on two instances.
#[test]
fn voucher_attack_one_person_pays_by_eight_browsers_at_once() {
    run(async {
        for limit in [1, 3] {
            let shop = Shop::start().await;
            let other = shop.beside().await;
            add(&shop, &Offer { per_customer: limit, ..summer() }).await;
            let mut ready = Vec::new();
            for at in 0..8 {
                let browser = if at % 2 == 0 { shop.stranger() } else { other.stranger() };
                let coupon = claim(&browser, "SUMMER26").await.is(201).json()["couponId"].clone();
                let mut wish = Shop::wish();
                wish["couponId"] = coupon;
                // Half of them share the phone, half the e-mail, and one shares both.
                let own = format!("hong{at}@example.com");
                wish["customer"]["email"] =
                    json!(if at < 4 { "hong@example.com" } else { own.as_str() });
                let own = format!("0108888000{at}");
                wish["customer"]["mobilePhone"] =
                    json!(if at >= 3 { "01012345678" } else { own.as_str() });
                let placed = browser.post_json("/api/place-order", &wish).await.is(201).json();
                let order = Order {
                    id: placed["orderId"].as_str().unwrap().to_owned(),
                    name: String::new(),
                    amount: placed["amount"].as_i64().unwrap(),
                };
                let key = shop.authenticate(&order).await;
                ready.push((browser, order, key));
            }
            let answers = join_all(ready.iter().map(async |(browser, order, key)| {
                let claim =
                    json!({ "paymentKey": key, "orderId": order.id, "amount": order.amount });
                let answer = browser.post_json("/api/confirm-payment", &claim).await;
                (answer.status.as_u16(), answer.json()["message"].clone())
            }))
            .await;
            let sentence =
                "같은 휴대폰 번호나 이메일로 이미 사용한 쿠폰이어서 결제하지 않았습니다.";
            let told = answers.iter().filter(|answer| **answer == (400, json!(sentence))).count();
            let paid = answers.iter().filter(|(status, _)| *status == 200).count();
            assert_eq!(paid + told, 8, "{answers:?}");
            for contact in ["phone 1012345678", "email hong@example.com"] {
                let sql = format!("select used from coupon_uses where contact = '{contact}'");
                let used: i64 = shop.one(&sql).await.parse().unwrap();
                assert!((1..=limit).contains(&used), "{contact} {used}");
            }
            for ((_, order, _), (status, _)) in ready.iter().zip(&answers) {
                assert_eq!(shop.calls(order).await.is_empty(), *status == 400);
            }
            shop.holds().await;
        }
    });
}

/// Who could not pay with it has not used it.
#[test]
fn a_coupon_that_came_back_counts_for_nobody() {
    run(async {
        let shop = Shop::start().await;
        let mut wish = Shop::wish();
        wish["couponId"] = coupon_of(&shop.browser, WELCOME).await;
        let first = shop.order_of(&wish).await;
        let other = shop.stranger();
        let coupon = coupon_of(&other, WELCOME).await;
        let again = wish_of("010 1234 5678", "another@example.com", &coupon);
        let placed = other.post_json("/api/place-order", &again).await.is(201).json();
        let key = shop.authenticate(&first).await;
        shop.fault(json!({
            "call": "confirm", "kind": "refuse", "code": "REJECT_CARD_PAYMENT", "orderId": first.id,
        }))
        .await;
        shop.confirm(&key, &first, json!(first.amount)).await.is(400);
        let counted = "select count(*) from coupon_uses where used > 0";
        assert_eq!(shop.one(counted).await, "0");
        let id = placed["orderId"].as_str().unwrap();
        let amount = placed["amount"].as_i64().unwrap();
        let key = shop.authenticate_as(id, amount, "CARD").await;
        let body = json!({ "paymentKey": key, "orderId": id, "amount": amount });
        other.post_json("/api/confirm-payment", &body).await.is(200);
        assert_eq!(shop.one(counted).await, "2");
        // The page of whoever is about to pay says so, too.
        let third = shop.stranger();
        let coupon = coupon_of(&third, WELCOME).await;
        let wish = wish_of("01087654321", "third@example.com", &coupon);
        let placed = third.post_json("/api/place-order", &wish).await.is(201).json();
        let ask = json!({ "orderId": placed["orderId"] });
        third.post_json("/api/price", &ask).await.is(200);
        shop.alter(
            "update orders set buyer_email = 'Another@example.com'
             where buyer_email = 'third@example.com'",
        )
        .await;
        let told = third.post_json("/api/price", &ask).await.is(409).json();
        assert!(told["message"].as_str().unwrap().starts_with(USED), "{told}");
        shop.holds().await;
    });
}
