//! Which operation is carried out where, and what came of it.

use crate::sandbox::api::operation::Operation;
use crate::sandbox::api::request::Work;
use crate::sandbox::api::{
    billing, brandpay, cancel, cash_receipts, confirm, key_in, promotions, read, settlements,
    transactions, virtual_accounts,
};
use crate::sandbox::calls::Answer;
use crate::sandbox::codes::{self, Refusal};
use crate::sandbox::language::Language;
use crate::sandbox::processor::Processor;

/// What came of the operation.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) result: Result<Answer, Refusal>,
    /// Whether something changed.
    pub(crate) effect: bool,
    language: Language,
}

pub(crate) fn perform(processor: &Processor, work: Work, objection: Option<Refusal>) -> Done {
    let language = work.language;
    let has_effect = work.operation.has_effect();
    let result = tested(&work).and_then(|()| dispatch(processor, work, objection));
    Done { effect: has_effect && result.is_ok(), result, language }
}

fn dispatch(
    processor: &Processor,
    work: Work,
    objection: Option<Refusal>,
) -> Result<Answer, Refusal> {
    match &work.operation {
        Operation::Confirm | Operation::ConfirmByKey(_) | Operation::BrandPayConfirm => {
            confirm::perform(processor, work, objection)
        }
        Operation::ReadByKey(_) | Operation::ReadByOrder(_) => {
            read::perform(processor, &work, objection)
        }
        Operation::Cancel(_) => cancel::perform(processor, work, objection),
        Operation::KeyIn => key_in::perform(processor, work, objection),
        Operation::VirtualAccount => virtual_accounts::perform(processor, work, objection),
        Operation::BillingIssue => billing::issue(processor, work, objection),
        Operation::BillingCard => billing::issue_by_card(processor, work, objection),
        Operation::BillingCharge(_) => billing::charge(processor, work, objection),
        Operation::BillingDelete(_) => billing::delete(processor, &work, objection),
        Operation::CashReceipt => cash_receipts::issue(processor, work, objection),
        Operation::CashReceiptCancel(_) => cash_receipts::cancel(processor, work, objection),
        Operation::CashReceipts => cash_receipts::list(processor, work, objection),
        Operation::Transactions => transactions::perform(processor, work, objection),
        Operation::Settlements => settlements::list(processor, work, objection),
        Operation::Settle => settlements::ask(processor, work, objection),
        Operation::Promotions => promotions::all(processor, objection),
        Operation::CardPromotions => promotions::cards(processor, objection),
        Operation::BrandPayToken => brandpay::token(processor, work, objection),
    }
}

/// `TossPayments-Test-Code` asks for a failure, before anything else is looked at. Live keys
/// never fail on request, nor do endpoints that take no such codes (Toss: api.md §8).
fn tested(work: &Work) -> Result<(), Refusal> {
    match (&work.test_code, work.operation.test_codes()) {
        (Some(code), Some(endpoint)) if !work.account.live => {
            let is_known = codes::is_test_code(endpoint, code);
            Err(Refusal::new(if is_known { code } else { "INVALID_TEST_CODE" }))
        }
        (_, _) => Ok(()),
    }
}

pub(crate) fn answer_of(done: &Done) -> Answer {
    match &done.result {
        Ok(answer) => answer.clone(),
        Err(refusal) => Answer::refusal_in(refusal, done.language),
    }
}
