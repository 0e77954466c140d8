//! The shop without JavaScript: plain forms from shelf to checkout.

use crate::tests::shop::{Browser, Shop, run};

async fn put(browser: &Browser, product: &str, quantity: &str, back: &str) -> String {
    let fields = [("productId", product), ("quantity", quantity), ("back", back)];
    browser.post_form("/form/cart", &fields).await.is(302).location.clone().unwrap()
}

#[test]
fn a_cart_is_filled_kept_and_ordered() {
    run(async {
        let shop = Shop::start().await;
        let browser = &shop.browser;
        browser.get("/").await.is(200);
        assert_eq!(put(browser, "tee", "2", "shop").await, "/#tee");
        assert_eq!(put(browser, "mug", "1", "").await, "/cart?pressed=more-mug");
        assert_eq!(browser.cookie("gyesan_cart"), "tee*2~mug*1");
        let page = browser.get("/").await.text;
        assert!(page.contains("장바구니 3개 · 70,000원"), "{page}");
        let page = browser.get("/cart").await.text;
        let form_id = page.split("name=\"requestId\" value=\"").nth(1).unwrap();
        let form_id = form_id.split('"').next().unwrap().to_owned();
        let order = |email: &'static str| {
            let form_id = form_id.clone();
            async move {
                let fields = [
                    ("requestId", form_id.as_str()),
                    ("lines", "tee*2~mug*1"),
                    ("name", "홍길동"),
                    ("email", email),
                    ("mobilePhone", "010-1234-5678"),
                ];
                browser.post_form("/form/order", &fields).await.is(302).location.clone().unwrap()
            }
        };
        // A wrong address is told, and nothing that was typed is lost.
        let problem = order("hong@").await;
        assert_eq!(problem, "/cart?problem=BUYER");
        let page = browser.get(&problem).await.text;
        assert!(page.contains("이메일은 name@example.com 형식으로"), "{page}");
        assert!(page.contains("value=\"hong@\"") && page.contains("value=\"홍길동\""), "{page}");
        // Sent twice: one order.
        let checkout = order("hong@example.com").await;
        assert!(checkout.starts_with("/checkout?orderId="), "{checkout}");
        assert_eq!(order("hong@example.com").await, checkout);
        assert_eq!(shop.one("select count(*) from orders").await, "1");
        let page = browser.get(&checkout).await;
        assert!(page.is(200).text.contains("70,000원 결제하기"));
    });
}

#[test]
fn the_cart_puts_the_keyboard_back_onto_the_button_that_was_pressed() {
    run(async {
        let shop = Shop::start().await;
        let browser = &shop.browser;
        // The element that takes the focus, as the page has it.
        let focused = |page: &str| {
            let tags: Vec<_> = page.split('<').filter(|tag| tag.contains(" autofocus")).collect();
            assert_eq!(tags.len(), 1, "{page}");
            tags[0].to_owned()
        };
        let next = put(browser, "mug", "2", "").await;
        let button = focused(&browser.get(&next).await.text);
        assert!(button.contains("파란 머그컵 하나 더하기, 현재 2개"), "{button}");
        let next = put(browser, "mug", "1", "").await;
        let button = focused(&browser.get(&next).await.text);
        assert!(button.contains("파란 머그컵 하나 빼기, 현재 1개"), "{button}");
        // As many as there are: what was pressed may not be pressed again.
        let next = put(browser, "bag", "3", "").await;
        let button = focused(&browser.get(&next).await.text);
        assert!(button.contains("캔버스 장바구니 하나 빼기, 현재 3개"), "{button}");
        let next = put(browser, "bag", "0", "").await;
        assert!(focused(&browser.get(&next).await.text).contains("삭제했습니다"));
        let next = put(browser, "mug", "0", "").await;
        assert!(focused(&browser.get(&next).await.text).contains("장바구니가 비어 있습니다"));
        // Only codes are read from the address.
        for pressed in ["more-none", "농협 302-…", "less", "more-"] {
            let page = browser.get(&format!("/cart?pressed={pressed}")).await.text;
            assert!(!page.contains("농협"), "{page}");
        }
    });
}

