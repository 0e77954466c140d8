//! What can be counted and timed, for Prometheus at `/metrics`. Ids and personal data never are.

use std::sync::Arc;
use std::time::Duration;

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::domain::order::Status;

type Labels = Vec<(&'static str, String)>;

/// Counters of one shop. Clones are the same counters.
#[derive(Clone, Debug)]
pub struct Metrics {
    inside: Arc<Inside>,
}

#[derive(Debug)]
struct Inside {
    registry: Registry,
    orders_moved: Family<Labels, Counter>,
    toss_calls: Family<Labels, Counter>,
    toss_seconds: Family<Labels, Histogram>,
    webhooks: Family<Labels, Counter>,
    webhooks_not_kept: Family<Labels, Counter>,
    payments_open: Gauge,
    oldest_open_seconds: Gauge,
    payments_due: Gauge,
    cancels_open: Gauge,
    webhooks_waiting: Gauge,
    webhooks_given_up: Gauge,
    proof_findings: Family<Labels, Counter>,
    drift_won: Gauge,
    proof_offences: Gauge,
    proof_age_seconds: Gauge,
    streams_open: Gauge,
    looks: Counter,
    clock_jumps: Counter,
    clock_ahead_seconds: Gauge,
}

/// From a local answer to Toss's longest.
const SECONDS: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 15.0, 60.0];

/// Codes are Toss's and few, but a false Toss could invent them without end.
const CODE_LENGTH_MAX: usize = 60;

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("gyesan");
        let orders_moved = Family::default();
        registry.register(
            "orders_moved",
            "Orders that entered a state, by state",
            orders_moved.clone(),
        );
        let toss_calls = Family::default();
        registry.register(
            "toss_calls",
            "Calls to Toss, by call and by what was answered",
            toss_calls.clone(),
        );
        let toss_seconds: Family<Labels, Histogram> =
            Family::new_with_constructor(|| Histogram::new(SECONDS));
        registry.register(
            "toss_call_seconds",
            "Time until Toss answered, by call",
            toss_seconds.clone(),
        );
        let webhooks = Family::default();
        registry.register("webhooks", "Webhooks received, by event", webhooks.clone());
        let webhooks_not_kept = Family::default();
        registry.register(
            "webhooks_not_kept",
            "Webhooks that were not filed, by reason",
            webhooks_not_kept.clone(),
        );
        let proof_findings = Family::default();
        registry.register(
            "proof_findings",
            "Orders that were found to differ from Toss, by cause, also those put right",
            proof_findings.clone(),
        );
        let mut gauge = |name: &str, help: &str| {
            let gauge: Gauge = Gauge::default();
            registry.register(name, help, gauge.clone());
            gauge
        };
        let payments_open = gauge("payments_open", "Payments of which something is to be heard");
        let oldest_open_seconds =
            gauge("payments_open_oldest_seconds", "Age of the oldest open payment");
        let payments_due = gauge("payments_due", "Open payments whose next question is due");
        let cancels_open = gauge("cancels_open", "Money on its way back: rows of the outbox");
        let webhooks_waiting = gauge("webhooks_waiting", "Webhooks filed and not worked through");
        let webhooks_given_up =
            gauge("webhooks_given_up", "Webhooks that came to nothing in four days");
        let drift_won = gauge("drift_won", "Won by which orders and Toss differ, without sign");
        let proof_offences = gauge("proof_offences", "Rows that break a law of the database");
        let proof_age_seconds =
            gauge("proof_age_seconds", "How far the proof is behind with Toss's list");
        let streams_open = gauge("streams_open", "Open pages that follow their order by a stream");
        let clock_ahead_seconds = gauge(
            "clock_ahead_seconds",
            "How far the machine's clock is ahead of Toss's, as far as Toss was heard",
        );
        let clock_jumps = Counter::default();
        registry.register(
            "clock_jumps",
            "Times that the machine's clock was set while the shop was up",
            clock_jumps.clone(),
        );
        let looks = Counter::default();
        registry.register(
            "looks",
            "Looks at the database for what is new to open streams",
            looks.clone(),
        );
        let inside = Inside {
            registry,
            orders_moved,
            toss_calls,
            toss_seconds,
            webhooks,
            webhooks_not_kept,
            payments_open,
            oldest_open_seconds,
            payments_due,
            cancels_open,
            webhooks_waiting,
            webhooks_given_up,
            proof_findings,
            drift_won,
            proof_offences,
            proof_age_seconds,
            streams_open,
            looks,
            clock_jumps,
            clock_ahead_seconds,
        };
        Metrics { inside: Arc::new(inside) }
    }
}

