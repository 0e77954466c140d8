//! From where a sandbox may be reached.

use std::net::SocketAddr;

/// From where the sandbox may be reached.
///
/// Why it is asked: whoever reaches it can read and move everything in it. It has no password,
/// because the one who runs it is meant to need none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// This machine alone: it listens on a loopback address and answers to a loopback name.
    Loopback,
    Anywhere,
}

impl Reach {
    /// Why the sandbox must not listen here, in a sentence.
    pub fn refuses(self, address: SocketAddr) -> Option<String> {
        (self == Reach::Loopback && !address.ip().is_loopback()).then(|| {
            format!(
                "the sandbox would be reachable from other machines at {address}, without a \
                 password: listen on 127.0.0.1, or allow it with --allow-remote (beside a shop \
                 --sandbox-allow-remote; GYESAN_SANDBOX_ALLOW_REMOTE=true)"
            )
        })
    }
}
