//! What an OpenTelemetry collector is told of one payment, and what it is not.

use std::net::TcpListener;
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};

use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use clap::Parser;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use prost::Message;
use serde_json::json;
use tokio::runtime::Builder;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::server::config::{Cli, OpenTelemetry};
use crate::startup::log;
use crate::startup::telemetry::Telemetry;
use crate::tests::shop::Shop;

/// Listens as a collector does; gives its address and what it hears.
fn collector() -> (String, Receiver<Bytes>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (tell, heard) = channel();
    // A thread of its own, because the one that is told of waits for it.
    std::thread::spawn(move || {
        Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            let take = post(async move |body: Bytes| tell.send(body).unwrap());
            axum::serve(listener, Router::new().route("/v1/traces", take)).await.unwrap();
        });
    });
    (url, heard)
}

fn attribute(span: &Span, key: &str) -> String {
    let found = span.attributes.iter().find(|attribute| attribute.key == key);
    format!("{:?}", found.and_then(|found| found.value.clone()).and_then(|value| value.value))
}

#[track_caller]
fn one<'a>(spans: &'a [Span], name: &str) -> &'a Span {
    let names: Vec<_> = spans.iter().map(|span| &span.name).collect();
    let mut found = spans.iter().filter(|span| span.name == name);
    let span = found.next().unwrap_or_else(|| panic!("no {name} among {names:?}"));
    assert!(found.next().is_none(), "two of {name}: {names:?}");
    span
}

/// Runs this test once more in a process of its own; `true` inside that.
///
/// Why: tracing has one listener for all threads. One for some threads only is not found by the
/// database's, which may be the last to let go of a span.
pub(super) fn is_alone(test: &str) -> bool {
    alone(test, &[]).is_none()
}

/// As [`is_alone`], with these variables; `None` inside that process, and outside it what it wrote
/// to standard error.
pub(super) fn alone(test: &str, variables: &[(&str, &str)]) -> Option<String> {
    const ALONE: &str = "GYESAN_TEST_ALONE";
    if std::env::var_os(ALONE).is_some() {
        return None;
    }
    let mut again = Command::new(std::env::current_exe().unwrap());
    for name in ["GYESAN_LOG", "RUST_LOG", "NO_COLOR"] {
        again.env_remove(name);
    }
    let again = again.args(["--exact", test, "--nocapture"]).env(ALONE, "1");
    let again = again.envs(variables.iter().copied()).output().unwrap();
    let [told, complained] = [again.stdout, again.stderr].map(|it| String::from_utf8(it).unwrap());
    assert!(told.contains("1 passed"), "{told}{complained}");
    Some(complained)
}

#[test]
fn a_log_in_a_file_has_no_colours_and_heeds_the_usual_variable() {
    let own = "tests::telemetry::a_log_in_a_file_has_no_colours_and_heeds_the_usual_variable";
    for (variables, told, untold) in [
        (&[][..], "a word of the shop", "a detail of the shop"),
        (&[("RUST_LOG", "error")], "a failure of the shop", "a word of the shop"),
        (&[("RUST_LOG", "error"), ("GYESAN_LOG", "debug")], "a detail of the shop", "never told"),
    ] {
        let Some(log) = alone(own, variables) else {
            let cli = Cli::parse_from(["gyesan", "coupon", "list"]);
            log::start(&cli.log, None).unwrap();
            tracing::error!("a failure of the shop");
            tracing::info!("a word of the shop");
            tracing::debug!("a detail of the shop");
            return;
        };
        assert!(log.contains(told) && !log.contains(untold), "{variables:?}: {log}");
        assert!(!log.contains('\u{1b}'), "{log:?}");
    }
    let cli = Cli::parse_from(["gyesan", "serve", "--log", "gyesan=loud"]);
    let told = log::start(&cli.log, None).unwrap_err();
    assert!(told.contains("GYESAN_LOG cannot be read") && told.contains("=info"), "{told}");
}

#[test]
fn a_collector_is_told_the_story_of_a_payment_and_nothing_private() {
    let own = "a_collector_is_told_the_story_of_a_payment_and_nothing_private";
    if !is_alone(&format!("tests::telemetry::{own}")) {
        return;
    }
    let (url, heard) = collector();
    let settings = OpenTelemetry { endpoint: Some(url), ..OpenTelemetry::default() };
    let telemetry = Telemetry::start(&settings).unwrap();
    tracing_subscriber::registry().with(telemetry.layer()).init();
    let (order, key) =
        Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
            let (shop, order, key) = Shop::on_return().await;
            let claim = json!({ "paymentKey": key, "orderId": order.id, "amount": order.amount });
            let confirm = format!("http://{}/api/confirm-payment", shop.running.addr);
            let confirm = reqwest::Client::new().post(confirm).json(&claim);
            let confirm = confirm
                .header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
            assert_eq!(confirm.send().await.unwrap().status().as_u16(), 200);
            shop.browser.get(&format!("/orders/{}", order.id)).await.is(200);
            // As at a stop: the database's threads have let go of what they were asked.
            shop.running.app.db.close().await;
            telemetry.finish().await;
            (order, key)
        });

    let told: Vec<_> = heard.try_iter().collect();
    let told = told.iter().map(|body| ExportTraceServiceRequest::decode(&body[..]).unwrap());
    let resources: Vec<_> = told.flat_map(|told| told.resource_spans).collect();
    let whole = format!("{resources:?}");
    assert!(whole.contains(r#"StringValue("gyesan")"#), "the service's name: {whole}");
    let scopes = resources.into_iter().flat_map(|resource| resource.scope_spans);
    let spans: Vec<Span> = scopes.flat_map(|scope| scope.spans).collect();

    let request = one(&spans, "POST /api/confirm-payment");
    assert_eq!(request.kind, SpanKind::Server as i32);
    assert_eq!(attribute(request, "http.response.status_code"), "Some(IntValue(200))");
    assert_eq!(request.parent_span_id, [0x00, 0xf0, 0x67, 0xaa, 0x0b, 0xa9, 0x02, 0xb7]);
    let settle = one(&spans, "settle");
    let id = format!("Some(StringValue({:?}))", order.id);
    assert_eq!(attribute(settle, "order.id"), id);
    assert_eq!(settle.parent_span_id, request.span_id);
    let moved = settle.events.iter().find(|event| event.name == "order moved");
    assert!(format!("{moved:?}").contains("COMPLETED"), "{:?}", settle.events);
    let call = one(&spans, "toss confirm");
    assert_eq!((call.kind, &call.parent_span_id), (SpanKind::Client as i32, &settle.span_id));
    assert_eq!(attribute(call, "order.id"), id);
    assert_eq!(attribute(call, "toss.code"), r#"Some(StringValue("DONE"))"#);
    assert_eq!(attribute(call, "http.response.status_code"), "Some(IntValue(200))");
    assert!(call.end_time_unix_nano > call.start_time_unix_nano);
    for span in [request, settle, call] {
        assert_eq!(span.trace_id[..4], [0x4b, 0xf9, 0x2f, 0x35]);
    }
    // Its route, not its address.
    one(&spans, "GET /orders/{id}");

    for private in [key.as_str(), "홍길동", "hong@example.com", "1234-5678", "12345678", "_gsk_"]
    {
        assert!(!whole.contains(private), "{private} in {whole}");
    }
}
