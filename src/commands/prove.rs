//! `gyesan prove`: the money proof at once, and what it found in words.

use std::sync::Arc;

use reqwest::Url;

use crate::server::config::{Chosen, Face, ProveArgs, Waiting};
use crate::server::ledger::Ledger;
use crate::server::ledger::live::Live;
use crate::server::limits::budget::Budget;
use crate::server::limits::callers::Callers;
use crate::server::limits::guesses::Guesses;
use crate::server::proof::{self, Asked, Finding, Repair, Report, Stopped};
use crate::server::runtime::clock::{self, Clock};
use crate::server::runtime::failures::FailureLog;
use crate::server::runtime::metrics::Metrics;
use crate::server::runtime::presence::Presence;
use crate::server::runtime::tasks::Tasks;
use crate::server::token::Signer;
use crate::server::toss_api::client::TossClient;
use crate::server::{App, Handles, Shop};
use crate::startup::console::say;
use crate::startup::storage::open;

/// What is found is told on standard output.
pub const LOG_LEVELS: &str = "warn,gyesan::server::proof=off";

/// A person waits, and Toss itself says when it is asked too often.
const QUESTIONS_PER_MINUTE: u32 = 60_000;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Proves, prints, and fails where something differs.
pub async fn run(args: ProveArgs) -> Result<(), String> {
    let asked = Asked {
        from: args.from,
        // To the end of that day.
        to: args.to.map(|day| day + DAY_MS),
        repair: if args.repair { Repair::WhereSafe } else { Repair::Nothing },
        ..Asked::default()
    };
    if asked.from.zip(asked.to).is_some_and(|(from, to)| from >= to) {
        return Err("--from must not be after --to".to_owned());
    }
    let (app, toss) = app(args).await?;
    let stranger = match proof::recognise(&app).await {
        Ok(recognised) => recognised.complaint(),
        // The proof itself tells it better.
        Err(_) => None,
    };
    if let Some(complaint) = stranger {
        app.db.close().await;
        return Err(format!(
            "nothing was compared with Toss at {}: {complaint}; see TOSS_API_URL, the keys, \
             GYESAN_SANDBOX_ADDR and DATABASE_URL",
            toss.url
        ));
    }
    let proved = proof::whole(&app, asked, async |wait| tokio::time::sleep(wait).await).await;
    app.db.close().await;
    let report = proved.map_err(|stopped| explain(stopped, &toss))?;
    say(&told(&report));
    if report.is_proved() { Ok(()) } else { Err(complaint(&report)) }
}

/// The handles of a shop that serves nobody, and where its Toss is.
async fn app(args: ProveArgs) -> Result<(App, Where), String> {
    let (api, client_key, secret_key, is_sandbox) = match args.toss.choose()? {
        Chosen::Remote { api, client_key, secret_key, script: _ } => {
            (api, client_key, secret_key, false)
        }
        Chosen::Sandbox { client_key, secret_key } => {
            let api = format!("http://{}", args.sandbox_addr);
            let api = Url::parse(&api).map_err(|error| error.to_string())?;
            (api, client_key, secret_key, true)
        }
    };
    let toss_at = Where { url: api.to_string(), is_sandbox };
    let metrics = Metrics::default();
    let toss = TossClient::new(api, secret_key, metrics.clone())
        .map_err(|error| format!("the HTTP client did not start: {error}"))?;
    let shop = Shop {
        client_key,
        script_url: String::new(),
        public_url: String::new(),
        is_sandbox,
        deposits: Waiting::default(),
        face: Face::default(),
    };
    let db = open(&args.storage).await?;
    let app = App::from(Handles {
        ledger: Ledger::of_command(db.clone()),
        db,
        toss,
        clock: Clock::default(),
        tasks: Tasks::default(),
        metrics,
        live: Live::default(),
        budget: Budget::per_minute(QUESTIONS_PER_MINUTE),
        webhook_budget: Budget::per_minute(QUESTIONS_PER_MINUTE),
        webhook_rate: Budget::per_minute(QUESTIONS_PER_MINUTE),
        callers: Callers::default(),
        guesses: Guesses::default(),
        failures: FailureLog::new("background"),
        // No browser comes here.
        signer: Signer::new(clock::random_text(26)),
        security_key: None,
        presence: Presence::default(),
        wake: Arc::default(),
        shop: Arc::new(shop),
    });
    Ok((app, toss_at))
}

#[derive(Debug)]
struct Where {
    url: String,
    is_sandbox: bool,
}

fn explain(stopped: Stopped, toss: &Where) -> String {
    let heard = match stopped {
        Stopped::NoList(heard) => heard,
        Stopped::Failed(error) => {
            let source = std::error::Error::source(&error).map(ToString::to_string);
            let told = format!("the proof stopped: {error} {}", source.unwrap_or_default());
            error.log();
            return told.trim_end().to_owned();
        }
    };
    let url = &toss.url;
    if heard != "could not connect" {
        return format!("Toss at {url} did not list its transactions: {heard}");
    }
    let hint = if toss.is_sandbox {
        "the sandbox runs inside the shop: start `gyesan serve`, or set the real Toss's address \
         and keys as the shop has them"
    } else {
        "see TOSS_API_URL and the network"
    };
    format!("Toss cannot be reached at {url}; {hint}")
}

/// The report in words. Its last line is the drift.
fn told(report: &Report) -> String {
    let (from, to) = (clock::korean(report.from), clock::korean(report.to));
    let mut told = format!(
        "{} orders here; {} transactions at Toss from {from} to {to}\n",
        report.orders, report.listed
    );
    for offence in &report.offences {
        told.push_str(&format!("\nbroken here: {offence}\n"));
    }
    for finding in &report.repaired {
        told.push_str(&format!("\n{}  repaired: it was settled\n", of_finding(finding)));
    }
    for finding in &report.differing {
        let repair = if finding.mends {
            "`gyesan prove --repair` settles it"
        } else {
            finding.cause.by_hand()
        };
        told.push_str(&format!("\n{}  repair: {repair}\n", of_finding(finding)));
    }
    if report.on_their_way > 0 {
        let count = report.on_their_way;
        told.push_str(&format!("\n{count} orders are open: the shop is asking Toss about them\n"));
    }
    if report.unanswered > 0 {
        let count = report.unanswered;
        told.push_str(&format!("\nToss did not say how {count} orders stand: prove again later\n"));
    }
    told.push_str(&format!("\ndrift {} won", report.drift()));
    told
}

fn of_finding(finding: &Finding) -> String {
    let Finding { order_id, status, kept, drift, cause, detail, .. } = finding;
    let here = kept - drift;
    let name = if status.is_empty() { order_id.clone() } else { format!("{order_id} {status}") };
    let cause = cause.sentence();
    format!("{name}: {here} won here, {kept} at Toss ({drift:+})\n  {cause}\n  Toss: {detail}\n")
}

fn complaint(report: &Report) -> String {
    let broken = report.offences.len();
    if broken > 0 {
        return format!("{broken} rows break a law of the database");
    }
    if report.differing.is_empty() {
        return "Toss did not say how every order stands".to_owned();
    }
    format!("{} orders differ from Toss", report.differing.len())
}
