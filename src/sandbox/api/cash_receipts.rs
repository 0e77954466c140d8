//! Cash receipts without a payment: issue, cancel, list (Toss: api.md §6.4).
//!
//! Measured: neither the order nor its method is looked at, and one order can have two.

use crate::sandbox::api::card_entry::is_digits;
use crate::sandbox::api::parameters::{day, limit};
use crate::sandbox::api::request::{Work, refuse_if};
use crate::sandbox::calls::Answer;
use crate::sandbox::codes::Refusal;
use crate::sandbox::payments::{AMOUNT_MAX, Direction, Receipt, ReceiptKind, fresh_numbers};
use crate::sandbox::processor::Processor;
use crate::toss;

const LIMIT_DEFAULT: i64 = 100;
const LIMIT_MAX: i64 = 10_000;

/// `POST /v1/cash-receipts`.
pub(crate) fn issue(
    processor: &Processor,
    mut work: Work,
    objection: Option<Refusal>,
) -> Result<Answer, Refusal> {
    let mut fields = work.take_fields()?;
    let amount = fields.loose_whole("amount", 1..=AMOUNT_MAX)?;
    let order_id = fields.loose_text("orderId", 1..=64)?;
    let order_name = fields.text("orderName", 1..=100)?;
    let kind = fields.text("type", 1..=20)?;
    let kind = ReceiptKind::named(&kind).ok_or_else(|| Refusal::new("INVALID_REQUEST"))?;
    let identity = fields.text("customerIdentityNumber", 1..=30)?.replace('-', "");
    if !is_digits(&identity) {
        return Err(Refusal::new("INVALID_CASH_RECEIPT_INFO"));
    }
    if kind == ReceiptKind::ExpenseProof && identity.len() != 10 {
        return Err(Refusal::new("INVALID_BUSINESS_NUMBER"));
    }
    let tax_free = fields.maybe_whole("taxFreeAmount", 0..=amount)?.unwrap_or(0);
    refuse_if(objection)?;
    let (key, issue_number) = fresh_numbers(&processor.dice);
    let receipt = Receipt {
        key,
        m_id: work.account.m_id.clone(),
        order_id,
        order_name,
        kind,
        issue_number,
        direction: Direction::Confirm,
        amount,
        tax_free,
        identity,
        requested_at: processor.clock.now(),
        of_payment: false,
    };
    Ok(file(processor, &work, receipt))
}

/// `POST /v1/cash-receipts/{receiptKey}/cancel`.
pub(crate) fn cancel(
    processor: &Processor,
    mut work: Work,
    objection: Option<Refusal>,
) -> Result<Answer, Refusal> {
    let mut fields = work.take_fields()?;
    let wanted = fields.maybe_whole("amount", 1..=AMOUNT_MAX)?;
    let key = work.operation.subject().unwrap_or_default();
    let now = processor.clock.now();
    let book = processor.book();
    let (given, left) = book
        .receipts
        .given(&work.account.m_id, key)
        .ok_or_else(|| Refusal::new("NOT_FOUND_RECEIPT"))?;
    let amount = wanted.unwrap_or(left);
    // A payment's own receipt is taken back with the payment.
    if given.of_payment || left == 0 || amount > left {
        return Err(Refusal::new("FORBIDDEN_REQUEST"));
    }
    refuse_if(objection)?;
    let record = given.taken_back(amount, now);
    drop(book);
    Ok(file(processor, &work, record))
}

/// `GET /v1/cash-receipts`.
pub(crate) fn list(
    processor: &Processor,
    mut work: Work,
    objection: Option<Refusal>,
) -> Result<Answer, Refusal> {
    let mut fields = work.take_fields()?;
    if fields.optional("startDate").is_some() || fields.optional("endDate").is_some() {
        return Err(Refusal::new("INVALID_REQUEST"));
    }
    // Measured with the documented pair.
    if work.account.is_documented() {
        return Err(Refusal::new("NOT_FOUND_MERCHANT_BUSINESS_NUMBER"));
    }
    let date = fields.maybe_text("requestDate", 0..=100)?;
    let date = date.ok_or_else(|| Refusal::new("INVALID_REQUIRED_PARAM"))?;
    let date = day(&date, &processor.assumed).ok_or_else(|| Refusal::new("INVALID_REQUEST"))?;
    let cursor = fields.maybe_loose_whole("cursor", 0..=i64::MAX)?.unwrap_or(0);
    let limit =
        limit(&mut fields, "limit", LIMIT_MAX, &processor.assumed)?.unwrap_or(LIMIT_DEFAULT);
    refuse_if(objection)?;
    let now = processor.clock.now();
    let mut page = toss::CashReceiptPage { last_cursor: cursor, ..Default::default() };
    let book = processor.book();
    for (id, receipt) in book.receipts.after(&work.account.m_id, cursor) {
        if receipt.requested_at.date() != date {
            continue;
        }
        if page.data.len() >= usize::try_from(limit).unwrap_or(usize::MAX) {
            page.has_next = true;
            break;
        }
        page.last_cursor = id;
        page.data.push(receipt.record(processor.links(), work.language, now));
    }
    drop(book);
    Ok(Answer::ok(&page))
}

fn file(processor: &Processor, work: &Work, receipt: Receipt) -> Answer {
    let record = receipt.record(processor.links(), work.language, processor.clock.now());
    processor.book().receipts.note(receipt);
    Answer::ok(&record)
}
