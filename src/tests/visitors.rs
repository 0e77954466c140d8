//! Who is taken for whom: cookies that the shop has given out, and those that it has not.

use reqwest::Method;
use reqwest::header::{COOKIE, SET_COOKIE};
use serde_json::{Value, json};

use crate::server::token::hash_of;
use crate::tests::claims::{add, summer};
use crate::tests::shop::{Shop, run};

/// A request with these cookies and no jar: the status, the body, and the cookies it gave out.
async fn ask(
    shop: &Shop,
    cookie: &str,
    method: Method,
    path: &str,
    body: Option<&Value>,
) -> (u16, Value, Vec<String>) {
    let url = format!("http://{}{path}", shop.running.addr);
    let mut request = reqwest::Client::new().request(method, url).header(COOKIE, cookie);
    if let Some(body) = body {
        request = request.header("origin", &shop.running.app.shop.public_url).json(body);
    }
    let answer = request.send().await.unwrap();
    let given = answer.headers().get_all(SET_COOKIE).iter();
    let given = given.map(|it| it.to_str().unwrap().to_owned()).collect();
    let status = answer.status().as_u16();
    (status, serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap_or_default(), given)
}

/// The visitor's cookie that an answer gave out, as a browser sends it back.
fn visitor(given: &[String]) -> Option<String> {
    let mut named = given.iter().filter(|cookie| cookie.contains("gyesan_visitor="));
    let cookie = named.next()?.split(';').next()?.to_owned();
    assert!(named.next().is_none(), "{given:?}");
    Some(cookie)
}

async fn arrives(shop: &Shop) -> String {
    visitor(&ask(shop, "", Method::GET, "/", None).await.2).unwrap()
}

/// The order that was placed with this cookie, and the cookie that came with it.
async fn places(shop: &Shop, cookie: &str, wish: &Value) -> (String, Option<String>) {
    let (status, told, given) =
        ask(shop, cookie, Method::POST, "/api/place-order", Some(wish)).await;
    assert_eq!(status, 201, "{told}");
    (told["orderId"].as_str().unwrap().to_owned(), visitor(&given))
}

async fn is_mine(shop: &Shop, cookie: &str, order: &str) -> bool {
    let path = format!("/api/order?orderId={order}");
    let (status, told, _) = ask(shop, cookie, Method::GET, &path, None).await;
    assert_eq!(status, 200, "{told}");
    let is_mine = told["isMine"] == true;
    assert_eq!(is_mine, told["customer"]["email"] == "hong@example.com", "{told}");
    is_mine
}

#[test]
fn a_cookie_that_the_shop_has_not_given_out_is_nobodys() {
    run(async {
        let shop = Shop::start().await;
        let real = arrives(&shop).await;
        let (token, mac) = real.split_once('.').unwrap();
        let other = arrives(&shop).await;
        let other = other.split_once('.').unwrap().1.to_owned();
        for forged in [
            format!("gyesan_visitor={}", "a".repeat(26)),
            format!("gyesan_visitor={}.{mac}", "a".repeat(26)),
            format!("{token}.{other}"),
            format!("{token}."),
            token.to_owned(),
            format!("__Host-{real}"),
        ] {
            let (order, given) = places(&shop, &forged, &Shop::wish()).await;
            let given = given.unwrap();
            assert_ne!(given, forged);
            assert!(!is_mine(&shop, &forged, &order).await, "{forged}");
            assert!(is_mine(&shop, &given, &order).await, "{forged}");
        }
        // Beside one that was put there by somebody else, the browser's own counts.
        let both = format!("gyesan_visitor={}; {real}", "b".repeat(26));
        assert_eq!(visitor(&ask(&shop, &both, Method::GET, "/", None).await.2), None);
    });
}

