//! The browser's side as far as it is HTTP: the script, the pages, and the window's two calls.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use crate::sandbox::tests::{CLIENT, Reply, Twin};

const HOSTILE: &str = "</script><script>alert(1)</script>";

async fn get(twin: &Twin, path: &str) -> Reply {
    twin.send(Request::get(path).body(Body::empty()).unwrap()).await
}

async fn post(twin: &Twin, path: &str, body: Value) -> Reply {
    let request = Request::post(format!("/v2/window/{path}"))
        .header("content-type", "application/json")
        .body(Body::from(body.to_string()))
        .unwrap();
    twin.send(request).await
}

/// The window opens for this order; the key of its payment.
async fn opened(twin: &Twin, order_id: &str) -> String {
    let reply = post(twin, "open", order(order_id)).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.json()["paymentKey"].as_str().unwrap().to_owned()
}

fn order(order_id: &str) -> Value {
    json!({
        "clientKey": CLIENT, "orderId": order_id, "orderName": HOSTILE, "amount": 60_000,
        "currency": "KRW", "taxFreeAmount": null, "metadata": null,
    })
}

#[tokio::test]
async fn the_script_defines_one_name_and_is_never_stale() {
    let reply = get(&Twin::new(), "/v2/standard").await;
    assert_eq!(reply.header("content-type"), "text/javascript; charset=utf-8");
    assert_eq!(reply.header("cache-control"), "no-cache");
    assert!(reply.text.starts_with("(() => {\n\"use strict\";"));
    assert_eq!(reply.text.matches("window.TossPayments =").count(), 1);
    assert!(!reply.text.contains("window.location =") && !reply.text.contains("innerHTML"));
}

/// The rows "SDK v2 …" of Toss's table of errors: object, code, message.
const SDK_ERRORS: &str = include_str!("sdk_errors.tsv");

#[tokio::test]
async fn sdk_7_the_script_says_every_documented_code_in_toss_words() {
    let script = get(&Twin::new(), "/v2/standard").await.text;
    // Long messages stand on a line of their own.
    let script = script.replace(":\n    \"", ": \"");
    assert_eq!(SDK_ERRORS.lines().count(), 66);
    for row in SDK_ERRORS.lines() {
        let [object, code, message] = row.split('\t').collect::<Vec<_>>()[..] else {
            panic!("three cells: {row}");
        };
        let said = format!("  {code}: \"{message}\",");
        // This code has a second message, for another fault.
        let other = format!("UNKNOWN_EVENT = \"{message}\"");
        let is_said =
            script.contains(&said) || (code == "INVALID_PARAMETER" && script.contains(&other));
        assert!(is_said, "{object} {code}: {message}");
        // A code that nothing throws would be a promise nobody keeps.
        let pages = ["/v2/frames/methods", "/v2/brandpay", "/v2/window"];
        let mut uses = script.matches(&format!("\"{code}\"")).count();
        for page in pages {
            uses += get(&Twin::new(), page).await.text.matches(&format!("\"{code}\"")).count();
        }
        assert!(uses > 0, "{code} is thrown nowhere");
    }
}

#[tokio::test]
async fn every_page_is_there_and_holds_what_it_needs() {
    let twin = Twin::new();
    for path in [
        "/v2/frames/methods",
        "/v2/frames/agreement",
        "/v2/frames/order",
        "/v2/window",
        "/v2/billing",
        "/v2/brandpay",
        "/__sandbox/",
    ] {
        let reply = get(&twin, path).await;
        assert_eq!(reply.status, 200, "{path}");
        assert!(reply.header("content-type").starts_with("text/html"), "{path}");
        assert!(reply.text.contains("<html lang=\"ko\">"), "{path}");
        // Nobody must take it for the real thing; the terms stand beside a frame that says so.
        assert_eq!(reply.text.contains("가상 결제"), path != "/v2/frames/agreement", "{path}");
        assert_eq!(reply.text.contains("const FACTS = {"), path != "/__sandbox/", "{path}");
        assert!(!reply.text.contains("innerHTML"), "text enters as text: {path}");
        assert_eq!(reply.text.matches("</script>").count(), 1, "{path}");
    }
}

#[tokio::test]
async fn whoever_opens_its_address_finds_its_page() {
    for path in ["/", "/__sandbox"] {
        let reply = get(&Twin::new(), path).await;
        assert_eq!((reply.status.as_u16(), reply.header("location")), (307, "/__sandbox/"));
    }
}

#[tokio::test]
async fn a_client_key_is_known_or_not() {
    let twin = Twin::new();
    assert_eq!(get(&twin, &format!("/v2/client?clientKey={CLIENT}")).await.status, 204);
    assert_eq!(get(&twin, "/v2/client?clientKey=test_gck_nobody").await.status, 404);
}