#[test]
fn quantities_have_limits() {
    run(async {
        let shop = Shop::start().await;
        let browser = &shop.browser;
        for (product, quantity) in
            [("tee", "100"), ("tee", "-1"), ("tee", "many"), ("no-such", "1"), ("<b>", "1")]
        {
            let place = put(browser, product, quantity, "").await;
            assert!(place.starts_with("/cart?problem="), "{product} {quantity}: {place}");
        }
        assert_eq!(browser.cookie("gyesan_cart"), "");
        put(browser, "bag", "9", "").await;
        let page = browser.get("/cart").await.text;
        assert!(page.contains("3개까지 주문할 수 있습니다"), "{page}");
        put(browser, "bag", "0", "").await;
        assert!(browser.get("/cart").await.text.contains("장바구니가 비어 있습니다"));
    });
}

#[test]
fn a_form_is_bounded_and_must_be_a_form() {
    run(async {
        let shop = Shop::start().await;
        let form = "application/x-www-form-urlencoded";
        let big = format!("productId={}", "x".repeat(1 << 20));
        shop.browser.post_text("/form/cart", form, big).await.is(413);
        shop.browser.post_text("/form/cart", "application/json", "{}".to_owned()).await.is(415);
        shop.browser.post_text("/form/cart", form, "quantity=1".to_owned()).await.is(400);
    });
}

#[test]
fn what_was_paid_for_leaves_the_cart() {
    run(async {
        let shop = Shop::start().await;
        for (product, quantity) in [("tee", "2"), ("mug", "1"), ("socks", "5")] {
            put(&shop.browser, product, quantity, "").await;
        }
        // The order took one pair of socks; the cart has had five since.
        shop.paid().await;
        assert_eq!(shop.browser.cookie("gyesan_cart"), "socks*5");
    });
}

#[test]
fn a_phone_is_kept_in_one_form_and_what_is_none_is_told() {
    run(async {
        let shop = Shop::start().await;
        let browser = &shop.browser;
        put(browser, "tee", "1", "").await;
        let order = async |form: &str, name: &str, phone: &str| {
            let fields = [
                ("requestId", form),
                ("lines", "tee*1"),
                ("name", name),
                ("email", "hong@example.com"),
                ("mobilePhone", phone),
            ];
            browser.post_form("/form/order", &fields).await.is(302).location.clone().unwrap()
        };
        for (number, phone) in
            ["010.1234.5678", "（０１０）１２３４－５６７８", "+82-10-1234-5678"].iter().enumerate()
        {
            let next = order(&format!("form-{number}"), "홍길동", phone).await;
            assert!(next.starts_with("/checkout?orderId="), "{phone}: {next}");
        }
        let kept = "select count(*) from orders where buyer_mobile_phone = '01012345678'";
        assert_eq!(shop.one(kept).await, "3");
        for phone in ["02-312-3456", "00000000", "+1 415 555 2671"] {
            let next = order("form-x", "홍길동", phone).await;
            assert_eq!(next, "/cart?problem=BUYER", "{phone}");
            let page = browser.get(&next).await.text;
            assert!(page.contains("휴대폰 번호는 010-1234-5678처럼"), "{page}");
        }
        let next = order("form-y", "\u{3164}", "010-1234-5678").await;
        assert!(browser.get(&next).await.text.contains("이름은 눈에 보이는 글자로"), "{next}");
        assert_eq!(shop.one("select count(*) from orders").await, "3");

        // One that was taken before is shown and paid all the same.
        shop.alter("update orders set buyer_mobile_phone = '0212345678'").await;
        let old = shop.one("select id from orders limit 1").await;
        let page = browser.get(&format!("/orders/{old}")).await;
        assert!(page.is(200).text.contains("0212345678"), "{}", page.text);
        browser.get(&format!("/checkout?orderId={old}")).await.is(200);
    });
}

