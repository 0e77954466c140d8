//! In which language a page speaks, and how that is chosen and kept.

use reqwest::header::{ACCEPT_LANGUAGE, SET_COOKIE, VARY};
use serde_json::json;

use crate::tests::shop::{Answer, Shop, run};

/// The page's own word for it.
fn language(page: &Answer) -> &str {
    let html = page.text.split("<html lang=\"").nth(1).unwrap_or_default();
    html.split('"').next().unwrap_or_default()
}

fn skip_link(page: &Answer) -> &str {
    let link = page.text.split("class=\"skip\">").nth(1).unwrap_or_default();
    link.split('<').next().unwrap_or_default()
}

/// The address that the choice at a page's end has for it.
fn switch(page: &Answer, tag: &str) -> String {
    let end = page.text.split("<footer").nth(1).unwrap_or_default();
    let before = end.split(&format!("lang=\"{tag}\"")).next().unwrap_or_default();
    let address = before.rsplit("href=\"").next().unwrap_or_default();
    address.split('"').next().unwrap_or_default().replace("&amp;", "&")
}

#[test]
fn an_address_asks_for_a_language_and_the_browser_keeps_it() {
    run(async {
        let shop = Shop::start().await;
        let browser = shop.stranger();
        let page = browser.get("/cart").await;
        assert_eq!((language(page.is(200)), skip_link(&page)), ("ko", "본문으로 건너뛰기"));
        // One that is spoken by nobody here changes nothing and is not kept.
        let page = browser.get("/cart?lang=xx").await;
        assert_eq!(language(page.is(200)), "ko");
        let page = browser.get("/cart?lang=en").await;
        assert_eq!((language(page.is(200)), skip_link(&page)), ("en", "Skip to content"));
        for path in ["/cart", "/", "/no/such/page", "/orders/nobodys", "/cart?lang=xx"] {
            assert_eq!(language(&browser.get(path).await), "en", "{path}");
        }
        // Another browser's choice is another's.
        assert_eq!(language(&shop.stranger().get("/cart").await), "ko");
        let page = browser.get("/cart?lang=en&lang=ko").await;
        assert_eq!(language(page.is(200)), "ko");
        assert_eq!(language(&browser.get("/cart").await), "ko");
    });
}

#[test]
fn a_browser_that_has_not_chosen_is_answered_in_a_language_that_it_accepts() {
    run(async {
        let shop = Shop::start().await;
        let client = reqwest::Client::new();
        for (accepted, expected) in [
            ("en-US,en;q=0.9", "lang=\"en\""),
            ("ko-KR,ko;q=0.9,en;q=0.8", "lang=\"ko\""),
            ("fr", "lang=\"ko\""),
        ] {
            let request = client
                .get(format!("http://{}/", shop.running.addr))
                .header(ACCEPT_LANGUAGE, accepted);
            let answer = request.send().await.unwrap();
            let cookies = answer.headers().get_all(SET_COOKIE).iter();
            let kept = cookies.filter(|it| it.to_str().unwrap().starts_with("lang=")).count();
            assert_eq!(kept, 0, "{accepted}");
            // The shelf may be kept, and is another for whoever accepts another.
            let vary = answer.headers().get_all(VARY).iter();
            let vary: Vec<_> = vary.map(|it| it.to_str().unwrap().to_lowercase()).collect();
            assert!(vary.join(",").contains("accept-language"), "{vary:?}");
            assert!(answer.text().await.unwrap().contains(expected), "{accepted}");
        }
    });
}

#[test]
fn the_choice_at_the_end_of_a_page_keeps_its_address() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let key = shop.authenticate(&order).await;
        let path =
            format!("/success?paymentKey={key}&orderId={}&amount={}", order.id, order.amount);
        let page = shop.browser.get(&path).await;
        let query = path.split_once('?').unwrap().1;
        assert_eq!(switch(page.is(200), "en"), format!("?{query}&lang=en"));
        // The same again, told in English; and nothing is asked of Toss a second time.
        let page = shop.browser.get(&format!("/success{}", switch(&page, "en"))).await;
        assert_eq!(language(page.is(200)), "en");
        assert_eq!(switch(&page, "ko"), format!("?{query}&lang=ko"));
        assert_eq!(shop.calls(&order).await, ["confirm 200"]);
        assert_eq!(shop.status(&order).await, "COMPLETED");
        // What an address brings is no markup, and leads nowhere else.
        for path in ["/cart?a=\"><evil>&lang=en", "//evil.example/x?lang=en"] {
            let page = shop.browser.get(path).await;
            assert!(!page.text.contains("<evil>"), "{}", page.text);
            assert!(switch(&page, "ko").starts_with('?'), "{}", switch(&page, "ko"));
        }
    });
}

