//! `gyesan sandbox`: the stand-in for Toss alone, for any shop in any language.

use secrecy::{ExposeSecret, SecretString};

use crate::sandbox::{self, Sandbox};
use crate::server::config::{DOCS_CLIENT_KEY, DOCS_SECRET_KEY, SandboxArgs};
use crate::startup::console::say;
use crate::startup::listener::{listen_for_sandbox, reach, url_of};
use crate::startup::stopping::stop_signal;

/// Serves until it is told to stop.
pub async fn run(args: SandboxArgs) -> Result<(), String> {
    let sandbox = sandbox_of(&args)?;
    let listener = listen_for_sandbox(args.addr, reach(args.allow_remote)).await?;
    let url = url_of(&listener)?;
    let (client_key, secret_key) = match (&args.client_key, &args.secret_key) {
        (Some(client_key), Some(_)) => (client_key.as_str(), "the secret key that goes with it"),
        (Some(_) | None, _) => (DOCS_CLIENT_KEY, DOCS_SECRET_KEY),
    };
    say(&greeting(&url, client_key, secret_key));
    sandbox
        .serve(listener, stop_signal())
        .await
        .map_err(|error| format!("the sandbox stopped: {error}"))
}

fn sandbox_of(args: &SandboxArgs) -> Result<Sandbox, String> {
    let mut config = sandbox::Config::default()
        .with_reach(reach(args.allow_remote))
        .with_latency_ms(args.latency_ms);
    if let Some(seed) = args.seed {
        config = config.with_seed(seed);
    }
    if let (Some(client_key), Some(secret_key)) = (&args.client_key, &args.secret_key) {
        config = with_pair(config, client_key, secret_key)?;
    }
    for merchant in args.merchant.iter().filter(|it| !it.expose_secret().is_empty()) {
        config = with_merchant(config, merchant)?;
    }
    for url in args.shop_webhook.iter().filter(|url| !url.is_empty()) {
        config = config
            .with_webhook(url)
            .map_err(|fault| format!("--shop-webhook (GYESAN_SANDBOX_SHOP_WEBHOOK): {fault}"))?;
    }
    match &args.state {
        Some(file) => Sandbox::restored(config, file.clone()),
        None => Ok(Sandbox::new(config)),
    }
}

fn with_pair(
    config: sandbox::Config,
    client_key: &str,
    secret_key: &SecretString,
) -> Result<sandbox::Config, String> {
    config
        .with_pair(client_key, secret_key.expose_secret())
        .map_err(|refused| format!("--client-key and --secret-key cannot be used: {refused}"))
}

fn with_merchant(
    config: sandbox::Config,
    merchant: &SecretString,
) -> Result<sandbox::Config, String> {
    // What was given is never printed: a secret key is in it.
    let parts: Vec<&str> = merchant.expose_secret().split(':').collect();
    let [m_id, version, client_key, secret_key] = parts.as_slice() else {
        return Err(
            "--merchant (GYESAN_SANDBOX_MERCHANTS) must be an id, an API version, a client \
                    key and a secret key with colons between, such as \
                    shop01:2024-06-01:test_ck_…:test_sk_…"
                .to_owned(),
        );
    };
    config
        .with_merchant(m_id, version, client_key, secret_key)
        .map_err(|refused| format!("--merchant (GYESAN_SANDBOX_MERCHANTS): {refused}"))
}

