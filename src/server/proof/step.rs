//! One step of the proof: a page of each walk, a range of one table, a few orders.

use crate::server::db::proofs;
use crate::server::proof::look::{self, Outcome, Repair};
use crate::server::proof::{laws, walk};
use crate::server::{App, Error};

/// Orders compared in one step. Most need no question to Toss.
const LOOKS_MAX: i64 = 50;

/// Rows asked for at once. Toss gives 5,000 at most (Toss: api.md §6.5), but an answer of that size
/// is over a megabyte, and this many are a page every minute for a shop with an order a second.
pub const PAGE_ROWS: u32 = 500;

/// What a step did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// Rows of Toss's list.
    pub listed: usize,
    /// Rows of the shop's own tables.
    pub gone_through: usize,
    /// Orders compared.
    pub compared: usize,
    /// Orders put right.
    pub repaired: usize,
}

impl Step {
    /// There was nothing to do yet.
    pub fn is_idle(self) -> bool {
        self == Step::default()
    }
}

/// A small part of the proof, bounded in what it costs: at most a page of each walk, a range of one
/// table, and a few orders. Any number of instances may do this side by side.
pub async fn step(app: &App) -> Result<Step, Error> {
    step_by(app, PAGE_ROWS).await
}

/// As [`step`], with pages of another size.
pub async fn step_by(app: &App, page_rows: u32) -> Result<Step, Error> {
    let mut step = Step::default();
    for walk in walk::ALL {
        step.listed += walk::walk(app, walk, page_rows).await?;
    }
    step.gone_through = laws::go_on(app).await?;
    let due = proofs::due(app.db.read(), app.clock.now(), LOOKS_MAX).await?;
    for row in &due {
        match look::look(app, row, Repair::WhereSafe).await? {
            Outcome::Fine | Outcome::Differs(_) | Outcome::OnItsWay => step.compared += 1,
            Outcome::Repaired(_) => {
                step.compared += 1;
                step.repaired += 1;
            }
            Outcome::Taken => {}
            // The others would only wait as long for nothing.
            Outcome::NoAnswer => break,
        }
    }
    Ok(step)
}
