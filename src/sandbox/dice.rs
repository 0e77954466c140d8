//! Random text in the shapes Toss uses; the same seed gives the same text again.

use std::sync::{Mutex, PoisonError};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

const ALPHANUMERIC: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const BASE32_LOWER: &[u8] = b"abcdefghijklmnopqrstuvwxyz234567";
const HEX_UPPER: &[u8] = b"0123456789ABCDEF";
const DIGITS: &[u8] = b"0123456789";
const HEX_LOWER: &[u8] = b"0123456789abcdef";

/// The one source of chance in a sandbox.
#[derive(Debug)]
pub(crate) struct Dice {
    rng: Mutex<StdRng>,
}

impl Dice {
    pub(crate) fn new(seed: Option<u64>) -> Dice {
        let rng = match seed {
            Some(seed) => StdRng::seed_from_u64(seed),
            None => rand::make_rng(),
        };
        Dice { rng: Mutex::new(rng) }
    }

    /// `AYCqZ`, the end of a payment key.
    pub(crate) fn alphanumeric(&self, length: usize) -> String {
        self.throw(ALPHANUMERIC, length)
    }

    /// The end of a transaction key.
    pub(crate) fn base32(&self, length: usize) -> String {
        self.throw(BASE32_LOWER, length)
    }

    /// A transaction key that is not a card's.
    pub(crate) fn hex_upper(&self, length: usize) -> String {
        self.throw(HEX_UPPER, length)
    }

    /// An account number.
    pub(crate) fn digits(&self, length: usize) -> String {
        self.throw(DIGITS, length)
    }

    /// A trace id.
    pub(crate) fn hex(&self, length: usize) -> String {
        self.throw(HEX_LOWER, length)
    }

    fn throw(&self, letters: &[u8], length: usize) -> String {
        let mut rng = self.rng.lock().unwrap_or_else(PoisonError::into_inner);
        (0..length)
            .filter_map(|_| letters.get(rng.random_range(0..letters.len())).copied())
            .map(char::from)
            .collect()
    }
}
