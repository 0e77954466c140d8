//! Reads whose customer the buyer is, what is sold and what it is paid with, for the window and the control API alike.

use std::ops::RangeInclusive;
use std::sync::Arc;

use serde_json::Value;

use crate::sandbox::clock::Moment;
use crate::sandbox::fields::{FieldFault, Fields, Flag};
use crate::sandbox::merchants::{Account, Accounts, KEY_LENGTH_MAX};
use crate::sandbox::payments::{
    AMOUNT_MAX, Bank, CARRIERS, CardChoice, Choice, Customer, Deadline, Gift,
    INSTALLMENT_AMOUNT_MIN, Mix, Order, ReceiptKind, ReceiptWish, Refund, RefundAccount,
    TRANSFER_AMOUNT_MAX, Transfer, VALID_HOURS_DEFAULT, VALID_HOURS_MAX, VirtualAccount, bank,
    card_company, easy_pay, foreign_easy_pay, is_order_id, words,
};

/// Points spent where a mix has points and nobody said how many.
const POINTS_DEFAULT: i64 = 1_000;
/// A buyer who says nothing of himself.
const CUSTOMER_NAME_DEFAULT: &str = "김토스";
const CUSTOMER_PHONE_DEFAULT: &str = "01012341234";

/// The account that a client key names.
pub(crate) fn account(
    accounts: &Accounts,
    fields: &mut Fields,
) -> Result<Arc<Account>, FieldFault> {
    let client_key = fields.text("clientKey", 1..=KEY_LENGTH_MAX)?;
    let account = accounts.by_client(&client_key).cloned();
    account.ok_or_else(|| FieldFault::new("clientKey", "is not a registered client key"))
}

/// What is to be sold.
pub(crate) fn order(fields: &mut Fields) -> Result<Order, FieldFault> {
    let id = fields.text("orderId", 6..=64)?;
    if !is_order_id(&id) {
        let problem = "may have letters, digits, -, _ and = only";
        return Err(FieldFault::new("orderId", problem));
    }
    let currencies = [("KRW", "KRW"), ("USD", "USD"), ("JPY", "JPY")];
    let currency = fields.maybe_word("currency", &currencies)?.unwrap_or("KRW").to_owned();
    fields.maybe_text("customerEmail", 1..=100)?;
    let mut order = Order {
        id,
        name: fields.text("orderName", 1..=100)?,
        currency,
        metadata: metadata(fields)?,
        customer: Customer {
            key: fields.maybe_text("customerKey", 2..=300)?,
            name: fields.maybe_text("customerName", 1..=100)?,
            mobile_phone: digits(fields, "customerMobilePhone", 8..=15)?,
        },
        ..Order::default()
    };
    order.amount = counted(fields, "amount", &order, 1, None)?
        .ok_or_else(|| FieldFault::new("amount", "is missing"))?;
    let most = Some(order.amount);
    order.tax_free = counted(fields, "taxFreeAmount", &order, 0, most)?.unwrap_or(0);
    let most = Some(order.amount - order.tax_free);
    order.tax_exemption = counted(fields, "taxExemptionAmount", &order, 0, most)?.unwrap_or(0);
    Ok(order)
}

/// An amount in the order's smallest ones: won and yen have no decimals.
fn counted(
    fields: &mut Fields,
    name: &str,
    order: &Order,
    min: i64,
    most: Option<i64>,
) -> Result<Option<i64>, FieldFault> {
    let Some(amount) = fields.maybe_amount(name, min, AMOUNT_MAX)? else { return Ok(None) };
    match order.counted(amount) {
        None => Err(FieldFault::new(name, format!("must be whole {}", order.currency))),
        Some(counted) if most.is_some_and(|most| counted > most) => {
            Err(FieldFault::new(name, "must be within the amount"))
        }
        counted => Ok(counted),
    }
}

