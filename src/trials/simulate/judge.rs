//! What must hold at the end of every history: first when everything has settled, then when every
//! time limit has passed.

use serde_json::{Value, json};

use crate::domain::id::OrderId;
use crate::server::db::invariants::{self, AtToss};
use crate::server::db::rehearsal::{self, Standing};
use crate::trials::simulate::history::History;
use crate::trials::simulate::stage::INSTANCES;
use crate::trials::simulate::{post, staff};

/// Rounds of background work until nothing is open. A doubt ends 12 minutes after the return; a
/// cancel that Toss refuses is tried again after ten.
const ROUNDS_MAX: usize = 60;
const ROUND_MS: i64 = 61_000;

/// Between two looks whether Toss has sent again what a receiver that died has not answered: it may
/// take days over that.
const REPEAT_MS: i64 = 3 * 60 * 60 * 1_000;

/// Steps of the money proof until it has seen everything, one by each instance.
const PROOFS: usize = INSTANCES;

/// Past every due date that a virtual account can have.
const ALL_OVER_MS: i64 = 40 * 24 * 60 * 60 * 1_000;

/// Lets the history end, and writes down everything that does not hold.
pub(super) fn judge(history: &mut History) -> Result<(), String> {
    if !history.offences.is_empty() {
        return Ok(());
    }
    history.calm();
    let mut is_certain = settles(history, Until::Certain)?;
    if history.is_deaf {
        prove(history, PROOFS);
        is_certain = is_certain && settles(history, Until::Certain)?;
    }
    if !is_certain {
        history.offences.push("something stays in doubt".to_owned());
    }
    check(history)?;
    history.wait(ALL_OVER_MS);
    // Also to hear what time it is at Toss.
    prove(history, 1);
    if !settles(history, Until::Over)? {
        history.offences.push("something outlives its time".to_owned());
    }
    check(history)
}

/// How far background work is to come.
#[derive(Clone, Copy, Debug)]
enum Until {
    /// Nothing is in doubt, and Toss has told what it has to tell.
    Certain,
    /// Nothing is left to happen.
    Over,
}

/// Background work, until there is none left; false if that does not come.
fn settles(history: &mut History, until: Until) -> Result<bool, String> {
    for round in 0..ROUNDS_MAX {
        carry_all(history);
        name_accounts(history)?;
        // By turns: either must be able to do all of it.
        let at = round % INSTANCES;
        let Some(app) = history.instance(at) else { continue };
        let known = history.known.clone();
        history.start(at, Some(staff::tick(app, known)));
        history.run_out();
        let pool = history.stage.db.read();
        let open = history
            .runtime
            .block_on(async {
                match until {
                    Until::Certain => rehearsal::in_doubt(pool).await,
                    Until::Over => rehearsal::unfinished(pool).await,
                }
            })
            .map_err(|error| format!("the simulation's database failed: {error}"))?;
        let will_hear = history.toss.sandbox.will_post();
        if open == 0 && !will_hear {
            return Ok(true);
        }
        history.wait(if open == 0 { REPEAT_MS } else { ROUND_MS });
    }
    Ok(false)
}

/// What no webhook tells is found in Toss's list, which lags a little.
fn prove(history: &mut History, steps: usize) {
    for round in 0..steps {
        history.wait(ROUND_MS);
        let at = round % INSTANCES;
        let Some(app) = history.instance(at) else { continue };
        let known = history.known.clone();
        history.start(at, Some(staff::prove(app, known)));
        history.run_out();
    }
}

/// Whoever is waited for names an account.
fn name_accounts(history: &mut History) -> Result<(), String> {
    let waiting = rehearsal::waiting_for_account(history.stage.db.read());
    let waiting = history.runtime.block_on(waiting);
    let waiting = waiting.map_err(|error| format!("the simulation's database failed: {error}"))?;
    for id in waiting {
        let (Some(app), Ok(id)) = (history.instance(0), OrderId::parse(&id)) else { continue };
        let known = history.known.clone();
        history.start(0, staff::give_account(app, known, id));
        history.run_out();
    }
    Ok(())
}

/// Every webhook that is under way arrives.
fn carry_all(history: &mut History) {
    history.known.borrow_mut().collect(&history.toss);
    while let Some(app) = history.instance(0) {
        let (known, toss) = (history.known.clone(), history.toss.clone());
        let Some(call) = post::carry_next(app, known, toss) else { return };
        history.start(0, Some(call));
        history.run_out();
        history.known.borrow_mut().collect(&history.toss);
    }
}

fn check(history: &mut History) -> Result<(), String> {
    let pool = history.stage.db.read();
    let explain = |error: sqlx::Error| format!("the simulation's database failed: {error}");
    let told =
        history.runtime.block_on(history.toss.tell("GET", "/__sandbox/payments", &json!({})));
    let at_toss = rows(&told);
    let (own, against, twice, soon, ends) = history.runtime.block_on(async {
        let own = invariants::offences(pool).await;
        let against = invariants::against_toss(pool, &at_toss).await;
        let twice = rehearsal::paid_twice(pool).await;
        let soon = rehearsal::decided_too_soon(pool).await;
        let ends = rehearsal::standings(pool).await;
        (own, against, twice, soon, ends)
    });
    history.offences.extend(own.map_err(explain)?);
    history.offences.extend(against.map_err(explain)?);
    for order in twice.map_err(explain)? {
        history.offences.push(format!("{order}: its cart was paid already, and nobody meant it"));
    }
    let (soon, mut ends) = (soon.map_err(explain)?, ends.map_err(explain)?);
    // Ids are random within a day.
    let known = history.known.clone();
    for order in &known.borrow().orders {
        let Some(at) = ends.iter().position(|it| it.id.as_str() == order.id) else {
            let id = &order.id;
            history.offences.push(format!("{id}: the buyer was told of an order that is gone"));
            continue;
        };
        // What another program does later is not for this one to know.
        if !order.is_taken && soon.contains(&order.id) {
            let offence = "was decided while Toss could still take the money";
            history.offences.push(format!("{}: {offence}", order.id));
        }
        let Standing { id, status, paid, refunded } = ends.swap_remove(at);
        history.note(&format!("{id}: {status} paid={paid} refunded={refunded}"));
        history.offences.extend(order.promise_broken(status));
    }
    Ok(())
}

fn rows(told: &Value) -> Vec<AtToss> {
    let rows = told.get("payments").and_then(Value::as_array).cloned().unwrap_or_default();
    let text = |row: &Value, name: &str| -> String {
        row.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let whole = |row: &Value, name: &str| row.get(name).and_then(Value::as_i64).unwrap_or_default();
    rows.iter()
        .map(|row| AtToss {
            order_id: text(row, "orderId"),
            status: text(row, "status"),
            total: whole(row, "totalAmount"),
            balance: whole(row, "balanceAmount"),
        })
        .collect()
}
