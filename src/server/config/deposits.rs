//! Settings of virtual accounts that wait for a deposit, and of `gyesan cancel`.

use clap::Args;

use crate::domain::actor::Actor;
use crate::domain::id::OrderId;
use crate::domain::language::Language;
use crate::server::config::{Storage, parse};
use crate::words::Cancel;

/// As long as Toss lets an account wait, which is 90 days (Toss: api.md §6.2).
const HOURS_MAX: i64 = 2_160;

const HOUR_MS: i64 = 3_600_000;

/// How many accounts may wait, and how long. Absent: as many and as long as Toss lets them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Waiting {
    pub hours: Option<i64>,
    pub per_person: Option<i64>,
    pub per_address: Option<i64>,
}

impl Waiting {
    /// By when the shop wants the deposit to an account that was issued now.
    pub fn deposit_by(&self, now: i64) -> Option<i64> {
        self.hours.map(|hours| now.saturating_add(hours.saturating_mul(HOUR_MS)))
    }
}

#[derive(Clone, Debug, Args)]
pub struct Deposits {
    /// Hours in which a virtual account is to be paid into; then the shop ends it at Toss. The
    /// payment widget takes no such setting, so that an account ends at Toss's own due date if that
    /// is sooner [default: Toss's due date alone].
    #[arg(long, env = "GYESAN_DEPOSIT_HOURS", value_parser = clap::value_parser!(u32).range(1..=HOURS_MAX))]
    pub deposit_hours: Option<u32>,

    /// Virtual accounts that may wait for a deposit at the same time for one phone, and for one
    /// e-mail; one more is ended at once.
    #[arg(long, env = "GYESAN_DEPOSITS_PER_PHONE", default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub deposits_per_phone: u32,

    /// As many for orders from one network address. Telephone companies put many customers behind
    /// one; behind a proxy it is known if GYESAN_PROXIES is set.
    #[arg(long, env = "GYESAN_DEPOSITS_PER_ADDRESS", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub deposits_per_address: u32,
}

impl Deposits {
    pub fn limits(&self) -> Waiting {
        Waiting {
            hours: self.deposit_hours.map(i64::from),
            per_person: Some(i64::from(self.deposits_per_phone)),
            per_address: Some(i64::from(self.deposits_per_address)),
        }
    }
}

#[derive(Clone, Debug, Args)]
pub struct CancelArgs {
    /// The order, which waits for a deposit.
    #[arg(value_parser = parse::order_id)]
    pub order_id: OrderId,

    /// Who does it, as the order's events keep it.
    #[arg(long = "staff", env = "GYESAN_STAFF", default_value = "command line", value_parser = parse::staff)]
    pub by: Actor,

    /// What Toss is told, at most 200 characters.
    #[arg(long, default_value_t = Cancel::ByStaff.say(Language::default()).into_owned())]
    pub reason: String,

    #[command(flatten)]
    pub storage: Storage,
}
