//! Billing: keys that charge a card or an account without its owner (Toss: api.md §6.3).

use crate::sandbox::api::card_entry::{card_entry, check_email};
use crate::sandbox::api::request::{Work, refuse_if};
use crate::sandbox::api::sale::sell;
use crate::sandbox::calls::Answer;
use crate::sandbox::codes::Refusal;
use crate::sandbox::fields::Fields;
use crate::sandbox::language::Language;
use crate::sandbox::payments::{
    AMOUNT_MAX, CardChoice, CardPart, Customer, Event, INSTALLMENT_AMOUNT_MIN, Kind, Means, Order,
    Transfer, is_order_id, masked_number, owner_word, type_word, words,
};
use crate::sandbox::processor::Processor;
use crate::sandbox::vault::{Agreement, Source};
use crate::toss;

/// Measured: one character more is an error of the database.
const CUSTOMER_KEY_LENGTH_MAX: usize = 300;
/// Why a key was deleted, as its event says.
const DELETED_BY_API: &str = "빌링키 삭제 API 요청";

/// `POST /v1/billing/authorizations/issue`.
pub(crate) fn issue(
    processor: &Processor,
    mut work: Work,
    objection: Option<Refusal>,
) -> Result<Answer, Refusal> {
    let mut fields = work.take_fields()?;
    let auth_key = fields.text("authKey", 1..=300)?;
    let customer_key = customer_key(&mut fields)?;
    let mut vault = processor.vault();
    let wanted = vault
        .auth_keys
        .get(&auth_key)
        .filter(|it| it.m_id == work.account.m_id)
        .ok_or_else(|| Refusal::new("NOT_FOUND_BILLING"))?;
    if wanted.customer_key != customer_key {
        return Err(Refusal::new("INVALID_REQUEST"));
    }
    refuse_if(objection)?;
    let agreement = vault.auth_keys.take(&auth_key);
    drop(vault);
    let agreement = agreement.ok_or_else(|| Refusal::new("NOT_FOUND_BILLING"))?;
    Ok(register(processor, &work, agreement))
}

/// `POST /v1/billing/authorizations/card`.
pub(crate) fn issue_by_card(
    processor: &Processor,
    mut work: Work,
    objection: Option<Refusal>,
) -> Result<Answer, Refusal> {
    let mut fields = work.take_fields()?;
    let customer_key = customer_key(&mut fields)?;
    let now = processor.clock.now();
    let entry = card_entry(&mut fields, now, "INVALID_REQUEST")?;
    check_email(&mut fields)?;
    fields.maybe_text("customerName", 1..=100)?;
    fields.object("vbv")?;
    refuse_if(objection)?;
    let agreement = Agreement {
        m_id: work.account.m_id.clone(),
        customer_key,
        authenticated_at: now,
        source: Source::Card { choice: entry.choice, is_known: entry.is_known },
        removed: false,
    };
    Ok(register(processor, &work, agreement))
}

/// `POST /v1/billing/{billingKey}`.
pub(crate) fn charge(
    processor: &Processor,
    mut work: Work,
    objection: Option<Refusal>,
) -> Result<Answer, Refusal> {
    let mut fields = work.take_fields()?;
    let key = work.operation.subject().unwrap_or_default();
    let agreement = processor
        .vault()
        .billing_keys
        .get(key)
        .filter(|it| it.m_id == work.account.m_id)
        .cloned()
        .ok_or_else(|| Refusal::new("INVALID_BILL_KEY_REQUEST"))?;
    if agreement.removed {
        return Err(Refusal::new("ALREADY_REMOVED_BILLING_KEY"));
    }
    let customer_key = customer_key(&mut fields)?;
    let order = order(&mut fields, customer_key)?;
    let months = fields
        .maybe_loose_whole("cardInstallmentPlan", 0..=12)
        .map_err(|_| Refusal::new("INVALID_CARD_INSTALLMENT_PLAN"))?
        .unwrap_or(0);
    if order.customer.key.as_deref() != Some(&agreement.customer_key) {
        return Err(Refusal::new("NOT_MATCHES_CUSTOMER_KEY"));
    }
    let means = means(agreement.source, months, order.amount)?;
    if order.amount < means.minimum() {
        return Err(Refusal::new("BELOW_MINIMUM_AMOUNT"));
    }
    sell(processor, &work, Kind::Billing, order, means, objection)
}

/// `DELETE /v1/billing/{billingKey}`: 200 and nothing more, as measured.
pub(crate) fn delete(
    processor: &Processor,
    work: &Work,
    objection: Option<Refusal>,
) -> Result<Answer, Refusal> {
    let key = work.operation.subject().unwrap_or_default();
    let mut vault = processor.vault();
    let agreement = vault
        .billing_keys
        .get_mut(key)
        .filter(|it| it.m_id == work.account.m_id)
        .ok_or_else(|| Refusal::new("NOT_FOUND_BILLING"))?;
    if agreement.removed {
        return Err(Refusal::new("ALREADY_REMOVED_BILLING_KEY"));
    }
    refuse_if(objection)?;
    agreement.removed = true;
    drop(vault);
    let event = Event::BillingDeleted {
        billing_key: key.to_owned(),
        reason: Some(DELETED_BY_API.to_owned()),
    };
    let now = processor.clock.now();
    processor.book().tell(&work.account.m_id, event, now);
    Ok(Answer::empty())
}

