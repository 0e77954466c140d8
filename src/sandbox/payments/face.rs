//! A payment as the API shows it: the whole Payment object (Toss: api.md §3).

use crate::sandbox::payments::means::CardPart;
use crate::sandbox::payments::{Means, Payment, State};
use crate::toss;

/// Where receipts and checkout pages are.
#[derive(Clone, Debug)]
pub(crate) struct Links {
    pub(crate) receipts: String,
    pub(crate) api: String,
}

impl Default for Links {
    /// Toss's own hosts.
    fn default() -> Self {
        Links {
            receipts: "https://dashboard.tosspayments.com".to_owned(),
            api: "https://api.tosspayments.com".to_owned(),
        }
    }
}

/// The payment as an answer carries it.
pub(crate) fn face(payment: &Payment, links: &Links) -> toss::Payment {
    let approved = payment.approved_at.is_some();
    let taxed = payment.balance - payment.balance_tax_free - payment.balance_tax_exemption;
    let vat = vat(taxed);
    toss::Payment {
        m_id: payment.account.m_id.clone(),
        last_transaction_key: payment.transaction_key.clone(),
        payment_key: payment.key.clone(),
        order_id: payment.order.id.clone(),
        order_name: payment.order.name.clone(),
        tax_exemption_amount: payment.balance_tax_exemption,
        status: payment.state.status(),
        requested_at: payment.requested_at.iso(),
        approved_at: payment.approved_at.map(|at| at.iso()),
        use_escrow: (payment.state != State::Expired).then_some(false),
        culture_expense: false,
        card: payment.means.as_ref().and_then(card_of),
        virtual_account: None,
        transfer: None,
        mobile_phone: None,
        gift_certificate: None,
        cash_receipt: None,
        cash_receipts: None,
        discount: None,
        cancels: (!payment.cancels.is_empty()).then(|| payment.cancels.clone()),
        secret: payment.secret.clone(),
        r#type: "NORMAL".to_owned(),
        easy_pay: payment.means.as_ref().and_then(easy_pay_of),
        country: "KR".to_owned(),
        failure: payment.failure.clone(),
        is_partial_cancelable: payment.order.tax_exemption == 0,
        receipt: approved.then(|| toss::Link {
            url: format!(
                "{}/receipt/redirection?transactionId={}&ref=PX",
                links.receipts, payment.key
            ),
        }),
        checkout: Some(toss::Link {
            url: format!("{}/v1/payments/{}/checkout", links.api, payment.key),
        }),
        currency: payment.order.currency.clone(),
        total_amount: payment.order.amount,
        balance_amount: payment.balance,
        supplied_amount: taxed - vat,
        vat,
        tax_free_amount: payment.balance_tax_free,
        method: payment.means.as_ref().map(|means| means.method().to_owned()),
        version: payment.account.version.clone(),
        metadata: payment.order.metadata.clone(),
    }
}

/// A tenth on top of the net price is an eleventh of the gross one, half rounded up.
pub(crate) fn vat(taxed: i64) -> i64 {
    (taxed * 2 + 11).div_euclid(22)
}

fn card_of(means: &Means) -> Option<toss::Card> {
    match means {
        Means::Card(part) => Some(card(part)),
        Means::EasyPay { card: part, .. } => part.as_ref().map(card),
    }
}

fn card(part: &CardPart) -> toss::Card {
    let choice = &part.choice;
    toss::Card {
        issuer_code: choice.company.code.to_owned(),
        acquirer_code: Some(choice.company.code.to_owned()),
        number: format!("{}****567*", choice.company.digits),
        installment_plan_months: choice.installment_months,
        is_interest_free: choice.interest_free,
        interest_payer: choice.interest_free.then(|| "CARD_COMPANY".to_owned()),
        // Always this in the test environment.
        approve_no: "00000000".to_owned(),
        use_card_point: choice.use_card_point,
        card_type: match (part.beside_points, choice.check_card) {
            (true, _) => "미확인",
            (false, true) => "체크",
            (false, false) => "신용",
        }
        .to_owned(),
        owner_type: if choice.corporate { "법인" } else { "개인" }.to_owned(),
        acquire_status: "READY".to_owned(),
        amount: part.amount,
    }
}

fn easy_pay_of(means: &Means) -> Option<toss::EasyPay> {
    match means {
        Means::Card(_) => None,
        Means::EasyPay { provider, balance, points, .. } => Some(toss::EasyPay {
            provider: provider.korean.to_owned(),
            amount: *balance,
            discount_amount: *points,
        }),
    }
}
