//! `GET /v1/payments/{paymentKey}` and `…/orders/{orderId}` (Toss: api.md §4.2).

use crate::sandbox::api::operation::Operation;
use crate::sandbox::api::request::{Work, refuse_if};
use crate::sandbox::calls::Answer;
use crate::sandbox::codes::Refusal;
use crate::sandbox::payments::payment_object;
use crate::sandbox::processor::Processor;

pub(crate) fn perform(
    processor: &Processor,
    work: &Work,
    objection: Option<Refusal>,
) -> Result<Answer, Refusal> {
    refuse_if(objection)?;
    let now = processor.clock.now();
    let m_id = &work.account.m_id;
    let name = work.operation.subject().unwrap_or_default();
    let mut book = processor.book();
    let payment = if matches!(work.operation, Operation::ReadByOrder(_)) {
        book.by_order(m_id, name, now)
    } else {
        book.by_key(name, now)
    };
    // Another merchant's payment does not exist for this one.
    let payment = payment
        .filter(|payment| payment.account.m_id == *m_id)
        .ok_or_else(|| Refusal::new("NOT_FOUND_PAYMENT"))?;
    let object = payment_object(payment, processor.links(), work.language, now);
    drop(book);
    Ok(Answer::ok(&object))
}
