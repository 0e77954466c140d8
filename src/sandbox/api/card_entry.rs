//! A card that is typed in, as key-in and billing take it (Toss: api.md §6.1, §6.3).

use crate::sandbox::clock::Moment;
use crate::sandbox::codes::Refusal;
use crate::sandbox::fields::Fields;
use crate::sandbox::payments::{CARD_COMPANIES, CardChoice, Company, card_company};

/// What was typed, understood.
#[derive(Clone, Debug)]
pub(crate) struct CardEntry {
    pub(crate) choice: CardChoice,
    /// Whether the issuer is known. Other cards can be registered but not charged.
    pub(crate) is_known: bool,
}

/// Reads the card's fields. `missing` is the code for one that is not there.
pub(crate) fn card_entry(
    fields: &mut Fields,
    now: Moment,
    missing: &str,
) -> Result<CardEntry, Refusal> {
    let number = required(fields, "cardNumber", missing, "INVALID_CARD_NUMBER")?;
    let year = required(fields, "cardExpirationYear", missing, "INVALID_CARD_EXPIRATION")?;
    let month = required(fields, "cardExpirationMonth", missing, "INVALID_CARD_EXPIRATION")?;
    let identity = required(fields, "customerIdentityNumber", missing, "INVALID_BIRTH_DAY_FORMAT")?;
    if !(14..=20).contains(&number.len()) || !is_digits(&number) {
        return Err(Refusal::new("INVALID_CARD_NUMBER"));
    }
    check_expiration(&year, &month, now)?;
    if !is_identity(&identity) {
        return Err(Refusal::new("INVALID_BIRTH_DAY_FORMAT"));
    }
    let password = fields.maybe_text("cardPassword", 0..=20);
    let password = password.map_err(|_| Refusal::new("INVALID_CARD_PASSWORD"))?;
    if password.is_some_and(|it| it.len() != 2 || !is_digits(&it)) {
        return Err(Refusal::new("INVALID_CARD_PASSWORD"));
    }
    let known = CARD_COMPANIES.iter().find(|company| number.starts_with(company.digits));
    let company = known.or_else(|| brand(&number));
    let company = company.ok_or_else(|| Refusal::new("INVALID_CARD_NUMBER"))?;
    Ok(CardEntry {
        choice: CardChoice {
            company,
            installment_months: 0,
            interest_free: false,
            use_card_point: false,
            check_card: false,
            corporate: identity.len() == 10,
            masked: Some(masked(&number)),
            discount: 0,
        },
        is_known: known.is_some(),
    })
}

/// A text or a number that must be there.
pub(crate) fn required(
    fields: &mut Fields,
    name: &str,
    missing: &str,
    wrong: &str,
) -> Result<String, Refusal> {
    fields
        .loose_text(name, 0..=100)
        .map_err(|fault| Refusal::new(if fault.is_missing() { missing } else { wrong }))
}

/// Needs the shape of an address and no more.
pub(crate) fn check_email(fields: &mut Fields) -> Result<(), Refusal> {
    let email = fields.maybe_text("customerEmail", 0..=100);
    let email = email.map_err(|_| Refusal::new("INVALID_EMAIL"))?;
    let is_email = |it: &str| {
        it.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
    };
    match email {
        Some(email) if !is_email(&email) => Err(Refusal::new("INVALID_EMAIL")),
        Some(_) | None => Ok(()),
    }
}

pub(crate) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Two digits each, and not over yet: a card is good until the end of its month.
fn check_expiration(year: &str, month: &str, now: Moment) -> Result<(), Refusal> {
    let two_digits = year.len() == 2 && month.len() == 2 && is_digits(year) && is_digits(month);
    let is_good =
        two_digits && ("01"..="12").contains(&month) && format!("20{year}-{month}") >= now.month();
    if is_good { Ok(()) } else { Err(Refusal::new("INVALID_CARD_EXPIRATION")) }
}

/// `yyMMdd`, or the ten digits of a business.
fn is_identity(text: &str) -> bool {
    let is_birth_day = || {
        let (month, day) = (text.get(2..4).unwrap_or(""), text.get(4..6).unwrap_or(""));
        ("01"..="12").contains(&month) && ("01"..="31").contains(&day)
    };
    is_digits(text) && (text.len() == 10 || (text.len() == 6 && is_birth_day()))
}

/// The brand that a card from somewhere else bears.
fn brand(number: &str) -> Option<&'static Company> {
    card_company(match number.get(..1)? {
        "3" => "JCB",
        "4" => "VISA",
        "5" => "MASTER",
        "6" => "UNIONPAY",
        "9" => "BC",
        _ => return None,
    })
}

/// Eight digits, four stars, the rest but one, one star.
fn masked(number: &str) -> String {
    let head = number.get(..8).unwrap_or_default();
    let tail = number.get(12..number.len().saturating_sub(1)).unwrap_or_default();
    format!("{head}****{tail}*")
}
