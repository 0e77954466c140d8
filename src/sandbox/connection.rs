//! The connection beneath HTTP, which can be made to fail: an answer that never comes, or half of one.
//!
//! How: the handlers of every connection can reach its `ConnectionHandle`. Once that is told to
//! fail, writing to the connection is an error, upon which the HTTP server drops it. So the client
//! sees what a broken network shows it: the connection closes and no answer came. A fault played
//! at the HTTP level could only answer something.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

const WHOLE: usize = usize::MAX;
const HEAD_END: &[u8] = b"\r\n\r\n";

/// A handle on one connection's fate.
#[derive(Clone, Debug)]
pub(crate) struct ConnectionHandle {
    /// Bytes of the body that still pass; `WHOLE` while nothing is wrong.
    body_left: Arc<AtomicUsize>,
    lost: Arc<AtomicBool>,
}

impl ConnectionHandle {
    fn new() -> ConnectionHandle {
        ConnectionHandle {
            body_left: Arc::new(AtomicUsize::new(WHOLE)),
            lost: Arc::new(AtomicBool::new(false)),
        }
    }

    /// Nothing more is written.
    pub(crate) fn lose(&self) {
        self.lost.store(true, Ordering::Release);
    }

    /// The next answer's head is written, and this many bytes of its body.
    pub(crate) fn cut_after(&self, body_bytes: usize) {
        self.body_left.store(body_bytes, Ordering::Release);
    }
}

impl Connected<IncomingStream<'_, BreakableListener>> for ConnectionHandle {
    fn connect_info(stream: IncomingStream<'_, BreakableListener>) -> Self {
        stream.io().handle.clone()
    }
}

/// A listener whose connections can be made to fail.
#[derive(Debug)]
pub(crate) struct BreakableListener(pub(crate) TcpListener);

impl Listener for BreakableListener {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.0).await;
        // Answers are small and go out at once.
        if let Err(fault) = stream.set_nodelay(true) {
            tracing::debug!(%fault, "no TCP_NODELAY on a connection");
        }
        (Connection { stream, handle: ConnectionHandle::new(), head_end_seen: 0 }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

/// One connection.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    handle: ConnectionHandle,
    /// How much of `HEAD_END` the last bytes of a cut answer's head were.
    head_end_seen: usize,
}

/// How many of `bytes` belong to the head, and how much of its end was seen with them.
fn head_of(bytes: &[u8], mut end_seen: usize) -> (usize, usize) {
    let mut head = 0;
    for byte in bytes {
        if end_seen == HEAD_END.len() {
            break;
        }
        let expected = HEAD_END.get(end_seen) == Some(byte);
        end_seen = match (expected, *byte) {
            (true, _) => end_seen + 1,
            (false, b'\r') => 1,
            (false, _) => 0,
        };
        head += 1;
    }
    (head, end_seen)
}

impl AsyncWrite for Connection {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let connection = self.get_mut();
        if connection.handle.lost.load(Ordering::Acquire) {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        let body_left = connection.handle.body_left.load(Ordering::Acquire);
        if body_left == WHOLE {
            return Pin::new(&mut connection.stream).poll_write(context, bytes);
        }
        let (head, _) = head_of(bytes, connection.head_end_seen);
        let passing = head + (bytes.len() - head).min(body_left);
        let Some(part) = bytes.get(..passing).filter(|part| !part.is_empty()) else {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        };
        let written = ready!(Pin::new(&mut connection.stream).poll_write(context, part))?;
        // Counted again, because less may have been written than was offered.
        let (head, end_seen) =
            head_of(bytes.get(..written).unwrap_or(bytes), connection.head_end_seen);
        connection.head_end_seen = end_seen;
        connection.handle.body_left.store(body_left - (written - head), Ordering::Release);
        Poll::Ready(Ok(written))
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_read(context, buffer)
    }
}
