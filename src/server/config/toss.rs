//! Which Toss the shop talks to, and with which keys.

use clap::Args;
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};

use crate::server::config::parse;

/// Which Toss the shop talks to. None of the four set: the sandbox. All four: that Toss.
#[derive(Clone, Debug, Default, Args)]
pub struct Toss {
    /// Toss's API [real: https://api.tosspayments.com] [default: the sandbox].
    #[arg(long, env = "TOSS_API_URL", value_parser = parse::toss_api)]
    pub toss_api_url: Option<Url>,

    /// Toss's browser script [real: https://js.tosspayments.com/v2/standard] [default: the
    /// sandbox's].
    #[arg(long, env = "TOSS_SCRIPT_URL", value_parser = parse::toss_script)]
    pub toss_script_url: Option<Url>,

    /// Widget client key, test_gck_… or live_gck_… [default: Toss's public documentation key].
    #[arg(long, env = "TOSS_CLIENT_KEY")]
    pub toss_client_key: Option<String>,

    /// Toss's security key, 64 hex digits: checks the signature of the webhooks that have one.
    #[arg(long, env = "TOSS_SECURITY_KEY", hide_env_values = true)]
    pub toss_security_key: Option<SecretString>,

    /// Widget secret key, test_gsk_… or live_gsk_… [default: Toss's public documentation key].
    #[arg(long, env = "TOSS_SECRET_KEY", hide_env_values = true)]
    pub toss_secret_key: Option<SecretString>,
}

/// Toss's public documentation pair, safe to print (Toss: api.md §1.2).
pub const DOCS_CLIENT_KEY: &str = "test_gck_docs_Ovk5rk1EwkEbP0W43n07xlzm";
pub const DOCS_SECRET_KEY: &str = "test_gsk_docs_OaPz8L5KdmQXkzRz3y47BMw6";

/// Toss: api.md §1.2.
const SECURITY_KEY_DIGITS: usize = 64;

/// Which Toss, once the settings have been found consistent.
#[derive(Debug)]
pub enum Chosen {
    /// Our own stand-in, with this pair of keys.
    Sandbox { client_key: String, secret_key: SecretString },
    /// A Toss at these addresses.
    Remote { api: Url, script: Url, client_key: String, secret_key: SecretString },
}

impl Toss {
    /// The security key, if there is one, or in one sentence what is wrong with it: a wrong one
    /// would find every signature false.
    pub fn security_key(&self) -> Result<Option<SecretString>, String> {
        let key = self.toss_security_key.as_ref().map(|key| key.expose_secret().trim());
        let Some(key) = key.filter(|key| !key.is_empty()) else { return Ok(None) };
        if key.len() == SECURITY_KEY_DIGITS && key.bytes().all(|it| it.is_ascii_hexdigit()) {
            return Ok(Some(SecretString::from(key)));
        }
        let length = key.chars().count();
        Err(format!(
            "TOSS_SECURITY_KEY must be Toss's security key, {SECURITY_KEY_DIGITS} hexadecimal \
             digits such as 0a1b2c…, and has {length} characters (Toss's developer centre: 보안 키); \
             leave it out where there is none"
        ))
    }

