//! `GET /v1/payments/{paymentKey}` and `…/orders/{orderId}` (Toss: api.md §4.2).

use crate::sandbox::api::answer::Answer;
use crate::sandbox::api::errand::Errand;
use crate::sandbox::api::reception::{Work, unless};
use crate::sandbox::codes::Refusal;
use crate::sandbox::payments::face;
use crate::sandbox::state::State;

pub(crate) fn perform(
    state: &State,
    work: &Work,
    objection: Option<Refusal>,
) -> Result<Answer, Refusal> {
    unless(objection)?;
    let now = state.clock.now();
    let m_id = &work.account.m_id;
    let name = work.errand.subject().unwrap_or_default();
    let mut book = state.book();
    let payment = if matches!(work.errand, Errand::ReadByOrder(_)) {
        book.by_order(m_id, name, now)
    } else {
        book.by_key(name, now)
    };
    // Another merchant's payment does not exist for this one.
    let payment = payment
        .filter(|payment| payment.account.m_id == *m_id)
        .ok_or_else(|| Refusal::new("NOT_FOUND_PAYMENT"))?;
    let face = face(payment, state.links(), work.language, now);
    drop(book);
    Ok(Answer::ok(&face))
}
