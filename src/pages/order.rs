//! `/orders/{orderId}`: one order and how it stands.

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::api;
use crate::components::{AccountForm, OrderDetails, StatusBanner};
use crate::contract::{ApiError, Code, OrderView};
use crate::domain::bank::Wrong;
use crate::domain::id::OrderId;
use crate::domain::order::Status;
use crate::pages::deposit::Deposit;
use crate::pages::follow::{Following, LookAgain};
use crate::pages::head::Title;
use crate::pages::problem::Problem;
use crate::words::{self, spoken};

#[component]
pub fn OrderPage() -> impl IntoView {
    let params = use_params_map();
    let id = params.read_untracked().get("id").unwrap_or_default();
    let loaded = Resource::new(
        || (),
        move |()| {
            let id = id.clone();
            async move {
                let id = OrderId::parse(&id).map_err(|_| {
                    ApiError::new(Code::NotFound, words::OrderPage::NotFound.say(spoken()))
                })?;
                // Looking is asking again: an order in doubt is settled if it is due.
                api::order_status(id.clone()).await?;
                api::order(id).await
            }
        },
    );
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match loaded.await {
                    Ok(order) => view! { <WholeOrder order /> }.into_any(),
                    Err(error) => view! { <Problem error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

/// The order with what can be done about it.
#[component]
pub fn WholeOrder(order: OrderView) -> impl IntoView {
    let id = order.order_id.clone();
    let again = move |label: words::OrderPage| {
        view! {
            <form method="post" action="/form/again" class="ways">
                <input type="hidden" name="orderId" value=id.to_string() />
                <button type="submit" class="pay">{label.say(spoken())}</button>
            </form>
        }
    };
    // What was wrong with the account form, which names its fields alone.
    let wrongs = use_query_map().read_untracked().get("wrong");
    let wrongs = wrongs.map(|fields| Wrong::of_fields(&fields)).unwrap_or_default();
    let (id, seen) = (order.order_id.clone(), order.status);
    let form = order.account_asked.map(|asked| {
        let order_id = order.order_id.clone();
        view! { <AccountForm order_id asked wrongs /> }
    });
    let amount = order.amount;
    let deposit = order.account.clone().map(|account| {
        let order_id = order.order_id.clone();
        view! { <Deposit order_id account amount /> }
    });
    let is_followed = order.is_followed;
    let ways = match (order.status, order.is_mine) {
        (Status::Pending | Status::Failed | Status::Expired, false)
        | (
            Status::Completed
            | Status::RefundWaiting
            | Status::PartiallyRefunded
            | Status::Refunded,
            _,
        ) => view! {
            <p class="ways"><a class="button secondary" href="/">{words::Layout::ToShop.say(spoken())}</a></p>
        }
        .into_any(),
        (Status::Pending, true) => again(words::OrderPage::PayNow).into_any(),
        (Status::Failed | Status::Expired, true) => view! {
            {again(words::OrderPage::PayAgain)}
            <p class="ways"><a href="/cart">{words::OrderPage::ToCart.say(spoken())}</a></p>
        }
        .into_any(),
        (
            Status::Confirming | Status::WaitingForDeposit | Status::Canceling | Status::Refunding,
            _,
        ) => view! { <LookAgain order_id=id.clone() /> }.into_any(),
    };
    view! {
        <Title text=order.order_name.clone() />
        <div class="narrow">
            <StatusBanner order=order.clone() />
            {deposit}
            {form}
            {ways}
            <Following order_id=id seen is_followed />
            <OrderDetails order />
        </div>
    }
}
