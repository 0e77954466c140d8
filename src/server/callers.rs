//! Callers by their addresses, and how often each may do what costs the shop something.

use std::net::IpAddr;

use axum::http::HeaderMap;

use crate::server::address;
use crate::server::budget::Budgets;

/// Clones count together.
#[derive(Clone, Debug)]
pub struct Callers {
    proxies: Option<u8>,
    webhooks: Budgets<IpAddr>,
}

/// How often one address may do each thing in a minute.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub webhooks: u32,
}

impl Callers {
    /// Behind so many proxies (see [`address::of_caller`]).
    pub fn behind(proxies: Option<u8>, limits: Limits) -> Callers {
        Callers { proxies, webhooks: Budgets::per_minute(limits.webhooks) }
    }

    /// Who calls; `None` where that cannot be told, and then nobody is counted for it.
    pub fn address(&self, peer: IpAddr, headers: &HeaderMap) -> Option<IpAddr> {
        address::of_caller(peer, headers, self.proxies)
    }

    /// Whether one more webhook of this caller is taken in.
    pub fn may_post(&self, caller: Option<IpAddr>, now: i64) -> bool {
        caller.is_none_or(|caller| self.webhooks.take(caller, now))
    }
}
