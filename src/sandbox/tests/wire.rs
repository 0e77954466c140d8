//! Faults of the network, over a real connection: what is lost does not arrive at all.

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::sandbox::tests::{SECRET, Twin, basic};
use crate::sandbox::{Config, Sandbox};

/// A sandbox on a free port.
struct Server {
    address: std::net::SocketAddr,
    /// The same sandbox without the network between.
    twin: Twin,
    stop: oneshot::Sender<()>,
    served: JoinHandle<std::io::Result<()>>,
}

impl Server {
    async fn start() -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let sandbox = Sandbox::new(Config::default());
        let twin = Twin::of(&sandbox);
        let (stop, stopped) = oneshot::channel::<()>();
        let served = tokio::spawn(sandbox.serve(listener, async move {
            let _ = stopped.await;
        }));
        Server { address, twin, stop, served }
    }

    /// All bytes that come back for one confirm, until the connection closes.
    async fn confirm(&self, key: &str) -> String {
        let body = json!({ "paymentKey": key, "orderId": "order-0001", "amount": 1_000 });
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(request(&body).as_bytes()).await.unwrap();
        let mut bytes = Vec::new();
        // A reset counts as a close: either way nothing more comes.
        let _ = stream.read_to_end(&mut bytes).await;
        String::from_utf8(bytes).unwrap()
    }
}

fn request(body: &Value) -> String {
    let body = body.to_string();
    format!(
        "POST /v1/payments/confirm HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
         authorization: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        basic(SECRET),
        body.len()
    )
}

#[tokio::test]
async fn a_lost_answer_is_a_closed_connection_and_not_one_byte() {
    let server = Server::start().await;
    for (when, status) in [("before", "200 IN_PROGRESS"), ("after", "200 DONE")] {
        let key = server.twin.authenticated("order-0001", 1_000).await;
        server.twin.fault(json!({ "call": "confirm", "kind": "lose", "when": when })).await;
        assert_eq!(server.confirm(&key).await, "", "{when}");
        assert_eq!(server.twin.read(&key).await.summary(), status, "{when}");
    }
    let calls = server.twin.control("GET", "calls?orderId=order-0001", Value::Null).await.json();
    assert_eq!(
        (&calls["calls"][0]["status"], &calls["calls"][0]["fault"]),
        (&Value::Null, &json!("lose"))
    );
}

#[tokio::test]
async fn a_cut_answer_ends_in_the_middle_of_its_body() {
    let server = Server::start().await;
    let key = server.twin.authenticated("order-0001", 1_000).await;
    server.twin.fault(json!({ "kind": "cut" })).await;
    let answer = server.confirm(&key).await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK"), "{head}");
    assert!(body.contains("\"mId\"") && !body.contains("\"metadata\""), "{body}");
    assert_eq!(server.twin.read(&key).await.summary(), "200 DONE");
}

#[tokio::test]
async fn api_1_5_an_answer_comes_in_chunks_and_its_receipt_is_at_the_sandbox() {
    let server = Server::start().await;
    let key = server.twin.authenticated("order-0001", 1_000).await;
    let answer = server.confirm(&key).await;
    assert!(answer.contains("transfer-encoding: chunked"), "{answer}");
    assert!(answer.ends_with("0\r\n\r\n"));
    let receipt = format!("http://{}/receipt/redirection?transactionId={key}", server.address);
    assert!(answer.contains(&receipt), "{answer}");
}

#[tokio::test]
async fn what_has_begun_goes_on_after_the_caller_hangs_up() {
    let server = Server::start().await;
    let key = server.twin.authenticated("order-0001", 1_000).await;
    server.twin.fault(json!({ "call": "confirm", "kind": "hold", "when": "before" })).await;
    let body = json!({ "paymentKey": key, "orderId": "order-0001", "amount": 1_000 });
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(request(&body).as_bytes()).await.unwrap();
    // The fault leaves the list when the call stands at its gate.
    while server.twin.control("GET", "faults", Value::Null).await.json()["faults"] != json!([]) {
        tokio::task::yield_now().await;
    }
    drop(stream);
    server.twin.control("DELETE", "faults", Value::Null).await;
    while server.twin.read(&key).await.summary() != "200 DONE" {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_held_call_does_not_keep_the_sandbox_from_stopping() {
    let server = Server::start().await;
    let key = server.twin.authenticated("order-0001", 1_000).await;
    server.twin.fault(json!({ "call": "confirm", "kind": "hold", "when": "after" })).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let body = json!({ "paymentKey": key, "orderId": "order-0001", "amount": 1_000 });
    stream.write_all(request(&body).as_bytes()).await.unwrap();
    while server.twin.read(&key).await.summary() != "200 DONE" {
        tokio::task::yield_now().await;
    }
    server.stop.send(()).unwrap();
    server.served.await.unwrap().unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    assert!(text.contains("\"DONE\""), "{text}");
}

#[tokio::test]
async fn api_1_7_a_body_that_is_too_long_is_read_to_its_end_and_refused() {
    let server = Server::start().await;
    let body = json!({ "paymentKey": "x".repeat(1_000_000) });
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(request(&body).as_bytes()).await.unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    assert!(text.starts_with("HTTP/1.1 400"), "{text}");
    assert!(text.contains("\"INVALID_REQUEST\""), "{text}");
}

#[tokio::test]
async fn api_1_7_a_body_that_breaks_off_brings_no_fault_of_ours() {
    let server = Server::start().await;
    let key = server.twin.authenticated("order-0001", 1_000).await;
    let body = json!({ "paymentKey": key, "orderId": "order-0001", "amount": 1_000 });
    let whole = request(&body);
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(&whole.as_bytes()[..whole.len() - 10]).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut text = String::new();
    let _ = stream.read_to_string(&mut text).await;
    assert!(text.is_empty() || text.starts_with("HTTP/1.1 4"), "{text}");
    assert_eq!(server.twin.read(&key).await.summary(), "200 IN_PROGRESS");
}
