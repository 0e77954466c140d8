//! Card promotions, invented and always in force (Toss: api.md §6.7).

use crate::sandbox::api::request::refuse_if;
use crate::sandbox::calls::Answer;
use crate::sandbox::codes::Refusal;
use crate::sandbox::processor::Processor;
use crate::toss;

/// They end so long after whoever asks.
const RUNS_ON_MINUTES: i64 = 30 * 24 * 60;

/// `GET /v1/promotions`.
pub(crate) fn all(processor: &Processor, objection: Option<Refusal>) -> Result<Answer, Refusal> {
    refuse_if(objection)?;
    let promotions = in_force(processor);
    let discounts = promotions.discount_cards.into_iter().map(|card| toss::Promotion {
        pay_type: "NORMAL".to_owned(),
        r#type: "CARD_DISCOUNT".to_owned(),
        card_discount: Some(card),
        card_interest_free: None,
    });
    let interest_free = promotions.interest_free_cards.into_iter().map(|card| toss::Promotion {
        pay_type: "NORMAL".to_owned(),
        r#type: "CARD_INTEREST_FREE".to_owned(),
        card_discount: None,
        card_interest_free: Some(card),
    });
    Ok(Answer::ok(&discounts.chain(interest_free).collect::<Vec<_>>()))
}

/// `GET /v1/promotions/card`.
pub(crate) fn cards(processor: &Processor, objection: Option<Refusal>) -> Result<Answer, Refusal> {
    refuse_if(objection)?;
    Ok(Answer::ok(&in_force(processor)))
}

fn in_force(processor: &Processor) -> toss::CardPromotions {
    let due_date = processor.clock.now().plus_minutes(RUNS_ON_MINUTES).date();
    let interest_free = |issuer: &str, months: &[i64]| toss::InterestFreeCard {
        issuer_code: issuer.to_owned(),
        minimum_payment_amount: 50_000,
        due_date: due_date.clone(),
        installment_free_months: months.to_vec(),
    };
    toss::CardPromotions {
        discount_cards: vec![toss::DiscountCard {
            issuer_code: "61".to_owned(),
            discount_amount: 3_000,
            balance: 1_000_000,
            discount_code: "A50".to_owned(),
            due_date: due_date.clone(),
            minimum_payment_amount: 30_000,
            maximum_payment_amount: 100_000,
            currency: "KRW".to_owned(),
        }],
        interest_free_cards: vec![
            interest_free("41", &[2, 3]),
            interest_free("11", &[2, 3, 4, 5]),
            interest_free("51", &[2, 3, 4, 5, 6]),
        ],
    }
}
