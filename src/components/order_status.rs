//! How an order stands, told truthfully: paid, in doubt, waiting, going back, not paid.

use leptos::prelude::*;

use crate::components::{OrderLines, PaidBy, Refunds, Totals, advice_on_failure};
use crate::contract::{DoubtView, OrderView};
use crate::domain::order::Status;
use crate::words::{OrderPage, Standing, Sums, spoken};

/// The headline and what it means for the buyer.
#[component]
pub fn StatusBanner(order: OrderView) -> impl IntoView {
    let say = |it: Standing| it.say(spoken());
    let (kind, title) = match order.status {
        Status::Pending => ("waiting", Standing::Pending),
        Status::Confirming => ("waiting", Standing::InDoubt),
        Status::WaitingForDeposit if order.end_asked => ("waiting", Standing::Ending),
        Status::WaitingForDeposit => ("waiting", Standing::Waiting),
        Status::Completed => ("done", Standing::Completed),
        Status::Canceling => ("waiting", Standing::Canceling),
        Status::Refunding => ("waiting", Standing::Refunding),
        Status::RefundWaiting if order.account_asked.is_some() => {
            ("waiting", Standing::AccountWanted)
        }
        Status::RefundWaiting => ("waiting", Standing::AccountAwaited),
        Status::PartiallyRefunded => ("done", Standing::PartlyRefunded),
        Status::Refunded => ("done", Standing::Refunded),
        Status::Expired => ("failed", Standing::Expired),
        Status::Failed => ("failed", Standing::Failed),
    };
    let reason = order.failure.clone();
    let body = match order.status {
        Status::Pending => view! { <p>{say(Standing::PendingMeans)}</p> }.into_any(),
        Status::Confirming => view! {
            <p>
                {say(Standing::InDoubtMeans)}
            </p>
            {order.doubt.clone().map(deadline)}
            <div class="progress" role="progressbar" aria-label=say(Standing::Checking)></div>
        }
        .into_any(),
        Status::WaitingForDeposit => {
            let sentence = if order.end_asked {
                Standing::EndingMeans
            } else if order.account.is_none() {
                Standing::WaitingElsewhere
            } else if order.was_reversed {
                Standing::WaitingAgain
            } else {
                Standing::WaitingMeans
            };
            view! { <p>{say(sentence)}</p> }.into_any()
        }
        Status::Completed => {
            let late = order.end_asked.then(|| {
                view! {
                    <p>
                        {say(Standing::TooLateToEnd)}
                    </p>
                }
            });
            view! {
                <p>{say(Standing::Approved { amount: order.amount })}</p>
                {late}
            }
            .into_any()
        }
        Status::Canceling => view! {
            <p>
                {say(Standing::CancelingMeans)}
            </p>
            <div class="progress" role="progressbar" aria-label=say(Standing::CancelingLabel)></div>
        }
        .into_any(),
        Status::Refunding => view! {
            <p>{say(Standing::RefundingMeans)}</p>
            <div class="progress" role="progressbar" aria-label=say(Standing::RefundingLabel)></div>
        }
        .into_any(),
        Status::RefundWaiting if order.account_asked.is_none() => view! {
            <p>
                {say(Standing::AccountElsewhere)}
            </p>
        }
        .into_any(),
        Status::RefundWaiting => view! {
            <p>
                {say(Standing::AccountWantedMeans)}
            </p>
        }
        .into_any(),
        Status::PartiallyRefunded | Status::Refunded => view! {
            <p>{say(Standing::RefundedOf { amount: order.amount, refunded: order.refunded })}</p>
        }
        .into_any(),
        Status::Failed | Status::Expired => reason
            .map(|failure| {
                view! {
                    <p class="reason">{failure.message.clone()}</p>
                    <p>{advice_on_failure(&failure.code).say(spoken())}</p>
                }
            })
            .into_any(),
    };
    view! {
        <section class=format!("banner {kind}") aria-live="polite">
            <span class="mark" aria-hidden="true"></span>
            <h1 id="status" data-testid="status" data-status=order.status.as_str()>{say(title)}</h1>
            {body}
        </section>
    }
}

/// By when the doubt ends; past that, why it has not.
fn deadline(doubt: DoubtView) -> impl IntoView {
    let time = &doubt.decided_by;
    let sentence = match doubt.is_overdue {
        true => Standing::Undecided { time },
        false => Standing::DecidedBy { time },
    };
    let sentence = sentence.say(spoken());
    view! { <p data-testid="decided-by">{sentence}</p> }
}

/// Everything else on an order: what, how much, how paid, who.
#[component]
pub fn OrderDetails(order: OrderView) -> impl IntoView {
    let say = |it: OrderPage| it.say(spoken());
    let OrderView { subtotal, discount, amount, .. } = order;
    let paid = order.paid.map(|paid| view! { <PaidBy paid /> });
    let masked = (!order.is_mine).then(|| {
        view! { <p class="hint">{say(OrderPage::Masked)}</p> }
    });
    view! {
        <section class="card">
            <h2>{say(OrderPage::Lines)}</h2>
            <OrderLines lines=order.lines />
            <Totals subtotal discount total=amount label=Sums::Payment.say(spoken()) />
        </section>
        <Refunds refunds=order.refunds />
        {paid}
        <section class="card">
            <h2>{say(OrderPage::Title)}</h2>
            <dl class="facts">
                <div><dt>{say(OrderPage::Number)}</dt><dd class="code">{order.order_id.to_string()}</dd></div>
                <div><dt>{say(OrderPage::Time)}</dt><dd>{order.ordered_at}</dd></div>
                <div><dt>{say(OrderPage::Buyer)}</dt><dd>{order.customer.name}</dd></div>
                <div><dt>{say(OrderPage::Email)}</dt><dd>{order.customer.email}</dd></div>
                <div><dt>{say(OrderPage::Mobile)}</dt><dd>{order.customer.mobile_phone}</dd></div>
            </dl>
            {masked}
        </section>
    }
}
