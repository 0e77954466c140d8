//! The question to a buyer whose cart was ordered already: is it to be paid again?

use leptos::prelude::*;

use crate::contract::RepeatView;
use crate::domain::id::{OrderId, PaymentKey};
use crate::domain::order::Status;
use crate::domain::won::Won;
use crate::pages::head::Title;

/// Stands in place of what would take the money. `came`: what Toss gave along, if the buyer has
/// approved the payment already.
#[component]
pub fn Repeat(
    order_id: OrderId,
    other: RepeatView,
    came: Option<(PaymentKey, Won)>,
) -> impl IntoView {
    let title = if other.status == Status::WaitingForDeposit {
        "같은 장바구니로 받은 계좌가 입금을 기다리고 있습니다"
    } else {
        "같은 장바구니를 이미 결제했습니다"
    };
    let untaken = came.is_some().then(
        || view! { <p>"방금 승인한 결제는 아직 진행하지 않았고, 돈은 나가지 않았습니다."</p> },
    );
    let came = came.map(|(key, amount)| {
        view! {
            <input type="hidden" name="paymentKey" value=key.to_string() />
            <input type="hidden" name="amount" value=amount.get().to_string() />
        }
    });
    view! {
        <Title text="한 번 더 결제할까요?" />
        <section class="banner waiting narrow">
            <span class="mark" aria-hidden="true"></span>
            <h1 data-testid="repeat">{title}</h1>
            <p>
                {format!(
                    "{}에 주문한 {} 주문이 있습니다. 한 번 더 결제하면 상품을 두 번 사게 됩니다.",
                    other.since,
                    other.order_id,
                )}
            </p>
            {untaken}
        </section>
        <p class="ways">
            <a class="button" href=format!("/orders/{}", other.order_id)>"이미 한 주문 보기"</a>
        </p>
        <form method="post" action="/form/repeat" class="ways">
            <input type="hidden" name="orderId" value=order_id.to_string() />
            {came}
            <button type="submit" class="secondary">"한 번 더 결제하기"</button>
        </form>
    }
}