#[test]
fn on_https_cookies_are_of_this_host_and_secure() {
    run(async {
        let shop = Shop::start_with(&["--public-url", "https://shop.example"]).await;
        let (_, _, given) = ask(&shop, "", Method::GET, "/", None).await;
        let cookie = visitor(&given).unwrap();
        assert!(cookie.starts_with("__Host-gyesan_visitor="), "{given:?}");
        for part in ["; Secure", "; Path=/;", "; HttpOnly", "; SameSite=Lax"] {
            assert!(given[0].contains(part), "{given:?}");
        }
        assert!(!given[0].to_lowercase().contains("domain"), "{given:?}");
        let (order, next) = places(&shop, &cookie, &Shop::wish()).await;
        let next = next.unwrap();
        assert!(is_mine(&shop, &next, &order).await);
        // A neighbour may set the bare name.
        let bare = next.trim_start_matches("__Host-");
        assert!(!is_mine(&shop, bare, &order).await);
        // So with the cart.
        let form = [("productId", "tee"), ("quantity", "2"), ("back", "shop")];
        let url = format!("http://{}/form/cart", shop.running.addr);
        let http =
            reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let body = reqwest::Url::parse_with_params("http://x/", form).unwrap();
        let request = http.post(url).header("origin", "https://shop.example");
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let answer = request.body(body.query().unwrap().to_owned()).send().await.unwrap();
        let given = answer.headers().get_all(SET_COOKIE).iter();
        let given: Vec<_> = given.map(|it| it.to_str().unwrap().to_owned()).collect();
        let cart = given.iter().find(|it| it.contains("gyesan_cart=")).unwrap();
        assert!(cart.starts_with("__Host-gyesan_cart=tee*2; ") && cart.contains("; Secure"));
        let cart = cart.split(';').next().unwrap();
        let both = format!("gyesan_cart=mug*9; {cart}");
        let (_, told, _) = ask(&shop, &both, Method::GET, "/api/cart", None).await;
        assert!(told.to_string().contains("tee") && !told.to_string().contains("mug"), "{told}");
    });
}

#[test]
fn an_order_is_seen_by_the_cookie_that_came_with_it_alone() {
    run(async {
        let shop = Shop::start().await;
        let first = arrives(&shop).await;
        let (one, second) = places(&shop, &first, &Shop::wish()).await;
        let second = second.unwrap();
        assert!(is_mine(&shop, &second, &one).await && !is_mine(&shop, &first, &one).await);
        // Whoever made the cookie may be a customer already.
        let (two, third) = places(&shop, &second, &Shop::wish()).await;
        let third = third.unwrap();
        for (cookie, sees) in [(&first, false), (&second, false), (&third, true)] {
            for order in [&one, &two] {
                assert_eq!(is_mine(&shop, cookie, order).await, sees, "{cookie}");
            }
            let (_, buyer, _) = ask(&shop, cookie, Method::GET, "/api/buyer", None).await;
            assert_eq!(buyer["email"] == "hong@example.com", sees, "{buyer}");
            let path = "/api/coupons?subtotal=74500";
            let (_, coupons, _) = ask(&shop, cookie, Method::GET, path, None).await;
            let has_one = !coupons.as_array().unwrap().is_empty();
            // The first has been nobody's for two tokens, and becomes somebody new.
            assert_eq!(has_one, sees || *cookie == first, "{cookie} {coupons}");
        }
        // A coupon of one's own is a right too.
        add(&shop, &summer()).await;
        let before = arrives(&shop).await;
        let code = json!({ "code": "SUMMER26" });
        let claimed = ask(&shop, &before, Method::POST, "/api/claim-coupon", Some(&code)).await;
        assert_eq!(claimed.0, 201, "{}", claimed.1);
        let after = visitor(&claimed.2).unwrap();
        let id = claimed.1["couponId"].as_str().unwrap();
        for (cookie, sees) in [(&before, false), (&after, true)] {
            let path = "/api/coupons?subtotal=74500";
            let (_, coupons, _) = ask(&shop, cookie, Method::GET, path, None).await;
            assert_eq!(coupons.to_string().contains(id), sees, "{coupons}");
        }
    });
}

