//! The control API held against its own description.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use crate::sandbox::control::table;
use crate::sandbox::tests::Twin;

fn description() -> Value {
    serde_json::from_str(include_str!("../control/openapi.json")).unwrap()
}

/// Path → its methods, as described.
fn described() -> BTreeMap<String, BTreeSet<String>> {
    let description = description();
    let paths = description["paths"].as_object().unwrap();
    paths
        .iter()
        .map(|(path, methods)| {
            let methods = methods.as_object().unwrap().keys().map(|it| it.to_ascii_uppercase());
            (path.clone(), methods.collect())
        })
        .collect()
}

/// What does not fit its schema. Knows the few words of JSON Schema that the description uses.
fn misfits(root: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    if let Some(reference) = schema["$ref"].as_str() {
        let schema = root.pointer(reference.trim_start_matches('#')).unwrap();
        return misfits(root, schema, value, at);
    }
    let mut found = Vec::new();
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(some) => some.iter().map(|it| it.as_str().unwrap()).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => Vec::new(),
    };
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let fits = types.contains(&kind) || (kind == "integer" && types.contains(&"number"));
    if !types.is_empty() && !fits {
        found.push(format!("{at}: {kind} instead of {types:?}"));
    }
    if let Some(words) = schema["enum"].as_array()
        && !words.contains(value)
    {
        found.push(format!("{at}: {value} is none of {words:?}"));
    }
    if let Some(object) = value.as_object() {
        for name in schema["required"].as_array().into_iter().flatten() {
            if !object.contains_key(name.as_str().unwrap()) {
                found.push(format!("{at}: no {name}"));
            }
        }
        for (name, value) in object {
            match schema["properties"].get(name) {
                Some(schema) => found.extend(misfits(root, schema, value, &format!("{at}/{name}"))),
                None if schema["additionalProperties"] == json!(false)
                    || (schema["properties"].is_object()
                        && schema["additionalProperties"].is_null()) =>
                {
                    found.push(format!("{at}: {name} is not described"));
                }
                None => {}
            }
        }
    }
    for (number, item) in value.as_array().into_iter().flatten().enumerate() {
        found.extend(misfits(root, &schema["items"], item, &format!("{at}/{number}")));
    }
    found
}

#[test]
fn every_example_fits_its_schema() {
    let root = description();
    let mut examples = 0;
    for (path, methods) in root["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            assert!(operation["summary"].as_str().unwrap().ends_with('.'), "{method} {path}");
            let bodies = operation["responses"].as_object().unwrap().values();
            for body in bodies.chain(operation.get("requestBody")) {
                let body = match body["$ref"].as_str() {
                    Some(reference) => root.pointer(reference.trim_start_matches('#')).unwrap(),
                    None => body,
                };
                let content = &body["content"]["application/json"];
                let misfits = misfits(&root, &content["schema"], &content["example"], path);
                assert!(misfits.is_empty(), "{method} {misfits:#?}");
                examples += 1;
            }
        }
    }
    assert!(examples > 40, "{examples}");
}

#[tokio::test]
async fn every_route_is_described_and_no_other() {
    let twin = Twin::new();
    let mut served = BTreeMap::new();
    for (path, _) in table() {
        let address = path.split('/').map(|part| if part.starts_with('{') { "1" } else { part });
        let address = address.collect::<Vec<_>>().join("/");
        let request = Request::builder().method("TRACE").uri(address).body(Body::empty()).unwrap();
        let reply = twin.send(request).await;
        assert_eq!(reply.status, 405, "{path}");
        let methods: BTreeSet<String> = reply
            .header("allow")
            .split(',')
            .filter(|it| *it != "HEAD")
            .map(str::to_owned)
            .collect();
        served.insert(path.to_owned(), methods);
    }
    assert_eq!(served, described());
}

#[tokio::test]
async fn every_described_path_has_its_parameters() {
    for (path, methods) in description()["paths"].as_object().unwrap() {
        let named: Vec<&str> =
            path.split('/').filter_map(|it| it.strip_prefix('{')?.strip_suffix('}')).collect();
        for operation in methods.as_object().unwrap().values() {
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            let described: Vec<&str> = parameters
                .iter()
                .filter(|it| it["in"] == "path")
                .map(|it| it["name"].as_str().unwrap())
                .collect();
            assert_eq!(described, named, "{path}");
        }
    }
}

