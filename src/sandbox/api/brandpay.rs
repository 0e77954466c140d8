//! `POST /v1/brandpay/authorizations/access-token` (Toss: api.md §6.8, §12).

use crate::sandbox::api::answer::Answer;
use crate::sandbox::api::reception::{Work, unless};
use crate::sandbox::codes::Refusal;
use crate::sandbox::state::State;
use crate::sandbox::wallet::Recognised;
use crate::toss;

/// Invented: no document in reach says how long a token lasts.
const EXPIRES_IN_SECONDS: i64 = 30 * 24 * 60 * 60;

/// What a token is asked for with.
#[derive(Clone, Copy)]
enum Grant {
    Code,
    RefreshToken,
}

/// Turns a one-time code, or the token that came with an earlier answer, into a token for this
/// buyer. The access token itself opens nothing here.
pub(crate) fn token(
    state: &State,
    mut work: Work,
    objection: Option<Refusal>,
) -> Result<Answer, Refusal> {
    let refused = || Refusal::new("INVALID_REQUEST");
    let mut fields = work.take_fields()?;
    let grants = [("AuthorizationCode", Grant::Code), ("RefreshToken", Grant::RefreshToken)];
    let grant = fields.maybe_word("grantType", &grants)?.ok_or_else(refused)?;
    let buyer = Recognised {
        m_id: work.account.m_id.clone(),
        customer_key: fields.text("customerKey", 2..=300)?,
    };
    let mut wallet = state.wallet();
    let answer = match grant {
        Grant::Code => {
            let code = fields.text("code", 1..=300)?;
            wallet.codes.get(&code).filter(|it| **it == buyer).ok_or_else(refused)?;
            unless(objection)?;
            wallet.codes.take(&code);
            let answer = answer(state, None);
            wallet.refresh_tokens.put(answer.refresh_token.clone(), buyer);
            answer
        }
        Grant::RefreshToken if !state.assumed.brandpay_refreshes => return Err(refused()),
        Grant::RefreshToken => {
            let token = fields.text("refreshToken", 1..=300)?;
            wallet.refresh_tokens.get(&token).filter(|it| **it == buyer).ok_or_else(refused)?;
            unless(objection)?;
            answer(state, Some(token))
        }
    };
    drop(wallet);
    Ok(Answer::ok(&answer))
}

/// A new access token, with the refresh token that was used or a first one.
fn answer(state: &State, used: Option<String>) -> toss::BrandPayToken {
    toss::BrandPayToken {
        access_token: state.dice.alphanumeric(44),
        refresh_token: used.unwrap_or_else(|| state.dice.alphanumeric(44)),
        token_type: "bearer".to_owned(),
        expires_in: EXPIRES_IN_SECONDS,
    }
}
