//! Payments that no window opens: they come about in one call.

use crate::sandbox::api::request::{Work, refuse_if};
use crate::sandbox::calls::Answer;
use crate::sandbox::codes::Refusal;
use crate::sandbox::payments::{Kind, Means, Order, payment_object};
use crate::sandbox::processor::Processor;

/// Sells `order` at once: takes the money, or issues the account it is to come to.
pub(crate) fn sell(
    processor: &Processor,
    work: &Work,
    kind: Kind,
    order: Order,
    means: Means,
    objection: Option<Refusal>,
) -> Result<Answer, Refusal> {
    let now = processor.clock.now();
    let mut book = processor.book();
    let used = book
        .by_order(&work.account.m_id, &order.id, now)
        .is_some_and(|payment| payment.state.uses_order_id());
    if used {
        return Err(Refusal::new("DUPLICATED_ORDER_ID"));
    }
    refuse_if(objection)?;
    let key = book.open(work.account.clone(), order, now, &processor.dice);
    let sold = book.change(&key, now, |payment| {
        payment.kind = kind;
        payment.authenticate(means, now);
        payment.approve(now, &processor.dice);
        payment_object(payment, processor.links(), work.language, now)
    });
    drop(book);
    // It was opened above, under the same lock.
    let payment = sold.ok_or_else(|| Refusal::new("FAILED_INTERNAL_SYSTEM_PROCESSING"))?;
    Ok(Answer::ok(&payment))
}
