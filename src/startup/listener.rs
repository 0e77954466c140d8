//! Where a shop or a sandbox listens.

use std::net::SocketAddr;

use tokio::net::TcpListener;

use crate::sandbox::Reach;

/// Listens, or says in a sentence why not.
pub async fn listen(setting: &str, addr: SocketAddr) -> Result<TcpListener, String> {
    TcpListener::bind(addr).await.map_err(|error| {
        format!("{setting}: cannot listen on {addr}: {error}; port 0 picks a free one")
    })
}

/// Listens for a sandbox, whose reach is nobody's accident.
pub async fn listen_for_sandbox(addr: SocketAddr, reach: Reach) -> Result<TcpListener, String> {
    match reach.refuses(addr) {
        Some(sentence) => Err(format!("GYESAN_SANDBOX_ADDR: {sentence}")),
        None => listen("GYESAN_SANDBOX_ADDR", addr).await,
    }
}

/// Whom a sandbox answers.
pub fn reach(allow_remote: bool) -> Reach {
    if allow_remote { Reach::Anywhere } else { Reach::Loopback }
}

/// `http://127.0.0.1:3000`
pub fn url_of(listener: &TcpListener) -> Result<String, String> {
    let addr = listener.local_addr().map_err(|error| error.to_string())?;
    Ok(format!("http://{addr}"))
}
