//! How an order stands, told truthfully: paid, in doubt, waiting, going back, not paid.

use leptos::prelude::*;

use crate::components::{OrderLines, PaidBy, Refunds, Totals, advice_on_failure};
use crate::contract::{DoubtView, OrderView};
use crate::domain::order::Status;

/// The headline and what it means for the buyer.
#[component]
pub fn StatusBanner(order: OrderView) -> impl IntoView {
    let (kind, title) = match order.status {
        Status::Pending => ("waiting", "아직 결제하지 않은 주문입니다"),
        Status::Confirming => ("waiting", "확인 중입니다, 다시 결제하지 마세요"),
        Status::WaitingForDeposit if order.end_asked => ("waiting", "주문을 취소하고 있습니다"),
        Status::WaitingForDeposit => ("waiting", "입금을 기다리고 있습니다"),
        Status::Completed => ("done", "결제가 완료되었습니다"),
        Status::Canceling => ("waiting", "결제를 취소하고 있습니다"),
        Status::Refunding => ("waiting", "환불하고 있습니다"),
        Status::RefundWaiting if order.account_asked.is_some() => {
            ("waiting", "환불받을 계좌를 알려 주세요")
        }
        Status::RefundWaiting => ("waiting", "환불받을 계좌를 기다리고 있습니다"),
        Status::PartiallyRefunded => ("done", "일부 금액이 환불되었습니다"),
        Status::Refunded => ("done", "전액 환불되었습니다"),
        Status::Expired => ("failed", "결제 시간이 지났습니다"),
        Status::Failed => ("failed", "결제되지 않았습니다"),
    };
    let reason = order.failure.clone();
    let body = match order.status {
        Status::Pending => view! { <p>"결제를 마치면 주문이 확정됩니다."</p> }.into_any(),
        Status::Confirming => view! {
            <p>
                "카드사의 답을 기다리고 있습니다. 결과가 나오면 이 화면이 바뀝니다. 창을 닫아도 확인은 계속됩니다."
            </p>
            {order.doubt.clone().map(deadline)}
            <div class="progress" role="progressbar" aria-label="결제 결과 확인 중"></div>
        }
        .into_any(),
        Status::WaitingForDeposit => {
            let sentence = if order.end_asked {
                "입금 전에 이 주문을 취소하고 있습니다. 받으신 계좌로 입금하지 마세요. 취소가 끝나면 이 화면이 바뀝니다."
            } else if order.account.is_none() {
                "입금할 계좌는 주문한 브라우저에서만 보입니다. 그 브라우저에서 이 주문을 열어 확인해 주세요. 입금이 확인되면 이 화면이 바뀝니다."
            } else if order.was_reversed {
                "은행이 입금을 되돌려 다시 입금을 기다리고 있습니다. 주문하신 상품은 그대로 맡아 두었습니다. 아래 계좌로 기한 안에 다시 입금해 주세요."
            } else {
                "아래 계좌로 기한 안에 정확한 금액을 한 번에 입금해 주세요. 입금이 확인되면 이 화면이 바뀝니다."
            };
            view! { <p>{sentence}</p> }.into_any()
        }
        Status::Completed => {
            let late = order.end_asked.then(|| {
                view! {
                    <p>
                        "취소가 요청되었지만 그 전에 입금되어 결제가 완료되었습니다. 주문을 원하지 않으시면 상점에 환불을 요청해 주세요."
                    </p>
                }
            });
            view! {
                <p>{format!("{} 결제가 승인되었습니다.", order.amount)}</p>
                {late}
            }
            .into_any()
        }
        Status::Canceling => view! {
            <p>
                "결제된 금액을 돌려드리고 있습니다. 취소가 끝나면 이 화면이 바뀝니다. 다시 결제하지 마세요."
            </p>
            <div class="progress" role="progressbar" aria-label="결제 취소 중"></div>
        }
        .into_any(),
        Status::Refunding => view! {
            <p>"환불을 요청했습니다. 처리가 끝나면 이 화면이 바뀝니다."</p>
            <div class="progress" role="progressbar" aria-label="환불 처리 중"></div>
        }
        .into_any(),
        Status::RefundWaiting if order.account_asked.is_none() => view! {
            <p>
                "가상계좌로 입금하신 금액은 다른 계좌로 돌려드립니다. 환불받을 계좌는 주문한 브라우저에서 이 주문을 열어 적을 수 있습니다."
            </p>
        }
        .into_any(),
        Status::RefundWaiting => view! {
            <p>
                "가상계좌로 입금하신 금액은 알려 주신 계좌로 돌려드립니다. 환불받을 계좌를 적어 주시면 바로 진행합니다."
            </p>
        }
        .into_any(),
        Status::PartiallyRefunded | Status::Refunded => view! {
            <p>{format!("결제 금액 {} 가운데 {} 환불되었습니다.", order.amount, order.refunded)}</p>
        }
        .into_any(),
        Status::Failed | Status::Expired => reason
            .map(|failure| {
                view! {
                    <p class="reason">{failure.message.clone()}</p>
                    <p>{advice_on_failure(&failure.code)}</p>
                }
            })
            .into_any(),
    };
    view! {
        <section class=format!("banner {kind}") aria-live="polite">
            <span class="mark" aria-hidden="true"></span>
            <h1 id="status" data-testid="status" data-status=order.status.as_str()>{title}</h1>
            {body}
        </section>
    }
}

/// By when the doubt ends; past that, why it has not.
fn deadline(doubt: DoubtView) -> impl IntoView {
    let sentence = if doubt.is_overdue {
        format!(
            "{}까지 확인하려 했지만 결제사에 연결되지 않았습니다. 연결되는 대로 확정하며, 주문이 완료되지 않으면 결제 금액은 청구되지 않거나 돌려드립니다.",
            doubt.decided_by
        )
    } else {
        format!("늦어도 {}까지 결제 여부가 확정됩니다.", doubt.decided_by)
    };
    view! { <p data-testid="decided-by">{sentence}</p> }
}

/// Everything else on an order: what, how much, how paid, who.
#[component]
pub fn OrderDetails(order: OrderView) -> impl IntoView {
    let OrderView { subtotal, discount, amount, .. } = order;
    let paid = order.paid.map(|paid| view! { <PaidBy paid /> });
    let masked = (!order.is_mine).then(|| {
        view! { <p class="hint">"주문한 브라우저가 아니어서 일부 정보를 가렸습니다."</p> }
    });
    view! {
        <section class="card">
            <h2>"주문 상품"</h2>
            <OrderLines lines=order.lines />
            <Totals subtotal discount total=amount label="결제 금액" />
        </section>
        <Refunds refunds=order.refunds />
        {paid}
        <section class="card">
            <h2>"주문 정보"</h2>
            <dl class="facts">
                <div><dt>"주문 번호"</dt><dd class="code">{order.order_id.to_string()}</dd></div>
                <div><dt>"주문 시각"</dt><dd>{order.ordered_at}</dd></div>
                <div><dt>"주문자"</dt><dd>{order.customer.name}</dd></div>
                <div><dt>"이메일"</dt><dd>{order.customer.email}</dd></div>
                <div><dt>"휴대폰"</dt><dd>{order.customer.mobile_phone}</dd></div>
            </dl>
            {masked}
        </section>
    }
}
