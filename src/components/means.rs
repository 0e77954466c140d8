//! How an order was paid: what each method needs to say.

use leptos::prelude::*;

use crate::contract::{CardView, MeansView, PaidView};
use crate::domain::won::Won;

/// The payment, with its receipts.
#[component]
pub fn PaidBy(paid: PaidView) -> impl IntoView {
    let PaidView { method, detail, means, approved_at, receipt_url } = paid;
    let cash = means.as_ref().and_then(|means| means.cash_receipt.clone());
    let facts = match &means {
        Some(means) => facts(means),
        None => detail.into_iter().map(|detail| ("상세", detail)).collect(),
    };
    let facts = facts.into_iter().map(|(label, text)| fact(label, text)).collect_view();
    let hint = means.as_ref().and_then(hint).map(|text| view! { <p class="hint">{text}</p> });
    let cash = cash.map(|cash| {
        let url = is_page(&cash.url).then_some(cash.url);
        view! {
            <div>
                <dt>"현금영수증"</dt>
                <dd>
                    {format!("{} {}", cash.kind, cash.issue_number)}
                    {url.map(|url| view! { " · " <Receipt url label="현금영수증 보기" /> })}
                </dd>
            </div>
        }
    });
    let receipt = receipt_url.map(|url| {
        view! {
            <div><dt>"영수증"</dt><dd><Receipt url label="영수증 보기" /></dd></div>
        }
    });
    view! {
        <section class="card">
            <h2>"결제 정보"</h2>
            <dl class="facts">
                {fact("결제 수단", method)}
                {facts}
                {fact("승인 시각", approved_at)}
                {cash}
                {receipt}
            </dl>
            {hint}
        </section>
    }
}

fn fact(label: &'static str, text: String) -> impl IntoView {
    view! { <div><dt>{label}</dt><dd>{text}</dd></div> }
}

/// A page of Toss's in another tab.
#[component]
fn Receipt(url: String, label: &'static str) -> impl IntoView {
    view! { <a href=url target="_blank" rel="noopener noreferrer">{label}</a> }
}

/// Nothing else belongs behind a link.
fn is_page(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

fn facts(means: &MeansView) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    if let Some(card) = &means.card {
        facts.push(("카드", format!("{} {}", card.company, card.number)));
        facts.push(("할부", plan(card)));
        if card.uses_points {
            facts.push(("카드 포인트", "사용".to_owned()));
        }
    }
    if let Some(easy) = &means.easy_pay {
        let by_card = means.card.as_ref().map_or(Won::ZERO, |card| card.amount);
        let parts = [
            ("카드로 결제", by_card),
            ("계좌·머니로 결제", easy.amount),
            ("포인트·할인", easy.points),
        ];
        let used = parts.into_iter().filter(|(_, amount)| !amount.is_zero());
        facts.extend(used.map(|(label, amount)| (label, amount.to_string())));
    }
    let bank = means.bank.clone().map(|bank| ("은행", bank));
    let mobile = means.mobile_phone.clone().map(|number| ("휴대폰 번호", number));
    let gift = means.gift_approval.clone().map(|number| ("승인 번호", number));
    facts.extend([bank, mobile, gift].into_iter().flatten());
    if !means.promotion.is_zero() {
        facts.push(("즉시 할인", means.promotion.to_string()));
    }
    facts
}

/// `일시불`, `3개월 무이자 할부`, `3개월 할부`
fn plan(card: &CardView) -> String {
    match card.months {
        0 => "일시불".to_owned(),
        months if card.is_interest_free => format!("{months}개월 무이자 할부"),
        months => format!("{months}개월 할부 (이자는 카드사 기준)"),
    }
}

/// What a method's buyer should know besides.
fn hint(means: &MeansView) -> Option<&'static str> {
    if means.mobile_phone.is_some() {
        return Some(
            "결제 금액은 통신사 요금에 합산되어 청구됩니다. 환불은 결제한 달에만 결제 취소로 처리됩니다.",
        );
    }
    means.gift_approval.as_ref().map(|_| "환불되면 결제에 쓴 상품권으로 돌아갑니다.")
}

#[cfg(test)]
mod tests {
    use super::{facts, plan};
    use crate::contract::{CardView, EasyPayView, MeansView};
    use crate::domain::won::Won;

    fn won(amount: i64) -> Won {
        Won::new(amount).unwrap()
    }

    #[test]
    fn instalments_say_who_pays_interest() {
        let card =
            |months, is_interest_free| CardView { months, is_interest_free, ..CardView::default() };
        assert_eq!(plan(&card(0, true)), "일시불");
        assert_eq!(plan(&card(3, true)), "3개월 무이자 할부");
        assert!(plan(&card(3, false)).starts_with("3개월 할부 ("));
    }

    #[test]
    fn easy_pay_is_split_into_what_paid_for_it() {
        let easy = |amount, points| EasyPayView {
            provider: "네이버페이".to_owned(),
            amount: won(amount),
            points: won(points),
        };
        let card = CardView { amount: won(9_000), ..CardView::default() };
        for (card, easy, told) in [
            (
                Some(card.clone()),
                easy(0, 1_000),
                &["카드", "할부", "카드로 결제", "포인트·할인"][..],
            ),
            (None, easy(9_000, 1_000), &["계좌·머니로 결제", "포인트·할인"]),
            (None, easy(0, 10_000), &["포인트·할인"]),
            (Some(card), easy(0, 0), &["카드", "할부", "카드로 결제"]),
        ] {
            let means = MeansView { card, easy_pay: Some(easy), ..MeansView::default() };
            let labels: Vec<_> = facts(&means).into_iter().map(|(label, _)| label).collect();
            assert_eq!(labels, told);
        }
    }
}
