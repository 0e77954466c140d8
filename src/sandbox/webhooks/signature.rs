//! What signs an event, and the security keys that sign (Toss: webhooks.md §4, api.md §1.2).

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::sandbox::assumptions::KeyForm;
use crate::sandbox::clock::Moment;

/// The old key still signs for this long beside the new one.
const OLD_KEY_MINUTES: i64 = 7 * 24 * 60;

/// `v1:` and the HMAC over the body, a colon and the time of sending.
pub(crate) fn signature(security_key: &str, form: KeyForm, body: &str, sent_at: &str) -> String {
    let key = match form {
        KeyForm::Text => security_key.as_bytes().to_vec(),
        KeyForm::Decoded => decoded(security_key),
    };
    // An HMAC takes a key of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&key) else { return String::new() };
    mac.update(body.as_bytes());
    mac.update(b":");
    mac.update(sent_at.as_bytes());
    format!("v1:{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// Each merchant's security key, and when it was issued anew.
///
/// Why derived from the merchant's id: the key is the same in every sandbox, so that a test
/// can have it in its settings before anything starts. It guards nothing but play money.
#[derive(Debug, Default)]
pub(crate) struct SecurityKeys {
    reissues: Mutex<Reissues>,
}

pub(crate) type Reissues = BTreeMap<String, Reissue>;

/// How often a merchant's key was issued anew.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reissue {
    pub(crate) count: u32,
    pub(crate) at: Moment,
}

impl SecurityKeys {
    /// The key in force, and the one before it while that still signs.
    pub(crate) fn in_force(&self, m_id: &str, now: Moment) -> Vec<String> {
        match self.reissues().get(m_id) {
            None => vec![key(m_id, 0)],
            Some(Reissue { count, at }) => {
                let old = (now < at.plus_minutes(OLD_KEY_MINUTES)).then(|| count - 1);
                std::iter::once(*count).chain(old).map(|count| key(m_id, count)).collect()
            }
        }
    }

    /// Issues a new key. `None` while there are two already.
    pub(crate) fn reissue(&self, m_id: &str, now: Moment) -> Option<()> {
        let mut reissues = self.reissues();
        let count = match reissues.get(m_id) {
            Some(Reissue { at, .. }) if now < at.plus_minutes(OLD_KEY_MINUTES) => return None,
            Some(Reissue { count, .. }) => count.checked_add(1)?,
            None => 1,
        };
        reissues.insert(m_id.to_owned(), Reissue { count, at: now });
        Some(())
    }

    pub(crate) fn saved(&self) -> Reissues {
        self.reissues().clone()
    }

    pub(crate) fn restore(&self, saved: Reissues) {
        *self.reissues() = saved;
    }

    fn reissues(&self) -> MutexGuard<'_, Reissues> {
        self.reissues.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// 64 hexadecimal digits (Toss: api.md §1.2).
fn key(m_id: &str, count: u32) -> String {
    let digest = Sha256::digest(format!("sandbox security key/{m_id}/{count}"));
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn decoded(key: &str) -> Vec<u8> {
    let digits = key.as_bytes().chunks(2);
    digits.filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}
