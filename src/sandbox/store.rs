//! `--state FILE`: everything the sandbox remembers, kept over a restart.
//!
//! How: a task writes the whole state a moment after something changed, and once more at the
//! stop, so that no call waits for the disk. A file is written beside the old one and takes its
//! place in one step, so that a crash leaves the one or the other. What happened in the last
//! moment before a crash is lost, and so is a call that was under way.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::sandbox::calls::{Call, SavedAnswer};
use crate::sandbox::clock::Hands;
use crate::sandbox::faults::{self, Fault};
use crate::sandbox::payments::BookSnapshot;
use crate::sandbox::state::State;
use crate::sandbox::vault::Vault;
use crate::sandbox::webhooks;

/// Raised when an older sandbox could not read the file any more.
const FORMAT: u32 = 1;
/// Changes of so long are written together.
const WRITE_EVERY: Duration = Duration::from_millis(500);

/// The whole state as it is written.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Saved {
    format: u32,
    clock: Hands,
    dice: u64,
    latency_ms: u64,
    last_fault: u64,
    faults: Vec<Value>,
    webhooks: webhooks::Saved,
    answers: Vec<SavedAnswer>,
    calls: Vec<Call>,
    book: BookSnapshot,
    #[serde(rename = "wallet")]
    vault: Vault,
}

/// What every format has.
#[derive(Deserialize)]
struct Head {
    format: u32,
}

/// The file.
#[derive(Debug)]
pub(crate) struct Store {
    file: PathBuf,
}

impl Store {
    /// Reads the file into `state`, or begins it. An error is a sentence.
    pub(crate) fn open(file: PathBuf, state: &State) -> Result<Store, String> {
        let shown = file.display().to_string();
        match std::fs::read(&file) {
            Ok(bytes) => {
                let saved = read(&bytes).map_err(|problem| refused(&shown, &problem))?;
                restore(saved, state).map_err(|problem| refused(&shown, &problem))?;
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(refused(&shown, &format!("cannot be read: {error}"))),
        }
        // Now, rather than when there is something to lose.
        replace(&file, &bytes_of(state))
            .map_err(|error| refused(&shown, &format!("cannot be written: {error}")))?;
        Ok(Store { file })
    }

    /// Writes whenever something has changed, until the sandbox stops.
    pub(crate) async fn keep(&self, state: &Arc<State>) {
        loop {
            tokio::select! {
                () = state.lifecycle.closing.passed() => return,
                () = state.lifecycle.touched() => {}
            }
            tokio::select! {
                () = state.lifecycle.closing.passed() => return,
                () = tokio::time::sleep(WRITE_EVERY) => {}
            }
            if state.lifecycle.take_touched() {
                self.write(state).await;
            }
        }
    }

    /// Writes now.
    pub(crate) async fn write(&self, state: &Arc<State>) {
        let (file, of) = (self.file.clone(), Arc::clone(state));
        let written = tokio::task::spawn_blocking(move || replace(&file, &bytes_of(&of))).await;
        if let Ok(Err(error)) = written {
            tracing::error!(file = %self.file.display(), %error, "the state was not stored");
            state.lifecycle.touch();
        }
    }
}

fn refused(file: &str, problem: &str) -> String {
    format!(
        "the state file {file} {problem}; name another file with --state (GYESAN_SANDBOX_STATE), \
         or move this one away to begin anew"
    )
}

fn read(bytes: &[u8]) -> Result<Saved, String> {
    let Head { format } = serde_json::from_slice(bytes)
        .map_err(|error| format!("is not a sandbox's state: {error}"))?;
    if format > FORMAT {
        return Err(format!(
            "was written by a newer sandbox (format {format}, this one reads {FORMAT})"
        ));
    }
    serde_json::from_slice(bytes).map_err(|error| format!("is damaged: {error}"))
}

fn bytes_of(state: &State) -> Vec<u8> {
    let State { processor, calls, webhooks, .. } = state;
    let saved = Saved {
        format: FORMAT,
        clock: processor.clock.hands(),
        dice: processor.dice.position(),
        latency_ms: calls.latency_ms(),
        last_fault: state.faults.last_id(),
        faults: state.faults.in_force().iter().map(faults::shown).collect(),
        webhooks: webhooks.saved(),
        answers: calls.answers.saved(),
        calls: calls.log.latest(usize::MAX, |_| true),
        book: processor.book().snapshot(),
        vault: processor.vault().clone(),
    };
    // Our own structs, which always serialise.
    serde_json::to_vec(&saved).unwrap_or_default()
}

fn restore(saved: Saved, state: &State) -> Result<(), String> {
    let damaged = |problem: String| format!("is damaged: {problem}");
    let State { processor, calls, webhooks, .. } = state;
    processor.clock.set_hands(saved.clock);
    processor.dice.go_to(saved.dice);
    calls.restore_latency_ms(saved.latency_ms);
    let faults: Result<Vec<Fault>, String> =
        saved.faults.into_iter().map(faults::restored).collect();
    state.faults.restore(faults.map_err(damaged)?, saved.last_fault);
    webhooks.restore(saved.webhooks, processor.clock.now()).map_err(damaged)?;
    calls.answers.restore(saved.answers).map_err(damaged)?;
    for call in saved.calls {
        calls.log.note(call);
    }
    *processor.vault() = saved.vault;
    let mut book = processor.book();
    book.restore(saved.book, &processor.accounts);
    book.listen(webhooks.is_listening());
    Ok(())
}

/// Puts `bytes` in the place of what the file held, all or nothing.
fn replace(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut beside = file.as_os_str().to_owned();
    beside.push(".part");
    let beside = PathBuf::from(beside);
    let mut part = OpenOptions::new().write(true).create(true).truncate(true).open(&beside)?;
    part.write_all(bytes)?;
    part.sync_all()?;
    std::fs::rename(&beside, file)?;
    // The new name is on the disk only when the folder is.
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or_else(|| Path::new(".")))?.sync_all()
}
