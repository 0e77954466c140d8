//! Names, words and reasons that look like markup: text on every page, as a browser reads it.

use crate::domain::code::CouponCode;
use crate::domain::offer::{Channel, Offer};
use crate::server::payment::refund::{Request, What};
use crate::tests::claims::{add, summer};
use crate::tests::refunds::request;
use crate::tests::shop::{Answer, Browser, Order, Shop, run};

/// Ends a title, an attribute of either kind, a script and a comment; and is no character's name.
const EVIL: &str = "x</title><evil>\"'></script>--> data-evil=\" ' data-evil=' &lt;evil>";

/// As far as an e-mail address can.
const EVIL_EMAIL: &str = "a&lt'data-evil='@example.com";

/// A tag as a browser reads it.
#[derive(Debug)]
struct Tag {
    name: String,
    attributes: Vec<String>,
    /// What stands between it and the next tag.
    text: String,
}

/// Every opening tag of a page.
fn tags(html: &str) -> Vec<Tag> {
    let mut tags: Vec<Tag> = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (before, from) = rest.split_at(at);
        if let Some(tag) = tags.last_mut() {
            tag.text.push_str(before);
        }
        if let Some(comment) = from.strip_prefix("<!--") {
            rest = comment.split_once("-->").unwrap().1;
            continue;
        }
        if !from[1..].starts_with(|c: char| c.is_ascii_alphabetic()) {
            rest = from[1..].split_once('>').unwrap().1;
            continue;
        }
        let (tag, after) = opening(&from[1..]);
        rest = after;
        // What is inside of these holds no tags.
        if ["script", "style", "title", "textarea"].contains(&tag.name.as_str()) {
            let end = rest.find(&format!("</{}", tag.name)).unwrap();
            let text = rest[..end].to_owned();
            rest = &rest[end..];
            tags.push(Tag { text, ..tag });
        } else {
            tags.push(tag);
        }
    }
    tags
}

/// One tag from its name on, and what comes after it.
fn opening(html: &str) -> (Tag, &str) {
    let is_end = |c: char| c.is_whitespace() || c == '>' || c == '/';
    let end = html.find(is_end).unwrap();
    let (name, mut rest) = html.split_at(end);
    let mut tag = Tag { name: name.to_lowercase(), attributes: Vec::new(), text: String::new() };
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if let Some(after) = rest.strip_prefix('>') {
            return (tag, after);
        }
        let end = rest.find(|c: char| is_end(c) || c == '=').unwrap();
        tag.attributes.push(rest[..end].to_owned());
        rest = rest[end..].trim_start();
        let Some(value) = rest.strip_prefix('=') else { continue };
        let quote = value.chars().next().filter(|c| ['"', '\''].contains(c));
        rest = match quote {
            Some(quote) => value[1..].split_once(quote).unwrap().1,
            None => &value[value.find(|c: char| c.is_whitespace() || c == '>').unwrap()..],
        };
    }
}

