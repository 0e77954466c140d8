//! `POST /__sandbox/authenticate`: opens a window and pays in it, as a buyer would.

use std::sync::Arc;

use axum::Json;
use axum::extract::State as Shared;
use serde_json::{Value, json};

use crate::sandbox::control::{JsonFields, Refused};
use crate::sandbox::fields::{FieldFault, Fields, Flag};
use crate::sandbox::merchants::KEY_LENGTH_MAX;
use crate::sandbox::payments::{
    CardChoice, Choice, INSTALLMENT_AMOUNT_MIN, Mix, Order, card_company, easy_pay,
};
use crate::sandbox::state::{AMOUNT_MAX, State};

/// Points spent where a mix has points and nobody said how many.
const POINTS_DEFAULT: i64 = 1_000;

pub(crate) async fn authenticate(
    Shared(state): Shared<Arc<State>>,
    JsonFields(mut fields): JsonFields,
) -> Result<Json<Value>, Refused> {
    let client_key = fields.text("clientKey", 1..=KEY_LENGTH_MAX)?;
    let account = state
        .accounts
        .by_client(&client_key)
        .ok_or_else(|| FieldFault::new("clientKey", "is not a registered client key"))?;
    let order = order(&mut fields)?;
    let choice = choice(&mut fields, order.amount)?;
    // Without it, the window is open and nobody has paid in it yet.
    let authenticated = fields.flag("authenticated", Flag::On)?;
    fields.maybe_text("customerKey", 2..=50)?;
    fields.finish()?;

    let now = state.clock.now();
    let means = choice.pay(order.amount);
    let mut book = state.book();
    let payment = book.open(Arc::clone(account), order, now, &state.dice);
    if authenticated.is_on() {
        payment.authenticate(means, now);
    }
    Ok(Json(json!({
        "paymentKey": payment.key,
        "orderId": payment.order.id,
        "amount": payment.order.amount,
        "paymentType": "NORMAL",
        "status": payment.state.status().as_str(),
    })))
}

/// What is to be sold.
pub(crate) fn order(fields: &mut Fields) -> Result<Order, FieldFault> {
    let id = fields.text("orderId", 6..=64)?;
    if !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_=".contains(&byte)) {
        let problem = "may have letters, digits, -, _ and = only";
        return Err(FieldFault::new("orderId", problem));
    }
    let amount = fields.whole("amount", 1..=AMOUNT_MAX)?;
    let tax_free = fields.maybe_whole("taxFreeAmount", 0..=amount)?.unwrap_or(0);
    let currencies = [("KRW", "KRW"), ("USD", "USD"), ("JPY", "JPY")];
    Ok(Order {
        id,
        name: fields.text("orderName", 1..=100)?,
        amount,
        currency: fields.maybe_word("currency", &currencies)?.unwrap_or("KRW").to_owned(),
        tax_free,
        tax_exemption: fields
            .maybe_whole("taxExemptionAmount", 0..=amount - tax_free)?
            .unwrap_or(0),
        metadata: metadata(fields)?,
    })
}

/// What the buyer pays with.
pub(crate) fn choice(fields: &mut Fields, amount: i64) -> Result<Choice, FieldFault> {
    let method = fields.maybe_text("method", 1..=30)?.unwrap_or_else(|| "CARD".to_owned());
    let card = card(fields, amount)?;
    let mixes = Mix::ALL.map(|mix| (mix.as_str(), mix));
    let mix = fields.maybe_word("mix", &mixes)?.unwrap_or(Mix::Card);
    let points = fields.maybe_whole("points", 1..=AMOUNT_MAX)?.unwrap_or(POINTS_DEFAULT);
    match (method.as_str(), easy_pay(&method)) {
        ("CARD" | "카드", _) => Ok(Choice::Card(card)),
        (_, Some(provider)) => Ok(Choice::EasyPay { provider, mix, points, card }),
        (_, None) => {
            let problem = "must be CARD or an easy-pay provider such as TOSSPAY or NAVERPAY";
            Err(FieldFault::new("method", problem))
        }
    }
}

fn card(fields: &mut Fields, amount: i64) -> Result<CardChoice, FieldFault> {
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
    })
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
