//! Who may call: merchants, and the pairs of a client key and a secret key that belong to them.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// The pairs that Toss prints in its own documentation (Toss: api.md §1.2).
const DOCUMENTED: [(&str, &str); 2] = [
    ("test_gck_docs_Ovk5rk1EwkEbP0W43n07xlzm", "test_gsk_docs_OaPz8L5KdmQXkzRz3y47BMw6"),
    ("test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq", "test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R"),
];
const DOCUMENTED_M_ID: &str = "tgen_docs";

/// The API versions the sandbox speaks, the newest last (Toss: api.md §1.6).
const VERSIONS: [&str; 2] = ["2022-11-16", "2024-06-01"];
/// Of which the billing object names no card company and no number of its own.
const VERSION_WITHOUT_BILLING_CARD: &str = "2024-06-01";

/// Keys are short; a limit keeps a look-up by a hostile header cheap.
pub(crate) const KEY_LENGTH_MAX: usize = 200;

/// Which product a key was issued for (Toss: api.md §1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyKind {
    /// `gck` and `gsk`: the widgets and the window they open.
    Widget,
    /// `ck` and `sk`: each API by itself.
    Individual,
}

/// One merchant's pair of keys.
///
/// Invariant: both keys are of one kind and of one environment.
#[derive(PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) m_id: String,
    /// API version of the merchant (Toss: api.md §1.6).
    pub(crate) version: String,
    pub(crate) kind: KeyKind,
    /// Live keys ignore test codes.
    pub(crate) live: bool,
    pub(crate) client_key: String,
    secret_key: String,
}

impl Account {
    /// Merchants with an older version see two more fields on a billing object.
    pub(crate) fn shows_billing_card(&self) -> bool {
        self.version.as_str() < VERSION_WITHOUT_BILLING_CARD
    }

    /// The pair of Toss's documentation, which has no business number.
    pub(crate) fn is_documented(&self) -> bool {
        self.m_id == DOCUMENTED_M_ID
    }
}

impl fmt::Debug for Account {
    /// Without the secret key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("m_id", &self.m_id)
            .field("client_key", &self.client_key)
            .finish_non_exhaustive()
    }
}

/// Why a pair of keys can't be registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PairRefused {
    /// The client key is not `test_gck_…`, `test_ck_…` or one of their live forms.
    NotAClientKey,
    /// The secret key is not `test_gsk_…`, `test_sk_…` or one of their live forms.
    NotASecretKey,
    /// One is a widget key and the other an individual key.
    KindsDiffer,
    /// One is a test key and the other a live key.
    EnvironmentsDiffer,
    /// One of the two already belongs to another pair.
    Taken,
    /// The merchant id is empty, too long, or not of letters, digits, `-` and `_`.
    NotAMerchantId,
    /// The API version is none the sandbox speaks.
    UnknownVersion,
}

impl fmt::Display for PairRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            PairRefused::NotAClientKey => {
                "the client key must begin with test_gck_, test_ck_, live_gck_ or live_ck_"
            }
            PairRefused::NotASecretKey => {
                "the secret key must begin with test_gsk_, test_sk_, live_gsk_ or live_sk_"
            }
            PairRefused::KindsDiffer => {
                "the keys are of two kinds: gck goes with gsk, and ck with sk"
            }
            PairRefused::EnvironmentsDiffer => "one key is for testing and the other is live",
            PairRefused::Taken => "one of the keys already belongs to another pair",
            PairRefused::NotAMerchantId => {
                "the merchant id must have 1 to 14 letters, digits, - and _"
            }
            PairRefused::UnknownVersion => "the API version must be 2022-11-16 or 2024-06-01",
        })
    }
}

impl std::error::Error for PairRefused {}

/// Every pair the sandbox knows.
#[derive(Clone)]
pub(crate) struct Accounts {
    by_secret: HashMap<String, Arc<Account>>,
    by_client: HashMap<String, Arc<Account>>,
}

impl fmt::Debug for Accounts {
    /// By client key: the secret keys are names in a map and would be printed as such.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.client_keys()).finish()
    }
}

impl Accounts {
    /// The public pairs of Toss's documentation.
    pub(crate) fn documented() -> Accounts {
        let mut accounts = Accounts { by_secret: HashMap::new(), by_client: HashMap::new() };
        for (client_key, secret_key) in DOCUMENTED {
            // They are well formed, which a test holds.
            let _ = accounts.add(DOCUMENTED_M_ID, None, client_key, secret_key);
        }
        accounts
    }

