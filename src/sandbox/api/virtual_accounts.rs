//! `POST /v1/virtual-accounts`: an account issued without a window (Toss: api.md §6.2).

use crate::sandbox::api::card_entry::is_digits;
use crate::sandbox::api::parameters::time;
use crate::sandbox::api::request::Work;
use crate::sandbox::api::sale::sell;
use crate::sandbox::assumptions::Assumptions;
use crate::sandbox::calls::Answer;
use crate::sandbox::clock::Moment;
use crate::sandbox::codes::Refusal;
use crate::sandbox::fields::{Fields, Flag};
use crate::sandbox::payments::{
    AMOUNT_MAX, Customer, Deadline, Kind, Means, Order, ReceiptKind, ReceiptWish, Refund,
    VALID_HOURS_DEFAULT, VALID_HOURS_MAX, VirtualAccount, bank, words,
};
use crate::sandbox::processor::Processor;

pub(crate) fn perform(
    processor: &Processor,
    mut work: Work,
    objection: Option<Refusal>,
) -> Result<Answer, Refusal> {
    let mut fields = work.take_fields()?;
    // Measured: a number is taken as an order id, and two digits are enough.
    let id = fields.loose_text("orderId", 1..=64)?;
    let amount = fields.loose_whole("amount", 1..=AMOUNT_MAX)?;
    let customer_name = fields.text("customerName", 1..=100)?;
    let order = Order {
        id,
        name: fields.text("orderName", 1..=100)?,
        amount,
        currency: "KRW".to_owned(),
        tax_free: fields.maybe_whole("taxFreeAmount", 0..=amount)?.unwrap_or(0),
        customer: Customer {
            key: None,
            name: Some(customer_name.clone()),
            mobile_phone: mobile_phone(&mut fields)?,
        },
        ..Order::default()
    };
    fields.maybe_text("customerEmail", 1..=100)?;
    let account = account(&mut fields, customer_name, processor.clock.now(), &processor.assumed)?;
    let means = Means::VirtualAccount(Box::new(account));
    sell(processor, &work, Kind::Normal, order, means, objection)
}

fn account(
    fields: &mut Fields,
    customer_name: String,
    now: Moment,
    assumed: &Assumptions,
) -> Result<VirtualAccount, Refusal> {
    let name = fields.loose_text("bank", 1..=30)?;
    let bank = bank(&name).ok_or_else(|| Refusal::new("INVALID_BANK"))?;
    let use_escrow = fields.flag("useEscrow", Flag::Off)?.is_on();
    let products = fields.value("escrowProducts");
    let has_products =
        products.and_then(|it| it.as_array().map(|it| !it.is_empty())).unwrap_or(false);
    if use_escrow && !has_products {
        return Err(Refusal::new("INVALID_REQUEST"));
    }
    Ok(VirtualAccount {
        bank,
        customer_name,
        deadline: deadline(fields, now, assumed)?,
        cash_receipt: receipt_wish(fields)?,
        use_escrow,
        is_cultural: fields.flag("cultureExpense", Flag::Off)?.is_on(),
        is_fixed: is_fixed(fields)?,
        refund_account: None,
        issued: None,
        depositor: None,
        refund: Refund::None,
        expired: false,
    })
}

fn is_fixed(fields: &mut Fields) -> Result<bool, Refusal> {
    let kinds = [("일반", Flag::Off), ("고정", Flag::On)];
    let kind = fields.maybe_word("accountType", &kinds)?.unwrap_or(Flag::Off);
    let account_key = fields.maybe_text("accountKey", 1..=13)?;
    if kind.is_on() && account_key.is_none() {
        return Err(Refusal::new("REQUIRED_ACCOUNT_KEY"));
    }
    Ok(kind.is_on())
}

fn deadline(fields: &mut Fields, now: Moment, assumed: &Assumptions) -> Result<Deadline, Refusal> {
    // Measured: hours are taken as a text, too.
    let hours = fields.maybe_loose_whole("validHours", 1..=AMOUNT_MAX)?;
    let due_date = fields.maybe_text("dueDate", 0..=100)?;
    match (hours, due_date) {
        (Some(_), Some(_)) => Err(Refusal::new("INVALID_VALID_HOURS_WITH_DUE_DATE_AND_SINGLE")),
        (Some(hours), None) if hours > VALID_HOURS_MAX => {
            Err(Refusal::new("EXCEED_MAX_VALID_HOURS"))
        }
        (hours, None) => Ok(Deadline::Hours(hours.unwrap_or(VALID_HOURS_DEFAULT))),
        (None, Some(text)) => {
            let at = time(&text, assumed).filter(|at| *at > now);
            let at = at.ok_or_else(|| Refusal::new("INVALID_DATE"))?;
            if at > now.plus_minutes(VALID_HOURS_MAX * 60) {
                return Err(Refusal::new("EXCEED_MAX_DUE_DATE"));
            }
            Ok(Deadline::At(at))
        }
    }
}

fn receipt_wish(fields: &mut Fields) -> Result<Option<ReceiptWish>, Refusal> {
    let Some(mut wish) = fields.object("cashReceipt")? else { return Ok(None) };
    let kind = wish.text("type", 1..=20)?;
    // The documented number for unknown buyers is written with hyphens.
    let number = wish.maybe_text("registrationNumber", 1..=30)?.map(|it| it.replace('-', ""));
    if words::NOT_ISSUED.is(&kind) {
        return Ok(None);
    }
    let kind = ReceiptKind::named(&kind).ok_or_else(|| Refusal::new("INVALID_REQUEST"))?;
    if number.as_ref().is_some_and(|it| !is_digits(it)) {
        return Err(Refusal::new("INVALID_REGISTRATION_NUMBER_TYPE"));
    }
    Ok(Some(ReceiptWish { kind, registration_number: number }))
}

fn mobile_phone(fields: &mut Fields) -> Result<Option<String>, Refusal> {
    match fields.maybe_text("customerMobilePhone", 8..=15)? {
        Some(number) if !is_digits(&number) => Err(Refusal::new("INVALID_REQUEST")),
        number => Ok(number),
    }
}
