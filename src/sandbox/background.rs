//! What goes on by itself while a sandbox serves: time acts, and webhooks leave.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use crate::sandbox::state::State;
use crate::sandbox::webhooks::{Job, Outcome, Sender};

/// How often the sandbox's clock is looked at while nothing happens.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// Lets time pass and carries what is due, until the sandbox stops. What is under way then is
/// dropped: a receiver may be the one who waits for this sandbox to end.
pub(crate) async fn run(state: Arc<State>) {
    let mut under_way = JoinSet::new();
    let mut every = tokio::time::interval(LOOK_EVERY);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = state.lifecycle.closing.passed() => return,
            () = state.webhooks.rung() => {}
            _ = every.tick() => state.pump().unawaited(),
            Some(_) = under_way.join_next() => {}
        }
        for job in state.webhooks.jobs() {
            under_way.spawn(attempt(Arc::clone(&state), job));
        }
    }
}

async fn attempt(state: Arc<State>, job: Job) {
    let State { processor, webhooks, .. } = &*state;
    let (assumed, dice) = (&processor.assumed, &processor.dice);
    let sender = Sender { keys: &webhooks.keys, assumed, dice };
    let Outcome { attempt, success } =
        webhooks.courier.carry(&job, &sender, processor.clock.now()).await;
    webhooks.done(&job, attempt, success);
    state.lifecycle.touch();
}
