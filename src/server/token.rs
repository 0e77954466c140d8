//! Tokens that browsers keep: random, and signed by the shop, so that one which it has not given
//! out is nobody's.
//!
//! Why signed, when a hash is in the database: a browser has its token long before there is a row
//! for it, and would bring it in later as its own, whoever made it.

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::server::Error;
use crate::server::db::{Db, secrets};
use crate::server::runtime::clock;

/// 130 random bits.
pub const TOKEN_LETTERS: usize = 26;

/// What successors are written in: five bits a letter.
const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// Of the key: 260 random bits.
const KEY_LETTERS: usize = 52;

/// The name of the key among the shop's secrets.
const COOKIES: &str = "cookies";

/// Signs what browsers keep. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Signer {
    key: SecretString,
}

impl Signer {
    pub fn new(key: String) -> Signer {
        Signer { key: SecretString::from(key) }
    }

    /// As all instances on this database sign; the first of them makes the key.
    pub async fn of_shop(db: &Db, now: i64) -> Result<Signer, Error> {
        if let Some(key) = secrets::of_name(db.read(), COOKIES).await? {
            return Ok(Signer::new(key));
        }
        let mut tx = db.write().await?;
        secrets::insert(&mut tx, COOKIES, &clock::random_text(KEY_LETTERS), now).await?;
        tx.commit().await?;
        let key = secrets::of_name(db.read(), COOKIES).await?;
        key.map(Signer::new).ok_or(Error::Impossible("a secret just made is not there"))
    }

    /// What a cookie of this name keeps.
    pub fn signed(&self, name: &str, token: &str) -> String {
        format!("{token}.{}", hex::encode(self.mac(&[name, token]).unwrap_or_default()))
    }

    /// The token in a cookie of this name, if the shop has signed it.
    pub fn token_of(&self, name: &str, cookie: &str) -> Option<String> {
        let (token, signature) = cookie.split_once('.')?;
        let ours = hex::encode(self.mac(&[name, token])?);
        let is_ours: bool = ours.as_bytes().ct_eq(signature.as_bytes()).into();
        is_ours.then(|| token.to_owned())
    }

    /// The token that follows on this one. Always the same, so that two requests which were sent
    /// together know of each other; and nobody's but the shop's to say.
    pub fn successor(&self, token: &str, of: &str) -> String {
        let mac = self.mac(&["successor", token, of]).unwrap_or_default();
        let letters = mac.iter().filter_map(|byte| LETTERS.get(usize::from(byte & 31)));
        letters.take(TOKEN_LETTERS).map(|letter| char::from(*letter)).collect()
    }

    fn mac(&self, parts: &[&str]) -> Option<Vec<u8>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.key.expose_secret().as_bytes()).ok()?;
        for part in parts {
            mac.update(part.as_bytes());
            mac.update(b"\0");
        }
        Some(mac.finalize().into_bytes().iter().copied().collect())
    }
}

/// What the database knows a token by.
pub fn hash_of(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::{Signer, TOKEN_LETTERS};

    #[test]
    fn only_what_was_signed_by_this_key_for_this_cookie_is_read() {
        let signer = Signer::new("a key".to_owned());
        let token = "a".repeat(TOKEN_LETTERS);
        let cookie = signer.signed("one", &token);
        assert_eq!(signer.token_of("one", &cookie), Some(token.clone()));
        let (_, signature) = cookie.split_once('.').unwrap();
        for (name, other) in [
            ("two", cookie.clone()),
            ("one", token.clone()),
            ("one", format!("{token}.")),
            ("one", format!("{}.{signature}", "b".repeat(TOKEN_LETTERS))),
            ("one", format!("{token}.{}", &signature[1..])),
            ("one", format!("{token}.{}", signature.to_uppercase())),
            ("one", Signer::new("another key".to_owned()).signed("one", &token)),
            ("one", String::new()),
            ("one", ".".to_owned()),
        ] {
            assert_eq!(signer.token_of(name, &other), None, "{name} {other}");
        }
    }

    #[test]
    fn a_successor_is_always_the_same_and_only_this_keys() {
        let signer = Signer::new("a key".to_owned());
        let next = signer.successor("token", "someone");
        assert_eq!(next, signer.successor("token", "someone"));
        assert_eq!(next.len(), TOKEN_LETTERS);
        assert_ne!(next, signer.successor("token", "another"));
        assert_ne!(next, signer.successor("tokens", "omeone"));
        assert_ne!(next, Signer::new("another".to_owned()).successor("token", "someone"));
    }
}
