//! `GET /v1/transactions`: one row for each approval and each cancel (Toss: api.md §6.5).

use crate::sandbox::api::parameters::{limit, time};
use crate::sandbox::api::request::{Work, refuse_if};
use crate::sandbox::assumptions::Assumptions;
use crate::sandbox::calls::Answer;
use crate::sandbox::clock::Moment;
use crate::sandbox::codes::Refusal;
use crate::sandbox::fields::Fields;
use crate::sandbox::language::Language;
use crate::sandbox::payments::{Links, Payment, State, Transaction, receipt_of};
use crate::sandbox::processor::Processor;
use crate::toss;

const LIMIT_DEFAULT: i64 = 100;
const LIMIT_MAX: i64 = 5_000;

pub(crate) fn perform(
    processor: &Processor,
    mut work: Work,
    objection: Option<Refusal>,
) -> Result<Answer, Refusal> {
    let mut fields = work.take_fields()?;
    let from = date(&mut fields, "startDate", &processor.assumed)?;
    let to = date(&mut fields, "endDate", &processor.assumed)?;
    let after = fields.maybe_text("startingAfter", 0..=200)?;
    let limit =
        limit(&mut fields, "limit", LIMIT_MAX, &processor.assumed)?.unwrap_or(LIMIT_DEFAULT);
    refuse_if(objection)?;
    // What was made just now may be missing at Toss.
    let latest = processor.clock.now().plus_ms(-processor.assumed.transactions_lag_ms);
    let book = processor.book();
    let mut rows = book.transactions(&work.account.m_id, from..=to.min(latest));
    if let Some(after) = after {
        let listed = rows.iter().find(|(_, it)| it.key == after).map(|(_, it)| it.number);
        let anywhere = || book.transaction_number(&work.account.m_id, &after);
        let number = match listed {
            None if processor.assumed.starting_after_any => anywhere(),
            listed => listed,
        };
        let number = number.ok_or_else(|| Refusal::new("INVALID_TRANSACTION_KEY"))?;
        rows.retain(|(_, it)| it.number > number);
    }
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let sign = if processor.assumed.cancel_rows_are_negative { -1 } else { 1 };
    let rows: Vec<toss::TransactionRow> = rows
        .into_iter()
        .map(|(payment, it)| row(payment, it, sign, processor.links(), work.language))
        .collect();
    drop(book);
    Ok(Answer::ok(&rows))
}

/// A time, or a date for its midnight.
fn date(fields: &mut Fields, name: &str, assumed: &Assumptions) -> Result<Moment, Refusal> {
    let text = fields.maybe_text(name, 0..=100).ok().flatten();
    let moment = text.as_deref().and_then(|text| time(text, assumed));
    moment.ok_or_else(|| Refusal::new("INVALID_DATE"))
}

fn row(
    payment: &Payment,
    it: &Transaction,
    cancel_sign: i64,
    links: &Links,
    language: Language,
) -> toss::TransactionRow {
    let sign = match it.status {
        State::Canceled | State::PartialCanceled => cancel_sign,
        State::Ready
        | State::InProgress
        | State::WaitingForDeposit
        | State::Done
        | State::Aborted
        | State::Expired => 1,
    };
    let means = payment.means.as_ref();
    toss::TransactionRow {
        m_id: payment.account.m_id.clone(),
        transaction_key: it.key.clone(),
        payment_key: payment.key.clone(),
        order_id: payment.order.id.clone(),
        method: means.map(|means| means.word().text(language)).unwrap_or_default(),
        customer_key: payment.order.customer.key.clone(),
        use_escrow: means.is_some_and(|means| means.use_escrow()),
        receipt_url: receipt_of(payment, links).map(|link| link.url),
        status: it.status.status().as_str().to_owned(),
        transaction_at: it.at.iso(),
        currency: payment.order.currency.clone(),
        amount: payment.order.shown(it.amount * sign),
    }
}
