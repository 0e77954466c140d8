//! How an order was paid: what each method needs to say.

use leptos::prelude::*;

use crate::contract::{CardView, MeansView, PaidView};
use crate::domain::won::Won;
use crate::words::{self, Means, money, spoken};

/// The payment, with its receipts.
#[component]
pub fn PaidBy(paid: PaidView) -> impl IntoView {
    let PaidView { method, detail, means, approved_at, receipt_url } = paid;
    let language = spoken();
    let cash = means.as_ref().and_then(|means| means.cash_receipt.clone());
    let facts = match &means {
        Some(means) => facts(means),
        None => detail.into_iter().map(|detail| (Means::Detail, detail)).collect(),
    };
    let facts = facts.into_iter().map(|(label, text)| fact(label, text)).collect_view();
    let hint = means
        .as_ref()
        .and_then(hint)
        .map(|text| view! { <p class="hint">{text.say(language)}</p> });
    let cash = cash.map(|cash| {
        let url = is_page(&cash.url).then_some(cash.url);
        view! {
            <div>
                <dt>{Means::CashReceipt.say(language)}</dt>
                <dd>
                    {format!("{} {}", words::name(&cash.kind, language), cash.issue_number)}
                    {url.map(|url| view! { " · " <Receipt url label=Means::SeeCashReceipt /> })}
                </dd>
            </div>
        }
    });
    let receipt = receipt_url.map(|url| {
        view! {
            <div><dt>{Means::Receipt.say(language)}</dt><dd><Receipt url label=Means::SeeReceipt /></dd></div>
        }
    });
    view! {
        <section class="card">
            <h2>{Means::Title.say(language)}</h2>
            <dl class="facts">
                {fact(Means::Method, words::name(&method, language).into_owned())}
                {facts}
                {fact(Means::ApprovedAt, approved_at)}
                {cash}
                {receipt}
            </dl>
            {hint}
        </section>
    }
}

fn fact(label: Means, text: String) -> impl IntoView {
    view! { <div><dt>{label.say(spoken())}</dt><dd>{text}</dd></div> }
}

/// A page of Toss's in another tab.
#[component]
fn Receipt(url: String, label: Means) -> impl IntoView {
    view! { <a href=url target="_blank" rel="noopener noreferrer">{label.say(spoken())}</a> }
}

/// Nothing else belongs behind a link.
fn is_page(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

fn facts(means: &MeansView) -> Vec<(Means, String)> {
    let language = spoken();
    let mut facts = Vec::new();
    if let Some(card) = &means.card {
        facts.push((
            Means::Card,
            format!("{} {}", words::name(&card.company, language), card.number),
        ));
        facts.push((Means::Plan, plan(card)));
        if card.uses_points {
            facts.push((Means::CardPoints, Means::Used.say(language).into_owned()));
        }
    }
    if let Some(easy) = &means.easy_pay {
        let by_card = means.card.as_ref().map_or(Won::ZERO, |card| card.amount);
        let parts = [
            (Means::ByCard, by_card),
            (Means::ByBalance, easy.amount),
            (Means::ByPoints, easy.points),
        ];
        let used = parts.into_iter().filter(|(_, amount)| !amount.is_zero());
        facts.extend(used.map(|(label, amount)| (label, money(amount, language))));
    }
    let bank = means.bank.as_ref();
    let bank = bank.map(|bank| (Means::Bank, words::name(bank, language).into_owned()));
    let mobile = means.mobile_phone.clone().map(|number| (Means::Mobile, number));
    let gift = means.gift_approval.clone().map(|number| (Means::Approval, number));
    facts.extend([bank, mobile, gift].into_iter().flatten());
    if !means.promotion.is_zero() {
        facts.push((Means::Promotion, money(means.promotion, language)));
    }
    facts
}

/// Paid at once, or over so many months.
fn plan(card: &CardView) -> String {
    let plan = match card.months {
        0 => Means::AtOnce,
        months if card.is_interest_free => Means::FreeMonths { months },
        months => Means::Months { months },
    };
    plan.say(spoken()).into_owned()
}

/// What a method's buyer should know besides.
fn hint(means: &MeansView) -> Option<Means> {
    if means.mobile_phone.is_some() {
        return Some(Means::OnTheBill);
    }
    means.gift_approval.as_ref().map(|_| Means::ToTheGift)
}

#[cfg(test)]
mod tests {
    use super::{facts, plan};
    use crate::contract::{CardView, EasyPayView, MeansView};
    use crate::domain::language::Language;
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
            let labels: Vec<_> =
                facts(&means).into_iter().map(|(label, _)| label.say(Language::Ko)).collect();
            assert_eq!(labels, told);
        }
    }
}