#[test]
fn all_that_is_wrong_in_the_order_form_is_told_at_once() {
    run(async {
        let shop = Shop::start().await;
        let browser = &shop.browser;
        put(browser, "tee", "1", "").await;
        let long = "가".repeat(101);
        for (name, email, phone, wrong) in [
            ("", "", "", &["name", "email", "mobilePhone"][..]),
            ("\u{3164}", "hong@example.com", "02-312-3456", &["name", "mobilePhone"]),
            ("홍길동", "hong@", "12", &["email", "mobilePhone"]),
            (&*long, "hong@example.com", "010-1234-5678", &["name"]),
            ("홍길동", "hong@example.com", "010-1234-567", &["mobilePhone"]),
        ] {
            let fields = [
                ("requestId", "form-1"),
                ("lines", "tee*1"),
                ("name", name),
                ("email", email),
                ("mobilePhone", phone),
            ];
            let next = browser.post_form("/form/order", &fields).await.is(302).location.clone();
            let page = browser.get(&next.unwrap()).await.is(200).text.clone();
            // A browser's own check would tell the first alone, and in its own words.
            assert!(page.contains("action=\"/form/order\" novalidate"), "{page}");
            let tags: Vec<_> = page.split('<').collect();
            for field in ["name", "email", "mobilePhone"] {
                let is_wrong = wrong.contains(&field);
                let input = tags.iter().find(|tag| tag.contains(&format!(" id=\"{field}\"")));
                let input = input.unwrap();
                assert!(input.contains(&format!("aria-invalid=\"{is_wrong}\"")), "{input}");
                let described = format!("aria-describedby=\"{field}-wrong\"");
                assert_eq!(input.contains(&described), is_wrong, "{input}");
                assert_eq!(input.contains(" autofocus"), wrong[0] == field, "{input}");
                assert_eq!(page.contains(&format!(" id=\"{field}-wrong\"")), is_wrong, "{page}");
            }
        }
        assert_eq!(shop.one("select count(*) from orders").await, "0");
    });
}

#[test]
fn what_left_the_shelf_or_became_dearer_is_told_by_name() {
    run(async {
        let shop = Shop::start().await;
        let browser = &shop.browser;
        put(browser, "tee", "2", "shop").await;
        put(browser, "blanket", "1", "shop").await;
        let page = browser.get("/cart").await.text;
        assert!(!page.contains("올랐습니다") && !page.contains("판매하지 않아"), "{page}");
        let name = shop.one("select name from products where id = 'blanket'").await;
        let name: String = name.chars().take(20).collect();
        let name = name.trim();
        shop.alter("update products set price = 31000 where id = 'tee'").await;
        shop.alter("delete from products where id = 'blanket'").await;
        let page = browser.get("/cart").await.text;
        let dearer = "‘토스 티셔츠’ 가격이 담을 때 29,000원에서 31,000원으로 올랐습니다.";
        let gone = format!("‘{name}’ 상품은 더 이상 판매하지 않아 주문에서 빠졌습니다.");
        assert!(page.contains(dearer) && page.contains(&gone), "{page}");
        assert!(page.contains("62,000원 주문하기"), "{page}");
        let told = browser.get_json("/api/cart").await.is(200).json();
        assert_eq!(told["lines"][0]["was"], 29_000);
        assert_eq!(told["gone"][0]["productId"], "blanket");

        // Each is told until its line is touched.
        put(browser, "blanket", "0", "").await;
        put(browser, "tee", "1", "").await;
        let page = browser.get("/cart").await.text;
        assert!(!page.contains("올랐습니다") && !page.contains("판매하지 않아"), "{page}");
        // Cheaper is no trouble.
        shop.alter("update products set price = 30000 where id = 'tee'").await;
        assert!(!browser.get("/cart").await.text.contains("올랐습니다"));
        // Of an empty cart too.
        shop.alter("delete from products where id = 'tee'").await;
        let page = browser.get("/cart").await.text;
        assert!(page.contains("‘토스 티셔츠’ 상품은 더 이상 판매하지 않아"), "{page}");
        assert!(page.contains("장바구니가 비어 있습니다."), "{page}");
    });
}

#[test]
fn nothing_is_ordered_for_more_than_the_page_said() {
    run(async {
        let shop = Shop::start().await;
        let browser = &shop.browser;
        put(browser, "tee", "2", "").await;
        let order = async |subtotal: &str| {
            let fields = [
                ("requestId", "form-1"),
                ("lines", "tee*2"),
                ("subtotal", subtotal),
                ("name", "홍길동"),
                ("email", "hong@example.com"),
                ("mobilePhone", "010-1234-5678"),
            ];
            browser.post_form("/form/order", &fields).await.is(302).location.clone().unwrap()
        };
        let page = browser.get("/cart").await.text;
        assert!(page.contains("name=\"subtotal\" value=\"58000\""), "{page}");
        shop.alter("update products set price = 31000 where id = 'tee'").await;
        let next = order("58000").await;
        assert_eq!(next, "/cart?problem=RISEN");
        let page = browser.get(&next).await.text;
        assert!(page.contains("그사이 가격이 올랐습니다."), "{page}");
        assert!(page.contains("‘토스 티셔츠’ 가격이 담을 때 29,000원에서"), "{page}");
        assert_eq!(shop.one("select count(*) from orders").await, "0");
        assert!(order("62000").await.starts_with("/checkout?orderId="));
    });
}