#[tokio::test]
async fn a_person_pays_in_the_window() {
    let twin = Twin::new();
    let key = opened(&twin, "order-0001").await;
    assert_eq!(twin.read(&key).await.summary(), "200 READY");
    let body =
        json!({ "paymentKey": key, "method": "CARD", "cardCompany": "61", "installmentMonths": 2 });
    let reply = post(&twin, "authenticate", body.clone()).await;
    assert_eq!(
        reply.json(),
        json!({ "paymentType": "NORMAL", "paymentKey": key, "orderId": "order-0001", "amount": 60_000 })
    );
    let again = post(&twin, "authenticate", body).await;
    assert_eq!(again.summary(), "404 NOT_FOUND_PAYMENT_SESSION");
    let paid = twin.confirm(&key, "order-0001", 60_000).await.json();
    assert_eq!((&paid["status"], &paid["card"]["issuerCode"]), (&json!("DONE"), &json!("61")));
}

#[tokio::test]
async fn trouble_asked_for_in_the_window_strikes_this_payment_alone() {
    let twin = Twin::new();
    let one = opened(&twin, "order-0001").await;
    let body = json!({
        "paymentKey": one, "method": "TOSSPAY", "mix": "POINTS",
        "fault": { "kind": "refuse", "code": "REJECT_CARD_PAYMENT" },
    });
    assert_eq!(post(&twin, "authenticate", body).await.status, 200);
    let other = twin.authenticated("order-0002", 1_000).await;
    assert_eq!(twin.confirm(&other, "order-0002", 1_000).await.summary(), "200 DONE");
    assert_eq!(twin.confirm(&one, "order-0001", 60_000).await.summary(), "403 REJECT_CARD_PAYMENT");
}

#[tokio::test]
async fn time_can_run_out_on_the_way_back() {
    let twin = Twin::new();
    let key = opened(&twin, "order-0001").await;
    let body = json!({ "paymentKey": key, "method": "CARD", "expire": true });
    assert_eq!(post(&twin, "authenticate", body).await.status, 200);
    assert_eq!(
        twin.confirm(&key, "order-0001", 60_000).await.summary(),
        "404 NOT_FOUND_PAYMENT_SESSION"
    );
}

#[tokio::test]
async fn the_window_does_not_open_for_everything() {
    let twin = Twin::new();
    twin.paid("order-0001", 60_000).await;
    let reply = post(&twin, "open", order("order-0001")).await;
    assert_eq!(reply.summary(), "400 DUPLICATED_ORDER_ID");
    let mut body = order("order-0002");
    body["clientKey"] = "test_gck_nobody".into();
    assert_eq!(post(&twin, "open", body).await.summary(), "400 INVALID_CLIENT_KEY");
    let mut body = order("order-0002");
    body["amount"] = json!(0.5);
    assert_eq!(post(&twin, "open", body).await.summary(), "400 INVALID_PARAMETERS");
}

#[tokio::test]
async fn a_receipt_shows_what_came_from_outside_as_text() {
    let twin = Twin::new();
    let key = opened(&twin, "order-0001").await;
    for path in [
        format!("/receipt/redirection?transactionId={key}&ref=PX"),
        format!("/v1/payments/{key}/checkout"),
    ] {
        let reply = get(&twin, &path).await;
        assert_eq!(reply.status, 200, "{path}");
        assert!(!reply.text.contains("<script"), "{}", reply.text);
        assert!(reply.text.contains("&lt;/script&gt;") && reply.text.contains("60,000원"));
    }
    assert_eq!(get(&twin, "/receipt/redirection?transactionId=none").await.status, 404);
}

#[tokio::test]
async fn a_buyer_is_offered_to_the_shop_until_it_has_a_token() {
    let twin = Twin::new();
    let buyer = json!({ "clientKey": CLIENT, "customerKey": "customer-1", "first": true });
    let mut codes = Vec::new();
    for _ in 0..2 {
        let body = post(&twin, "brandpay", buyer.clone()).await.json();
        codes.push(body["code"].as_str().unwrap().to_owned());
    }
    assert_ne!(codes[0], codes[1]);
    let body = json!({ "grantType": "AuthorizationCode", "customerKey": "customer-1",
        "code": codes[0] });
    let path = "/v1/brandpay/authorizations/access-token";
    assert_eq!(twin.api("POST", path, &[], body).await.status, 200);
    let known = post(&twin, "brandpay", buyer.clone()).await.json();
    assert_eq!(known, json!({ "customerKey": "customer-1" }));
    for (name, value) in [("customerKey", json!("customer-2")), ("first", json!(false))] {
        let mut other = buyer.clone();
        other[name] = value;
        assert!(post(&twin, "brandpay", other).await.json()["code"].is_string(), "{name}");
    }
}