impl Metrics {
    pub fn order_moved(&self, to: Status) {
        let labels = vec![("status", to.as_str().to_owned())];
        self.inside.orders_moved.get_or_create(&labels).inc();
    }

    /// The database was asked for what is new to open streams.
    pub fn looked(&self) {
        self.inside.looks.inc();
    }

    /// The machine's clock was set.
    pub fn clock_jumped(&self) {
        self.inside.clock_jumps.inc();
    }

    /// `call` as in `confirm`; `answer` is Toss's status or code, or why there was none.
    pub fn toss_called(&self, call: &'static str, answer: &str, duration: Duration) {
        let answer = answer.chars().take(CODE_LENGTH_MAX).collect();
        let call = ("call", call.to_owned());
        let labels = vec![call.clone(), ("answer", answer)];
        self.inside.toss_calls.get_or_create(&labels).inc();
        self.inside.toss_seconds.get_or_create(&vec![call]).observe(duration.as_secs_f64());
    }

    pub fn proof_found(&self, cause: &'static str) {
        let labels = vec![("cause", cause.to_owned())];
        self.inside.proof_findings.get_or_create(&labels).inc();
    }

    pub fn webhook_received(&self, event: &str) {
        // What anyone may post is counted under names we know.
        const KNOWN: [&str; 4] = [
            "PAYMENT_STATUS_CHANGED",
            "DEPOSIT_CALLBACK",
            "CANCEL_STATUS_CHANGED",
            "BILLING_DELETED",
        ];
        let event = KNOWN.into_iter().find(|known| *known == event).unwrap_or("OTHER");
        self.inside.webhooks.get_or_create(&vec![("event", event.to_owned())]).inc();
    }

    pub fn webhook_not_kept(&self, why: &'static str) {
        let labels = vec![("why", why.to_owned())];
        self.inside.webhooks_not_kept.get_or_create(&labels).inc();
    }

    /// Sets what is not counted but looked up, and renders all of it in the text form of OpenMetrics.
    pub fn render(&self, now: &Figures) -> Result<String, std::fmt::Error> {
        let inside = &self.inside;
        inside.payments_open.set(now.payments_open);
        inside.oldest_open_seconds.set(now.oldest_open_seconds);
        inside.payments_due.set(now.payments_due);
        inside.cancels_open.set(now.cancels_open);
        inside.webhooks_waiting.set(now.webhooks_waiting);
        inside.webhooks_given_up.set(now.webhooks_given_up);
        inside.drift_won.set(now.drift_won);
        inside.proof_offences.set(now.proof_offences);
        inside.proof_age_seconds.set(now.proof_age_seconds);
        inside.streams_open.set(now.streams_open);
        inside.clock_ahead_seconds.set(now.clock_ahead_seconds);
        let mut text = String::new();
        encode(&mut text, &inside.registry)?;
        Ok(text)
    }
}

/// How things stand at one moment; see the texts of the gauges.
#[derive(Clone, Copy, Debug)]
pub struct Figures {
    pub payments_open: i64,
    pub oldest_open_seconds: i64,
    pub payments_due: i64,
    pub cancels_open: i64,
    pub webhooks_waiting: i64,
    pub webhooks_given_up: i64,
    pub drift_won: i64,
    pub proof_offences: i64,
    pub proof_age_seconds: i64,
    pub streams_open: i64,
    pub clock_ahead_seconds: i64,
}