/// What a page says in Korean beside names, which stay as they are: of the shop, of products and coupons,
/// of people, and of the language itself.
async fn korean_left(shop: &Shop, page: &Answer) -> Vec<String> {
    let mut names: Vec<String> =
        ["계산 상점", "홍길동", "홍*동", "한국어"].map(str::to_owned).into();
    for (path, keys) in [
        ("/api/products", &["name", "description"][..]),
        ("/api/coupons?subtotal=200000", &["name"]),
    ] {
        let all = shop.browser.get_json(path).await.json();
        for it in all.as_array().unwrap() {
            names.extend(keys.iter().map(|key| it[key].as_str().unwrap().to_owned()));
        }
    }
    let text = names.iter().fold(page.text.clone(), |text, name| text.replace(name.as_str(), ""));
    let is_hangul = |letter: char| ('가'..='힣').contains(&letter);
    text.split(['<', '>', '"']).filter(|it| it.contains(is_hangul)).map(str::to_owned).collect()
}

#[track_caller]
fn is_english(path: &str, page: &Answer, left: &[String]) {
    assert_eq!(language(page), "en", "{path}");
    assert!(left.is_empty(), "{path}: {left:?}");
}

#[test]
fn every_page_is_told_in_english() {
    run(async {
        let shop = Shop::start().await;
        shop.browser.get("/?lang=en").await.is(200);
        let mut paths: Vec<String> = [
            "/",
            "/cart",
            "/cart?problem=RISEN",
            "/?problem=QUANTITY",
            "/fail",
            "/fail?code=USER_CANCEL",
            "/fail?code=A_CODE_OF_NEXT_YEAR",
            "/no/such/page",
            "/orders/nobodys",
            "/checkout?orderId=!",
            "/success?paymentKey=k&orderId=!&amount=1",
            "/success?paymentKey=k&orderId=nobodys&amount=x",
        ]
        .map(str::to_owned)
        .into();
        for path in &paths {
            let page = shop.browser.get(path).await;
            is_english(path, &page, &korean_left(&shop, &page).await);
        }
        for (id, count) in [("tee", "2"), ("bag", "3")] {
            let fields = [("productId", id), ("quantity", count), ("back", "shop")];
            shop.browser.post_form("/form/cart", &fields).await.is(302);
        }
        let wish = json!({
            "lines": [{ "productId": "blanket", "quantity": 1 }],
            "customer": { "name": "홍길동", "email": "a@example.com", "mobilePhone": "01011112222" },
        });
        let order = shop.order_of(&wish).await;
        let key = shop.authenticate(&order).await;
        let checkout = format!("/checkout?orderId={}", order.id);
        let returned =
            format!("/success?paymentKey={key}&orderId={}&amount={}", order.id, order.amount);
        paths.clear();
        paths.extend(
            ["/", "/cart", "/cart?problem=BUYER", "/cart?pressed=less-tee"].map(str::to_owned),
        );
        paths.extend([checkout.clone(), format!("{checkout}&problem=CODE_FORM")]);
        paths.extend([format!("/orders/{}", order.id), returned, checkout]);
        paths.push(format!("/orders/{}", order.id));
        for path in &paths {
            let page = shop.browser.get(path).await;
            is_english(path, &page, &korean_left(&shop, &page).await);
        }
        assert_eq!(shop.status(&order).await, "COMPLETED");
        // An account to pay into, and then one to pay back to.
        let order = shop.order().await;
        assert!(order.name.ends_with(" and 2 more"), "{}", order.name);
        let key = shop.authenticate_as(&order.id, order.amount, "VIRTUAL_ACCOUNT").await;
        shop.confirm(&key, &order, json!(order.amount)).await.is(202);
        let path = format!("/orders/{}", order.id);
        let page = shop.browser.get(&path).await;
        is_english(&path, &page, &korean_left(&shop, &page).await);
        for text in ["Waiting for your deposit", "₩74,500", "Copy account number"] {
            assert!(page.text.contains(text), "{text}: {}", page.text);
        }
        let stranger = shop.stranger();
        stranger.get("/?lang=en").await.is(200);
        let page = stranger.get(&path).await;
        is_english(&path, &page, &korean_left(&shop, &page).await);
    });
}