    /// Registers a pair. One that is registered already is left as it is.
    ///
    /// A pair for widgets has the version that is fixed for them; another that names none has
    /// the newest, as test merchants do.
    pub(crate) fn add(
        &mut self,
        m_id: &str,
        version: Option<&str>,
        client_key: &str,
        secret_key: &str,
    ) -> Result<(), PairRefused> {
        let client = prefix(client_key, "gck", "ck").ok_or(PairRefused::NotAClientKey)?;
        let secret = prefix(secret_key, "gsk", "sk").ok_or(PairRefused::NotASecretKey)?;
        if client.kind != secret.kind {
            return Err(PairRefused::KindsDiffer);
        }
        if client.live != secret.live {
            return Err(PairRefused::EnvironmentsDiffer);
        }
        let is_m_id = (1..=14).contains(&m_id.len())
            && m_id.bytes().all(|it| it.is_ascii_alphanumeric() || b"-_".contains(&it));
        if !is_m_id {
            return Err(PairRefused::NotAMerchantId);
        }
        let [widget_version, newest] = VERSIONS;
        let version = match (client.kind, version) {
            (_, Some(version)) if !VERSIONS.contains(&version) => {
                return Err(PairRefused::UnknownVersion);
            }
            (KeyKind::Widget, _) => widget_version,
            (KeyKind::Individual, version) => version.unwrap_or(newest),
        };
        match (self.by_client.get(client_key), self.by_secret.get(secret_key)) {
            (Some(one), Some(other)) if Arc::ptr_eq(one, other) => return Ok(()),
            (None, None) => {}
            (Some(_), _) | (None, Some(_)) => return Err(PairRefused::Taken),
        }
        let account = Arc::new(Account {
            m_id: m_id.to_owned(),
            version: version.to_owned(),
            kind: client.kind,
            live: client.live,
            client_key: client_key.to_owned(),
            secret_key: secret_key.to_owned(),
        });
        self.by_client.insert(client_key.to_owned(), Arc::clone(&account));
        self.by_secret.insert(account.secret_key.clone(), account);
        Ok(())
    }

    pub(crate) fn by_secret(&self, secret_key: &str) -> Option<&Arc<Account>> {
        self.by_secret.get(secret_key)
    }

    pub(crate) fn by_client(&self, client_key: &str) -> Option<&Arc<Account>> {
        self.by_client.get(client_key)
    }

    /// The merchants, sorted.
    pub(crate) fn m_ids(&self) -> Vec<String> {
        let mut m_ids: Vec<String> = self.by_client.values().map(|it| it.m_id.clone()).collect();
        m_ids.sort_unstable();
        m_ids.dedup();
        m_ids
    }

    /// The client keys, sorted.
    pub(crate) fn client_keys(&self) -> Vec<&str> {
        let mut keys: Vec<&str> = self.by_client.keys().map(String::as_str).collect();
        keys.sort_unstable();
        keys
    }
}

/// What the beginning of a key says.
struct Prefix {
    kind: KeyKind,
    live: bool,
}

fn prefix(key: &str, widget: &str, individual: &str) -> Option<Prefix> {
    if key.len() > KEY_LENGTH_MAX || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return None;
    }
    let (environment, rest) = key.split_once('_')?;
    let (kind, rest) = rest.split_once('_')?;
    let live = match environment {
        "test" => false,
        "live" => true,
        _ => return None,
    };
    let kind = match kind {
        _ if rest.is_empty() => return None,
        _ if kind == widget => KeyKind::Widget,
        _ if kind == individual => KeyKind::Individual,
        _ => return None,
    };
    Some(Prefix { kind, live })
}

/// An account by its client key, for what is kept over a restart. Reading gives an account
/// that can do nothing; whoever reads looks up the registered one.
pub(crate) mod account_by_client {
    use std::sync::Arc;

    use serde::{Deserialize, Deserializer, Serializer};

    use super::{Account, KeyKind};

    pub(crate) fn serialize<S: Serializer>(
        account: &Arc<Account>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&account.client_key)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Arc<Account>, D::Error> {
        Ok(Arc::new(Account {
            client_key: String::deserialize(deserializer)?,
            m_id: String::new(),
            version: String::new(),
            kind: KeyKind::Widget,
            live: false,
            secret_key: String::new(),
        }))
    }
}
