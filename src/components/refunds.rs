//! What of an order went back or is to go back, and the form for an account to pay it to.

use leptos::prelude::*;

use crate::contract::{AccountAskedView, RefundState, RefundView};
use crate::domain::bank::{Bank, Wrong};
use crate::domain::id::OrderId;
use crate::words::{self, money, spoken};

/// Each refund of an order.
#[component]
pub fn Refunds(refunds: Vec<RefundView>) -> impl IntoView {
    (!refunds.is_empty()).then(|| {
        let rows = refunds.into_iter().map(|refund| view! { <Refund refund /> }).collect_view();
        view! {
            <section class="card">
                <h2>{words::Refund::Title.say(spoken())}</h2>
                <ul class="refunds">{rows}</ul>
            </section>
        }
    })
}

#[component]
fn Refund(refund: RefundView) -> impl IntoView {
    let language = spoken();
    let state = match refund.state {
        RefundState::AccountNeeded => words::Refund::AccountNeeded,
        RefundState::Asked => words::Refund::Asked,
        RefundState::Running => words::Refund::Running,
        RefundState::Done => words::Refund::Done,
        RefundState::Refused => words::Refund::Refused,
    };
    let lines: Vec<String> = refund
        .lines
        .iter()
        .map(|line| words::Refund::Line { name: &line.name, pieces: line.quantity })
        .map(|line| line.say(language).into_owned())
        .collect();
    let of = match lines.is_empty() {
        true => words::Refund::OfAmount.say(language),
        false => lines.join(", ").into(),
    };
    let account = refund.account.map(|account| {
        let account = words::name(&account, language);
        words::Refund::Account { account: &account }.say(language)
    });
    view! {
        <li class="refund">
            <span class="refund-amount">{money(refund.amount, language)}</span>
            <span class="refund-of">{of}</span>
            <span class="hint">
                {[Some(state.say(language)), Some(refund.asked_at.into()), account]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join(" · ")}
            </span>
            {(!refund.reason.is_empty())
                .then(|| view! { <span class="hint">{words::Refund::Why { reason: &refund.reason }.say(language)}</span> })}
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
    let language = spoken();
    let say = |it: words::Refund| it.say(language);
    let is_wrong = |field: Wrong| wrongs.contains(&field);
    let is_first = |field: Wrong| wrongs.first() == Some(&field);
    let sentence = |field: Wrong| {
        is_wrong(field).then(|| {
            let id = format!("{}-wrong", field.field());
            view! { <p class="wrong" id=id role="alert">{words::account(field, language)}</p> }
        })
    };
    let invalid = |field: Wrong| is_wrong(field).to_string();
    let described = |field: Wrong| is_wrong(field).then(|| format!("{}-wrong", field.field()));
    let refused = asked.was_refused.then(|| {
        view! {
            <p class="notice" role="alert">
                {say(words::Refund::WasRefused)}
            </p>
        }
    });
    let banks = Bank::ALL.map(|bank| {
        view! { <option value=bank.code()>{words::bank_name(bank, language)}</option> }
    });
    view! {
        <form class="card" id="refund-account" method="post" action="/form/refund-account" novalidate>
            <h2>{say(words::Refund::FormTitle)}</h2>
            <p>{say(words::Refund::FormAsks { amount: asked.amount })}</p>
            {refused}
            <input type="hidden" name="orderId" value=order_id.to_string() />
            <div class="field">
                <label for="bank">{say(words::Refund::Bank)}</label>
                <select id="bank" name="bank" required autofocus=is_first(Wrong::Bank)
                    aria-invalid=invalid(Wrong::Bank) aria-describedby=described(Wrong::Bank)>
                    <option value="">{say(words::Refund::ChooseBank)}</option>
                    {banks.collect_view()}
                </select>
                {sentence(Wrong::Bank)}
            </div>
            <div class="field">
                <label for="accountNumber">{say(words::Refund::Number)}</label>
                <input id="accountNumber" name="accountNumber" type="text" inputmode="numeric"
                    autocomplete="off" required maxlength="30" placeholder=say(words::Refund::DigitsOnly)
                    autofocus=is_first(Wrong::Number) aria-invalid=invalid(Wrong::Number)
                    aria-describedby=described(Wrong::Number) />
                {sentence(Wrong::Number)}
            </div>
            <div class="field">
                <label for="holderName">{say(words::Refund::Holder)}</label>
                <input id="holderName" name="holderName" type="text" autocomplete="name" required
                    maxlength="60" autofocus=is_first(Wrong::Holder)
                    aria-invalid=invalid(Wrong::Holder)
                    aria-describedby=described(Wrong::Holder) />
                {sentence(Wrong::Holder)}
            </div>
            <button type="submit" class="pay">{say(words::Refund::Send)}</button>
            <p class="hint">
                {say(words::Refund::KeptShort)}
            </p>
        </form>
    }
}
