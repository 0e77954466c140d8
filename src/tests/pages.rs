//! Pages as they leave the server: complete without JavaScript, true, private, and escaped.

use futures::future::join_all;
use serde_json::json;

use crate::tests::shop::{Answer, Shop, run};

/// The marker of how an order stands.
fn told(page: &Answer) -> &str {
    let text = page.text.split("data-status=\"").nth(1).unwrap_or_default();
    text.split('"').next().unwrap_or_default()
}

#[test]
fn the_return_page_confirms_and_is_complete() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let key = shop.authenticate(&order).await;
        let path =
            format!("/success?paymentKey={key}&orderId={}&amount={}", order.id, order.amount);
        let pages = join_all((0..6).map(|_| shop.browser.get(&path))).await;
        for page in &pages {
            assert_eq!((page.status.as_u16(), told(page)), (200, "COMPLETED"), "{}", page.text);
            for text in [
                "결제가 완료되었습니다",
                "토스 티셔츠",
                "74,500원",
                "카드",
                "영수증 보기",
                &order.id,
            ] {
                assert!(page.text.contains(text), "{text} is not on the page");
            }
        }
        assert_eq!(shop.calls(&order).await, ["confirm 200"]);
        // What Toss appends beside its three values does no harm.
        let more = format!("{path}&paymentType=NORMAL&x=1");
        assert_eq!(told(&shop.browser.get(&more).await), "COMPLETED");
    });
}

#[test]
fn the_return_page_tells_a_tampered_amount() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let key = shop.authenticate(&order).await;
        let path = |amount: &str| {
            format!("/success?paymentKey={key}&orderId={}&amount={amount}", order.id)
        };
        for wrong in ["0", "-5", "1.5", "1e3", "", "abc", "999999999999999999999"] {
            let page = shop.browser.get(&path(wrong)).await;
            assert!(page.is(400).text.contains("주소를 읽을 수 없습니다"), "{wrong}");
            assert_eq!(shop.status(&order).await, "PENDING", "{wrong}");
        }
        let page = shop.browser.get(&path("100")).await;
        assert_eq!(told(page.is(400)), "FAILED");
        assert!(page.text.contains("결제 금액 불일치"));
        assert!(page.text.contains("다시 결제하기"));
        assert!(shop.calls(&order).await.iter().all(|call| !call.starts_with("confirm")));
    });
}

#[test]
fn the_return_page_says_when_it_does_not_know() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let key = shop.authenticate(&order).await;
        shop.fault(json!({ "call": "confirm", "kind": "lose", "when": "after" })).await;
        shop.fault(json!({ "call": "read", "kind": "lose", "when": "before", "times": 100 })).await;
        let path =
            format!("/success?paymentKey={key}&orderId={}&amount={}", order.id, order.amount);
        let page = shop.browser.get(&path).await;
        assert_eq!((page.status.as_u16(), told(&page)), (202, "CONFIRMING"));
        assert!(page.text.contains("확인 중입니다, 다시 결제하지 마세요"));
        assert!(page.text.contains("지금 다시 확인하기"));
        // Its checkout page does not offer to pay again.
        let checkout = shop.browser.get(&format!("/checkout?orderId={}", order.id)).await;
        assert!(checkout.is(200).text.contains("확인 중입니다, 다시 결제하지 마세요"));
        assert!(!checkout.text.contains("결제하기"));
        shop.lift_faults().await;
        shop.settles(&order, "COMPLETED").await;
        assert_eq!(told(&shop.browser.get(&path).await), "COMPLETED");
        assert_eq!(told(&shop.browser.get(&format!("/orders/{}", order.id)).await), "COMPLETED");
    });
}

#[test]
fn unknown_addresses_are_404_pages() {
    run(async {
        let shop = Shop::start().await;
        for path in [
            "/success?paymentKey=k&orderId=20260101-unknown&amount=100",
            "/checkout?orderId=20260101-unknown",
            "/orders/20260101-unknown",
            "/orders/x",
            "/no/such/page",
            "/fail?code=A&message=B&orderId=20260101-unknown",
        ] {
            let page = shop.browser.get(path).await;
            assert!(page.is(404).text.contains("찾을 수 없습니다"), "{path}");
        }
        shop.browser.get("/success").await.is(400);
        shop.browser.get("/checkout").await.is(400);
    });
}

