//! `POST /v1/payments/confirm`, its older address `POST /v1/payments/{paymentKey}` and its
//! BrandPay twin: the money moves here (Toss: api.md §4.1, §12).

use crate::sandbox::api::operation::Operation;
use crate::sandbox::api::request::Work;
use crate::sandbox::calls::Answer;
use crate::sandbox::codes::Refusal;
use crate::sandbox::fields::{FieldFault, Fields};
use crate::sandbox::payments::{AMOUNT_MAX, ConfirmRequest, Kind, Payment, payment_object};
use crate::sandbox::processor::Processor;
use crate::toss::Amount;

/// The body.
struct Body {
    payment_key: String,
    order_id: String,
    amount: Amount,
    /// BrandPay alone asks for it.
    customer_key: Option<String>,
}

pub(crate) fn perform(
    processor: &Processor,
    work: Work,
    objection: Option<Refusal>,
) -> Result<Answer, Refusal> {
    let is_brand_pay = work.operation == Operation::BrandPayConfirm;
    let body = read(work.fields?, &work.operation)?;
    let now = processor.clock.now();
    let mut book = processor.book();
    let confirmed = book.change(&body.payment_key, now, |payment| {
        if payment.account.client_key != work.account.client_key {
            return Err(Refusal::new("INVALID_API_KEY"));
        }
        if is_brand_pay {
            check_customer(payment, &body)?;
        }
        let request = ConfirmRequest { order_id: &body.order_id, amount: body.amount };
        payment.confirm(request, objection, now, &processor.dice, &processor.assumed)?;
        Ok(payment_object(payment, processor.links(), work.language, now))
    });
    // Written down only when the book is free again for others.
    drop(book);
    let payment =
        confirmed.ok_or_else(|| Refusal::new(processor.assumed.confirm_unknown_payment))??;
    Ok(Answer::ok(&payment))
}

fn check_customer(payment: &Payment, body: &Body) -> Result<(), Refusal> {
    if payment.kind != Kind::BrandPay {
        return Err(Refusal::new("INVALID_REQUEST"));
    }
    let known = payment.order.customer.key.as_deref();
    if known.is_some_and(|known| body.customer_key.as_deref() != Some(known)) {
        return Err(Refusal::new("NOT_MATCHES_CUSTOMER_KEY"));
    }
    Ok(())
}

/// Unknown fields are let pass: nobody measured that Toss refuses them.
fn read(mut fields: Fields, operation: &Operation) -> Result<Body, FieldFault> {
    let is_brand_pay = *operation == Operation::BrandPayConfirm;
    Ok(Body {
        payment_key: match operation.subject() {
            Some(key) => key.to_owned(),
            None => fields.text("paymentKey", 1..=200)?,
        },
        order_id: fields.text("orderId", 6..=64)?,
        amount: fields.loose_amount("amount", AMOUNT_MAX)?,
        customer_key: if is_brand_pay { Some(fields.text("customerKey", 2..=300)?) } else { None },
    })
}
