//! Webhooks held against the facts, with a receiver on a real connection.

mod events;
mod faults;
mod headers;
mod registration;
mod schedule;
mod shapes;

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State as Shared;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{oneshot, watch};

use crate::sandbox::tests::Twin;
use crate::sandbox::{Config, Sandbox};

/// Far longer than any test needs: a test that waits in vain fails rather than hangs.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a receiver got.
#[derive(Debug)]
pub(super) struct Hit {
    pub(super) headers: HeaderMap,
    pub(super) path: String,
    pub(super) text: String,
}

impl Hit {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.text).expect("a JSON body")
    }

    pub(super) fn header(&self, name: &str) -> &str {
        let name = format!("tosspayments-webhook-{name}");
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// A shop's address for webhooks.
pub(super) struct Receiver {
    pub(super) url: String,
    hits: UnboundedReceiver<Hit>,
    status: Arc<AtomicU16>,
    hold: watch::Sender<bool>,
}

/// What a receiver's handler has: where to put what comes, and what to answer.
#[derive(Clone)]
struct Desk {
    hits: UnboundedSender<Hit>,
    status: Arc<AtomicU16>,
    held: watch::Receiver<bool>,
}

/// A status that stands for no answer at all.
pub(super) const SILENCE: u16 = 0;

impl Receiver {
    pub(super) async fn start() -> Receiver {
        let (sender, hits) = unbounded_channel();
        let status = Arc::new(AtomicU16::new(200));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/webhooks/toss", listener.local_addr().unwrap());
        let (hold, held) = watch::channel(false);
        let desk = Desk { hits: sender, status: Arc::clone(&status), held };
        let router = Router::new().fallback(take).with_state(desk);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Receiver { url, hits, status, hold }
    }

    /// What comes from now on is answered when it is released.
    pub(super) fn hold(&self) {
        self.hold.send_replace(true);
    }

    pub(super) fn release(&self) {
        self.hold.send_replace(false);
    }

    pub(super) fn answer(&self, status: u16) {
        self.status.store(status, Ordering::SeqCst);
    }

    /// The next webhook.
    pub(super) async fn next(&mut self) -> Hit {
        let hit = tokio::time::timeout(PATIENCE, self.hits.recv()).await;
        hit.expect("a webhook in time").expect("a receiver that runs")
    }

    /// What has come and was not looked at.
    pub(super) fn rest(&mut self) -> Vec<Hit> {
        std::iter::from_fn(|| self.hits.try_recv().ok()).collect()
    }
}

async fn take(
    Shared(mut desk): Shared<Desk>,
    headers: HeaderMap,
    uri: Uri,
    body: Bytes,
) -> Response {
    let text = String::from_utf8(body.to_vec()).unwrap();
    let path = uri.path().to_owned();
    let status = desk.status.load(Ordering::SeqCst);
    drop(desk.hits.send(Hit { headers, path, text }));
    drop(desk.held.wait_for(|held| !held).await);
    match status {
        SILENCE => std::future::pending().await,
        302 => (StatusCode::FOUND, [("location", "/elsewhere")]).into_response(),
        status => (StatusCode::from_u16(status).unwrap(), "taken").into_response(),
    }
}

/// A sandbox that serves, so that its courier runs, and a receiver registered for everything.
pub(super) struct Scene {
    pub(super) twin: Twin,
    pub(super) receiver: Receiver,
    /// The sandbox stops when the scene is dropped.
    _stop: oneshot::Sender<()>,
}

impl Scene {
    pub(super) async fn start() -> Scene {
        Scene::with(Config::default()).await
    }

    pub(super) async fn with(config: Config) -> Scene {
        let receiver = Receiver::start().await;
        let config = config.with_seed(7).with_webhook(&receiver.url).unwrap();
        let (twin, stop) = serve(Sandbox::new(config)).await;
        Scene { twin, receiver, _stop: stop }
    }

    /// The newest deliveries, newest first.
    pub(super) async fn deliveries(&self) -> Vec<Value> {
        deliveries(&self.twin).await
    }

    /// Waits until `found` holds of the newest delivery.
    pub(super) async fn until(&self, found: impl Fn(&Value) -> bool) -> Value {
        let looking = async {
            loop {
                if let Some(newest) = self.deliveries().await.into_iter().next()
                    && found(&newest)
                {
                    return newest;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, looking).await.expect("a delivery in time")
    }

    /// Waits until the newest delivery has had so many tries.
    pub(super) async fn until_tried(&self, tries: usize) -> Value {
        self.until(|it| it["attempts"].as_array().unwrap().len() == tries).await
    }

    /// An event made by hand.
    pub(super) async fn make(&self, event: Value) -> Value {
        let reply = self.twin.control("POST", "events", event).await;
        assert_eq!(reply.status, 201, "{}", reply.text);
        reply.json()["deliveries"].clone()
    }

    pub(super) async fn fault(&self, fault: Value) -> u64 {
        let reply = self.twin.control("POST", "webhook-faults", fault).await;
        assert_eq!(reply.status, 201, "{}", reply.text);
        reply.json()["id"].as_u64().unwrap()
    }
}

/// Runs a sandbox with its courier.
pub(super) async fn serve(sandbox: Sandbox) -> (Twin, oneshot::Sender<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let twin = Twin::of(&sandbox);
    let (stop, stopped) = oneshot::channel::<()>();
    tokio::spawn(sandbox.serve(listener, async move {
        let _ = stopped.await;
    }));
    // So that it has begun, and knows its own address.
    tokio::task::yield_now().await;
    (twin, stop)
}

pub(super) async fn deliveries(twin: &Twin) -> Vec<Value> {
    let reply = twin.control("GET", "deliveries", Value::Null).await;
    reply.json()["deliveries"].as_array().unwrap().clone()
}

/// Something that happens at once and is told in the first shape.
pub(super) fn any_event() -> Value {
    json!({ "event": "BILLING_DELETED", "data": { "billingKey": "key-1" } })
}