    /// Decides which Toss is meant, or says in one sentence what is wrong and what to do.
    pub fn choose(self) -> Result<Chosen, String> {
        self.security_key()?;
        let keys = match (self.toss_client_key, self.toss_secret_key) {
            (None, None) => None,
            (Some(client), Some(secret)) => Some(check_keys(client, secret)?),
            (Some(_), None) => {
                return Err("TOSS_SECRET_KEY is missing: TOSS_CLIENT_KEY and TOSS_SECRET_KEY are \
                            a pair, set both (test_gsk_… goes with test_gck_…)"
                    .to_owned());
            }
            (None, Some(_)) => {
                return Err("TOSS_CLIENT_KEY is missing: TOSS_CLIENT_KEY and TOSS_SECRET_KEY are \
                            a pair, set both (test_gck_… goes with test_gsk_…)"
                    .to_owned());
            }
        };
        let is_live = keys.as_ref().is_some_and(|(client, _)| client.starts_with("live_"));
        match (self.toss_api_url, self.toss_script_url) {
            (None, None) if is_live => {
                Err("live keys are set but no Toss address, so the sandbox \
                 would be used: set TOSS_API_URL=https://api.tosspayments.com and \
                 TOSS_SCRIPT_URL=https://js.tosspayments.com/v2/standard, or use test keys"
                    .to_owned())
            }
            (None, None) => {
                let (client_key, secret_key) = keys.unwrap_or_else(|| {
                    (DOCS_CLIENT_KEY.to_owned(), SecretString::from(DOCS_SECRET_KEY))
                });
                Ok(Chosen::Sandbox { client_key, secret_key })
            }
            (Some(_), None) => Err("TOSS_SCRIPT_URL is missing: it goes with TOSS_API_URL, for \
                 example TOSS_SCRIPT_URL=https://js.tosspayments.com/v2/standard"
                .to_owned()),
            (None, Some(_)) => Err("TOSS_API_URL is missing: it goes with TOSS_SCRIPT_URL, for \
                 example TOSS_API_URL=https://api.tosspayments.com"
                .to_owned()),
            (Some(api), Some(script)) => {
                for (name, url) in [("TOSS_API_URL", &api), ("TOSS_SCRIPT_URL", &script)] {
                    check_address(name, url, is_live)?;
                }
                let (client_key, secret_key) = keys.ok_or(
                    "TOSS_CLIENT_KEY and TOSS_SECRET_KEY are missing: a Toss address needs the \
                     keys of its merchant, for example test_gck_… and test_gsk_…",
                )?;
                Ok(Chosen::Remote { api, script, client_key, secret_key })
            }
        }
    }
}

/// Neither a password nor anything else of an address is printed but the host.
fn check_address(name: &str, url: &Url, is_live: bool) -> Result<(), String> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("{name} must be an http or https address, not {}:", url.scheme()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(format!(
            "{name} has a user or a password in it, which would be shown: Toss's keys are \
             TOSS_CLIENT_KEY and TOSS_SECRET_KEY, and its address is such as \
             https://api.tosspayments.com"
        ));
    }
    if is_live && url.scheme() != "https" {
        let host = url.host_str().unwrap_or_default();
        return Err(format!(
            "live keys must not go to {host} by http, a sandbox or an open line: set {name} to \
             Toss's https address, or use test keys"
        ));
    }
    Ok(())
}

