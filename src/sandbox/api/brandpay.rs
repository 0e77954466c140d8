//! `POST /v1/brandpay/authorizations/access-token` (Toss: api.md §6.8).

use crate::sandbox::api::answer::Answer;
use crate::sandbox::api::reception::{Work, unless};
use crate::sandbox::codes::Refusal;
use crate::sandbox::state::State;
use crate::toss;

/// Invented: no document in reach says how long a token lasts.
const EXPIRES_IN_SECONDS: i64 = 30 * 24 * 60 * 60;

/// Turns a one-time code into a token for this buyer. The token itself opens nothing here.
pub(crate) fn token(
    state: &State,
    mut work: Work,
    objection: Option<Refusal>,
) -> Result<Answer, Refusal> {
    let mut fields = work.take_fields()?;
    let grants = [("AuthorizationCode", ())];
    fields.maybe_word("grantType", &grants)?.ok_or_else(|| Refusal::new("INVALID_REQUEST"))?;
    let customer_key = fields.text("customerKey", 2..=300)?;
    let code = fields.text("code", 1..=300)?;
    let mut wallet = state.wallet();
    let is_right = wallet
        .codes
        .get(&code)
        .is_some_and(|it| it.m_id == work.account.m_id && it.customer_key == customer_key);
    if !is_right {
        return Err(Refusal::new("INVALID_REQUEST"));
    }
    unless(objection)?;
    wallet.codes.take(&code);
    drop(wallet);
    Ok(Answer::ok(&toss::BrandPayToken {
        access_token: state.dice.alphanumeric(44),
        refresh_token: state.dice.alphanumeric(44),
        token_type: "bearer".to_owned(),
        expires_in: EXPIRES_IN_SECONDS,
    }))
}
