//! Whose connection a request came by, as far as the shop can tell: proxies stand in between.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::http::HeaderMap;

/// Where each proxy adds the address it was called from, the last one at the end.
const FORWARDED: &str = "x-forwarded-for";

/// The address to count a caller by; `None` where that would be a proxy's, and so everybody's.
///
/// `proxies` is how many the shop has in front, of which the header is believed that much and no
/// more: what is further left in it was written by the caller. Not told, an address that no proxy of
/// one's own has, a public one, is believed to be the caller's.
pub fn of_caller(peer: IpAddr, headers: &HeaderMap, proxies: Option<u8>) -> Option<IpAddr> {
    let peer = peer.to_canonical();
    match proxies {
        None => is_public(peer).then(|| network(peer)),
        Some(0) => Some(network(peer)),
        Some(count) => {
            let values = headers.get_all(FORWARDED).iter().filter_map(|value| value.to_str().ok());
            let told: Vec<&str> = values.flat_map(|value| value.split(',')).collect();
            let told = told.len().checked_sub(usize::from(count)).and_then(|at| told.get(at));
            // Around the proxies, or through one that says nothing.
            Some(network(told.and_then(|told| parse(told)).unwrap_or(peer)))
        }
    }
}

/// Some proxies add the port.
fn parse(told: &str) -> Option<IpAddr> {
    let told = told.trim();
    let bare = told.strip_prefix('[').and_then(|told| told.strip_suffix(']')).unwrap_or(told);
    let address = bare.parse().or_else(|_| told.parse().map(|it: SocketAddr| it.ip()));
    address.ok().map(|address: IpAddr| address.to_canonical())
}

/// An IPv6 line has a whole network of addresses to call from.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)))
        }
    }
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let [first, second, _, _] = address.octets();
            // Of a provider's own network, between it and its customers.
            let is_shared = first == 100 && (64..128).contains(&second);
            !(address.is_private() || address.is_loopback() || address.is_link_local() || is_shared)
        }
        IpAddr::V6(address) => {
            !(address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local())
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue};

    use super::of_caller;

    #[test]
    fn a_caller_is_who_the_last_proxy_of_ours_was_called_by() {
        for (peer, forwarded, proxies, caller) in [
            // Nothing told: a proxy's address is nobody's.
            ("127.0.0.1", "", None, None),
            ("10.0.0.7", "203.0.113.9", None, None),
            ("100.64.1.1", "", None, None),
            ("fd00::1", "", None, None),
            ("203.0.113.9", "1.1.1.1", None, Some("203.0.113.9")),
            ("::ffff:203.0.113.9", "", None, Some("203.0.113.9")),
            ("2001:db8:1:2:3:4:5:6", "", None, Some("2001:db8:1:2::")),
            // No proxy: what the caller writes is not read.
            ("127.0.0.1", "1.1.1.1", Some(0), Some("127.0.0.1")),
            ("127.0.0.1", "203.0.113.9", Some(1), Some("203.0.113.9")),
            ("127.0.0.1", "1.1.1.1, 203.0.113.9", Some(1), Some("203.0.113.9")),
            ("127.0.0.1", "1.1.1.1, 203.0.113.9 , 10.0.0.7", Some(2), Some("203.0.113.9")),
            ("127.0.0.1", "203.0.113.9:4711", Some(1), Some("203.0.113.9")),
            ("127.0.0.1", "[2001:db8::1]:4711", Some(1), Some("2001:db8::")),
            ("127.0.0.1", "[2001:db8::1]", Some(1), Some("2001:db8::")),
            ("127.0.0.1", "2001:db8::1", Some(1), Some("2001:db8::")),
            // Around them, and nonsense.
            ("10.0.0.7", "", Some(1), Some("10.0.0.7")),
            ("10.0.0.7", "203.0.113.9", Some(2), Some("10.0.0.7")),
            ("10.0.0.7", "unknown", Some(1), Some("10.0.0.7")),
            ("10.0.0.7", ",,,", Some(1), Some("10.0.0.7")),
        ] {
            let mut headers = HeaderMap::new();
            if !forwarded.is_empty() {
                headers.insert("x-forwarded-for", HeaderValue::from_static(forwarded));
            }
            let told = of_caller(peer.parse().unwrap(), &headers, proxies);
            let caller = caller.map(|caller| caller.parse().unwrap());
            assert_eq!(told, caller, "{peer} {forwarded} {proxies:?}");
        }
    }

    #[test]
    fn a_header_may_come_in_parts() {
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", HeaderValue::from_static("1.1.1.1"));
        headers.append("x-forwarded-for", HeaderValue::from_static("203.0.113.9"));
        let told = of_caller("10.0.0.7".parse().unwrap(), &headers, Some(1));
        assert_eq!(told, Some("203.0.113.9".parse().unwrap()));
    }
}
