//! A refund that Toss takes up and refuses later, or takes its time about: as easy pay from abroad
//! does it, played by a Toss between the shop and its sandbox.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::server::payment::refund::{Request as Refund, What};
use crate::tests::refunds::request;
use crate::tests::shop::{Shop, run};

/// Passes everything on, but that every cancel stands as this says.
#[derive(Clone)]
struct Abroad {
    sandbox: String,
    http: reqwest::Client,
    stands: Arc<Mutex<&'static str>>,
}

impl Abroad {
    /// Between `shop`'s sandbox and whoever calls the address.
    async fn start(sandbox: &str) -> (Abroad, String) {
        let stands = Arc::new(Mutex::new("IN_PROGRESS"));
        let abroad = Abroad { sandbox: sandbox.to_owned(), http: reqwest::Client::new(), stands };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(pass).with_state(abroad.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (abroad, address)
    }

    fn stands(&self, how: &'static str) {
        *self.stands.lock().unwrap() = how;
    }

    fn amend(&self, payment: &mut Value) {
        let stands = *self.stands.lock().unwrap();
        if let Some(cancels) = payment["cancels"].as_array_mut() {
            for cancel in cancels {
                cancel["cancelStatus"] = json!(stands);
            }
        }
        let went_back = payment["balanceAmount"] != payment["totalAmount"];
        if stands == "ABORTED" && went_back && payment["totalAmount"].is_number() {
            payment["balanceAmount"] = payment["totalAmount"].clone();
            payment["status"] = json!("DONE");
        }
    }
}

async fn pass(State(abroad): State<Abroad>, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap();
    let url = format!("{}{}", abroad.sandbox, parts.uri);
    let mut passed = abroad.http.request(parts.method, url).body(body);
    for name in ["authorization", "content-type", "idempotency-key"] {
        if let Some(value) = parts.headers.get(name) {
            passed = passed.header(name, value);
        }
    }
    let answer = passed.send().await.unwrap();
    let status = StatusCode::from_u16(answer.status().as_u16()).unwrap();
    let mut told: Value = answer.json().await.unwrap();
    // Not a list of transactions, say.
    if told.is_object() {
        abroad.amend(&mut told);
    }
    if let Some(payments) = told.get_mut("payments").and_then(Value::as_array_mut) {
        payments.iter_mut().for_each(|payment| abroad.amend(payment));
    }
    (status, axum::Json(told)).into_response()
}

#[test]
fn a_refund_that_is_refused_later_is_here_again() {
    run(async {
        for by_webhook in [true, false] {
            let home = Shop::start().await;
            let (abroad, address) = Abroad::start(home.sandbox()).await;
            let shop = home.through(&address).await;
            let (order, _) = shop.paid().await;
            let one = What::Pieces(vec![("tee".to_owned(), 1)]);
            let refund = Refund { restocks: true, ..request(one) };
            shop.staff_refund(&order, &refund).await.unwrap();
            shop.settles(&order, "PARTIALLY_REFUNDED").await;
            // Taken up: gone from the balance, and nothing is on the shelf yet.
            assert_eq!(shop.one("select state from cancels").await, "RUNNING");
            assert_eq!(shop.one("select refunded from orders").await, "29000");
            assert_eq!(shop.stock("tee").await, "118");
            let page = shop.browser.get(&format!("/orders/{}", order.id)).await;
            assert!(page.text.contains("환불 처리 중입니다"), "{}", page.text);
            shop.holds().await;

            abroad.stands("ABORTED");
            if by_webhook {
                let key = shop.one("select transaction_key from cancels").await;
                let body = json!({
                    "eventType": "CANCEL_STATUS_CHANGED", "createdAt": "2026-11-22T12:00:00.000000",
                    "data": { "transactionKey": key, "cancelStatus": "ABORTED", "cancelAmount": 29_000 },
                });
                shop.browser.post_json("/webhooks/toss", &body).await.is(200);
                shop.until("select status from orders", "COMPLETED").await;
            } else {
                shop.settles(&order, "COMPLETED").await;
            }
            assert_eq!(shop.one("select state from cancels").await, "ABORTED");
            assert_eq!(shop.one("select refunded from orders").await, "0");
            assert_eq!(shop.stock("tee").await, "118");
            let page = shop.browser.get(&format!("/orders/{}", order.id)).await;
            assert!(page.text.contains("환불하지 못했습니다"), "{}", page.text);
            shop.works_through().await;
            shop.holds().await;
        }
    });
}

#[test]
fn a_refund_that_takes_its_time_is_done_when_toss_says_so() {
    run(async {
        let home = Shop::start().await;
        let (abroad, address) = Abroad::start(home.sandbox()).await;
        let shop = home.through(&address).await;
        let (order, _) = shop.paid().await;
        let refund = Refund { restocks: true, ..request(What::Everything) };
        shop.staff_refund(&order, &refund).await.unwrap();
        shop.settles(&order, "REFUNDED").await;
        shop.later(3_600).await;
        assert_eq!(shop.stock("tee").await, "118");
        abroad.stands("DONE");
        shop.until("select state from cancels", "DONE").await;
        assert_eq!(shop.stock("tee").await, "120");
        shop.works_through().await;
        assert_eq!(shop.events(&order).await.len(), 5);
        shop.holds().await;
    });
}
