//! Callers by their addresses: how often each may do what costs the shop something, and how much at the
//! same time.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::domain::language::Language;
use crate::server::limits::address;
use crate::server::limits::budget::Budgets;
use crate::words::Reason;

/// Clones count together.
#[derive(Clone, Debug)]
pub struct Callers {
    proxies: Option<u8>,
    webhooks: Budgets<IpAddr>,
    /// Connections.
    connections: Places,
    /// Requests that are being answered, where connections are the proxies'.
    requests: Places,
}

/// How much there may be of each thing.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Of one address in a minute.
    pub webhooks: u32,
    /// Of one address at the same time.
    pub connections: u32,
    /// Of all.
    pub connections_of_all: u32,
}

impl Default for Callers {
    /// Nobody is limited who calls less than a machine can.
    fn default() -> Callers {
        let most = 1_000_000;
        Callers::behind(
            None,
            Limits { webhooks: most, connections: most, connections_of_all: most },
        )
    }
}

impl Callers {
    /// Behind so many proxies (see [`address::of_caller`]).
    pub fn behind(proxies: Option<u8>, limits: Limits) -> Callers {
        Callers {
            proxies,
            webhooks: Budgets::per_minute(limits.webhooks),
            connections: Places::of(limits.connections, limits.connections_of_all),
            requests: Places::of(limits.connections, u32::MAX),
        }
    }

    /// Who calls; `None` where that cannot be told, and then nobody is counted for it.
    pub fn address(&self, peer: IpAddr, headers: &HeaderMap) -> Option<IpAddr> {
        address::of_caller(peer, headers, self.proxies)
    }

    /// Whether one more webhook of this caller is taken in.
    pub fn may_post(&self, caller: Option<IpAddr>, now: i64) -> bool {
        caller.is_none_or(|caller| self.webhooks.take(caller, now))
    }

    /// A place for one more connection. Those of known proxies are many people's, and are counted
    /// for all alone.
    pub fn connects(&self, peer: IpAddr) -> Option<Place> {
        let address = match self.proxies {
            None | Some(0) => self.address(peer, &HeaderMap::new()),
            Some(_) => None,
        };
        self.connections.take(address)
    }

    /// A place for one more request that came by a known proxy; elsewhere its connection has one.
    fn asks(&self, peer: IpAddr, headers: &HeaderMap) -> Option<Place> {
        let address = match self.proxies {
            None | Some(0) => None,
            Some(_) => self.address(peer, headers),
        };
        self.requests.take(address)
    }
}

/// For every request: an address behind proxies has so many at the same time. What a stream says
/// after its beginning is counted with the streams.
pub async fn at_once(State(callers): State<Callers>, request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<std::net::SocketAddr>>();
    let Some(peer) = peer.map(|peer| peer.0.ip()) else { return next.run(request).await };
    let Some(place) = callers.asks(peer, request.headers()) else {
        // In both languages: nothing has been read of the request yet.
        let sentence = Language::ALL.map(|it| format!("{}\n", Reason::Crowd.say(it))).concat();
        return (StatusCode::TOO_MANY_REQUESTS, [(RETRY_AFTER, "1")], sentence).into_response();
    };
    let response = next.run(request).await;
    drop(place);
    response
}

/// What is counted while it lasts. Clones count together.
#[derive(Clone, Debug)]
struct Places {
    taken: Arc<Mutex<Taken>>,
    of_address_max: u32,
    of_all_max: u32,
}

#[derive(Debug, Default)]
struct Taken {
    of_addresses: HashMap<IpAddr, u32>,
    of_all: u32,
}

/// One place. Dropped, it is free for the next.
#[derive(Debug)]
pub struct Place {
    taken: Arc<Mutex<Taken>>,
    address: Option<IpAddr>,
}

impl Places {
    fn of(of_address_max: u32, of_all_max: u32) -> Places {
        Places { taken: Arc::default(), of_address_max, of_all_max }
    }

    fn take(&self, address: Option<IpAddr>) -> Option<Place> {
        let mut taken = lock(&self.taken);
        let own = address.and_then(|address| taken.of_addresses.get(&address).copied());
        if taken.of_all >= self.of_all_max || own.is_some_and(|own| own >= self.of_address_max) {
            return None;
        }
        taken.of_all += 1;
        if let Some(address) = address {
            taken.of_addresses.insert(address, own.unwrap_or(0) + 1);
        }
        Some(Place { taken: Arc::clone(&self.taken), address })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = lock(&self.taken);
        taken.of_all = taken.of_all.saturating_sub(1);
        let Some(address) = self.address else { return };
        match taken.of_addresses.get(&address).copied() {
            Some(own) if own > 1 => taken.of_addresses.insert(address, own - 1),
            Some(_) | None => taken.of_addresses.remove(&address),
        };
    }
}

fn lock(taken: &Mutex<Taken>) -> MutexGuard<'_, Taken> {
    taken.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::{Callers, Limits, lock};

    fn callers(proxies: Option<u8>) -> Callers {
        Callers::behind(proxies, Limits { webhooks: 1, connections: 2, connections_of_all: 5 })
    }

    #[test]
    fn connections_are_counted_by_whom_they_come_from() {
        let (one, two): (IpAddr, IpAddr) =
            ("203.0.113.9".parse().unwrap(), "203.0.113.10".parse().unwrap());
        let own: IpAddr = "10.0.0.7".parse().unwrap();
        for (proxies, peer, is_counted) in [
            (None, one, true),
            (None, own, false),
            (Some(0), one, true),
            (Some(0), own, true),
            // Its connections are everybody's.
            (Some(1), one, false),
            (Some(1), own, false),
        ] {
            let callers = callers(proxies);
            let places = [(); 3].map(|()| callers.connects(peer));
            assert_eq!(places[2].is_none(), is_counted, "{proxies:?} {peer}");
            let other = callers.connects(two);
            assert!(other.is_some(), "{proxies:?} {peer}");
            drop(places);
            assert!(callers.connects(peer).is_some(), "{proxies:?} {peer}");
            drop(other);
            let taken = lock(&callers.connections.taken);
            assert!(taken.of_all == 0 && taken.of_addresses.is_empty(), "{taken:?}");
        }
    }

    #[test]
    fn all_together_have_so_many() {
        let callers = callers(Some(1));
        let peer = "10.0.0.7".parse().unwrap();
        let mut places: Vec<_> = (0..5).map(|_| callers.connects(peer)).collect();
        assert!(places.iter().all(Option::is_some));
        assert!(callers.connects(peer).is_none());
        places.pop();
        assert!(callers.connects(peer).is_some());
    }
}
