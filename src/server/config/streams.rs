//! Settings of the streams by which open pages follow their orders.

use clap::Args;

#[derive(Clone, Debug, Args)]
pub struct Streams {
    /// Pages that may follow their order by a stream at the same time; those beyond ask now and
    /// then. Each holds a connection, so that the limit of open files must be above it.
    #[arg(long = "streams-max", env = "GYESAN_STREAMS_MAX", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    pub max: u32,

    /// As many of these at most from one address (of IPv6: from one network, /64). An office or a
    /// mobile carrier may have one for many people.
    #[arg(long = "streams-of-address-max", env = "GYESAN_STREAMS_OF_ADDRESS_MAX", default_value_t = 200, value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    pub of_address_max: u32,

    /// How many proxies stand in front of the shop, each of which adds to X-Forwarded-For [default:
    /// a caller's address is known if it is a public one; others may be a proxy's].
    #[arg(long = "proxies", env = "GYESAN_PROXIES", value_parser = clap::value_parser!(u8).range(0..=16))]
    pub proxies: Option<u8>,

    /// Seconds after which a silent stream gives a sign of life: fewer than any proxy in front of
    /// the shop waits.
    #[arg(long = "streams-alive-seconds", env = "GYESAN_STREAMS_ALIVE_SECONDS", default_value_t = 15, value_parser = clap::value_parser!(u64).range(1..=300))]
    pub alive_seconds: u64,
}
