//! `/success`: where Toss sends the buyer back to. The server confirms while it renders, so the
//! page is complete without JavaScript, and nothing is called a second time.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};

use crate::api;
use crate::contract::{ApiError, Claimed, Code, OrderView, RepeatView};
use crate::domain::id::{OrderId, PaymentKey};
use crate::domain::won::Won;
use crate::pages::head::Title;
use crate::pages::order::WholeOrder;
use crate::pages::problem::{Notice, Problem};
use crate::pages::repeat::Repeat;
use crate::words::{self, OrderPage, spoken};

#[component]
pub fn SuccessPage() -> impl IntoView {
    let query = use_query_map();
    let get = |key: &str| query.read_untracked().get(key).unwrap_or_default();
    let claim = (get("paymentKey"), get("orderId"), get("amount"));
    let returned = Resource::new(
        || (),
        move |()| {
            let (payment_key, order_id, amount) = claim.clone();
            async move { settle_claim(&payment_key, &order_id, &amount).await }
        },
    );
    view! {
        <Title text=OrderPage::ResultTitle.say(spoken()) />
        <Suspense>
            {move || Suspend::new(async move {
                match returned.await {
                    Ok(Returned::Order(order, notice)) => view! {
                        <Notice sentence=notice />
                        <WholeOrder order=*order />
                    }
                    .into_any(),
                    Ok(Returned::Asked(order_id, other, key, amount)) => {
                        view! { <Repeat order_id other came=Some((key, amount)) /> }.into_any()
                    }
                    Err(error) => view! { <Problem error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

/// What the page shows.
#[derive(Clone, Debug, Serialize, Deserialize)]
enum Returned {
    /// The order, with a notice when the address does not fit it.
    Order(Box<OrderView>, Option<String>),
    /// Nothing was confirmed: is the same cart to be paid again?
    Asked(OrderId, RepeatView, PaymentKey, Won),
}

/// Confirms, and says how the order stands.
async fn settle_claim(
    payment_key: &str,
    order_id: &str,
    amount: &str,
) -> Result<Returned, ApiError> {
    let wrong = |field: &str, rule: &str| {
        let message = OrderPage::BadReturn { rule }.say(spoken());
        ApiError::in_field(Code::InvalidRequest, field, message)
    };
    let order_id = OrderId::parse(order_id)
        .map_err(|malformed| wrong("orderId", &words::rule(malformed.rule, spoken())))?;
    let payment_key = PaymentKey::parse(payment_key)
        .map_err(|malformed| wrong("paymentKey", &words::rule(malformed.rule, spoken())))?;
    let digits = !amount.is_empty() && amount.bytes().all(|byte| byte.is_ascii_digit());
    let amount = digits.then(|| amount.parse().ok().and_then(Won::new)).flatten();
    let amount = amount.filter(|amount| !amount.is_zero());
    let amount = amount.ok_or_else(|| {
        wrong("amount", &OrderPage::DigitsWanted { field: "amount" }.say(spoken()))
    })?;

    match api::confirm_payment(payment_key.clone(), order_id.clone(), Claimed(amount)).await {
        Ok(outcome) => {
            let order = api::order(order_id).await?;
            // Of a paid order the outcome has the amount, unless the address names another.
            let is_other = order.status.is_paid() && outcome.amount.is_none();
            let notice = (is_other && outcome.message.is_some())
                .then(|| OrderPage::OtherAmount.say(spoken()).into_owned());
            Ok(Returned::Order(Box::new(order), notice))
        }
        // The order is past this claim: its truth, and why this payment was not taken.
        Err(error) if error.code == Code::Conflict => {
            let sentence = error.sentence().to_owned();
            // Known to its buyer alone.
            if let Some(other) = api::checkout(order_id.clone()).await?.repeat {
                return Ok(Returned::Asked(order_id, other, payment_key, amount));
            }
            Ok(Returned::Order(Box::new(api::order(order_id).await?), Some(sentence)))
        }
        Err(error) => Err(error),
    }
}
