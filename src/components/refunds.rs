//! What of an order went back or is to go back, and the form for an account to pay it to.

use leptos::prelude::*;

use crate::contract::{AccountAskedView, RefundState, RefundView};
use crate::domain::bank::{BANKS, Wrong};
use crate::domain::id::OrderId;

/// Each refund of an order.
#[component]
pub fn Refunds(refunds: Vec<RefundView>) -> impl IntoView {
    (!refunds.is_empty()).then(|| {
        let rows = refunds.into_iter().map(|refund| view! { <Refund refund /> }).collect_view();
        view! {
            <section class="card">
                <h2>"환불 내역"</h2>
                <ul class="refunds">{rows}</ul>
            </section>
        }
    })
}

#[component]
fn Refund(refund: RefundView) -> impl IntoView {
    let state = match refund.state {
        RefundState::AccountNeeded => "환불 계좌를 기다리고 있습니다",
        RefundState::Asked => "환불을 요청했습니다",
        RefundState::Running => "환불 처리 중입니다",
        RefundState::Done => "환불 완료",
        RefundState::Refused => "환불하지 못했습니다. 상점에 문의해 주세요",
    };
    let lines: Vec<String> =
        refund.lines.iter().map(|line| format!("{} {}개", line.name, line.quantity)).collect();
    let of = if lines.is_empty() { "금액 환불".to_owned() } else { lines.join(", ") };
    let account = refund.account.map(|account| format!("입금 계좌 {account}"));
    view! {
        <li class="refund">
            <span class="refund-amount">{refund.amount.to_string()}</span>
            <span class="refund-of">{of}</span>
            <span class="hint">
                {[Some(state.to_owned()), Some(refund.asked_at), account]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join(" · ")}
            </span>
            {(!refund.reason.is_empty())
                .then(|| view! { <span class="hint">{format!("사유: {}", refund.reason)}</span> })}
        </li>
    }
}

/// Asks the buyer to which account money is to be paid. Nothing that was typed comes back: the
/// address of a page is no place for an account number.
#[component]
pub fn AccountForm(
    order_id: OrderId,
    asked: AccountAskedView,
    wrongs: Vec<Wrong>,
) -> impl IntoView {
    let is_wrong = |field: Wrong| wrongs.contains(&field);
    let is_first = |field: Wrong| wrongs.first() == Some(&field);
    let sentence = |field: Wrong| {
        is_wrong(field).then(|| {
            let id = format!("{}-wrong", field.field());
            view! { <p class="wrong" id=id role="alert">{field.sentence()}</p> }
        })
    };
    let invalid = |field: Wrong| is_wrong(field).to_string();
    let described = |field: Wrong| is_wrong(field).then(|| format!("{}-wrong", field.field()));
    let refused = asked.was_refused.then(|| {
        view! {
            <p class="notice" role="alert">
                "적어 주신 계좌로 환불할 수 없었습니다. 은행·계좌번호·예금주를 다시 확인해 주세요."
            </p>
        }
    });
    let banks = BANKS.iter().map(|(code, name)| view! { <option value=*code>{*name}</option> });
    view! {
        <form class="card" id="refund-account" method="post" action="/form/refund-account" novalidate>
            <h2>"환불받을 계좌"</h2>
            <p>{format!("{}을 돌려드릴 계좌를 적어 주세요.", asked.amount)}</p>
            {refused}
            <input type="hidden" name="orderId" value=order_id.to_string() />
            <div class="field">
                <label for="bank">"은행"</label>
                <select id="bank" name="bank" required autofocus=is_first(Wrong::Bank)
                    aria-invalid=invalid(Wrong::Bank) aria-describedby=described(Wrong::Bank)>
                    <option value="">"은행을 골라 주세요"</option>
                    {banks.collect_view()}
                </select>
                {sentence(Wrong::Bank)}
            </div>
            <div class="field">
                <label for="accountNumber">"계좌번호"</label>
                <input id="accountNumber" name="accountNumber" type="text" inputmode="numeric"
                    autocomplete="off" required maxlength="30" placeholder="숫자만"
                    autofocus=is_first(Wrong::Number) aria-invalid=invalid(Wrong::Number)
                    aria-describedby=described(Wrong::Number) />
                {sentence(Wrong::Number)}
            </div>
            <div class="field">
                <label for="holderName">"예금주"</label>
                <input id="holderName" name="holderName" type="text" autocomplete="name" required
                    maxlength="60" autofocus=is_first(Wrong::Holder)
                    aria-invalid=invalid(Wrong::Holder)
                    aria-describedby=described(Wrong::Holder) />
                {sentence(Wrong::Holder)}
            </div>
            <button type="submit" class="pay">"이 계좌로 환불받기"</button>
            <p class="hint">
                "계좌번호는 환불에만 쓰고, 환불이 끝나면 뒤 네 자리만 남기고 지웁니다."
            </p>
        </form>
    }
}
