//! A payment as the API shows it: the whole Payment object (Toss: api.md §3).

use crate::sandbox::clock::Moment;
use crate::sandbox::codes::message_in;
use crate::sandbox::language::{Language, Word};
use crate::sandbox::payments::links::Links;
use crate::sandbox::payments::means::{CardChoice, CardPart, Means};
use crate::sandbox::payments::order::State;
use crate::sandbox::payments::payment::{EXPIRED, Payment};
use crate::sandbox::payments::virtual_account::VirtualAccount;
use crate::sandbox::payments::words;
use crate::toss;

/// For this long after the window opened the buyer's own account is shown (Toss: api.md §2.3).
const REFUND_ACCOUNT_SHOWN_MINUTES: i64 = 30;

/// The payment as an answer carries it.
pub(crate) fn payment_object(
    payment: &Payment,
    links: &Links,
    language: Language,
    now: Moment,
) -> toss::Payment {
    let means = payment.means.as_ref();
    let taxed = payment.balance - payment.balance_tax_free - payment.balance_tax_exemption;
    let vat = vat(taxed);
    let shown = |smallest| payment.order.shown(smallest);
    toss::Payment {
        m_id: payment.account.m_id.clone(),
        last_transaction_key: payment.transaction_key().map(str::to_owned),
        payment_key: payment.key.clone(),
        order_id: payment.order.id.clone(),
        order_name: payment.order.name.clone(),
        tax_exemption_amount: shown(payment.balance_tax_exemption),
        status: payment.state.status(),
        requested_at: payment.requested_at.iso(),
        approved_at: payment.approved_at.map(|at| at.iso()),
        use_escrow: use_escrow(payment),
        culture_expense: means.is_some_and(|it| it.is_cultural()),
        card: means.and_then(|it| card_of(payment, it, language)),
        virtual_account: means
            .and_then(|it| it.virtual_account())
            .and_then(|it| virtual_account(payment, it, language, now)),
        transfer: means.and_then(transfer_of),
        mobile_phone: means.and_then(|it| mobile_phone_of(payment, it, links)),
        gift_certificate: means.and_then(gift_certificate_of),
        cash_receipt: payment.receipt().map(|it| it.shown(links, language)),
        cash_receipts: (!payment.receipts.is_empty())
            .then(|| payment.receipts.iter().map(|it| it.record(links, language, now)).collect()),
        discount: means
            .map(|it| it.discount())
            .filter(|discount| *discount > 0)
            .map(|discount| toss::Discount { amount: shown(discount) }),
        cancels: (!payment.cancels.is_empty()).then(|| payment.cancels.clone()),
        secret: payment.secret.clone(),
        r#type: payment.kind.as_str().to_owned(),
        easy_pay: means.and_then(|it| easy_pay_of(payment, it, language)),
        country: "KR".to_owned(),
        failure: payment.failure.as_ref().map(|it| failure(it, language)),
        is_partial_cancelable: payment.order.tax_exemption == 0
            && !means.is_some_and(|it| it.use_escrow()),
        receipt: receipt_of(payment, links),
        checkout: Some(toss::Link {
            url: format!("{}/v1/payments/{}/checkout", links.api, payment.key),
        }),
        currency: payment.order.currency.clone(),
        total_amount: shown(payment.order.amount),
        balance_amount: shown(payment.balance),
        supplied_amount: shown(taxed - vat),
        vat: shown(vat),
        tax_free_amount: shown(payment.balance_tax_free),
        method: means.map(|means| means.word().text(language)),
        version: payment.account.version.clone(),
        metadata: payment.order.metadata.clone(),
    }
}

fn failure(failure: &toss::Failure, language: Language) -> toss::Failure {
    let toss::Failure { code, message } = failure;
    let message = if code == EXPIRED {
        words::EXPIRED_MESSAGE.text(language)
    } else {
        message_in(code, message, language).to_owned()
    };
    toss::Failure { code: code.clone(), message }
}

/// A tenth on top of the net price is an eleventh of the gross one, half rounded up.
pub(crate) fn vat(taxed: i64) -> i64 {
    (taxed * 2 + 11).div_euclid(22)
}

/// Measured as null on what expired, and on easy pay from abroad.
fn use_escrow(payment: &Payment) -> Option<bool> {
    match (payment.state, &payment.means) {
        (State::Expired, _) | (_, Some(Means::ForeignEasyPay { .. })) => None,
        (_, means) => Some(means.as_ref().is_some_and(|it| it.use_escrow())),
    }
}

pub(crate) fn receipt_of(payment: &Payment, links: &Links) -> Option<toss::Link> {
    let path = match payment.means.as_ref()? {
        Means::VirtualAccount(account) if account.issued.is_some() => {
            "payment-detail/bank-transfer"
        }
        Means::ForeignEasyPay { .. } => return None,
        Means::Card(_)
        | Means::EasyPay { .. }
        | Means::VirtualAccount(_)
        | Means::Transfer(_)
        | Means::MobilePhone { .. }
        | Means::GiftCertificate { .. } => {
            payment.approved_at?;
            "redirection"
        }
    };
    let url = format!("{}/receipt/{path}?transactionId={}&ref=PX", links.receipts, payment.key);
    Some(toss::Link { url })
}