/// Any characters, as measured, but not any number of them.
fn customer_key(fields: &mut Fields) -> Result<String, Refusal> {
    let key = fields.text("customerKey", 2..=usize::MAX)?;
    if key.chars().count() > CUSTOMER_KEY_LENGTH_MAX {
        return Err(Refusal::new("FAILED_DB_PROCESSING"));
    }
    Ok(key)
}

fn order(fields: &mut Fields, customer_key: String) -> Result<Order, Refusal> {
    let id = fields.text("orderId", 6..=64)?;
    if !is_order_id(&id) {
        return Err(Refusal::new("INVALID_REQUEST"));
    }
    let amount = fields.loose_whole("amount", 1..=AMOUNT_MAX)?;
    let tax_free = fields.maybe_whole("taxFreeAmount", 0..=amount)?.unwrap_or(0);
    fields.maybe_text("customerEmail", 1..=100)?;
    fields.maybe_text("customerIp", 1..=45)?;
    Ok(Order {
        id,
        name: fields.text("orderName", 1..=100)?,
        amount,
        currency: "KRW".to_owned(),
        tax_free,
        tax_exemption: fields
            .maybe_whole("taxExemptionAmount", 0..=amount - tax_free)?
            .unwrap_or(0),
        metadata: None,
        customer: Customer {
            key: Some(customer_key),
            name: fields.maybe_text("customerName", 1..=100)?,
            mobile_phone: None,
        },
    })
}

fn means(source: Source, months: i64, amount: i64) -> Result<Means, Refusal> {
    match source {
        Source::Card { is_known: false, .. } => Err(Refusal::new("NOT_SUPPORTED_CARD_TYPE")),
        Source::Card { choice, .. } => {
            if months == 1 {
                return Err(Refusal::new("INVALID_CARD_INSTALLMENT_PLAN"));
            }
            if months > 1 && amount < INSTALLMENT_AMOUNT_MIN {
                return Err(Refusal::new("NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN"));
            }
            let choice = CardChoice { installment_months: months, ..choice };
            Ok(Means::Card(CardPart::whole(choice, amount)))
        }
        Source::Transfer { bank, .. } => Ok(Means::Transfer(Transfer {
            bank,
            cash_receipt: None,
            use_escrow: false,
            is_cultural: false,
        })),
    }
}

/// Files an agreement under a new billing key and shows it.
fn register(processor: &Processor, work: &Work, agreement: Agreement) -> Answer {
    // Measured: 44 characters that look like base64.
    let key = format!("{}=", processor.dice.alphanumeric(43));
    let answer = Answer::ok(&billing_object(&agreement, &key, work));
    processor.vault().billing_keys.put(key, agreement);
    answer
}

fn billing_object(agreement: &Agreement, key: &str, work: &Work) -> toss::Billing {
    let language = work.language;
    let (method, card, transfers) = match &agreement.source {
        Source::Card { choice, is_known } => {
            (words::CARD, Some(card(choice, *is_known, language)), None)
        }
        Source::Transfer { bank, masked } => (
            words::TRANSFER,
            None,
            Some(vec![toss::BillingTransfer {
                bank_name: bank.word().text(language),
                bank_account_number: masked.clone(),
            }]),
        ),
    };
    let company = match &agreement.source {
        Source::Card { choice, .. } => Some(choice.company.word().text(language)),
        Source::Transfer { .. } => None,
    };
    let shows_card = work.account.shows_billing_card();
    toss::Billing {
        m_id: agreement.m_id.clone(),
        customer_key: agreement.customer_key.clone(),
        authenticated_at: agreement.authenticated_at.iso(),
        method: method.text(language),
        billing_key: key.to_owned(),
        transfers,
        easy_pay: None,
        card_company: company.filter(|_| shows_card),
        card_number: card.as_ref().map(|it| it.number.clone()).filter(|_| shows_card),
        card,
    }
}

fn card(choice: &CardChoice, is_known: bool, language: Language) -> toss::BillingCard {
    let (kind, owner) = if is_known {
        (type_word(choice, false), owner_word(choice))
    } else {
        (words::UNKNOWN, words::UNKNOWN)
    };
    toss::BillingCard {
        issuer_code: choice.company.code.to_owned(),
        acquirer_code: Some(choice.company.code.to_owned()),
        number: masked_number(choice),
        card_type: kind.text(language),
        owner_type: owner.text(language),
    }
}
