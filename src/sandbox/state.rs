//! One sandbox in its parts, shared by all its calls, and what goes from one part to another.

use std::time::Duration;

use crate::sandbox::calls::Calls;
use crate::sandbox::clock::Clock;
use crate::sandbox::config::Config;
use crate::sandbox::dice::Dice;
use crate::sandbox::faults::Faults;
use crate::sandbox::gate::Gate;
use crate::sandbox::lifecycle::Lifecycle;
use crate::sandbox::processor::Processor;
use crate::sandbox::reach::Reach;
use crate::sandbox::webhooks::{WAIT, WebhookEvent, Webhooks};

/// Events that must reach their receivers before the call that caused them is answered.
#[must_use]
pub(crate) struct Arrivals(Vec<Gate>);

impl Arrivals {
    /// Waits for them; not longer than a receiver may take, and not while the sandbox stops.
    pub(crate) async fn all(self, closing: &Gate) {
        if self.0.is_empty() {
            return;
        }
        let arrived = async {
            for gate in self.0 {
                gate.passed().await;
            }
        };
        tokio::select! {
            () = arrived => {}
            () = tokio::time::sleep(WAIT + Duration::from_secs(1)) => {}
            () = closing.passed() => {}
        }
    }

    /// For what is no answer of the API.
    pub(crate) fn unawaited(self) {}
}

/// The parts.
///
/// Invariant: no lock is held while waiting, and none of the locks inside is taken while
/// another one is held, save for the dice, which take no other.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) processor: Processor,
    pub(crate) calls: Calls,
    pub(crate) faults: Faults,
    pub(crate) webhooks: Webhooks,
    pub(crate) reach: Reach,
    pub(crate) lifecycle: Lifecycle,
}

impl State {
    pub(crate) fn new(config: Config) -> State {
        let Config {
            accounts,
            assumptions,
            seed,
            webhooks,
            webhook_wait,
            latency_ms,
            reach,
            clock_at,
        } = config;
        let clock = clock_at.map_or_else(Clock::new, Clock::stopped_at);
        let state = State {
            processor: Processor::new(accounts, assumptions, clock, Dice::new(seed)),
            calls: Calls::with_latency_ms(latency_ms),
            faults: Faults::default(),
            webhooks: Webhooks::new(webhooks, webhook_wait),
            reach,
            lifecycle: Lifecycle::new(),
        };
        state.listen();
        state
    }

    /// Tells the book whether anyone listens, after registrations have changed.
    pub(crate) fn listen(&self) {
        self.processor.book().listen(self.webhooks.is_listening());
    }

    /// Lets time act and hands what happened to the webhooks. Called after each call, and by a
    /// ticking task for what happens by itself.
    pub(crate) fn pump(&self) -> Arrivals {
        let mut arrivals = Arrivals(Vec::new());
        if !self.webhooks.is_listening() {
            return arrivals;
        }
        let Processor { clock, dice, .. } = &self.processor;
        let now = clock.now();
        let taken_back = self.webhooks.due_reversals(now);
        let entries = {
            let mut book = self.processor.book();
            for key in taken_back {
                // By then it may be cancelled, or gone; a bank would find nothing either.
                let _ = book.change(&key, now, |it| it.reverse_deposit(now, dice));
            }
            book.pass_time(now);
            book.take_outbox()
        };
        for entry in entries {
            arrivals.0.extend(self.webhooks.accept(WebhookEvent::from(entry), now, dice));
        }
        self.webhooks.pass_time(now);
        arrivals
    }
}