/// Calls as described and holds the answer against its schema.
async fn check(twin: &Twin, method: &str, path: &str, described_as: &str, body: Value) -> Value {
    let root = description();
    let reply = twin.control(method, path, body).await;
    let operation =
        &root["paths"][format!("/__sandbox/{described_as}")][method.to_ascii_lowercase()];
    let answer = &operation["responses"][reply.status.as_str()];
    let answer = match answer["$ref"].as_str() {
        Some(reference) => root.pointer(reference.trim_start_matches('#')).unwrap(),
        None => answer,
    };
    let schema = &answer["content"]["application/json"]["schema"];
    assert!(!schema.is_null(), "{method} {path}: {} is not described", reply.status);
    let misfits = misfits(&root, schema, &reply.json(), path);
    assert!(misfits.is_empty(), "{method} {misfits:#?}");
    reply.json()
}

#[tokio::test]
async fn what_is_answered_fits_the_description() {
    let twin = Twin::new();
    let none = Value::Null;
    let hook =
        check(&twin, "POST", "webhooks", "webhooks", json!({ "url": "http://127.0.0.1:1/" })).await;
    let of_hook = format!("webhooks/{}", hook["id"]);
    check(&twin, "GET", &of_hook, "webhooks/{id}", none.clone()).await;
    check(&twin, "PUT", &of_hook, "webhooks/{id}", json!({ "url": "http://127.0.0.1:2/" })).await;
    check(&twin, "GET", "webhooks/9", "webhooks/{id}", none.clone()).await;

    let key = twin.paid("order-0001", 1_000).await;
    let part = json!({ "cancelReason": "고객 변심", "cancelAmount": 300 });
    twin.cancel(&key, part).await;
    check(&twin, "GET", &format!("payments/{key}"), "payments/{paymentKey}", none.clone()).await;
    check(
        &twin,
        "POST",
        &format!("payments/{key}/expire"),
        "payments/{paymentKey}/expire",
        none.clone(),
    )
    .await;
    let deposit = format!("payments/{key}/deposit");
    check(&twin, "POST", &deposit, "payments/{paymentKey}/deposit", json!({})).await;
    let waiting = twin.waiting("order-0002", json!({})).await;
    let deposit = format!("payments/{waiting}/deposit");
    check(&twin, "POST", &deposit, "payments/{paymentKey}/deposit", json!({})).await;
    let reverse = format!("payments/{waiting}/reverse-deposit");
    check(&twin, "POST", &reverse, "payments/{paymentKey}/reverse-deposit", none.clone()).await;
    let cancels = format!("payments/{key}/cancels");
    check(&twin, "POST", &cancels, "payments/{paymentKey}/cancels", json!({})).await;

    for (call, body) in [
        ("faults", json!({ "kind": "wrongAmount" })),
        ("faults", json!({ "kind": "delay", "when": "after", "delayMs": 5, "probability": 0.25 })),
        ("faults", json!({ "kind": "refuse" })),
        ("webhook-faults", json!({ "kind": "reorder", "orderId": "order-0001" })),
        ("webhook-faults", json!({ "kind": "reversal", "event": "DEPOSIT_CALLBACK" })),
        ("webhook-faults", json!({ "kind": "nothing" })),
        ("events", json!({ "event": "BILLING_DELETED" })),
        ("clock", json!({ "advanceSeconds": 5 })),
        ("clock", json!({ "now": "1999-01-01T00:00:00+09:00" })),
        ("latency", json!({ "latencyMs": 0 })),
        (
            "billing-auth",
            json!({ "clientKey": crate::sandbox::tests::INDIVIDUAL_CLIENT, "customerKey": "c1" }),
        ),
        (
            "brandpay-auth",
            json!({ "clientKey": crate::sandbox::tests::CLIENT, "customerKey": "c1" }),
        ),
    ] {
        check(&twin, "POST", call, call, body).await;
    }
    for list in [
        "assumptions",
        "calls",
        "clock",
        "codes",
        "deliveries",
        "faults",
        "latency",
        "merchants",
        "payments",
        "webhook-faults",
        "webhooks",
    ] {
        check(&twin, "GET", list, list, none.clone()).await;
    }
    check(&twin, "GET", "deliveries/1", "deliveries/{id}", none.clone()).await;
    check(&twin, "POST", "deliveries/1/resend", "deliveries/{id}/resend", none.clone()).await;
    let reissue = "merchants/{mId}/security-key";
    check(&twin, "POST", "merchants/tgen_docs/security-key", reissue, none.clone()).await;
    for (path, described_as) in [
        ("faults/1", "faults/{id}"),
        ("faults", "faults"),
        ("webhook-faults/1", "webhook-faults/{id}"),
        ("webhook-faults", "webhook-faults"),
        (of_hook.as_str(), "webhooks/{id}"),
        ("webhooks", "webhooks"),
    ] {
        check(&twin, "DELETE", path, described_as, none.clone()).await;
    }
}

