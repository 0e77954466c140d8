//! Connections of the shop: taken, served, and ended where nothing is said on them.
//!
//! How: a new connection has some seconds for its first head, and each one after an answer for the
//! next; heads letter by letter and silence end in the same way. What is written and not taken ends
//! by the kernel's clock. A body is in the time of its request (`router.rs`).

use std::convert::Infallible;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_util::task::TaskTracker;
use tower::{Service, ServiceExt};

use crate::server::config::Connections;
use crate::server::limits::callers::{Callers, Place};

/// A head with every cookie is a few KiB; so much is kept of each that comes slowly.
const HEAD_BYTES_MAX: usize = 64 * 1024;

/// How long a caller may take nothing of what it is sent, in milliseconds. Pages are small.
const UNTAKEN_MS_MAX: u32 = 30_000;

/// After this no more files can be opened, as when a connection cannot be taken.
const NOT_TAKEN_WAIT: Duration = Duration::from_secs(1);

const TOO_MANY: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 60\r\n\
                          content-length: 0\r\nconnection: close\r\n\r\n";

/// How many there may be beside those of streams: half of the files that `open_files.rs` sees to.
pub const BESIDE_STREAMS: u32 = 500;

/// How long a connection may say nothing.
#[derive(Clone, Copy, Debug)]
struct Patience {
    first_head: Duration,
    next_head: Duration,
}

/// Serves until the shop stops, and then until what is in flight has ended.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    callers: Callers,
    settings: Connections,
    mut stopped: watch::Receiver<bool>,
) {
    let patience = Patience {
        first_head: Duration::from_secs(settings.head_seconds),
        next_head: Duration::from_secs(settings.idle_seconds),
    };
    // Made ready once: a router by itself is made ready, and so copied whole, for each connection.
    let mut router = router.into_make_service_with_connect_info::<SocketAddr>();
    let open = TaskTracker::new();
    loop {
        let taken = tokio::select! {
            taken = listener.accept() => taken,
            _ = stopped.wait_for(|stopped| *stopped) => break,
        };
        let (stream, peer) = match taken {
            Ok(taken) => taken,
            Err(error) => {
                cannot_take(&error).await;
                continue;
            }
        };
        let Some(place) = callers.connects(peer.ip()) else {
            // As much as fits at once; nobody waits for it to be read.
            drop(stream.try_write(TOO_MANY));
            continue;
        };
        give_up_on_who_takes_nothing(&stream);
        let service = match router.call(peer).await {
            Ok(service) => service,
            Err(never) => match never {},
        };
        open.spawn(attend(stream, service, patience, stopped.clone(), place));
    }
    drop(listener);
    open.close();
    open.wait().await;
}

/// One connection, to its end.
async fn attend<S>(
    stream: TcpStream,
    service: S,
    patience: Patience,
    mut stopped: watch::Receiver<bool>,
    place: Place,
) where
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    let has_begun = Arc::new(AtomicBool::new(false));
    let begun = Arc::clone(&has_begun);
    let service = service.map_request(move |request: Request<Incoming>| {
        begun.store(true, Ordering::Relaxed);
        request.map(Body::new)
    });
    let mut served = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(patience.next_head)
            .max_header_size(HEAD_BYTES_MAX)
            .max_buf_size(HEAD_BYTES_MAX)
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service))
    );
    // An error is the caller's end of it: gone, silent, or no HTTP.
    let is_over = tokio::select! {
        // First: what came in time is read, however late the machine gets to it.
        biased;
        _ = served.as_mut() => true,
        _ = stopped.wait_for(|stopped| *stopped) => !has_begun.load(Ordering::Relaxed),
        () = tokio::time::sleep(patience.first_head) => !has_begun.load(Ordering::Relaxed),
    };
    if !is_over {
        let has_stopped = tokio::select! {
            _ = served.as_mut() => false,
            _ = stopped.wait_for(|stopped| *stopped) => true,
        };
        if has_stopped {
            served.as_mut().graceful_shutdown();
            drop(served.await);
        }
    }
    drop(place);
}

/// As axum's own listener does: a caller that has gone meanwhile is no trouble, and what else can go
/// wrong is mostly that too many files are open.
async fn cannot_take(error: &std::io::Error) {
    let is_the_callers = matches!(
        error.kind(),
        ErrorKind::ConnectionRefused | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset
    );
    if !is_the_callers {
        tracing::error!(%error, "a connection could not be taken");
        tokio::time::sleep(NOT_TAKEN_WAIT).await;
    }
}

/// Ends the connection of a caller that acknowledges nothing, or leaves no room, for so long.
#[cfg(target_os = "linux")]
fn give_up_on_who_takes_nothing(stream: &TcpStream) {
    if let Err(error) = rustix::net::sockopt::set_tcp_user_timeout(stream, UNTAKEN_MS_MAX) {
        tracing::debug!(%error, "a connection has no end but TCP's own");
    }
}

#[cfg(not(target_os = "linux"))]
fn give_up_on_who_takes_nothing(_stream: &TcpStream) {}
