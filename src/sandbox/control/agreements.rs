//! What a buyer agrees to once and for later: a billing key, or BrandPay. For the window and
//! the control API alike.

use std::sync::Arc;

use axum::Json;
use axum::extract::State as Shared;
use serde_json::{Value, json};

use crate::sandbox::control::authenticate::account;
use crate::sandbox::control::choices::{card, default_bank, named_bank};
use crate::sandbox::control::{JsonFields, Refused};
use crate::sandbox::fields::{FieldFault, Fields};
use crate::sandbox::merchants::KeyKind;
use crate::sandbox::state::State;
use crate::sandbox::wallet::{Agreement, Recognised, Source};

/// How the buyer means to pay.
#[derive(Clone, Copy)]
enum Method {
    Card,
    Transfer,
}

/// `POST /__sandbox/billing-auth`.
pub(crate) async fn billing_auth(
    Shared(state): Shared<Arc<State>>,
    JsonFields(fields): JsonFields,
) -> Result<Json<Value>, Refused> {
    Ok(Json(agree_to_billing(&state, fields)?))
}

/// `POST /__sandbox/brandpay-auth`.
pub(crate) async fn brandpay_auth(
    Shared(state): Shared<Arc<State>>,
    JsonFields(fields): JsonFields,
) -> Result<Json<Value>, Refused> {
    Ok(Json(recognise(&state, fields, Whom::Anyone)?))
}

/// A card or an account that may be charged from now on; the key to it works once.
pub(crate) fn agree_to_billing(state: &State, mut fields: Fields) -> Result<Value, FieldFault> {
    let account = account(state, &mut fields)?;
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
            let masked = format!("{}****{}", state.dice.digits(4), state.dice.digits(4));
            Source::Transfer { bank, masked }
        }
    };
    let auth_key = format!("bln_{}", state.dice.alphanumeric(40));
    let agreement = Agreement {
        m_id: account.m_id.clone(),
        customer_key: customer_key.clone(),
        authenticated_at: state.clock.now(),
        source,
        removed: false,
    };
    state.wallet().auth_keys.put(auth_key.clone(), agreement);
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
    state: &State,
    mut fields: Fields,
    whom: Whom,
) -> Result<Value, FieldFault> {
    let account = account(state, &mut fields)?;
    let customer_key = fields.text("customerKey", 2..=300)?;
    fields.finish()?;
    let recognised = Recognised { m_id: account.m_id.clone(), customer_key: customer_key.clone() };
    let mut wallet = state.wallet();
    if whom == Whom::Newcomers && wallet.has_token(&recognised) {
        return Ok(json!({ "customerKey": customer_key }));
    }
    let code = state.dice.alphanumeric(40);
    wallet.codes.put(code.clone(), recognised);
    drop(wallet);
    Ok(json!({ "customerKey": customer_key, "code": code }))
}
