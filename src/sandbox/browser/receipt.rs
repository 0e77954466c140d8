//! The pages that a payment's links lead to: its receipt and its checkout.

use std::sync::Arc;

use axum::extract::{Path, Query, State as Shared};
use axum::http::Uri;
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;

use crate::sandbox::browser::page::LOOK;
use crate::sandbox::not_found::not_found;
use crate::sandbox::payments::Payment;
use crate::sandbox::state::State;
use crate::toss::Amount;

const STYLE: &str = "
body { min-height: 100vh; padding: 24px 16px; background: var(--ground); }
main { max-width: 420px; margin: 0 auto; padding: 28px 24px; border-radius: 20px; background: var(--paper); }
h1 { margin: 12px 0 20px; font-size: 22px; }
dl { display: grid; grid-template-columns: auto 1fr; gap: 10px 20px; }
dt { color: var(--ink-faint); }
dd { text-align: right; font-weight: 600; }
";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReceiptQuery {
    transaction_id: String,
}

pub(crate) async fn receipt(
    Shared(state): Shared<Arc<State>>,
    Query(ReceiptQuery { transaction_id }): Query<ReceiptQuery>,
    uri: Uri,
) -> Response {
    answer(&state, &uri, &transaction_id, "매출전표")
}

pub(crate) async fn checkout(
    Shared(state): Shared<Arc<State>>,
    Path(key): Path<String>,
    uri: Uri,
) -> Response {
    answer(&state, &uri, &key, "결제 내역")
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CashReceiptQuery {
    receipt_key: String,
}

pub(crate) async fn cash_receipt(
    Shared(state): Shared<Arc<State>>,
    Query(CashReceiptQuery { receipt_key }): Query<CashReceiptQuery>,
    uri: Uri,
) -> Response {
    let book = state.processor.book();
    let Some(receipt) = book.receipts.by_key(&receipt_key) else {
        return not_found(state.processor.clock.now(), uri.path());
    };
    let rows = [
        ("상품", receipt.order_name.clone()),
        ("주문번호", receipt.order_id.clone()),
        ("용도", receipt.kind.word().korean.to_owned()),
        ("승인번호", receipt.issue_number.clone()),
        ("발급 일시", receipt.requested_at.iso()),
        ("금액", money(receipt.amount.into(), "KRW")),
    ];
    Html(document("현금영수증", &rows)).into_response()
}

fn answer(state: &State, uri: &Uri, key: &str, title: &str) -> Response {
    match state.processor.with_payment(key, |payment| page(payment, title)) {
        Some(html) => Html(html).into_response(),
        None => not_found(state.processor.clock.now(), uri.path()),
    }
}

fn page(payment: &Payment, title: &str) -> String {
    let method = payment.means.as_ref().map_or("-", |means| means.method());
    let rows = [
        ("상품", payment.order.name.clone()),
        ("주문번호", payment.order.id.clone()),
        ("결제수단", method.to_owned()),
        ("상태", payment.state.status().as_str().to_owned()),
        ("승인 일시", payment.approved_at.map_or_else(|| "-".to_owned(), |at| at.iso())),
        ("결제 금액", money(payment.order.shown(payment.order.amount), &payment.order.currency)),
        (
            "취소할 수 있는 금액",
            money(payment.order.shown(payment.balance), &payment.order.currency),
        ),
    ];
    document(title, &rows)
}

fn document(title: &str, rows: &[(&str, String)]) -> String {
    let rows: String = rows
        .iter()
        .map(|(name, value)| format!("<dt>{name}</dt><dd>{}</dd>", escaped(value)))
        .collect();
    format!(
        "<!doctype html>\n<html lang=\"ko\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title}</title><style>{LOOK}{STYLE}</style></head><body><main>\
         <p><span class=\"badge\">가상 결제</span></p><h1>{title}</h1><dl>{rows}</dl>\
         </main></body></html>"
    )
}

/// `12,000원`.
fn money(amount: Amount, currency: &str) -> String {
    let text = amount.to_string();
    let (digits, cents) = text.split_once('.').unwrap_or((&text, ""));
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    match (currency, cents) {
        ("KRW", _) => format!("{grouped}원"),
        (_, "") => format!("{grouped} {currency}"),
        (_, cents) => format!("{grouped}.{cents} {currency}"),
    }
}

/// Text as HTML text.
pub(crate) fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut html, letter| {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            letter => html.push(letter),
        }
        html
    })
}