/// A widget pair of one environment; never a secret where the browser's key belongs.
fn check_keys(client: String, secret: SecretString) -> Result<(String, SecretString), String> {
    let kind = |key: &str| {
        let known = [
            ("test_gck_", "test", "client"),
            ("live_gck_", "live", "client"),
            ("test_gsk_", "test", "secret"),
            ("live_gsk_", "live", "secret"),
            ("test_ck_", "test", "individual"),
            ("live_ck_", "live", "individual"),
            ("test_sk_", "test", "individual secret"),
            ("live_sk_", "live", "individual secret"),
        ];
        let found = known.into_iter().find(|(prefix, _, _)| key.starts_with(prefix));
        found.map(|(_, environment, kind)| (environment, kind))
    };
    let (client_kind, secret_kind) = (kind(&client), kind(secret.expose_secret()));
    if let Some((_, "secret" | "individual secret")) = client_kind {
        return Err("TOSS_CLIENT_KEY holds a secret key, which every buyer's browser would see: \
                    put the key that starts with test_gck_ or live_gck_ there"
            .to_owned());
    }
    let Some((client_environment, "client")) = client_kind else {
        return Err("TOSS_CLIENT_KEY must be the widget's client key, which starts with \
                    test_gck_ or live_gck_ (Toss's developer centre: 결제위젯 연동 키)"
            .to_owned());
    };
    let Some((secret_environment, "secret")) = secret_kind else {
        return Err("TOSS_SECRET_KEY must be the widget's secret key, which starts with \
                    test_gsk_ or live_gsk_ (Toss's developer centre: 결제위젯 연동 키)"
            .to_owned());
    };
    if client_environment != secret_environment {
        return Err(format!(
            "TOSS_CLIENT_KEY is a {client_environment} key and TOSS_SECRET_KEY a \
             {secret_environment} key: use two of one environment"
        ));
    }
    Ok((client, secret))
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::{Chosen, Toss};

    fn choose(api: &str, script: &str, client: &str, secret: &str) -> Result<Chosen, String> {
        let set = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let url = |text: &str| set(text).map(|text| text.parse().unwrap());
        Toss {
            toss_api_url: url(api),
            toss_script_url: url(script),
            toss_client_key: set(client),
            toss_secret_key: set(secret).map(Into::into),
            toss_security_key: None,
        }
        .choose()
    }

    #[test]
    fn nothing_set_is_the_sandbox_and_everything_set_is_not() {
        assert!(matches!(choose("", "", "", ""), Ok(Chosen::Sandbox { .. })));
        let own = choose("", "", "test_gck_a", "test_gsk_b");
        assert!(
            matches!(own, Ok(Chosen::Sandbox { client_key, .. }) if client_key == "test_gck_a")
        );
        let real = ["https://api.tosspayments.com", "https://js.tosspayments.com/v2/standard"];
        for (client, secret) in [("live_gck_a", "live_gsk_b"), ("test_gck_a", "test_gsk_b")] {
            assert!(matches!(choose(real[0], real[1], client, secret), Ok(Chosen::Remote { .. })));
        }
    }

    #[test]
    fn what_is_inconsistent_is_named() {
        let (api, script) = ("http://127.0.0.1:1/", "http://127.0.0.1:1/v2/standard");
        for (api, script, client, secret, named) in [
            ("", "", "live_gck_a", "live_gsk_b", "sandbox would be used"),
            (api, script, "live_gck_a", "live_gsk_b", "live keys must not go to"),
            ("", "", "test_gsk_a", "test_gsk_b", "TOSS_CLIENT_KEY holds a secret key"),
            ("", "", "test_sk_a", "test_gsk_b", "TOSS_CLIENT_KEY holds a secret key"),
            ("", "", "test_ck_a", "test_sk_b", "test_gck_"),
            ("", "", "test_gck_a", "test_gck_b", "TOSS_SECRET_KEY must be"),
            ("", "", "test_gck_a", "live_gsk_b", "one environment"),
            ("", "", "test_gck_a", "", "TOSS_SECRET_KEY is missing"),
            ("", "", "", "test_gsk_b", "TOSS_CLIENT_KEY is missing"),
            (api, "", "", "", "TOSS_SCRIPT_URL is missing"),
            ("", script, "", "", "TOSS_API_URL is missing"),
            (api, script, "", "", "TOSS_CLIENT_KEY and TOSS_SECRET_KEY are missing"),
            ("ftp://x/", script, "test_gck_a", "test_gsk_b", "TOSS_API_URL must be"),
            ("ftp://u:_gsk_b@x/", script, "test_gck_a", "test_gsk_b", "TOSS_API_URL must be"),
            ("http://u:_gsk_b@x/", script, "test_gck_a", "test_gsk_b", "a user or a password"),
            (api, "http://_gsk_b@x/", "live_gck_a", "live_gsk_b", "live keys must not go to"),
        ] {
            let told = choose(api, script, client, secret).unwrap_err();
            assert!(told.contains(named), "{told}");
            assert!(!told.contains("_gsk_b"), "a secret was printed: {told}");
        }
    }

    #[test]
    fn a_security_key_has_64_hexadecimal_digits() {
        let key = |key: &str| Toss { toss_security_key: Some(key.into()), ..Toss::default() };
        for good in ["0a1B".repeat(16), format!(" {}\n", "9".repeat(64))] {
            let kept = key(&good).security_key().unwrap().unwrap();
            assert_eq!(kept.expose_secret(), good.trim());
            assert!(key(&good).choose().is_ok());
        }
        assert!(key("").security_key().unwrap().is_none());
        assert!(Toss::default().security_key().unwrap().is_none());
        for bad in ["abc", &"0".repeat(63), &"0".repeat(65), &"g".repeat(64), &"가".repeat(64)] {
            let told = key(bad).choose().unwrap_err();
            assert!(told.contains("TOSS_SECURITY_KEY") && told.contains("64 hex"), "{told}");
            assert!(!told.contains(bad), "{told}");
        }
    }
}