#[test]
fn the_fail_page_tells_records_and_escapes() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let hostile = "%3Cscript%3Ealert(1)%3C%2Fscript%3E";
        let path = format!("/fail?code=REJECT_CARD_COMPANY&message={hostile}&orderId={}", order.id);
        let page = shop.browser.get(&path).await;
        assert_eq!(told(page.is(200)), "FAILED");
        assert!(!page.text.contains("<script>alert"), "{}", page.text);
        assert!(!page.text.contains("alert(1)"), "{}", page.text);
        assert!(page.text.contains("카드사에서 승인을 거절해"));
        assert_eq!(shop.status(&order).await, "FAILED");
        // Without an order, as when the buyer cancels.
        for path in
            ["/fail?code=PAY_PROCESS_CANCELED&message=x", "/fail", "/fail?orderId=%00&code=%F0"]
        {
            let page = shop.browser.get(path).await;
            assert!(page.is(200).text.contains("결제되지 않았습니다"), "{path}");
        }
        // On an order that is paid it tells the truth.
        let (paid, _) = shop.paid().await;
        let page = shop.browser.get(&format!("/fail?code=X&message=Y&orderId={}", paid.id)).await;
        assert_eq!(told(&page), "COMPLETED");
    });
}

#[test]
fn cancelling_without_an_order_id_leads_back_to_the_last_order() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let page = shop.browser.get("/fail?code=PAY_PROCESS_CANCELED&message=x").await;
        assert!(page.text.contains(&format!("value=\"{}\"", order.id)), "{}", page.text);
        let stranger = shop.stranger().get("/fail?code=PAY_PROCESS_CANCELED&message=x").await;
        assert!(!stranger.text.contains(&order.id));
    });
}

#[test]
fn the_checkout_counts_its_wait_without_its_program() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let page = shop.browser.get(&format!("/checkout?orderId={}", order.id)).await.text;
        let (_, script) = page.split_once("id=\"late\"").unwrap();
        assert!(script.contains("<a href=\"\">다시 시도</a>"), "{script}");
        let (_, script) = script.split_once("<script nonce=\"").unwrap();
        assert!(script.contains("obstacle.dataset.waits==null?"), "{script}");
        // What it looks for is what the page says.
        assert!(page.contains("data-waits=\"\""), "{page}");
        assert!(page.contains("결제 수단을 불러오고 있습니다."), "{page}");
    });
}

#[test]
fn pages_are_private_and_hardened() {
    run(async {
        let shop = Shop::start().await;
        let http = reqwest::Client::new();
        let answer = http.get(format!("http://{}/", shop.running.addr)).send().await.unwrap();
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        let policy = header("content-security-policy");
        for part in [
            "'strict-dynamic'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.contains(part), "{policy}");
        }
        assert_eq!(header("cross-origin-opener-policy"), "same-origin-allow-popups");
        assert_eq!(header("x-content-type-options"), "nosniff");
        // Nothing of anybody's is on the shelf while the cart is empty.
        assert_eq!(header("cache-control"), "private, no-cache");
        let cookie = header("set-cookie");
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
        let body = answer.text().await.unwrap();
        assert!(!body.contains("_gsk_"), "a secret key is in the page");
        // What is opened by itself and is no page runs nothing and shows nothing else.
        for path in ["/api/no-such-function", "/api/products", "/healthz", "/pkg/none.svg"] {
            let answer = http.get(format!("http://{}{path}", shop.running.addr)).send().await;
            let answer = answer.unwrap();
            let policy = answer.headers()["content-security-policy"].to_str().unwrap();
            for part in ["default-src 'none'", "frame-ancestors 'none'", "sandbox"] {
                assert!(policy.contains(part), "{path}: {policy}");
            }
        }
    });
}

#[test]
fn every_page_stands_many_requests_at_once() {
    run(async {
        let shop = Shop::start().await;
        let (order, key) = shop.paid().await;
        let open = shop.order().await;
        let paths = [
            "/".to_owned(),
            "/cart".to_owned(),
            format!("/checkout?orderId={}", open.id),
            format!("/success?paymentKey={key}&orderId={}&amount={}", order.id, order.amount),
            format!("/orders/{}", order.id),
            "/fail?code=USER_CANCEL&message=x".to_owned(),
        ];
        for path in paths {
            let pages = join_all((0..40).map(|_| shop.browser.get(&path))).await;
            for page in pages {
                assert_eq!(page.status, 200, "{path}: {}", page.text);
                assert!(
                    page.is(200).text.contains("</footer></body></html>"),
                    "{path} was cut short"
                );
            }
        }
    });
}
