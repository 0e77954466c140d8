//! `/__sandbox/clock`: reads the sandbox's clock, moves it forward, stops and starts it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State as Shared;
use serde_json::{Value, json};

use crate::sandbox::clock::AHEAD_MS_MAX;
use crate::sandbox::control::{JsonFields, Refused};
use crate::sandbox::fields::Flag;
use crate::sandbox::state::State;

pub(crate) async fn read(Shared(state): Shared<Arc<State>>) -> Json<Value> {
    Json(reading(&state))
}

pub(crate) async fn set(
    Shared(state): Shared<Arc<State>>,
    JsonFields(mut fields): JsonFields,
) -> Result<Json<Value>, Refused> {
    let seconds = fields.maybe_whole("advanceSeconds", 0..=AHEAD_MS_MAX / 1_000)?;
    let stopped = fields.maybe_flag("stopped")?;
    fields.finish()?;
    match stopped {
        Some(Flag::On) => state.clock.stop(),
        Some(Flag::Off) => state.clock.start(),
        None => {}
    }
    state.clock.advance(seconds.unwrap_or(0).saturating_mul(1_000));
    Ok(Json(reading(&state)))
}

fn reading(state: &State) -> Value {
    let reading = state.clock.read();
    json!({
        "now": reading.now.iso(),
        "aheadSeconds": reading.ahead_ms.div_euclid(1_000),
        "stopped": reading.stopped,
    })
}
