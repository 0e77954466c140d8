//! Where histories are played: one database, emptied before each, a sandbox of each one's own, and
//! instances of the shop on both.

use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use reqwest::Url;
use secrecy::SecretString;
use serde_json::Value;

use crate::sandbox::{self, Sandbox};
use crate::server::config::{DOCS_CLIENT_KEY, DOCS_SECRET_KEY, Face, Waiting};
use crate::server::db::{Db, rehearsal};
use crate::server::ledger::Ledger;
use crate::server::ledger::live::Live;
use crate::server::limits::budget::Budget;
use crate::server::limits::callers::Callers;
use crate::server::limits::guesses::Guesses;
use crate::server::runtime::clock::Clock;
use crate::server::runtime::failures::FailureLog;
use crate::server::runtime::metrics::Metrics;
use crate::server::runtime::presence::Presence;
use crate::server::runtime::tasks::Tasks;
use crate::server::token::Signer;
use crate::server::toss_api::client::TossClient;
use crate::server::{App, Handles, Shop};
use crate::trials::child::Folder;
use crate::trials::simulate::line::Line;
use crate::trials::simulate::machine::{BEGINNING, Machine};

/// Instances of the shop, side by side on one database.
pub(super) const INSTANCES: usize = 2;

/// One at a time reads, while the one that read before is put back. Each keeps statements and pages
/// of its own.
const READERS: u32 = 2;

/// Where a file needs no disk: what is shown here is not that disks keep what they were given.
const MEMORY: &str = "/dev/shm";

/// What outlives a history.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) db: Db,
    toss: TossClient,
    shop: Arc<Shop>,
    metrics: Metrics,
    /// Empties all tables.
    empty: String,
    /// Dropped last.
    _folder: Folder,
}

impl Stage {
    pub(super) async fn set() -> Result<Stage, String> {
        let memory = Path::new(MEMORY);
        let folder = Folder::make(memory.is_dir().then_some(memory))?;
        let explain = |error: sqlx::Error| format!("the simulation's database failed: {error}");
        let url = format!("sqlite://{}", folder.path().join("shop.db").display());
        let db = Db::open_with(&url, READERS).await.map_err(explain)?;
        db.migrate().await.map_err(|error| error.to_string())?;
        let empty = rehearsal::keep(&db).await.map_err(explain)?;
        let metrics = Metrics::default();
        let api = Url::parse("http://localhost/").map_err(|error| error.to_string())?;
        let secret_key = SecretString::from(DOCS_SECRET_KEY);
        let toss = TossClient::new(api, secret_key, metrics.clone())
            .map_err(|error| format!("the HTTP client did not start: {error}"))?;
        let shop = Arc::new(Shop {
            client_key: DOCS_CLIENT_KEY.to_owned(),
            script_url: String::new(),
            public_url: "http://shop.localhost".to_owned(),
            is_sandbox: true,
            deposits: Waiting::default(),
            face: Face::default(),
        });
        Ok(Stage { db, toss, shop, metrics, empty, _folder: folder })
    }

    /// As on the first morning.
    pub(super) async fn clear(&self) -> Result<(), sqlx::Error> {
        rehearsal::alter(&self.db, &self.empty).await
    }

    /// A sandbox whose chance is this machine's.
    /// A deaf shop has never told Toss where to send webhooks.
    pub(super) fn sandbox(&self, machine: &Rc<Machine>, is_deaf: bool) -> Result<Toss, String> {
        let config =
            sandbox::Config::default().with_seed(machine.below(u64::MAX)).with_clock_at(BEGINNING);
        let config = match is_deaf {
            true => config,
            false => config.with_webhook("http://127.0.0.1:9/webhooks/toss")?,
        };
        let sandbox = Sandbox::new(config).direct();
        Ok(Toss { sandbox })
    }

    /// An instance that has just started on a machine with this clock.
    pub(super) fn instance(&self, toss: &Toss, clock: Clock) -> App {
        let live = Live::default();
        App::from(Handles {
            ledger: Ledger::heard_by(self.db.clone(), self.metrics.clone(), live.clone()),
            db: self.db.clone(),
            toss: self.toss.clone().over(Line::to(toss.sandbox.clone())),
            clock,
            tasks: Tasks::default(),
            metrics: self.metrics.clone(),
            budget: Budget::per_minute(6_000),
            webhook_budget: Budget::per_minute(6_000),
            webhook_rate: Budget::per_minute(6_000),
            callers: Callers::default(),
            guesses: Guesses::default(),
            failures: FailureLog::new("background"),
            live,
            signer: Signer::new("of every history".to_owned()),
            security_key: None,
            presence: Presence::default(),
            wake: Arc::default(),
            shop: Arc::clone(&self.shop),
        })
    }
}

/// Toss in one history, as people and their banks reach it.
#[derive(Clone, Debug)]
pub(super) struct Toss {
    pub(super) sandbox: sandbox::Direct,
}

impl Toss {
    /// What happens at Toss or at a bank; what it answers.
    pub(super) async fn tell(&self, method: &str, path: &str, body: &Value) -> Value {
        let mut request = Request::new(Body::from(body.to_string()));
        *request.method_mut() = method.parse().unwrap_or_default();
        *request.uri_mut() = path.parse().unwrap_or_default();
        let headers = request.headers_mut();
        headers.insert("content-type", "application/json".parse().unwrap_or(EMPTY));
        if path.starts_with("/v1/") {
            use base64::Engine;
            let key = base64::prelude::BASE64_STANDARD.encode(format!("{DOCS_SECRET_KEY}:"));
            let basic = format!("Basic {key}").parse().unwrap_or(EMPTY);
            headers.insert("authorization", basic);
        }
        let response = self.sandbox.call(request).await;
        let body = to_bytes(response.into_body(), 10_000_000).await.unwrap_or_default();
        serde_json::from_slice(&body).unwrap_or_default()
    }
}

const EMPTY: axum::http::HeaderValue = axum::http::HeaderValue::from_static("");
