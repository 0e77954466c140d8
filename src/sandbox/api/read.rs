//! `GET /v1/payments/{paymentKey}` and `…/orders/{orderId}` (Toss: api.md §4.2).

use crate::sandbox::api::reception::{Done, Errand, Work};
use crate::sandbox::codes::Refusal;
use crate::sandbox::payments::face;
use crate::sandbox::state::State;
use crate::toss;

pub(crate) fn perform(state: &State, work: &Work, objection: Option<Refusal>) -> Done {
    let result = match objection {
        Some(refusal) => Err(refusal),
        None => find(state, work).ok_or_else(|| Refusal::new("NOT_FOUND_PAYMENT")),
    };
    Done { result, effect: false }
}

fn find(state: &State, work: &Work) -> Option<toss::Payment> {
    let now = state.clock.now();
    let m_id = &work.account.m_id;
    let mut book = state.book();
    let payment = match &work.errand {
        Errand::ReadByKey(key) => book.by_key(key, now),
        Errand::ReadByOrder(id) => book.by_order(m_id, id, now),
        Errand::Confirm | Errand::Cancel(_) => None,
    }?;
    // Another merchant's payment does not exist for this one.
    (payment.account.m_id == *m_id).then(|| face(payment, state.links()))
}
