//! What is kept of how a payment was made: what its result page shows, and no more.

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

use crate::contract::{CardView, CashReceiptView, EasyPayView, MeansView};
use crate::domain::language::Language;
use crate::server::payment::verdict::sums::won;
use crate::toss::Payment;
use crate::words::{self, TossWord};

/// How a payment was made.
pub(super) fn means(payment: &Payment) -> MeansView {
    let bank_code = match (&payment.transfer, &payment.virtual_account) {
        (Some(transfer), _) => Some(&transfer.bank_code),
        (None, Some(account)) => Some(&account.bank_code),
        (None, None) => None,
    };
    MeansView {
        card: payment.card.as_ref().map(|card| CardView {
            company: words::issuer(&card.issuer_code, Language::default()).to_owned(),
            number: card.number.clone(),
            months: u32::try_from(card.installment_plan_months).unwrap_or(0),
            is_interest_free: card.is_interest_free,
            uses_points: card.use_card_point,
            amount: won(card.amount).unwrap_or_default(),
        }),
        easy_pay: payment.easy_pay.as_ref().map(|easy| EasyPayView {
            provider: word(&easy.provider).to_owned(),
            amount: won(easy.amount).unwrap_or_default(),
            points: won(easy.discount_amount).unwrap_or_default(),
        }),
        bank: bank_code.map(|code| words::bank(code, Language::default()).to_owned()),
        mobile_phone: payment.mobile_phone.as_ref().map(|it| masked(&it.customer_mobile_phone, 3)),
        gift_approval: payment.gift_certificate.as_ref().map(|it| it.approve_no.clone()),
        cash_receipt: payment.cash_receipt.as_ref().map(|it| CashReceiptView {
            kind: word(&it.r#type).to_owned(),
            issue_number: masked(&it.issue_number, 0),
            url: it.receipt_url.clone(),
        }),
        promotion: payment.discount.as_ref().and_then(|it| won(it.amount)).unwrap_or_default(),
    }
}

/// A word of Toss's as it is kept. Whoever asks in English is answered in codes (Toss: api.md §1.4, §9);
/// what is none that is known stays as it came.
pub(super) fn word(told: &str) -> &str {
    let known = match told {
        "CARD" => TossWord::Card,
        "VIRTUAL_ACCOUNT" => TossWord::VirtualAccount,
        "EASY_PAY" => TossWord::EasyPay,
        "MOBILE_PHONE" => TossWord::Mobile,
        "TRANSFER" => TossWord::Transfer,
        "CULTURE_GIFT_CERTIFICATE" => TossWord::CultureGift,
        "BOOK_GIFT_CERTIFICATE" => TossWord::BookGift,
        "GAME_GIFT_CERTIFICATE" => TossWord::GameGift,
        "TOSSPAY" => TossWord::TossPay,
        "NAVERPAY" => TossWord::NaverPay,
        "KAKAOPAY" => TossWord::KakaoPay,
        "SAMSUNGPAY" => TossWord::SamsungPay,
        "APPLEPAY" => TossWord::ApplePay,
        "LPAY" => TossWord::LPay,
        "PAYCO" => TossWord::Payco,
        "SSG" => TossWord::SsgPay,
        "PINPAY" => TossWord::PinPay,
        "INCOME_DEDUCTION" => TossWord::IncomeDeduction,
        "EXPENSE_PROOF" => TossWord::ProofOfExpense,
        _ => return told,
    };
    known.say(Language::default())
}

/// As stored.
pub(super) fn stored(payment: &Payment) -> Option<String> {
    serde_json::to_string(&means(payment)).ok()
}

/// `010-****-5678` for a number of which Toss masks little or nothing; `****5678` without a head.
fn masked(number: &str, head: usize) -> String {
    const TAIL: usize = 4;
    let plain: Vec<char> =
        number.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '*').collect();
    if plain.len() <= head + TAIL {
        return "****".to_owned();
    }
    let first: String = plain.iter().take(head).collect();
    let last: String = plain.iter().rev().take(TAIL).rev().collect();
    let dash = if head > 0 { "-" } else { "" };
    format!("{first}{dash}****{dash}{last}")
}

/// A time of Toss's in milliseconds. Documented without an offset and seen with one (Toss: api.md
/// §3.2); without one it is Korean.
pub(super) fn milliseconds(text: &str) -> Option<i64> {
    if let Ok(time) = text.parse::<jiff::Timestamp>() {
        return Some(time.as_millisecond());
    }
    let korea = TimeZone::fixed(Offset::constant(9));
    let time = text.parse::<DateTime>().ok()?.to_zoned(korea).ok()?;
    Some(time.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::{masked, milliseconds};

    #[test]
    fn numbers_are_masked_whatever_toss_masks() {
        for (number, head, told) in [
            ("01012345678", 3, "010-****-5678"),
            ("010-1234-5678", 3, "010-****-5678"),
            ("010****5678", 3, "010-****-5678"),
            ("1234567", 3, "****"),
            ("", 3, "****"),
            ("123456789", 0, "****6789"),
        ] {
            assert_eq!(masked(number, head), told, "{number}");
        }
    }

    #[test]
    fn due_dates_are_korean_unless_they_say_otherwise() {
        let expected = Some(1_772_327_402_000);
        assert_eq!(milliseconds("2026-03-01T10:10:02+09:00"), expected);
        assert_eq!(milliseconds("2026-03-01T10:10:02"), expected);
        assert_eq!(milliseconds("2026-03-01T01:10:02Z"), expected);
        assert_eq!(milliseconds("soon"), None);
    }
}
