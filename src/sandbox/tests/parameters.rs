//! Every parameter of every endpoint in the forms that clients send, and what can be switched
//! off of that (Toss: api.md §12).

use serde_json::{Value, json};

use crate::sandbox::Assumptions;
use crate::sandbox::tests::every_endpoint::{
    ENDPOINTS, Endpoint, in_2030, shop, shop_with, virtual_account, with,
};
use crate::sandbox::tests::{Reply, Twin};

/// `name` without a value, empty, and null; in a query without its `=`.
fn without(whole: &Value, name: &str) -> [Value; 3] {
    let (holder, name) = match name.split_once('.') {
        Some((holder, name)) => (format!("/{holder}"), name),
        None => (String::new(), name),
    };
    let changed = |value: Option<Value>| {
        let mut body = whole.clone();
        let object = body.pointer_mut(&holder).unwrap().as_object_mut().unwrap();
        match value {
            None => object.remove(name),
            Some(value) => object.insert(name.to_owned(), value),
        };
        body
    };
    [changed(None), changed(Some(json!(""))), changed(Some(Value::Null))]
}

fn assert_is_refusal(reply: &Reply, about: &str) {
    assert!(reply.status.is_client_error(), "{about}: {}", reply.text);
    for name in ["code", "message"] {
        assert!(reply.json()[name].as_str().is_some_and(|it| !it.is_empty()), "{about}");
    }
}

#[tokio::test]
async fn api_12_every_parameter_absent_empty_and_null() {
    let mut asked = 0;
    for endpoint in &ENDPOINTS {
        let whole = (endpoint.whole)();
        let of = format!("{} {}", endpoint.method, endpoint.path);
        let reply = in_2030(shop()).await.ask(endpoint, &whole).await;
        assert_eq!(reply.status, 200, "{of}: {}", reply.text);
        for name in endpoint.optional {
            for body in without(&whole, name) {
                let reply = in_2030(shop()).await.ask(endpoint, &body).await;
                assert_eq!(reply.status, 200, "{of} {name} {body}: {}", reply.text);
                asked += 1;
            }
        }
        for name in endpoint.needed {
            for body in without(&whole, name) {
                let reply = in_2030(shop()).await.ask(endpoint, &body).await;
                assert_is_refusal(&reply, &format!("{of} {name} {body}"));
                asked += 1;
            }
        }
    }
    assert!(asked > 250, "{asked}");
}

#[tokio::test]
async fn api_12_no_body_at_all_is_an_empty_one() {
    for endpoint in ENDPOINTS.iter().filter(|it| it.method != "GET") {
        for body in ["", " \r\n", "null", "{}"] {
            let twin = in_2030(shop()).await;
            let mut path = endpoint.path.to_owned();
            for word in ["deposited", "receipt", "billing", "open", "paid"] {
                let mark = format!("#{word}");
                if path.contains(&mark) {
                    path = path.replace(&mark, &twin.thing(word).await);
                }
            }
            let reply = twin.call(endpoint.method, &path, body).await;
            if endpoint.needed.is_empty() {
                assert_eq!(reply.status, 200, "{path} {body}: {}", reply.text);
            } else {
                assert_is_refusal(&reply, &format!("{path} {body}"));
            }
        }
    }
    let twin = shop();
    let path = format!("/v1/cash-receipts/{}/cancel", twin.thing("receipt").await);
    assert_eq!(twin.call("POST", &path, "").await.json()["amount"], 50_000);
}

#[tokio::test]
async fn api_12_a_slash_at_the_end_changes_nothing() {
    for endpoint in &ENDPOINTS {
        let path: &'static str = Box::leak(format!("{}/", endpoint.path).into_boxed_str());
        let slashed = Endpoint { path, ..*endpoint };
        let whole = (endpoint.whole)();
        let reply = in_2030(shop()).await.ask(&slashed, &whole).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text);
    }
    let twin = shop();
    for (method, path) in [("GET", "/v1/payments/none/"), ("GET", "/v1/payments/orders/none/")] {
        assert_eq!(twin.call(method, path, "").await.summary(), "404 NOT_FOUND_PAYMENT", "{path}");
    }
    let reply = twin.call("PUT", "/v1/payments/confirm/", "{}").await;
    assert_eq!(reply.summary(), "404 NOT_FOUND_HTTP_METHOD");
}

#[tokio::test]
async fn api_12_numbers_texts_and_flags_stand_for_each_other() {
    let [cancel, virtual_account] = [2, 5].map(|at| &ENDPOINTS[at]);
    for (endpoint, name, value) in [
        (cancel, "cancelReason", json!(7)),
        (cancel, "cancelAmount", json!("1000")),
        (cancel, "cancelAmount", json!(1000.0)),
        (cancel, "cancelRequestId", json!(1_234_567)),
        (virtual_account, "bank", json!(20)),
        (virtual_account, "amount", json!("50000")),
        (virtual_account, "amount", json!(50000.0)),
        (virtual_account, "orderName", json!(1)),
        (virtual_account, "taxFreeAmount", json!("0")),
        (virtual_account, "useEscrow", json!("false")),
        (virtual_account, "customerMobilePhone", json!(1_012_341_234)),
    ] {
        let mut body = (endpoint.whole)();
        body[name] = value;
        let reply = in_2030(shop()).await.ask(endpoint, &body).await;
        assert_eq!(reply.status, 200, "{name} {body}: {}", reply.text);
    }
    for (endpoint, name, value) in [
        (cancel, "cancelReason", json!(true)),
        (cancel, "cancelAmount", json!("a thousand")),
        (cancel, "cancelAmount", json!(["1000"])),
        (virtual_account, "amount", json!(50000.5)),
        (virtual_account, "amount", json!("1e3")),
        (virtual_account, "useEscrow", json!("yes")),
        (virtual_account, "useEscrow", json!(0)),
    ] {
        let mut body = (endpoint.whole)();
        body[name] = value;
        let reply = in_2030(shop()).await.ask(endpoint, &body).await;
        assert_is_refusal(&reply, &format!("{name} {body}"));
    }
}

