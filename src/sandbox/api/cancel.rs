//! `POST /v1/payments/{paymentKey}/cancel` (Toss: api.md §5).

use crate::sandbox::api::reception::{Done, Errand, Work};
use crate::sandbox::codes::Refusal;
use crate::sandbox::fields::{FieldFault, Fields};
use crate::sandbox::payments::{CancelOrder, face};
use crate::sandbox::state::{AMOUNT_MAX, State};

pub(crate) fn perform(state: &State, work: Work, objection: Option<Refusal>) -> Done {
    let Work { errand, account, fields, .. } = work;
    let result =
        fields.and_then(read).map_err(|_| Refusal::new("INVALID_REQUEST")).and_then(|order| {
            let key = match &errand {
                Errand::Cancel(key) | Errand::ReadByKey(key) => key.as_str(),
                Errand::Confirm | Errand::ReadByOrder(_) => "",
            };
            let now = state.clock.now();
            let transaction_key = state.transaction_key();
            let mut book = state.book();
            let payment = book
                .by_key(key, now)
                .filter(|payment| payment.account.m_id == account.m_id)
                .ok_or_else(|| Refusal::new("NOT_FOUND_PAYMENT"))?;
            payment.cancel(&order, objection, transaction_key, now, &state.assumed)?;
            Ok(face(payment, state.links()))
        });
    Done { effect: result.is_ok(), result }
}

fn read(mut fields: Fields) -> Result<CancelOrder, FieldFault> {
    let order = CancelOrder {
        reason: fields.text("cancelReason", 1..=200)?,
        amount: fields.maybe_whole("cancelAmount", 1..=AMOUNT_MAX)?,
        refundable: fields.maybe_whole("refundableAmount", 0..=AMOUNT_MAX)?,
        currency: fields.maybe_text("currency", 3..=4)?,
        tax_free: fields.maybe_whole("taxFreeAmount", 0..=AMOUNT_MAX)?,
        tax_exemption: fields.maybe_whole("taxExemptionAmount", 0..=AMOUNT_MAX)?,
    };
    // Only a deposited virtual account needs it; whoever sends it must send it whole.
    if let Some(account) = fields.value("refundReceiveAccount") {
        refund_account(account)?;
    }
    Ok(order)
}

fn refund_account(account: serde_json::Value) -> Result<(), FieldFault> {
    let mut account = Fields::parse(account.to_string().as_bytes())?;
    account.text("bank", 1..=30)?;
    account.text("accountNumber", 1..=20)?;
    account.text("holderName", 1..=60)?;
    Ok(())
}