fn card_of(payment: &Payment, means: &Means, language: Language) -> Option<toss::Card> {
    match means {
        Means::Card(part) => Some(card(payment, part, language)),
        Means::EasyPay { card: part, .. } => {
            part.as_ref().map(|part| card(payment, part, language))
        }
        Means::ForeignEasyPay { .. }
        | Means::VirtualAccount(_)
        | Means::Transfer(_)
        | Means::MobilePhone { .. }
        | Means::GiftCertificate { .. } => None,
    }
}

fn card(payment: &Payment, part: &CardPart, language: Language) -> toss::Card {
    let choice = &part.choice;
    toss::Card {
        issuer_code: choice.company.code.to_owned(),
        acquirer_code: Some(choice.company.code.to_owned()),
        number: masked_number(choice),
        installment_plan_months: choice.installment_months,
        is_interest_free: choice.interest_free,
        interest_payer: choice.interest_free.then(|| "CARD_COMPANY".to_owned()),
        // Always this in the test environment.
        approve_no: "00000000".to_owned(),
        use_card_point: choice.use_card_point,
        card_type: type_word(choice, part.beside_points).text(language),
        owner_type: owner_word(choice).text(language),
        acquire_status: "READY".to_owned(),
        amount: payment.order.shown(part.amount),
    }
}

/// As it was typed in, or as a card of the company might be.
pub(crate) fn masked_number(choice: &CardChoice) -> String {
    let invented = || format!("{}****567*", choice.company.digits);
    choice.masked.clone().unwrap_or_else(invented)
}

pub(crate) fn type_word(choice: &CardChoice, beside_points: bool) -> Word {
    match (beside_points, choice.check_card) {
        (true, _) => words::UNKNOWN,
        (false, true) => words::CHECK,
        (false, false) => words::CREDIT,
    }
}

pub(crate) fn owner_word(choice: &CardChoice) -> Word {
    if choice.corporate { words::CORPORATE } else { words::PERSONAL }
}

fn easy_pay_of(payment: &Payment, means: &Means, language: Language) -> Option<toss::EasyPay> {
    match means {
        Means::EasyPay { provider, balance, points, .. } => Some(toss::EasyPay {
            provider: provider.word().text(language),
            amount: payment.order.shown(*balance),
            discount_amount: payment.order.shown(*points),
        }),
        Means::ForeignEasyPay { provider, amount } => Some(toss::EasyPay {
            provider: provider.word().text(language),
            amount: payment.order.shown(*amount),
            discount_amount: toss::Amount::default(),
        }),
        Means::Card(_)
        | Means::VirtualAccount(_)
        | Means::Transfer(_)
        | Means::MobilePhone { .. }
        | Means::GiftCertificate { .. } => None,
    }
}

/// Nothing until confirm has issued it.
fn virtual_account(
    payment: &Payment,
    account: &VirtualAccount,
    language: Language,
    now: Moment,
) -> Option<toss::VirtualAccount> {
    let issued = account.issued.as_ref()?;
    let shown = now < payment.requested_at.plus_minutes(REFUND_ACCOUNT_SHOWN_MINUTES);
    let kind = if account.is_fixed { words::ACCOUNT_FIXED } else { words::ACCOUNT_GENERAL };
    Some(toss::VirtualAccount {
        account_type: kind.text(language),
        account_number: issued.number.clone(),
        bank_code: account.bank.code.to_owned(),
        customer_name: Some(account.customer_name.clone()),
        depositor_name: account.depositor.clone(),
        due_date: issued.due_at.iso(),
        refund_status: account.refund.as_str().to_owned(),
        expired: account.expired,
        settlement_status: "INCOMPLETED".to_owned(),
        refund_receive_account: account.refund_account.as_ref().filter(|_| shown).map(|it| {
            toss::RefundReceiveAccount {
                bank_code: it.bank.code.to_owned(),
                account_number: it.number.clone(),
                holder_name: it.holder.clone(),
            }
        }),
    })
}

fn transfer_of(means: &Means) -> Option<toss::Transfer> {
    match means {
        Means::Transfer(transfer) => Some(toss::Transfer {
            bank_code: transfer.bank.code.to_owned(),
            settlement_status: "INCOMPLETED".to_owned(),
        }),
        Means::Card(_)
        | Means::EasyPay { .. }
        | Means::ForeignEasyPay { .. }
        | Means::VirtualAccount(_)
        | Means::MobilePhone { .. }
        | Means::GiftCertificate { .. } => None,
    }
}

fn mobile_phone_of(payment: &Payment, means: &Means, links: &Links) -> Option<toss::MobilePhone> {
    match means {
        Means::MobilePhone { number } => Some(toss::MobilePhone {
            customer_mobile_phone: number.clone(),
            settlement_status: "INCOMPLETED".to_owned(),
            receipt_url: format!(
                "{}/receipt/redirection?transactionId={}&ref=PX",
                links.receipts, payment.key
            ),
        }),
        Means::Card(_)
        | Means::EasyPay { .. }
        | Means::ForeignEasyPay { .. }
        | Means::VirtualAccount(_)
        | Means::Transfer(_)
        | Means::GiftCertificate { .. } => None,
    }
}

fn gift_certificate_of(means: &Means) -> Option<toss::GiftCertificate> {
    match means {
        Means::GiftCertificate { .. } => Some(toss::GiftCertificate {
            approve_no: "00000000".to_owned(),
            settlement_status: "INCOMPLETED".to_owned(),
        }),
        Means::Card(_)
        | Means::EasyPay { .. }
        | Means::ForeignEasyPay { .. }
        | Means::VirtualAccount(_)
        | Means::Transfer(_)
        | Means::MobilePhone { .. } => None,
    }
}