/// What is switched off, a call, and how it is then refused.
type Case<'a> = (fn(&mut Assumptions), &'a str, &'a str, &'a str, &'a str);

#[tokio::test]
async fn api_12_every_leniency_can_be_switched_off() {
    let list = "/v1/transactions?startDate=2030-01-01&endDate=2030-01-02";
    let empty = format!("{list}&startingAfter=");
    let limit = format!("{list}&limit=");
    let many = format!("{list}&limit=5001");
    let slashed = list.replace('?', "/?");
    let time = list.replace("-01&", "-01T00:00&");
    let by_key = json!({ "orderId": "order-0001", "amount": 50_000 }).to_string();
    let number = with(virtual_account(), json!({ "orderName": 1 })).to_string();
    let whole = with(virtual_account(), json!({ "taxFreeAmount": "0" })).to_string();
    let flag = with(virtual_account(), json!({ "useEscrow": "false" })).to_string();
    let blank = with(virtual_account(), json!({ "customerName": "박", "dueDate": "" })).to_string();
    let account = json!({ "cancelReason": "고객 변심", "refundReceiveAccount": {} }).to_string();
    let cases: [Case<'_>; 16] = [
        (
            |it| it.confirm_by_key = false,
            "POST",
            "/v1/payments/#open",
            &by_key,
            "404 NOT_FOUND_HTTP_METHOD",
        ),
        (|it| it.slash_at_the_end = false, "GET", &slashed, "", "404 -"),
        (|it| it.slash_at_the_end = false, "POST", "/v1/payments/confirm/", "{}", "404 -"),
        (|it| it.slash_at_the_end = false, "PUT", "/v1/payments/confirm/", "", "404 -"),
        (|it| it.blank_is_absent = false, "GET", &empty, "", "400 INVALID_TRANSACTION_KEY"),
        (|it| it.blank_is_absent = false, "GET", &limit, "", "400 INVALID_REQUEST"),
        (
            |it| it.blank_is_absent = false,
            "POST",
            "/v1/virtual-accounts",
            &blank,
            "400 INVALID_VALID_HOURS_WITH_DUE_DATE_AND_SINGLE",
        ),
        (
            |it| it.blank_is_absent = false,
            "POST",
            "/v1/payments/#paid/cancel",
            &account,
            "400 INVALID_REQUEST",
        ),
        (
            |it| it.kinds_are_converted = false,
            "POST",
            "/v1/virtual-accounts",
            &number,
            "400 INVALID_REQUEST",
        ),
        (
            |it| it.kinds_are_converted = false,
            "POST",
            "/v1/virtual-accounts",
            &whole,
            "400 INVALID_REQUEST",
        ),
        (
            |it| it.kinds_are_converted = false,
            "POST",
            "/v1/virtual-accounts",
            &flag,
            "400 INVALID_REQUEST",
        ),
        (
            |it| it.no_body_is_empty = false,
            "POST",
            "/v1/cash-receipts/#receipt/cancel",
            "",
            "400 INVALID_REQUEST",
        ),
        (
            |it| it.no_body_is_empty = false,
            "POST",
            "/v1/cash-receipts/#receipt/cancel",
            "null",
            "400 INVALID_REQUEST",
        ),
        (|it| it.times_in_other_forms = false, "GET", &time, "", "400 INVALID_DATE"),
        (
            |it| it.times_in_other_forms = false,
            "GET",
            "/v1/settlements?startDate=2030-01-01T00:00:00&endDate=2030-01-02",
            "",
            "400 INVALID_DATE",
        ),
        (|it| it.large_limits_are_cut = false, "GET", &many, "", "400 INVALID_REQUEST"),
    ];
    for (change, method, path, body, refused) in cases {
        let call = async |twin: Twin| {
            let twin = in_2030(twin).await;
            let mut path = path.to_owned();
            for word in ["open", "paid", "receipt"] {
                let mark = format!("#{word}");
                if path.contains(&mark) {
                    path = path.replace(&mark, &twin.thing(word).await);
                }
            }
            twin.call(method, &path, body).await
        };
        assert_eq!(call(shop_with(change)).await.summary(), refused, "{method} {path} {body}");
        // And it is what was switched off that was refused.
        let taken = call(shop()).await;
        assert!(!taken.text.contains(refused.split(' ').next_back().unwrap()), "{path} {body}");
    }
}
