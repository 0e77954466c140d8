//! `gyesan sandbox`: the stand-in for Toss alone, for any shop in any language.

use secrecy::{ExposeSecret, SecretString};

use crate::sandbox::{self, Sandbox};
use crate::server::config::{DOCS_CLIENT_KEY, DOCS_SECRET_KEY, LogFormat, SandboxArgs};
use crate::startup::{LOG_LEVELS, listen_for_sandbox, reach, say, start_log, stop_signal, url_of};

/// Serves until it is told to stop.
pub(super) async fn run(args: SandboxArgs) -> Result<(), String> {
    start_log(LOG_LEVELS, LogFormat::Text);
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