/// That nothing of it has become markup; its title, as a person reads it.
#[track_caller]
fn title_of(page: &Answer) -> String {
    let tags = tags(&page.text);
    let mut titles = Vec::new();
    for tag in &tags {
        let plain = tag.name != "evil" && !tag.attributes.iter().any(|it| it.contains("evil"));
        assert!(plain, "{tag:?} in {}", page.text);
        assert!(!tag.attributes.iter().any(|it| it == "http-equiv"), "{}", page.text);
        // The shop's own scripts name none of this.
        assert!(tag.name != "script" || !tag.text.contains("evil"), "{}", page.text);
        if tag.name == "title" {
            titles.push(tag.text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"));
        }
    }
    assert!(tags.iter().any(|tag| tag.name == "footer"), "{}", page.text);
    assert_eq!(titles.len(), 1, "{titles:?}");
    titles.remove(0)
}

fn quoted(text: &str) -> String {
    text.replace('\'', "''")
}

/// Its address, with values as they come.
fn address(path: &str, values: &[(&str, &str)]) -> String {
    let url = reqwest::Url::parse_with_params(&format!("http://x{path}"), values).unwrap();
    format!("{path}?{}", url.query().unwrap_or_default())
}

/// A shop of such products and coupons.
async fn evil_shop() -> Shop {
    let shop = Shop::start().await;
    let evil = quoted(EVIL);
    let sql = format!("update products set name = '{evil}', description = '{evil}'");
    shop.alter(&sql).await;
    shop.alter(&format!("update coupon_offers set name = '{evil}'")).await;
    let channel = Channel::Code(CouponCode::parse("SUMMER26").unwrap());
    add(&shop, &Offer { name: EVIL.to_owned(), channel, ..summer() }).await;
    shop
}

async fn order(shop: &Shop) -> Order {
    let mut wish = Shop::wish();
    wish["customer"]["name"] = EVIL.into();
    wish["customer"]["email"] = EVIL_EMAIL.into();
    shop.order_of(&wish).await
}

#[test]
fn values_that_look_like_markup_are_text_on_every_page() {
    run(async {
        let shop = evil_shop().await;
        let browser = &shop.browser;
        let fields = [("productId", "tee"), ("quantity", "2"), ("back", "shop")];
        browser.post_form("/form/cart", &fields).await.is(302);
        title_of(browser.get("/").await.is(200));
        let typed = [
            ("requestId", "form-1"),
            ("lines", "tee*1"),
            ("name", EVIL),
            ("email", EVIL),
            ("mobilePhone", EVIL),
        ];
        let next = browser.post_form("/form/order", &typed).await.location.clone().unwrap();
        let page = browser.get(&next).await;
        title_of(page.is(200));
        assert!(page.text.contains("&lt;/title&gt;&lt;evil&gt;&quot;"), "{}", page.text);

        let pending = order(&shop).await;
        let checkout = format!("/checkout?orderId={}", pending.id);
        let told = browser.get(&checkout).await;
        assert_eq!(title_of(told.is(200)), format!("{} 결제 · 계산 상점", pending.name));
        assert!(pending.name.contains("</title><evil>"), "{}", pending.name);
        for shown in [browser, &shop.stranger()] {
            title_of(shown.get(&checkout).await.is(200));
            let page = shown.get(&format!("/orders/{}", pending.id)).await;
            assert_eq!(title_of(page.is(200)), format!("{} · 계산 상점", pending.name));
        }

        let key = shop.authenticate(&pending).await;
        let amount = pending.amount.to_string();
        let back = [("paymentKey", &*key), ("orderId", &*pending.id), ("amount", &*amount)];
        title_of(browser.get(&address("/success", &back)).await.is(200));
        let asked = Request { reason: EVIL.to_owned(), ..request(What::Amount(1_000)) };
        shop.staff_refund(&pending, &asked).await.unwrap();
        shop.settles(&pending, "PARTIALLY_REFUNDED").await;
        // What Toss tells of a payment.
        let evil = quoted(EVIL);
        shop.alter(&format!(
            "update payments set method = '{evil}', method_detail = '{evil}',
             receipt_url = 'https://{evil}'"
        ))
        .await;
        let page = browser.get(&format!("/orders/{}", pending.id)).await;
        assert_eq!(title_of(page.is(200)), format!("{} · 계산 상점", pending.name));
        assert!(page.text.contains("사유: x&lt;/title&gt;&lt;evil&gt;"), "{}", page.text);

        let failed = order(&shop).await;
        let fail = [("code", EVIL), ("message", EVIL), ("orderId", &*failed.id)];
        title_of(browser.get(&address("/fail", &fail)).await.is(200));
        shop.alter(&format!(
            "update orders set failure_code = '{evil}', failure_message = '{evil}'
             where status = 'FAILED'"
        ))
        .await;
        let page = browser.get(&format!("/orders/{}", failed.id)).await;
        title_of(page.is(200));
        assert!(page.text.contains("&lt;evil&gt;"), "{}", page.text);
    });
}

#[test]
fn addresses_that_look_like_markup_are_text_on_every_page() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let (said, mut seen) = (("problem", EVIL), 0);
        let look = async |browser: &Browser, path: &str, values: &[(&str, &str)]| {
            title_of(&browser.get(&address(path, values)).await);
        };
        let id = ("orderId", &*order.id);
        let returned = [("paymentKey", EVIL), id, ("amount", EVIL)];
        let orders = format!("/orders/{}", order.id);
        for browser in [&shop.browser, &shop.stranger()] {
            for field in ["", "code", "couponId", "customer.name", "lines", EVIL] {
                let field = ("field", field);
                look(browser, "/", &[said, field]).await;
                look(browser, "/cart", &[said, field, ("pressed", EVIL)]).await;
                look(browser, "/checkout", &[id, said, field]).await;
                seen += 1;
            }
            look(browser, "/checkout", &[("orderId", EVIL), said]).await;
            look(browser, "/success", &returned).await;
            look(browser, "/success", &[("orderId", EVIL), ("amount", EVIL)]).await;
            look(browser, "/fail", &[("code", EVIL), ("message", EVIL)]).await;
            look(browser, "/fail", &[("orderId", EVIL), ("message", EVIL)]).await;
            look(browser, &orders, &[("wrong", EVIL), ("changed", EVIL)]).await;
            look(browser, "/orders/%3Cevil%3E%22%27", &[("wrong", EVIL)]).await;
            look(browser, "/%3C/title%3E%3Cevil%3E", &[said]).await;
        }
        assert_eq!(seen, 12);
    });
}
