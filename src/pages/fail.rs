//! `/fail`: where Toss sends a buyer who has not paid. What the address says is a claim of whoever
//! made it: a code chooses a sentence of the shop's, and nothing else is kept, on an order of this
//! browser that nothing has been asked for yet. Toss's own words are quoted to the buyer of that
//! order alone, whose number nobody else knows, and only if they could be a sentence of Toss's.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::api;
use crate::components::trouble_of;
use crate::contract::{ApiError, Code, OrderView};
use crate::domain::id::OrderId;
use crate::domain::order::Status;
use crate::pages::head::Title;
use crate::pages::order::WholeOrder;
use crate::pages::problem::Problem;
use crate::words::{OrderPage, Standing, Trouble, spoken};

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
        <Title text=OrderPage::FailTitle.say(spoken()) />
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
        "" => Trouble::Unfinished,
        code => trouble_of(code),
    };
    let (language, sentence) = (spoken(), sentence.say(spoken()));
    let is_mine = order.as_ref().is_some_and(|order| order.is_mine);
    let words = quotable(&message).filter(|_| is_mine);
    let quoted = words.map(|words| {
        let words = OrderPage::TossSaid { words }.say(language);
        view! { <p class="reason" data-testid="toss-message">{words}</p> }
    });
    let ways = match order {
        Some(order) if order.is_mine => {
            let (id, name, amount) = (order.order_id.to_string(), order.order_name, order.amount);
            let again = OrderPage::PayAgainFor { name: &name, amount }.say(language);
            view! {
                <form method="post" action="/form/again" class="ways narrow">
                    <input type="hidden" name="orderId" value=id />
                    <button type="submit" class="pay">{again}</button>
                </form>
                <p class="ways narrow"><a href="/cart">{OrderPage::ToCart.say(spoken())}</a></p>
            }
            .into_any()
        }
        _ => view! { <Resume /> }.into_any(),
    };
    view! {
        <section class="banner failed narrow" role="alert">
            <span class="mark" aria-hidden="true"></span>
            <h1 data-testid="status" data-status="FAILED">{Standing::Failed.say(language)}</h1>
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
                        <form method="post" action="/form/again" class="ways narrow">
                            <input type="hidden" name="orderId" value=order_id.to_string() />
                            <button type="submit" class="pay">{OrderPage::PayAgain.say(spoken())}</button>
                        </form>
                        <p class="ways narrow"><a href="/cart">{OrderPage::ToCart.say(spoken())}</a></p>
                    }
                    .into_any(),
                    Ok(None) | Err(_) => view! {
                        <p class="ways narrow"><a class="button" href="/cart">{OrderPage::ToCart.say(spoken())}</a></p>
                    }
                    .into_any(),
                }
            })}
        </Suspense>
    }
}

/// Toss's words, if they could be: short, of letters that Toss writes in, and without what leads
/// elsewhere or takes money, which is addresses and numbers.
fn quotable(message: &str) -> Option<&str> {
    const LETTERS_MAX: usize = 100;
    // A code of an issuer has four.
    const DIGITS_MAX: usize = 4;
    let message = message.trim();
    let is_known = |c: char| {
        matches!(
            c,
            '\u{ac00}'..='\u{d7a3}' | ' ' | '.' | ',' | '!' | '?' | '(' | ')' | '[' | ']' | '-'
        ) || c.is_ascii_alphanumeric()
    };
    let digits = message.chars().filter(char::is_ascii_digit).count();
    let is_address = |(c, next): (char, char)| c == '.' && next.is_ascii_alphanumeric();
    let leads_away = message.chars().zip(message.chars().skip(1)).any(is_address);
    let fits = (1..=LETTERS_MAX).contains(&message.chars().count()) && digits <= DIGITS_MAX;
    (fits && !leads_away && message.chars().all(is_known)).then_some(message)
}

#[cfg(test)]
mod tests {
    use super::quotable;

    #[test]
    fn sentences_of_toss_are_quoted_and_no_others() {
        for message in [
            "결제 승인이 거절되었습니다.",
            "사용자에 의해 결제가 취소되었습니다.",
            "계좌는 등록 후 12시간 뒤부터 결제할 수 있습니다. 관련 정책은 해당 은행으로 문의해주세요.",
            "잘못된 요청 값으로 처리 중 DB 에러가 발생했습니다.",
            "[8037] 한도초과",
        ] {
            assert_eq!(quotable(message), Some(message));
        }
        for message in [
            "",
            "  ",
            "농협 302-1234-5678-91 로 입금해 주세요",
            "카드 장애입니다. evil.example 에서 결제하세요",
            "https://evil.example",
            "문의 1588-1234",
            "문의 ①⑤⑧⑧",
            "３０２１２３４５",
            "a@b",
            "<b>거절</b>",
            "거절\n되었습니다",
            "거절\u{202e}",
            &"가".repeat(101),
        ] {
            assert_eq!(quotable(message), None, "{message}");
        }
    }
}
