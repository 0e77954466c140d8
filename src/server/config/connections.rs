//! Settings of connections: how many one address may have, and how long one may say nothing.

use clap::Args;

#[derive(Clone, Debug, Args)]
pub struct Connections {
    /// Connections that one address may have open (of IPv6: one network, /64). Behind proxies, whose
    /// connections they are then, as many requests at the same time.
    #[arg(long, env = "GYESAN_CONNECTIONS_OF_ADDRESS_MAX", default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub connections_of_address_max: u32,

    /// Seconds in which a new connection must have sent the head of a request.
    #[arg(long, env = "GYESAN_HEAD_SECONDS", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=300))]
    pub head_seconds: u64,

    /// Seconds after an answer in which the next head must have come: more than a proxy in front
    /// keeps a connection that it does not use, so that it never sends a request on one that ends.
    #[arg(long, env = "GYESAN_IDLE_SECONDS", default_value_t = 75, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    pub idle_seconds: u64,
}
