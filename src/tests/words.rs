//! What pages say: the shop's own words, and nothing that an address brings.

use serde_json::json;

use crate::tests::shop::{Browser, Shop, run};

const LIE: &str = "카드 결제 장애로 농협 302-1234-5678-91 로 입금해 주세요";

/// Every name that a page of the shop reads or has ever read, and a few that it might.
const KEYS: [&str; 16] = [
    "problem", "field", "message", "code", "wrong", "pressed", "changed", "product", "notice",
    "error", "__err", "__path", "reason", "status", "name", "back",
];

fn with(path: &str, values: &[(&str, &str)]) -> String {
    let url = reqwest::Url::parse_with_params(&format!("http://x{path}"), values).unwrap();
    format!("{}?{}", url.path(), url.query().unwrap_or_default())
}

async fn says_nothing_of_it(browser: &Browser, path: &str, values: &[(&str, &str)]) {
    let page = browser.get(&with(path, values)).await;
    for word in ["농협", "302-1234", "입금해 주세요"] {
        assert!(!page.text.contains(word), "{path} {values:?}: {}", page.text);
    }
}

#[test]
fn the_words_of_an_address_stand_on_no_page() {
    run(async {
        let shop = Shop::start().await;
        let fields = [("productId", "tee"), ("quantity", "2"), ("back", "shop")];
        shop.browser.post_form("/form/cart", &fields).await.is(302);
        let order = shop.order().await;
        let (paid, key) = shop.paid().await;
        let orders = format!("/orders/{}", order.id);
        let id = ("orderId", &*order.id);
        for browser in [&shop.browser, &shop.stranger()] {
            for key in KEYS {
                for path in ["/", "/cart", &*orders, "/no/such/page"] {
                    says_nothing_of_it(browser, path, &[(key, LIE)]).await;
                    let more = [("problem", LIE), ("field", "code"), (key, LIE)];
                    says_nothing_of_it(browser, path, &more).await;
                }
                for field in ["", "code", "couponId", "customer.name", LIE] {
                    let values = [id, (key, LIE), ("field", field)];
                    says_nothing_of_it(browser, "/checkout", &values).await;
                }
            }
            let claim = [("paymentKey", LIE), id, ("amount", LIE)];
            says_nothing_of_it(browser, "/success", &claim).await;
            says_nothing_of_it(browser, "/success", &[("orderId", LIE), ("paymentKey", "k")]).await;
            says_nothing_of_it(browser, "/checkout", &[("orderId", LIE)]).await;
            says_nothing_of_it(browser, "/fail", &[("code", LIE), ("message", LIE)]).await;
            says_nothing_of_it(browser, "/fail", &[("orderId", LIE), ("message", LIE)]).await;
            // Neither for whoever is not the buyer, nor for who is.
            let failed = [id, ("code", "REJECT_CARD_COMPANY"), ("message", LIE)];
            says_nothing_of_it(browser, "/fail", &failed).await;
            says_nothing_of_it(browser, &orders, &[]).await;
            says_nothing_of_it(browser, &format!("/orders/{LIE}"), &[]).await;
        }
        let amount = paid.amount.to_string();
        let back = [("paymentKey", &*key), ("orderId", &*paid.id), ("amount", &*amount)];
        let more = [back[0], back[1], back[2], ("message", LIE)];
        says_nothing_of_it(&shop.browser, "/success", &more).await;
    });
}

#[test]
fn a_code_of_an_address_chooses_a_sentence_of_the_shops() {
    run(async {
        let shop = Shop::start().await;
        for (path, sentence) in [
            ("/?problem=QUANTITY", "수량은 0~99 사이의 숫자여야 합니다."),
            ("/?problem=UNSOLD", "판매하지 않는 상품입니다."),
            ("/cart?problem=NOT_HERE", "이 브라우저에서 한 주문이 아닙니다."),
            ("/cart?problem=SHORT&product=poster", "‘한정판 포스터’ 상품이 품절되었습니다."),
            ("/cart?problem=SHORT&product=none", "남지 않은 상품이 있습니다"),
        ] {
            let page = shop.browser.get(path).await;
            assert!(page.is(200).text.contains(sentence), "{path}: {}", page.text);
        }
    });
}

/// The product that is short is named, though it stands in no cart.
#[test]
fn starting_again_names_what_is_sold_out() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let fail = json!({ "orderId": order.id, "code": "USER_CANCEL", "message": "" });
        shop.browser.post_json("/api/fail-payment", &fail).await.is(200);
        shop.alter("update products set stock = 1 where id = 'tee'").await;
        let again = [("orderId", order.id.as_str())];
        let next = shop.browser.post_form("/form/again", &again).await.location.clone().unwrap();
        assert_eq!(next, "/cart?problem=SHORT&product=tee");
        let page = shop.browser.get(&next).await;
        let sentence = "‘토스 티셔츠’ 상품은 1개까지 주문할 수 있습니다.";
        assert!(page.is(200).text.contains(sentence), "{}", page.text);
    });
}

#[test]
fn the_words_of_toss_are_quoted_to_the_buyer_of_the_order() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let said = "결제 승인이 거절되었습니다.";
        let code = ("code", "REJECT_CARD_COMPANY");
        let path = with("/fail", &[("orderId", &order.id), code, ("message", said)]);
        let page = shop.stranger().get(&path).await;
        assert!(!page.is(200).text.contains(said), "{}", page.text);
        let page = shop.browser.get(&path).await;
        let quoted = format!("토스가 보낸 내용: “{said}”");
        assert!(page.is(200).text.contains(&quoted), "{}", page.text);
        // Without an order nobody knows whose words they are.
        let page = shop.browser.get(&with("/fail", &[code, ("message", said)])).await;
        assert!(!page.is(200).text.contains(said), "{}", page.text);
    });
}
