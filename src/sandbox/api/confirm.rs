//! `POST /v1/payments/confirm`: the money moves here and nowhere else (Toss: api.md §4.1).

use std::sync::Arc;

use crate::sandbox::api::reception::{Done, Work};
use crate::sandbox::codes::{self, Refusal};
use crate::sandbox::fields::{FieldFault, Fields};
use crate::sandbox::payments::{Claim, Keys, face};
use crate::sandbox::state::{AMOUNT_MAX, State};

/// The body.
struct Body {
    payment_key: String,
    order_id: String,
    amount: i64,
}

pub(crate) fn perform(state: &State, work: Work, objection: Option<Refusal>) -> Done {
    let result = tested(&work).and_then(|()| {
        let body = work.fields.and_then(read).map_err(|_| Refusal::new("INVALID_REQUEST"))?;
        let now = state.clock.now();
        let keys = Keys {
            transaction: state.transaction_key(),
            secret: format!("ps_{}", state.dice.alphanumeric(28)),
        };
        let mut book = state.book();
        let payment = book
            .by_key(&body.payment_key, now)
            .ok_or_else(|| Refusal::new(state.assumed.confirm_unknown_payment))?;
        if !Arc::ptr_eq(&payment.account, &work.account) {
            return Err(Refusal::new("INVALID_API_KEY"));
        }
        let claim = Claim { order_id: &body.order_id, amount: body.amount };
        payment.confirm(claim, objection, keys, now, &state.assumed)?;
        Ok(face(payment, state.links()))
    });
    Done { effect: result.is_ok(), result }
}

/// `TossPayments-Test-Code` asks for a failure, before anything else is looked at. Live keys
/// never fail on request (Toss: api.md §8).
fn tested(work: &Work) -> Result<(), Refusal> {
    match &work.test_code {
        Some(code) if !work.account.live => Err(match codes::find(code) {
            Some(_) => Refusal::new(code),
            None => Refusal::new("INVALID_TEST_CODE"),
        }),
        Some(_) | None => Ok(()),
    }
}

/// Unknown fields are let pass: nobody measured that Toss refuses them.
fn read(mut fields: Fields) -> Result<Body, FieldFault> {
    Ok(Body {
        payment_key: fields.text("paymentKey", 1..=200)?,
        order_id: fields.text("orderId", 6..=64)?,
        amount: fields.loose_whole("amount", 1..=AMOUNT_MAX)?,
    })
}
