//! Chance: random text in the shapes Toss uses, and the throws that decide whether a fault strikes.
//!
//! The same seed gives the same throws again, also across a restart, because all that is
//! remembered is one number. How: SplitMix64, which needs no lock. Nothing here is a secret
//! that guards anything, so that a cryptographic generator would only cost time.

use std::sync::atomic::{AtomicU64, Ordering};

use rand::RngExt;

const ALPHANUMERIC: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const BASE32_LOWER: &[u8] = b"abcdefghijklmnopqrstuvwxyz234567";
const HEX_UPPER: &[u8] = b"0123456789ABCDEF";
const DIGITS: &[u8] = b"0123456789";
const HEX_LOWER: &[u8] = b"0123456789abcdef";

/// What SplitMix64 adds before each throw.
const GAMMA: u64 = 0x9E37_79B9_7F4A_7C15;

const MILLION: u64 = 1_000_000;

/// How likely something is, in millionths: whole numbers repeat exactly, and are stored exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Probability(u32);

impl Probability {
    pub(crate) const CERTAIN: Probability = Probability(1_000_000);

    /// From a JSON number such as `0.25`; `None` outside 0 to 1 or past six decimals.
    pub(crate) fn parse(number: &serde_json::Number) -> Option<Probability> {
        let text = number.to_string();
        let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
        if decimals.len() > 6 || !decimals.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        let millionths: u32 = format!("{whole}{decimals:0<6}").parse().ok()?;
        (millionths <= Probability::CERTAIN.0).then_some(Probability(millionths))
    }

    /// As it was parsed.
    pub(crate) fn number(self) -> serde_json::Number {
        let (whole, millionths) = (self.0 / 1_000_000, self.0 % 1_000_000);
        if millionths == 0 {
            return whole.into();
        }
        let number = format!("{whole}.{millionths:06}").parse().ok();
        number.and_then(serde_json::Number::from_f64).unwrap_or_else(|| whole.into())
    }
}

/// The one source of chance in a sandbox.
#[derive(Debug)]
pub(crate) struct Dice {
    thrown: AtomicU64,
}

impl Dice {
    pub(crate) fn new(seed: Option<u64>) -> Dice {
        Dice { thrown: AtomicU64::new(seed.unwrap_or_else(|| rand::rng().random())) }
    }

    /// Where the throws have come to: `new` with it goes on from here.
    pub(crate) fn position(&self) -> u64 {
        self.thrown.load(Ordering::Acquire)
    }

    pub(crate) fn go_to(&self, position: u64) {
        self.thrown.store(position, Ordering::Release);
    }

    /// `AYCqZ`, the end of a payment key.
    pub(crate) fn alphanumeric(&self, length: usize) -> String {
        self.letters(ALPHANUMERIC, length)
    }

    /// The end of a transaction key.
    pub(crate) fn base32(&self, length: usize) -> String {
        self.letters(BASE32_LOWER, length)
    }

    /// A transaction key that is not a card's.
    pub(crate) fn hex_upper(&self, length: usize) -> String {
        self.letters(HEX_UPPER, length)
    }

    /// An account number.
    pub(crate) fn digits(&self, length: usize) -> String {
        self.letters(DIGITS, length)
    }

    /// A trace id.
    pub(crate) fn hex(&self, length: usize) -> String {
        self.letters(HEX_LOWER, length)
    }

    /// Whether something of this probability happens now.
    pub(crate) fn falls(&self, probability: Probability) -> bool {
        self.below(MILLION) < u64::from(probability.0)
    }

    fn letters(&self, letters: &[u8], length: usize) -> String {
        (0..length)
            .filter_map(|_| {
                let count = u64::try_from(letters.len()).unwrap_or(1);
                let at = usize::try_from(self.below(count)).unwrap_or(0);
                letters.get(at).copied().map(char::from)
            })
            .collect()
    }

    /// The high half of a product is spread evenly enough over what is far below 2⁶⁴.
    fn below(&self, limit: u64) -> u64 {
        u64::try_from((u128::from(self.throw()) * u128::from(limit)) >> 64).unwrap_or(0)
    }

    fn throw(&self) -> u64 {
        let mut mixed = self.thrown.fetch_add(GAMMA, Ordering::AcqRel).wrapping_add(GAMMA);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}
