//! A history from its beginning to what is thought of it.

use tokio::runtime::Runtime;

use crate::trials::simulate::history::{Ended, History};
use crate::trials::simulate::judge::judge;
use crate::trials::simulate::stage::Stage;

/// Plays the history of this seed.
pub(super) fn play(
    runtime: &Runtime,
    stage: &Stage,
    seed: u64,
    events: usize,
) -> Result<Ended, String> {
    let mut history = History::begin(runtime, stage, seed)?;
    while history.events() < events && history.offences.is_empty() {
        history.next();
    }
    judge(&mut history)?;
    Ok(history.end())
}
