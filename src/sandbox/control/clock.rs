//! `/__sandbox/clock`: reads the sandbox's clock, moves it forward, stops and starts it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State as Shared;
use serde_json::{Value, json};

use crate::sandbox::clock::{AHEAD_MS_MAX, Moment};
use crate::sandbox::fields::{FieldFault, Flag};
use crate::sandbox::json_body::{JsonFields, Refused};
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
    let target = match fields.maybe_text("now", 20..=35)? {
        Some(text) => Some(forward(&state, &text)?),
        None => None,
    };
    fields.finish()?;
    match stopped {
        Some(Flag::On) => state.processor.clock.stop(),
        Some(Flag::Off) => state.processor.clock.start(),
        None => {}
    }
    state.processor.clock.advance(seconds.unwrap_or(0).saturating_mul(1_000));
    if let Some(target) = target {
        state.processor.clock.advance(target.ms_after(state.processor.clock.now()));
    }
    Ok(Json(reading(&state)))
}

/// A time to set the clock to. Only forward, so that nothing that happened is in the future.
fn forward(state: &State, text: &str) -> Result<Moment, FieldFault> {
    let target = Moment::parse(text).ok_or_else(|| {
        FieldFault::new("now", "must be a time such as 2030-01-31T09:00:00+09:00")
    })?;
    let ahead_ms = target.ms_after(state.processor.clock.now());
    if ahead_ms < 0 {
        let problem = format!("is in the past: it is {} here", state.processor.clock.now().iso());
        return Err(FieldFault::new("now", problem));
    }
    if ahead_ms > AHEAD_MS_MAX {
        return Err(FieldFault::new("now", "is more than a hundred years ahead"));
    }
    Ok(target)
}

fn reading(state: &State) -> Value {
    let reading = state.processor.clock.read();
    json!({
        "now": reading.now.iso(),
        "aheadSeconds": reading.ahead_ms.div_euclid(1_000),
        "stopped": reading.stopped,
    })
}