/// A form sent again because its answer was lost, and what another tab had sent meanwhile.
#[test]
fn what_was_sent_with_the_cookie_of_before_is_still_the_same_customers() {
    run(async {
        let shop = Shop::start().await;
        let first = arrives(&shop).await;
        let mut wish = Shop::wish();
        wish["requestId"] = json!("abcdefghijklmnopqr");
        let (one, second) = places(&shop, &first, &wish).await;
        // The same form brings the same order, and the same cookie.
        let again = places(&shop, &first, &wish).await;
        assert_eq!(again, (one.clone(), second.clone()));
        // Another form brings another order, which is the same customer's, and nothing to see it by.
        wish["requestId"] = json!("bbbbbbbbbbbbbbbbbb");
        let (two, none) = places(&shop, &first, &wish).await;
        assert_eq!(none, None);
        assert!(!is_mine(&shop, &first, &two).await);
        assert!(is_mine(&shop, &second.clone().unwrap(), &two).await);
        assert_eq!(shop.one("select count(*) from customers").await, "1");
        // One who is a customer already.
        let second = second.unwrap();
        wish["requestId"] = json!("cccccccccccccccccc");
        let (three, third) = places(&shop, &second, &wish).await;
        assert_eq!(places(&shop, &second, &wish).await, (three.clone(), third.clone()));
        assert!(is_mine(&shop, &third.unwrap(), &three).await);
        // Not for long: then it is a stranger's.
        shop.running.app.clock.advance(11 * 60 * 1_000);
        let (four, given) = places(&shop, &second, &wish).await;
        assert_ne!(four, three);
        let given = given.unwrap();
        assert!(is_mine(&shop, &given, &four).await && !is_mine(&shop, &given, &three).await);
        let (five, given) = places(&shop, &first, &wish).await;
        let given = given.unwrap();
        assert!(is_mine(&shop, &given, &five).await && !is_mine(&shop, &given, &one).await);
        assert_eq!(shop.one("select count(*) from customers").await, "3");
        shop.holds().await;
    });
}

/// Two tabs of a browser that has never been here order at the same moment.
#[test]
fn one_browser_is_one_customer_however_many_requests_come_at_once() {
    run(async {
        let shop = Shop::start().await;
        let other = shop.beside().await;
        let cookie = arrives(&shop).await;
        let placed = futures::future::join_all((0..16).map(async |at| {
            let shop = if at % 2 == 0 { &shop } else { &other };
            places(shop, &cookie, &Shop::wish()).await
        }))
        .await;
        assert_eq!(shop.one("select count(*) from customers").await, "1");
        let given: Vec<_> = placed.iter().filter_map(|(_, given)| given.clone()).collect();
        assert_eq!(given.len(), 1, "{given:?}");
        for (order, _) in &placed {
            assert!(is_mine(&other, &given[0], order).await);
        }
    });
}

/// A browser that came before cookies were signed.
#[test]
fn an_unsigned_cookie_of_a_customer_counts_once() {
    run(async {
        let shop = Shop::start().await;
        let old = "abcdefghij".repeat(3)[..26].to_owned();
        let (order, _) = places(&shop, &arrives(&shop).await, &Shop::wish()).await;
        let hash = hash_of(&old);
        shop.alter(&format!(
            "update customers set visitor_hash = '{hash}', former_hash = null, renewed_at = null"
        ))
        .await;
        let old = format!("gyesan_visitor={old}");
        let path = format!("/api/order?orderId={order}");
        let (_, told, given) = ask(&shop, &old, Method::GET, &path, None).await;
        assert_eq!(told["isMine"], true);
        let new = visitor(&given).unwrap();
        assert!(new.contains('.') && is_mine(&shop, &new, &order).await);
        // Another request of the same browser is given no cookie in place of the new one.
        let (_, told, given) = ask(&shop, &old, Method::GET, &path, None).await;
        assert_eq!((&told["isMine"], visitor(&given)), (&json!(false), None));
        shop.running.app.clock.advance(11 * 60 * 1_000);
        let (_, told, given) = ask(&shop, &old, Method::GET, &path, None).await;
        assert_eq!(told["isMine"], false);
        assert!(visitor(&given).is_some_and(|given| given != new));
    });
}

/// Instances of one shop know each other's cookies, and those of before a restart.
#[test]
fn instances_share_the_key_that_signs() {
    run(async {
        let shop = Shop::start().await;
        let other = shop.beside().await;
        let cookie = arrives(&shop).await;
        let (order, next) = places(&other, &cookie, &Shop::wish()).await;
        assert!(is_mine(&shop, &next.unwrap(), &order).await);
        assert_eq!(shop.one("select count(*) from shop_secrets").await, "1");
    });
}