/// What the buyer pays with.
pub(crate) fn choice(
    fields: &mut Fields,
    order: &Order,
    now: Moment,
) -> Result<Choice, FieldFault> {
    let method = fields.maybe_text("method", 1..=30)?.unwrap_or_else(|| "CARD".to_owned());
    // Instalments are for won.
    let card = card(fields, if order.currency == "KRW" { order.amount } else { 0 })?;
    let mixes = Mix::ALL.map(|mix| (mix.as_str(), mix));
    let mix = fields.maybe_word("mix", &mixes)?.unwrap_or(Mix::Card);
    let points = fields.maybe_whole("points", 1..=AMOUNT_MAX)?.unwrap_or(POINTS_DEFAULT);
    let account = virtual_account(fields, order, now)?;
    let carriers = CARRIERS.map(|carrier| (carrier, carrier));
    let carrier = fields.maybe_word("carrier", &carriers)?.unwrap_or("SKT");
    let number = digits(fields, "customerMobilePhone", 8..=15)?
        .or_else(|| order.customer.mobile_phone.clone())
        .unwrap_or_else(|| CUSTOMER_PHONE_DEFAULT.to_owned());
    let choice = match (method.as_str(), easy_pay(&method), foreign_easy_pay(&method)) {
        ("CARD" | "카드", _, _) => Choice::Card(card),
        ("BRANDPAY", _, _) => Choice::BrandPay(card),
        ("VIRTUAL_ACCOUNT" | "가상계좌", _, _) => Choice::VirtualAccount(account),
        ("TRANSFER" | "계좌이체", _, _) => Choice::Transfer(transfer(account, order)?),
        ("MOBILE_PHONE" | "휴대폰", _, _) => Choice::MobilePhone { carrier, number },
        (_, Some(provider), _) => Choice::EasyPay { provider, mix, points, card },
        (_, None, Some(provider)) => Choice::ForeignEasyPay { provider },
        (_, None, None) => Gift::ALL
            .into_iter()
            .find(|gift| gift.word().is(&method))
            .map(Choice::GiftCertificate)
            .ok_or_else(unknown_method)?,
    };
    check_currency(&choice, order)?;
    Ok(choice)
}

fn unknown_method() -> FieldFault {
    let problem = "must be CARD, VIRTUAL_ACCOUNT, TRANSFER, MOBILE_PHONE, a gift certificate, \
                   BRANDPAY or an easy-pay provider such as TOSSPAY or PAYPAL";
    FieldFault::new("method", problem)
}

/// Easy pay from abroad takes dollars, and what has to do with accounts takes won.
fn check_currency(choice: &Choice, order: &Order) -> Result<(), FieldFault> {
    let allowed: &[&str] = match choice {
        Choice::ForeignEasyPay { .. } => &["USD"],
        Choice::Card(_) => &["KRW", "USD", "JPY"],
        Choice::EasyPay { .. }
        | Choice::VirtualAccount(_)
        | Choice::Transfer(_)
        | Choice::MobilePhone { .. }
        | Choice::GiftCertificate(_)
        | Choice::BrandPay(_) => &["KRW"],
    };
    if allowed.contains(&order.currency.as_str()) {
        Ok(())
    } else {
        let problem = format!("must be {} for this method", allowed.join(" or "));
        Err(FieldFault::new("currency", problem))
    }
}

pub(crate) fn card(fields: &mut Fields, amount: i64) -> Result<CardChoice, FieldFault> {
    let name = fields.maybe_text("cardCompany", 1..=20)?.unwrap_or_else(|| "SHINHAN".to_owned());
    let company = card_company(&name).ok_or_else(|| {
        FieldFault::new(
            "cardCompany",
            "must be a card company's code or name, such as 41 or SHINHAN",
        )
    })?;
    let installment_months = fields.maybe_whole("installmentMonths", 0..=12)?.unwrap_or(0);
    if installment_months == 1 || (installment_months > 1 && amount < INSTALLMENT_AMOUNT_MIN) {
        let problem = format!("must be 0, or 2 to 12 from {INSTALLMENT_AMOUNT_MIN} won");
        return Err(FieldFault::new("installmentMonths", problem));
    }
    Ok(CardChoice {
        company,
        installment_months,
        interest_free: fields.flag("interestFree", Flag::Off)?.is_on(),
        use_card_point: fields.flag("useCardPoint", Flag::Off)?.is_on(),
        check_card: fields.flag("checkCard", Flag::Off)?.is_on(),
        corporate: fields.flag("corporate", Flag::Off)?.is_on(),
        masked: None,
        discount: fields.maybe_whole("discountAmount", 1..=(amount - 1).max(1))?.unwrap_or(0),
    })
}

