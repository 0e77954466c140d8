//! What merchants keep of buyers for later: billing keys, and the one-time keys that lead to
//! them and to BrandPay (Toss: api.md §6.3, §6.8).

use std::collections::{HashMap, VecDeque};

use serde::{Deserialize, Serialize};

use crate::sandbox::clock::Moment;
use crate::sandbox::payments::{Bank, CardChoice, bank_by_code};

/// Of each kind; the oldest go first.
const KEPT: usize = 20_000;

/// What a billing key charges.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Source {
    Card {
        choice: CardChoice,
        /// Others are registered, and refused when they are charged.
        is_known: bool,
    },
    Transfer {
        #[serde(with = "bank_by_code")]
        bank: &'static Bank,
        masked: String,
    },
}

/// A billing key, or what is to become one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Agreement {
    pub(crate) m_id: String,
    pub(crate) customer_key: String,
    pub(crate) authenticated_at: Moment,
    pub(crate) source: Source,
    pub(crate) removed: bool,
}

/// A buyer whom BrandPay has recognised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Recognised {
    pub(crate) m_id: String,
    pub(crate) customer_key: String,
}

/// Everything kept.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Vault {
    /// One-time keys of the billing window.
    pub(crate) auth_keys: Keyed<Agreement>,
    pub(crate) billing_keys: Keyed<Agreement>,
    /// One-time codes of BrandPay.
    pub(crate) codes: Keyed<Recognised>,
    /// What brings a new token of BrandPay. Older state files have none.
    #[serde(default)]
    pub(crate) refresh_tokens: Keyed<Recognised>,
}

impl Vault {
    /// Whether the merchant has traded a code of this buyer for a token.
    pub(crate) fn has_token(&self, buyer: &Recognised) -> bool {
        self.refresh_tokens.by_key.values().any(|it| it == buyer)
    }
}

/// Things under keys, bounded.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Keyed<T> {
    by_key: HashMap<String, T>,
    arrivals: VecDeque<String>,
}

impl<T> Default for Keyed<T> {
    fn default() -> Self {
        Keyed { by_key: HashMap::new(), arrivals: VecDeque::new() }
    }
}

impl<T> Keyed<T> {
    pub(crate) fn put(&mut self, key: String, it: T) {
        if self.arrivals.len() >= KEPT
            && let Some(oldest) = self.arrivals.pop_front()
        {
            self.by_key.remove(&oldest);
        }
        self.arrivals.push_back(key.clone());
        self.by_key.insert(key, it);
    }

    pub(crate) fn get(&self, key: &str) -> Option<&T> {
        self.by_key.get(key)
    }

    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut T> {
        self.by_key.get_mut(key)
    }

    /// Takes it out, so that its key works once.
    pub(crate) fn take(&mut self, key: &str) -> Option<T> {
        self.by_key.remove(key)
    }
}
