//! What a buyer agrees to once and for later: a billing key, or BrandPay. For the window and
//! the control API alike.

use serde_json::{Value, json};

use crate::sandbox::buyer::choices::{account, card, default_bank, named_bank};
use crate::sandbox::fields::{FieldFault, Fields};
use crate::sandbox::merchants::KeyKind;
use crate::sandbox::processor::Processor;
use crate::sandbox::vault::{Agreement, Recognised, Source};

/// How the buyer means to pay.
#[derive(Clone, Copy)]
enum Method {
    Card,
    Transfer,
}

/// A card or an account that may be charged from now on; the key to it works once.
pub(crate) fn agree_to_billing(
    processor: &Processor,
    mut fields: Fields,
) -> Result<Value, FieldFault> {
    let account = account(&processor.accounts, &mut fields)?;
    if account.kind != KeyKind::Individual {
        return Err(FieldFault::new("clientKey", "must be an individual key for billing"));
    }
    let customer_key = fields.text("customerKey", 2..=300)?;
    let methods = [
        ("CARD", Method::Card),
        ("카드", Method::Card),
        ("TRANSFER", Method::Transfer),
        ("계좌이체", Method::Transfer),
    ];
    let method = fields.maybe_word("method", &methods)?.unwrap_or(Method::Card);
    let card = card(&mut fields, 0)?;
    let bank = named_bank(&mut fields, "bank")?.unwrap_or_else(default_bank);
    fields.maybe_text("customerName", 1..=100)?;
    fields.maybe_text("customerEmail", 1..=100)?;
    fields.finish()?;
    let source = match method {
        Method::Card => Source::Card { choice: card, is_known: true },
        Method::Transfer => {
            let masked = format!("{}****{}", processor.dice.digits(4), processor.dice.digits(4));
            Source::Transfer { bank, masked }
        }
    };
    let auth_key = format!("bln_{}", processor.dice.alphanumeric(40));
    let agreement = Agreement {
        m_id: account.m_id.clone(),
        customer_key: customer_key.clone(),
        authenticated_at: processor.clock.now(),
        source,
        removed: false,
    };
    processor.vault().auth_keys.put(auth_key.clone(), agreement);
    Ok(json!({ "customerKey": customer_key, "authKey": auth_key }))
}

/// Who is given a code for BrandPay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whom {
    Anyone,
    /// Only a buyer for whom the shop has no token yet.
    Newcomers,
}

/// BrandPay knows the buyer; the code for it works once.
pub(crate) fn recognise(
    processor: &Processor,
    mut fields: Fields,
    whom: Whom,
) -> Result<Value, FieldFault> {
    let account = account(&processor.accounts, &mut fields)?;
    let customer_key = fields.text("customerKey", 2..=300)?;
    fields.finish()?;
    let recognised = Recognised { m_id: account.m_id.clone(), customer_key: customer_key.clone() };
    let mut vault = processor.vault();
    if whom == Whom::Newcomers && vault.has_token(&recognised) {
        return Ok(json!({ "customerKey": customer_key }));
    }
    let code = processor.dice.alphanumeric(40);
    vault.codes.put(code.clone(), recognised);
    drop(vault);
    Ok(json!({ "customerKey": customer_key, "code": code }))
}
