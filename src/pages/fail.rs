//! `/fail`: where Toss sends a buyer who has not paid. What the address says is a claim: shown
//! as text, and nothing of it is kept but a code that the shop knows, on an order of this browser
//! that nothing has been asked for yet.

use crate::pages::head::Title;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::api;
use crate::components::sentence_for;
use crate::contract::{ApiError, Code, OrderView};
use crate::domain::id::OrderId;
use crate::domain::order::Status;
use crate::pages::order::WholeOrder;
use crate::pages::problem::Problem;

#[component]
pub fn FailPage() -> impl IntoView {
    let query = use_query_map();
    let get = |key: &str| query.read_untracked().get(key).unwrap_or_default();
    let (code, message, order_id) = (get("code"), get("message"), get("orderId"));
    let told = (code.clone(), message.clone());
    let failed = Resource::new(
        || (),
        move |()| {
            let (code, message) = told.clone();
            let order_id = order_id.clone();
            async move { abandon(&order_id, code, message).await }
        },
    );
    view! {
        <Title text="결제 실패 · 계산" />
        <Suspense>
            {move || {
                let (code, message) = (code.clone(), message.clone());
                Suspend::new(async move {
                    match failed.await {
                        // Paid, or in doubt: that is the truth, whatever this address says.
                        Ok(Some(order)) if !matches!(order.status, Status::Failed | Status::Expired) => {
                            view! { <WholeOrder order /> }.into_any()
                        }
                        Ok(order) => view! { <NotPaid code message order /> }.into_any(),
                        Err(error) => view! { <Problem error /> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
}

/// Without a readable orderId there is no order to speak of: Toss leaves it out when the buyer
/// cancels (Toss: sdk.md §4.2).
async fn abandon(
    order_id: &str,
    code: String,
    message: String,
) -> Result<Option<OrderView>, ApiError> {
    let Ok(order_id) = OrderId::parse(order_id) else { return Ok(None) };
    match api::fail_payment(order_id.clone(), code, message).await {
        Ok(_) => api::order(order_id).await.map(Some),
        // Another browser's, which this one cannot end.
        Err(error) if error.code == Code::Forbidden => Ok(None),
        Err(error) => Err(error),
    }
}

#[component]
fn NotPaid(code: String, message: String, order: Option<OrderView>) -> impl IntoView {
    let sentence = match code.as_str() {
        "" => "결제를 마치지 않았습니다. 다시 시도해 주세요.",
        code => sentence_for(code),
    };
    let words: String = message.chars().take(510).collect();
    let quoted = (!words.is_empty()).then(|| {
        view! { <p class="reason" data-testid="toss-message">{format!("“{words}”")}</p> }
    });
    let ways = match order {
        Some(order) if order.is_mine => {
            let (id, name, amount) = (order.order_id.to_string(), order.order_name, order.amount);
            view! {
                <form method="post" action="/form/again" class="ways">
                    <input type="hidden" name="orderId" value=id />
                    <button type="submit" class="pay">{format!("{name} {amount} 다시 결제하기")}</button>
                </form>
                <p class="ways"><a href="/cart">"장바구니로 돌아가기"</a></p>
            }
            .into_any()
        }
        _ => view! { <Resume /> }.into_any(),
    };
    view! {
        <section class="banner failed narrow" role="alert">
            <span class="mark" aria-hidden="true"></span>
            <h1 data-testid="status" data-status="FAILED">"결제되지 않았습니다"</h1>
            <p>{sentence}</p>
            {quoted}
        </section>
        {ways}
    }
}

/// The order this browser was last about to pay, or the cart.
#[component]
fn Resume() -> impl IntoView {
    let last = Resource::new(|| (), |()| api::last_unpaid());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match last.await {
                    Ok(Some(order_id)) => view! {
                        <form method="post" action="/form/again" class="ways">
                            <input type="hidden" name="orderId" value=order_id.to_string() />
                            <button type="submit" class="pay">"다시 결제하기"</button>
                        </form>
                        <p class="ways"><a href="/cart">"장바구니로 돌아가기"</a></p>
                    }
                    .into_any(),
                    Ok(None) | Err(_) => view! {
                        <p class="ways"><a class="button" href="/cart">"장바구니로 돌아가기"</a></p>
                    }
                    .into_any(),
                }
            })}
        </Suspense>
    }
}
