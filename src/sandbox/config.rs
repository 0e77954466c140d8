//! How a sandbox is to be, from its settings.

use std::time::Duration;

use crate::sandbox::assumptions::Assumptions;
use crate::sandbox::calls::LATENCY_MS_MAX;
use crate::sandbox::merchants::{Accounts, PairRefused};
use crate::sandbox::reach::Reach;
use crate::sandbox::webhooks::{Registration, WAIT, address};

/// How a sandbox is to be.
#[derive(Clone, Debug)]
pub struct Config {
    pub(super) accounts: Accounts,
    pub(super) assumptions: Assumptions,
    pub(super) seed: Option<u64>,
    pub(super) webhooks: Vec<Registration>,
    pub(super) webhook_wait: Duration,
    pub(super) latency_ms: u64,
    pub(super) reach: Reach,
    pub(super) clock_at: Option<i64>,
}

impl Default for Config {
    /// The public pairs of Toss's documentation, the advised assumptions, and real chance.
    fn default() -> Self {
        Config {
            accounts: Accounts::documented(),
            assumptions: Assumptions::default(),
            seed: None,
            webhooks: Vec::new(),
            webhook_wait: WAIT,
            latency_ms: 0,
            reach: Reach::Loopback,
            clock_at: None,
        }
    }
}

impl Config {
    /// Registers one more merchant with this pair of keys. A pair that is registered already,
    /// as the documented ones are, changes nothing.
    pub fn with_pair(mut self, client_key: &str, secret_key: &str) -> Result<Config, PairRefused> {
        self.accounts.add("sandbox01", None, client_key, secret_key)?;
        Ok(self)
    }

    /// Registers one more merchant, with an API version of its own: `2022-11-16` or
    /// `2024-06-01`. Several pairs of one merchant id are one merchant.
    pub fn with_merchant(
        mut self,
        m_id: &str,
        version: &str,
        client_key: &str,
        secret_key: &str,
    ) -> Result<Config, PairRefused> {
        self.accounts.add(m_id, Some(version), client_key, secret_key)?;
        Ok(self)
    }

    /// The same seed and the same calls give the same keys.
    pub fn with_seed(self, seed: u64) -> Config {
        Config { seed: Some(seed), ..self }
    }

    pub fn with_assumptions(self, assumptions: Assumptions) -> Config {
        Config { assumptions, ..self }
    }

    /// Every event of every merchant is told to `url`, which may be on this machine.
    pub fn with_webhook(mut self, url: &str) -> Result<Config, String> {
        let url = address(url).map_err(|fault| fault.to_string())?;
        self.webhooks.push(Registration::of_all(url));
        Ok(self)
    }

    /// Each answer of the API comes so many milliseconds later.
    pub fn with_latency_ms(self, latency_ms: u64) -> Config {
        Config { latency_ms: latency_ms.min(LATENCY_MS_MAX), ..self }
    }

    pub fn with_reach(self, reach: Reach) -> Config {
        Config { reach, ..self }
    }

    /// The clock stands at this time, in milliseconds since 1970, and moves only when told to.
    pub fn with_clock_at(self, ms: i64) -> Config {
        Config { clock_at: Some(ms), ..self }
    }

    /// How long a receiver of webhooks may take, in place of Toss's ten seconds.
    #[cfg(test)]
    pub(super) fn with_webhook_wait(self, webhook_wait: Duration) -> Config {
        Config { webhook_wait, ..self }
    }
}