#[tokio::test]
async fn amounts_in_dollars_fit_the_description() {
    let twin = Twin::new();
    let order = json!({
        "clientKey": crate::sandbox::tests::CLIENT, "orderId": "order-0001", "orderName": "mug",
        "amount": 12.34, "taxFreeAmount": 0.5, "currency": "USD", "method": "PAYPAL",
    });
    let root = description();
    let schema = &root["components"]["schemas"]["Authenticate"];
    assert_eq!(misfits(&root, schema, &order, "order"), Vec::<String>::new());
    let paid = check(&twin, "POST", "authenticate", "authenticate", order).await;
    let key = paid["paymentKey"].as_str().unwrap();
    let confirm = json!({ "paymentKey": key, "orderId": "order-0001", "amount": 12.34 });
    assert_eq!(twin.api("POST", "/v1/payments/confirm", &[], confirm).await.summary(), "200 DONE");
    twin.cancel(key, json!({ "cancelReason": "고객 변심", "cancelAmount": 1.25 })).await;
    let one = format!("payments/{key}");
    let shown = check(&twin, "GET", &one, "payments/{paymentKey}", Value::Null).await;
    assert_eq!(shown["totalAmount"], json!(12.34));
    check(&twin, "GET", "payments", "payments", Value::Null).await;
}

/// Whether a call takes a field of this name: a value that fits no rule is then refused by a rule of its own.
async fn takes(twin: &Twin, method: &str, path: &str, body: &Value, name: &str) -> bool {
    let mut body = body.clone();
    body.as_object_mut().unwrap().insert(name.to_owned(), json!([[]]));
    let refusal = twin.control(method, path, body).await.json();
    let problem = refusal["message"].as_str().unwrap_or_default();
    refusal["field"] == name && !problem.ends_with("is not known here")
}

#[tokio::test]
async fn every_described_field_is_taken_and_no_other() {
    let twin = Twin::new();
    let hook = json!({ "url": "http://127.0.0.1:1/" });
    assert_eq!(twin.control("POST", "webhooks", hook).await.status, 201);
    let root = description();
    let mut calls = Vec::new();
    for (path, methods) in root["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let content = &operation["requestBody"]["content"]["application/json"];
            let schema = match content["schema"]["$ref"].as_str() {
                Some(reference) => root.pointer(reference.trim_start_matches('#')).unwrap(),
                None => &content["schema"],
            };
            if let Some(fields) = schema["properties"].as_object() {
                let path = path.trim_start_matches("/__sandbox/").replace("{id}", "1");
                calls.push((method.to_ascii_uppercase(), path, fields, &content["example"]));
            }
        }
    }
    let names: BTreeSet<&String> =
        calls.iter().flat_map(|(_, _, fields, _)| fields.keys()).collect();
    assert!(calls.len() > 10 && names.len() > 50, "{} {}", calls.len(), names.len());
    let mut untrue = Vec::new();
    for (method, path, fields, example) in &calls {
        // What else is asked for hangs on the kind.
        let mut bodies = vec![(*example).clone()];
        for kind in fields.get("kind").and_then(|it| it["enum"].as_array()).into_iter().flatten() {
            bodies.push(json!({ "kind": kind, "when": "before", "delayMs": 1, "code": "A", "delaySeconds": 1 }));
        }
        for name in &names {
            let mut taken = false;
            for body in &bodies {
                taken = taken || takes(&twin, method, path, body, name).await;
            }
            let described = fields.get(*name).is_some_and(|it| it["readOnly"] != json!(true));
            if taken != described {
                untrue.push(format!("{method} {path}: {name}, described {described}"));
            }
        }
    }
    assert!(untrue.is_empty(), "{untrue:#?}");
}

#[tokio::test]
async fn the_description_is_served() {
    let reply = Twin::new().control("GET", "openapi.json", Value::Null).await;
    assert_eq!(reply.header("content-type"), "application/json");
    assert_eq!(reply.json(), description());
    assert_eq!(reply.json()["openapi"], "3.1.0");
}
