//! `POST /v1/payments/{paymentKey}/cancel` (Toss: api.md §5).

use crate::sandbox::api::request::Work;
use crate::sandbox::calls::Answer;
use crate::sandbox::codes::Refusal;
use crate::sandbox::fields::Fields;
use crate::sandbox::payments::{AMOUNT_MAX, CancelRequest, RefundAccount, bank, payment_object};
use crate::sandbox::processor::Processor;

pub(crate) fn perform(
    processor: &Processor,
    work: Work,
    objection: Option<Refusal>,
) -> Result<Answer, Refusal> {
    let request = read(work.fields?)?;
    let key = work.operation.subject().unwrap_or_default();
    let now = processor.clock.now();
    let mut book = processor.book();
    let cancelled = book.change(key, now, |payment| {
        // Another merchant's payment does not exist for this one.
        if payment.account.m_id != work.account.m_id {
            return Err(Refusal::new("NOT_FOUND_PAYMENT"));
        }
        payment.cancel(&request, objection, now, &processor.dice, &processor.assumed)?;
        Ok(payment_object(payment, processor.links(), work.language, now))
    });
    drop(book);
    let payment = cancelled.ok_or_else(|| Refusal::new("NOT_FOUND_PAYMENT"))??;
    Ok(Answer::ok(&payment))
}

fn read(mut fields: Fields) -> Result<CancelRequest, Refusal> {
    let request_id = fields.maybe_text("cancelRequestId", 6..=64)?;
    if request_id.as_ref().is_some_and(|id| !is_request_id(id)) {
        return Err(Refusal::new("INVALID_REQUEST"));
    }
    Ok(CancelRequest {
        reason: fields.text("cancelReason", 1..=200)?,
        amount: fields.maybe_amount("cancelAmount", 1, AMOUNT_MAX)?,
        refundable: fields.maybe_amount("refundableAmount", 0, AMOUNT_MAX)?,
        currency: fields.maybe_text("currency", 3..=4)?,
        tax_free: fields.maybe_amount("taxFreeAmount", 0, AMOUNT_MAX)?,
        tax_exemption: fields.maybe_amount("taxExemptionAmount", 0, AMOUNT_MAX)?,
        // Only a deposited virtual account needs it; whoever sends it must send it whole.
        refund_account: fields.object("refundReceiveAccount")?.map(refund_account).transpose()?,
        request_id,
    })
}

fn is_request_id(id: &str) -> bool {
    id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_=".contains(&byte))
}

fn refund_account(mut account: Fields) -> Result<RefundAccount, Refusal> {
    let name = account.text("bank", 1..=30)?;
    let number = account.text("accountNumber", 1..=100)?;
    let holder = account.text("holderName", 1..=60)?;
    let bank = bank(&name).ok_or_else(|| Refusal::new("INVALID_BANK"))?;
    if number.len() > 20 || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refusal::new("INVALID_REFUND_ACCOUNT_NUMBER"));
    }
    Ok(RefundAccount { bank, number, holder })
}