/// What virtual accounts and transfers have in common, and what only the first have.
fn virtual_account(
    fields: &mut Fields,
    order: &Order,
    now: Moment,
) -> Result<VirtualAccount, FieldFault> {
    Ok(VirtualAccount {
        bank: named_bank(fields, "bank")?.unwrap_or_else(default_bank),
        customer_name: fields
            .maybe_text("customerName", 1..=100)?
            .or_else(|| order.customer.name.clone())
            .unwrap_or_else(|| CUSTOMER_NAME_DEFAULT.to_owned()),
        deadline: deadline(fields, now)?,
        cash_receipt: receipt_wish(fields)?,
        use_escrow: fields.flag("useEscrow", Flag::Off)?.is_on(),
        is_cultural: fields.flag("isCulturalExpenses", Flag::Off)?.is_on(),
        is_fixed: false,
        refund_account: match fields.object("refundReceiveAccount")? {
            Some(mut account) => Some(RefundAccount {
                bank: named_bank(&mut account, "bank")?.unwrap_or_else(default_bank),
                number: digits(&mut account, "accountNumber", 1..=20)?
                    .ok_or_else(|| FieldFault::new("accountNumber", "is missing"))?,
                holder: account.text("holderName", 1..=60)?,
            }),
            None => None,
        },
        issued: None,
        depositor: None,
        refund: Refund::None,
        expired: false,
    })
}

fn transfer(account: VirtualAccount, order: &Order) -> Result<Transfer, FieldFault> {
    if order.amount > TRANSFER_AMOUNT_MAX {
        let problem = format!("must be at most {TRANSFER_AMOUNT_MAX} for a transfer");
        return Err(FieldFault::new("amount", problem));
    }
    Ok(Transfer {
        bank: account.bank,
        cash_receipt: account.cash_receipt,
        use_escrow: account.use_escrow,
        is_cultural: account.is_cultural,
    })
}

fn deadline(fields: &mut Fields, now: Moment) -> Result<Deadline, FieldFault> {
    let hours = fields.maybe_whole("validHours", 1..=VALID_HOURS_MAX)?;
    let due_date = fields.maybe_text("dueDate", 1..=40)?;
    match (hours, due_date) {
        (Some(_), Some(_)) => Err(FieldFault::new("dueDate", "goes not with validHours")),
        (hours, None) => Ok(Deadline::Hours(hours.unwrap_or(VALID_HOURS_DEFAULT))),
        (None, Some(text)) => {
            let at = Moment::parse_korea(&text)
                .filter(|at| *at > now && *at <= now.plus_minutes(VALID_HOURS_MAX * 60));
            let problem = "must be a time to come within 90 days, such as 2026-03-01T18:00:00";
            at.map(Deadline::At).ok_or_else(|| FieldFault::new("dueDate", problem))
        }
    }
}

/// `{type, registrationNumber?}`; the type `미발행` asks for none.
fn receipt_wish(fields: &mut Fields) -> Result<Option<ReceiptWish>, FieldFault> {
    let Some(mut wish) = fields.object("cashReceipt")? else { return Ok(None) };
    let kind = wish.text("type", 1..=20)?;
    let registration_number = digits(&mut wish, "registrationNumber", 1..=30)?;
    if words::NOT_ISSUED.is(&kind) {
        return Ok(None);
    }
    let problem = "must be 소득공제, 지출증빙 or 미발행";
    let kind =
        ReceiptKind::named(&kind).ok_or_else(|| FieldFault::new("cashReceipt.type", problem))?;
    Ok(Some(ReceiptWish { kind, registration_number }))
}

pub(crate) fn named_bank(
    fields: &mut Fields,
    name: &str,
) -> Result<Option<&'static Bank>, FieldFault> {
    let Some(text) = fields.maybe_text(name, 1..=30)? else { return Ok(None) };
    let problem = "must be a bank's code or name, such as 88 or SHINHAN";
    bank(&text).map(Some).ok_or_else(|| FieldFault::new(name, problem))
}

/// The first of the table.
pub(crate) fn default_bank() -> &'static Bank {
    const SHINHAN: &Bank = &Bank { code: "88", korean: "신한", english: "SHINHAN" };
    SHINHAN
}

fn digits(
    fields: &mut Fields,
    name: &str,
    length: RangeInclusive<usize>,
) -> Result<Option<String>, FieldFault> {
    match fields.maybe_text(name, length)? {
        Some(text) if !text.bytes().all(|byte| byte.is_ascii_digit()) => {
            Err(FieldFault::new(name, "must be digits only"))
        }
        text => Ok(text),
    }
}

/// At most 5 pairs of text (Toss: api.md §3).
fn metadata(fields: &mut Fields) -> Result<Option<Value>, FieldFault> {
    let Some(value) = fields.value("metadata") else { return Ok(None) };
    let fits = value.as_object().is_some_and(|pairs| {
        pairs.len() <= 5
            && pairs.iter().all(|(name, value)| {
                name.chars().count() <= 40
                    && !name.contains(['[', ']'])
                    && value.as_str().is_some_and(|text| text.chars().count() <= 2_000)
            })
    });
    if fits {
        Ok(Some(value))
    } else {
        Err(FieldFault::new("metadata", "must be up to 5 pairs of text, names without brackets"))
    }
}
