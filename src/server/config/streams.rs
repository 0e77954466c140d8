//! Settings of the streams by which open pages follow their orders.

use clap::Args;

#[derive(Clone, Debug, Args)]
pub struct Streams {
    /// Pages that may follow their order by a stream at the same time; those beyond ask now and
    /// then. Each holds a connection, so that the limit of open files must be above it.
    #[arg(long = "streams-max", env = "GYESAN_STREAMS_MAX", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    pub max: u32,

    /// Seconds after which a silent stream gives a sign of life: fewer than any proxy in front of
    /// the shop waits.
    #[arg(long = "streams-alive-seconds", env = "GYESAN_STREAMS_ALIVE_SECONDS", default_value_t = 15, value_parser = clap::value_parser!(u64).range(1..=300))]
    pub alive_seconds: u64,
}
