//! `POST /v1/payments/key-in`: a card typed in on the merchant's page (Toss: api.md §6.1).

use crate::sandbox::api::card_entry::{card_entry, check_email, required};
use crate::sandbox::api::request::Work;
use crate::sandbox::api::sale::sell;
use crate::sandbox::calls::Answer;
use crate::sandbox::codes::Refusal;
use crate::sandbox::fields::Flag;
use crate::sandbox::payments::{
    AMOUNT_MAX, CardPart, Customer, INSTALLMENT_AMOUNT_MIN, Kind, Means, Order, is_order_id,
};
use crate::sandbox::processor::Processor;

/// Less than this is taken by no card.
const AMOUNT_MIN: i64 = 100;
const MISSING: &str = "INVALID_REQUIRED_PARAM";

pub(crate) fn perform(
    processor: &Processor,
    mut work: Work,
    objection: Option<Refusal>,
) -> Result<Answer, Refusal> {
    let mut fields = work.take_fields()?;
    let id = required(&mut fields, "orderId", MISSING, "INVALID_ORDER_ID")?;
    let name = required(&mut fields, "orderName", MISSING, "INVALID_REQUEST")?;
    let amount = fields.loose_whole("amount", 0..=AMOUNT_MAX).map_err(|fault| {
        Refusal::new(if fault.is_missing() { MISSING } else { "INVALID_REQUEST" })
    })?;
    let mut entry = card_entry(&mut fields, processor.clock.now(), MISSING)?;
    if !is_order_id(&id) {
        return Err(Refusal::new("INVALID_ORDER_ID"));
    }
    if name.is_empty() {
        return Err(Refusal::new("INVALID_REQUEST"));
    }
    if amount < AMOUNT_MIN {
        return Err(Refusal::new("BELOW_MINIMUM_AMOUNT"));
    }
    check_email(&mut fields)?;
    let customer_name = fields.maybe_text("customerName", 1..=100)?;
    fields.maybe_text("customerIp", 1..=45)?;
    fields.object("vbv")?;
    if !entry.is_known {
        return Err(Refusal::new("NOT_SUPPORTED_CARD_TYPE"));
    }
    let months = fields
        .maybe_loose_whole("cardInstallmentPlan", 0..=12)
        .map_err(|_| Refusal::new("INVALID_CARD_INSTALLMENT_PLAN"))?
        .unwrap_or(0);
    match months {
        0 => {}
        1 => return Err(Refusal::new("INVALID_CARD_INSTALLMENT_PLAN")),
        _ if amount < INSTALLMENT_AMOUNT_MIN => {
            return Err(Refusal::new("NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN_BELOW_AMOUNT"));
        }
        _ => {}
    }
    entry.choice.installment_months = months;
    entry.choice.interest_free =
        months > 0 && fields.flag("useFreeInstallmentPlan", Flag::Off)?.is_on();
    entry.choice.use_card_point = fields.flag("useCardPoint", Flag::Off)?.is_on();
    let order = Order {
        id,
        name,
        amount,
        currency: "KRW".to_owned(),
        tax_free: fields.maybe_whole("taxFreeAmount", 0..=amount)?.unwrap_or(0),
        customer: Customer { name: customer_name, ..Customer::default() },
        ..Order::default()
    };
    let means = Means::Card(CardPart::whole(entry.choice, amount));
    sell(processor, &work, Kind::Normal, order, means, objection)
}
