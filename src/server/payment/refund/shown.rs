//! Refunds as their order's page shows them to its owner.

use crate::contract::{RefundLineView, RefundState, RefundView};
use crate::server::db::cancels::{self, CancelRow, Kind, State};
use crate::server::db::refund_lines;
use crate::server::runtime::clock;
use crate::server::{App, Error};

/// Refunds that a page shows; the newest are the ones that matter.
const SHOWN_MAX: usize = 100;

/// An order's refunds, the newest first. What was written down and came to nothing is left out,
/// but for what Toss refused.
pub async fn shown(app: &App, order_id: &str) -> Result<Vec<RefundView>, Error> {
    let mut reader = app.db.read().acquire().await?;
    let rows = cancels::of_order(&mut reader, order_id).await?;
    drop(reader);
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let lines = refund_lines::of_order(app.db.read(), order_id).await?;
    let mut views = Vec::new();
    for row in rows.iter().rev().take(SHOWN_MAX) {
        let (Some(amount), Some(state)) = (row.amount, state(row)) else { continue };
        let own = lines.iter().filter(|line| line.cancel_id == row.id);
        views.push(RefundView {
            amount,
            lines: own
                .map(|line| RefundLineView {
                    name: line.name.clone(),
                    quantity: line.quantity,
                    amount: line.amount,
                })
                .collect(),
            asked_at: clock::korean(row.created_at),
            state,
            reason: row.reason.clone(),
            account: row.account_masked.clone(),
        });
    }
    Ok(views)
}

fn state(row: &CancelRow) -> Option<RefundState> {
    if row.kind == Kind::Compensation {
        return None;
    }
    match row.state {
        State::Account => Some(RefundState::AccountNeeded),
        State::Open => Some(RefundState::Asked),
        State::Running => Some(RefundState::Running),
        State::Done => Some(RefundState::Done),
        State::Refused | State::Aborted => Some(RefundState::Refused),
        State::Needless => None,
    }
}
