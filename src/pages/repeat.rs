//! The question to a buyer whose cart was ordered already: is it to be paid again?

use leptos::prelude::*;

use crate::contract::RepeatView;
use crate::domain::id::{OrderId, PaymentKey};
use crate::domain::order::Status;
use crate::domain::won::Won;
use crate::pages::head::Title;
use crate::words::{OrderPage, spoken};

/// Stands in place of what would take the money. `came`: what Toss gave along, if the buyer has
/// approved the payment already.
#[component]
pub fn Repeat(
    order_id: OrderId,
    other: RepeatView,
    came: Option<(PaymentKey, Won)>,
) -> impl IntoView {
    let title = if other.status == Status::WaitingForDeposit {
        OrderPage::RepeatWaits
    } else {
        OrderPage::RepeatPaid
    };
    let untaken = came.is_some().then(|| view! { <p>{OrderPage::NothingTaken.say(spoken())}</p> });
    let first = other.order_id.to_string();
    let told = OrderPage::Repeat { since: &other.since, order_id: &first };
    let came = came.map(|(key, amount)| {
        view! {
            <input type="hidden" name="paymentKey" value=key.to_string() />
            <input type="hidden" name="amount" value=amount.get().to_string() />
        }
    });
    view! {
        <Title text=OrderPage::RepeatTitle.say(spoken()) />
        <section class="banner waiting narrow">
            <span class="mark" aria-hidden="true"></span>
            <h1 data-testid="repeat">{title.say(spoken())}</h1>
            <p>
                {told.say(spoken())}
            </p>
            {untaken}
        </section>
        <p class="ways">
            <a class="button" href=format!("/orders/{}", other.order_id)>{OrderPage::SeeFirst.say(spoken())}</a>
        </p>
        <form method="post" action="/form/repeat" class="ways">
            <input type="hidden" name="orderId" value=order_id.to_string() />
            {came}
            <button type="submit" class="secondary">{OrderPage::RepeatNow.say(spoken())}</button>
        </form>
    }
}