/// What to change in a shop, whatever it is written in.
fn greeting(url: &str, client_key: &str, secret_key: &str) -> String {
    format!(
        "Sandbox of Toss Payments: {url}\n\
         \n\
         Play money (가상 결제). A shop uses it instead of Toss by two addresses and a pair of keys:\n\
         \n\
         \x20 API     https://api.tosspayments.com            ->  {url}\n\
         \x20 script  https://js.tosspayments.com/v2/standard ->  {url}/v2/standard\n\
         \x20 keys    {client_key}  (browser)\n\
         \x20         {secret_key}  (server)\n\
         \n\
         \x20 Node    await fetch(\"{url}/v1/payments/confirm\", {{ method: \"POST\", headers, body }})\n\
         \x20         await loadTossPayments(clientKey, {{ src: \"{url}/v2/standard\" }})\n\
         \x20 Python  requests.post(\"{url}/v1/payments/confirm\", json=body, auth=(secret_key, \"\"))\n\
         \x20 Java    HttpRequest.newBuilder(URI.create(\"{url}/v1/payments/confirm\"))\n\
         \n\
         Webhooks: --shop-webhook http://127.0.0.1:8080/webhook\n\
         Control page: {url}/__sandbox/   Its API: {url}/__sandbox/openapi.json"
    )
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::{greeting, sandbox_of};
    use crate::server::config::{Cli, Command, SandboxArgs};

    fn args(given: &[&str]) -> Result<Box<SandboxArgs>, String> {
        let cli = Cli::try_parse_from([&["gyesan", "sandbox"], given].concat());
        match cli.map_err(|error| error.to_string())?.command {
            Some(Command::Sandbox(args)) => Ok(args),
            Some(
                Command::Serve(_)
                | Command::Migrate(_)
                | Command::Drill(_)
                | Command::Prove(_)
                | Command::Simulate(_)
                | Command::Refund(_)
                | Command::Coupon(_)
                | Command::Product(_)
                | Command::Cancel(_)
                | Command::Backup(_)
                | Command::Restore(_)
                | Command::Bench(_),
            )
            | None => Err("another command".to_owned()),
        }
    }

    #[tokio::test]
    async fn every_setting_is_taken_together() {
        let given = args(&[
            "--addr",
            "127.0.0.1:0",
            "--seed",
            "7",
            "--latency-ms",
            "5",
            "--allow-remote",
            "--shop-webhook",
            "http://127.0.0.1:1/a",
            "--shop-webhook",
            "http://127.0.0.1:1/b",
            "--client-key",
            "live_gck_a",
            "--secret-key",
            "live_gsk_b",
            "--merchant",
            "shop01:2024-06-01:test_ck_c:test_sk_d",
        ]);
        assert!(sandbox_of(&given.unwrap()).is_ok());
    }

    #[tokio::test]
    async fn what_cannot_be_taken_is_named_and_no_secret_is_printed() {
        for (given, told) in [
            (&["--client-key", "test_gck_a"][..], "--secret-key"),
            (&["--client-key", "test_gsk_a", "--secret-key", "test_gsk_b"], "client key must"),
            (&["--client-key", "test_gck_a", "--secret-key", "test_sk_b"], "two kinds"),
            (&["--shop-webhook", "shop.example.com"], "--shop-webhook"),
            (&["--merchant", "shop01:test_ck_c:test_sk_b"], "--merchant"),
            (&["--merchant", "shop01:2020-01-01:test_ck_c:test_sk_b"], "API version"),
            (&["--latency-ms", "999999"], "--latency-ms"),
            (&["--seed", "soon"], "--seed"),
        ] {
            let refused = args(given).and_then(|args| sandbox_of(&args).map(drop)).unwrap_err();
            assert!(refused.contains(told), "{refused}");
            assert!(!refused.contains("sk_b"), "{refused}");
        }
    }

    #[test]
    fn the_greeting_begins_with_the_address_and_shows_three_languages() {
        let greeting = greeting("http://127.0.0.1:3100", "test_gck_a", "test_gsk_b");
        // The benchmark reads the first line.
        let first = greeting.lines().next().unwrap();
        assert_eq!(first, "Sandbox of Toss Payments: http://127.0.0.1:3100");
        for word in ["Node", "Python", "Java", "/v2/standard", "/__sandbox/", "가상 결제"] {
            assert!(greeting.contains(word), "{word}");
        }
    }
}
