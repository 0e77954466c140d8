//! `POST /v1/brandpay/authorizations/access-token` (Toss: api.md §6.8, §12).

use crate::sandbox::api::request::{Work, refuse_if};
use crate::sandbox::calls::Answer;
use crate::sandbox::codes::Refusal;
use crate::sandbox::processor::Processor;
use crate::sandbox::vault::Recognised;
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
    processor: &Processor,
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
    let mut vault = processor.vault();
    let answer = match grant {
        Grant::Code => {
            let code = fields.text("code", 1..=300)?;
            vault.codes.get(&code).filter(|it| **it == buyer).ok_or_else(refused)?;
            refuse_if(objection)?;
            vault.codes.take(&code);
            let answer = answer(processor, None);
            vault.refresh_tokens.put(answer.refresh_token.clone(), buyer);
            answer
        }
        Grant::RefreshToken if !processor.assumed.brandpay_refreshes => return Err(refused()),
        Grant::RefreshToken => {
            let token = fields.text("refreshToken", 1..=300)?;
            vault.refresh_tokens.get(&token).filter(|it| **it == buyer).ok_or_else(refused)?;
            refuse_if(objection)?;
            answer(processor, Some(token))
        }
    };
    drop(vault);
    Ok(Answer::ok(&answer))
}

/// A new access token, with the refresh token that was used or a first one.
fn answer(processor: &Processor, used: Option<String>) -> toss::BrandPayToken {
    toss::BrandPayToken {
        access_token: processor.dice.alphanumeric(44),
        refresh_token: used.unwrap_or_else(|| processor.dice.alphanumeric(44)),
        token_type: "bearer".to_owned(),
        expires_in: EXPIRES_IN_SECONDS,
    }
}
