//! Settlements, of which the test environment has none (Toss: api.md §6.6, §8).

use crate::sandbox::api::parameters::{day, limit};
use crate::sandbox::api::request::{Work, refuse_if};
use crate::sandbox::calls::Answer;
use crate::sandbox::codes::Refusal;
use crate::sandbox::processor::Processor;
use crate::toss;

const SIZE_MAX: i64 = 5_000;

/// `GET /v1/settlements`: checks what is asked and finds nothing. Live keys find nothing
/// either: no money is moved here.
pub(crate) fn list(
    processor: &Processor,
    mut work: Work,
    objection: Option<Refusal>,
) -> Result<Answer, Refusal> {
    let mut fields = work.take_fields()?;
    for name in ["startDate", "endDate"] {
        let text = fields.maybe_text(name, 0..=100).ok().flatten();
        text.and_then(|it| day(&it, &processor.assumed))
            .ok_or_else(|| Refusal::new("INVALID_DATE"))?;
    }
    fields.maybe_word("dateType", &[("soldDate", ()), ("paidOutDate", ())])?;
    fields.maybe_loose_whole("page", 1..=i64::MAX)?;
    limit(&mut fields, "size", SIZE_MAX, &processor.assumed)?;
    refuse_if(objection)?;
    Ok(Answer::ok(&[(); 0]))
}

/// `POST /v1/settlements`: asks for one payment to be settled.
pub(crate) fn ask(
    processor: &Processor,
    mut work: Work,
    objection: Option<Refusal>,
) -> Result<Answer, Refusal> {
    let key = work.take_fields()?.text("paymentKey", 1..=200)?;
    let now = processor.clock.now();
    let mut book = processor.book();
    let payment = book
        .by_key(&key, now)
        .filter(|payment| payment.account.m_id == work.account.m_id)
        .ok_or_else(|| Refusal::new("NOT_FOUND_PAYMENT"))?;
    if payment.approved_at.is_none() {
        return Err(Refusal::new("FORBIDDEN_REQUEST"));
    }
    refuse_if(objection)?;
    Ok(Answer::ok(&toss::SettlementAsked { result: true }))
}
