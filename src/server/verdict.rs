//! What Toss's answers mean for an order. Pure: no database, no network.
//!
//! Why by code and not by HTTP status: `PROVIDER_ERROR` is a 400 that may work in a second, and
//! several 403s are final (Toss: api.md §10 rule 6). A code that is not in the table below is
//! an unknown outcome, never a refusal.

use crate::server::db::orders::Reason;
use crate::server::db::payments::Particulars;
use crate::toss::{Payment, Status};

/// What an answer means for the order that was asked about.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// Toss has exactly the order's amount.
    Approved(Box<Particulars>),
    /// Toss waits for the buyer's transfer.
    DepositAwaited(Box<Particulars>),
    /// No money was taken, or all of it is back.
    Refused(Reason),
    /// Money was taken that this order cannot keep.
    Unfit(Reason),
    /// Authenticated, not confirmed: asking again with the same key is right.
    Unasked,
    /// Nothing can be told yet.
    Open,
}

/// How sure a refusal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The request was turned away before it was looked at.
    NeverProcessed,
    /// Final for this attempt; a look-up proves that nothing was taken.
    Final,
    /// The payment was confirmed before, by whom and for what a look-up tells.
    ProcessedBefore,
    /// Says nothing about the money.
    Unknown,
}

/// `read it back instead of failing the order` (Toss: errors.csv).
const PROCESSED_BEFORE: &[&str] = &["ALREADY_PROCESSED_PAYMENT", "ALREADY_COMPLETED_PAYMENT"];

/// Turned away at the door: wrong or unknown keys.
const NEVER_PROCESSED: &[&str] =
    &["UNAUTHORIZED_KEY", "INCORRECT_BASIC_AUTH_FORMAT", "INVALID_API_KEY"];

/// Refusals of confirm that repeating does not change (Toss: errors.csv, `retry: no`, `only
/// after the buyer changes something` and `wait`, where waiting is the buyer's choice).
const FINAL: &[&str] = &[
    "ACCOUNT_OWNER_CHECK_FAILED",
    "ALREADY_CLOSE_ACCOUNT",
    "BELOW_MINIMUM_AMOUNT",
    "BELOW_ZERO_AMOUNT",
    "DUPLICATED_ORDER_ID",
    "EXCEEDS_TRANSFER_AMOUNT_MAXIMUM",
    "EXCEED_MAX_AMOUNT",
    "EXCEED_MAX_AUTH_COUNT",
    "EXCEED_MAX_CARD_INSTALLMENT_PLAN",
    "EXCEED_MAX_DAILY_PAYMENT_COUNT",
    "EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT",
    "EXCEED_MAX_ONE_DAY_AMOUNT",
    "EXCEED_MAX_ONE_DAY_WITHDRAW_AMOUNT",
    "EXCEED_MAX_ONE_TIME_WITHDRAW_AMOUNT",
    "EXCEED_MAX_PAYMENT_AMOUNT",
    "EXCEED_MIN_CARD_INSTALLMENT_PLAN",
    "EXCEED_UNKNOWN_CASE",
    "FDS_ERROR",
    "FORBIDDEN_REQUEST",
    "INVALID_ACCOUNT_INFO_RE_REGISTER",
    "INVALID_ACCOUNT_NOT_CORRECT_BANK",
    "INVALID_ACCOUNT_NUMBER",
    "INVALID_ACCOUNT_NUMBER_OR_UNAVAILABLE",
    "INVALID_AUTHORIZE_AUTH",
    "INVALID_CARD",
    "INVALID_CARD_COMPANY",
    "INVALID_CARD_EXPIRATION",
    "INVALID_CARD_INSTALLMENT_AMOUNT",
    "INVALID_CARD_INSTALLMENT_PLAN",
    "INVALID_CARD_LOST_OR_STOLEN",
    "INVALID_CARD_NUMBER",
    "INVALID_CURRENCY",
    "INVALID_PASSWORD",
    "INVALID_PAYMENT_KEY",
    "INVALID_REJECT_CARD",
    "INVALID_REQUEST",
    "INVALID_STOPPED_CARD",
    "INVALID_TEST_CODE",
    "INVALID_UNREGISTERED_SUBMALL",
    "MAINTAINED_METHOD",
    "NOT_ALLOWED_INSTALLMENT_BELOW_AMOUNT",
    "NOT_ALLOWED_POINT_USE",
    "NOT_AVAILABLE_BANK",
    "NOT_AVAILABLE_PAYMENT",
    "NOT_ENOUGH_AMOUNT",
    "NOT_FOUND_MERCHANT",
    "NOT_FOUND_PAYMENT",
    "NOT_FOUND_PAYMENT_SESSION",
    "NOT_FOUND_TERMINAL_ID",
    "NOT_REGISTERED_BUSINESS",
    "NOT_SUPPORTED_INSTALLMENT_PLAN_CARD_OR_MERCHANT",
    "NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN",
    "PAY_PROCESS_ABORTED",
    "PAY_PROCESS_CANCELED",
    "REJECT_ACCOUNT_PAYMENT",
    "REJECT_CARD_COMPANY",
    "REJECT_CARD_PAYMENT",
    "REJECT_TOSSPAY_INVALID_ACCOUNT",
    "RESTRICTED_TRANSFER_ACCOUNT",
    "UNAPPROVED_ORDER_ID",
    "USER_ACCOUNT_ON_HOLD",
];

/// How sure a refusal of confirm with this code is.
pub fn refusal(code: &str) -> Refusal {
    if NEVER_PROCESSED.contains(&code) {
        Refusal::NeverProcessed
    } else if FINAL.contains(&code) {
        Refusal::Final
    } else if PROCESSED_BEFORE.contains(&code) {
        Refusal::ProcessedBefore
    } else {
        Refusal::Unknown
    }
}

/// The code with which a read proves that there is no such payment (Toss: api.md §1.7).
pub const ABSENT: &str = "NOT_FOUND_PAYMENT";

/// What a payment means for an order. `refused` is a refusal of confirm that was to be proved.
pub fn on_payment(
    payment: &Payment,
    order_id: &str,
    amount: i64,
    refused: Option<Reason>,
) -> Verdict {
    if payment.order_id != order_id {
        // A key of somebody else's payment: whatever became of that one, this order has none.
        return Verdict::Refused(refused.unwrap_or_else(|| {
            Reason::new("NOT_MATCHED_PAYMENT", "주문과 결제 정보가 일치하지 않습니다.")
        }));
    }
    let fits = payment.total_amount == amount && payment.currency == "KRW";
    match &payment.status {
        Status::Done if fits && payment.balance_amount == amount => {
            Verdict::Approved(Box::new(particulars(payment)))
        }
        Status::WaitingForDeposit if fits => {
            Verdict::DepositAwaited(Box::new(particulars(payment)))
        }
        Status::Done | Status::WaitingForDeposit | Status::PartialCanceled
            if payment.balance_amount > 0 =>
        {
            Verdict::Unfit(Reason::new(
                "AMOUNT_MISMATCH",
                "결제된 금액이 주문 금액과 달라 결제를 취소했습니다.",
            ))
        }
        Status::Done | Status::WaitingForDeposit | Status::PartialCanceled | Status::Canceled => {
            Verdict::Refused(
                refused
                    .unwrap_or_else(|| Reason::new("CANCELED_PAYMENT", "결제가 취소되었습니다.")),
            )
        }
        Status::Aborted | Status::Expired => {
            let told = payment.failure.as_ref();
            Verdict::Refused(
                refused
                    .or(told.map(|failure| Reason::new(&failure.code, &failure.message)))
                    .unwrap_or_else(|| {
                        Reason::new("EXPIRED_PAYMENT", "결제가 만료되었습니다. 다시 시도해주세요.")
                    }),
            )
        }
        Status::Ready | Status::InProgress => match refused {
            Some(reason) => Verdict::Refused(reason),
            None => Verdict::Unasked,
        },
        Status::Unknown(_) => Verdict::Open,
    }
}

/// What pages show of a payment.
fn particulars(payment: &Payment) -> Particulars {
    let account = payment.virtual_account.as_ref();
    Particulars {
        method: payment.method.as_ref().map(|method| match &payment.easy_pay {
            Some(easy) => format!("{method} · {}", easy.provider),
            None => method.clone(),
        }),
        method_detail: payment.card.as_ref().map(|card| {
            let plan = match card.installment_plan_months {
                0 => "일시불".to_owned(),
                months if card.is_interest_free => format!("{months}개월 무이자"),
                months => format!("{months}개월"),
            };
            format!("{} {} · {plan}", issuer(&card.issuer_code), card.number)
        }),
        approved_at: payment.approved_at.clone(),
        receipt_url: payment.receipt.as_ref().map(|link| link.url.clone()),
        secret: payment.secret.clone(),
        bank_code: account.map(|account| account.bank_code.clone()),
        account_number: account.map(|account| account.account_number.clone()),
        account_due_at: account.map(|account| account.due_date.clone()),
    }
}

/// A card company's name (Toss: api.md §9.1); its code where it is new.
fn issuer(code: &str) -> &str {
    match code {
        "3K" => "기업BC",
        "46" => "광주은행",
        "71" => "롯데카드",
        "30" => "산업은행",
        "31" => "BC카드",
        "51" => "삼성카드",
        "38" => "새마을금고",
        "41" => "신한카드",
        "62" => "신협",
        "36" => "씨티카드",
        "33" => "우리BC카드",
        "W1" => "우리카드",
        "37" => "우체국",
        "39" => "저축은행",
        "35" => "전북은행",
        "42" => "제주은행",
        "15" => "카카오뱅크",
        "3A" => "케이뱅크",
        "24" => "토스뱅크",
        "21" => "하나카드",
        "61" => "현대카드",
        "11" => "KB국민카드",
        "91" => "NH농협카드",
        "34" => "Sh수협은행",
        _ => code,
    }
}

/// A bank's name (Toss: api.md §9.2, another table than the cards'); its code where it is new.
pub fn bank(code: &str) -> &str {
    match code {
        "39" => "경남은행",
        "34" => "광주은행",
        "12" => "단위농협",
        "32" => "부산은행",
        "45" => "새마을금고",
        "64" => "산림조합",
        "88" => "신한은행",
        "48" => "신협",
        "27" => "씨티은행",
        "20" => "우리은행",
        "71" => "우체국예금보험",
        "50" => "저축은행중앙회",
        "37" => "전북은행",
        "35" => "제주은행",
        "90" => "카카오뱅크",
        "89" => "케이뱅크",
        "92" => "토스뱅크",
        "81" => "하나은행",
        "54" => "홍콩상하이은행",
        "03" => "IBK기업은행",
        "06" => "KB국민은행",
        "31" => "iM뱅크(대구)",
        "02" => "한국산업은행",
        "11" => "NH농협은행",
        "23" => "SC제일은행",
        "07" => "Sh수협은행",
        _ => code,
    }
}

#[cfg(test)]
mod tests {
    use super::{Payment, Reason, Refusal, Status, Verdict, on_payment, refusal};

    #[test]
    fn codes_decide_not_statuses() {
        for (code, sure) in [
            ("REJECT_CARD_COMPANY", Refusal::Final),
            ("NOT_FOUND_PAYMENT_SESSION", Refusal::Final),
            ("UNAUTHORIZED_KEY", Refusal::NeverProcessed),
            ("PROVIDER_ERROR", Refusal::Unknown),
            ("ALREADY_PROCESSED_PAYMENT", Refusal::ProcessedBefore),
            ("IDEMPOTENT_REQUEST_PROCESSING", Refusal::Unknown),
            ("FORBIDDEN_CONSECUTIVE_REQUEST", Refusal::Unknown),
            ("CARD_PROCESSING_ERROR", Refusal::Unknown),
            ("A_CODE_OF_NEXT_YEAR", Refusal::Unknown),
        ] {
            assert_eq!(refusal(code), sure, "{code}");
        }
    }

    #[test]
    fn a_payment_decides_the_order_it_belongs_to() {
        let payment = |status, total: i64, balance: i64| Payment {
            payment_key: "k".to_owned(),
            order_id: "order-1".to_owned(),
            currency: "KRW".to_owned(),
            status,
            total_amount: total.into(),
            balance_amount: balance.into(),
            ..Payment::default()
        };
        let cases = [
            (payment(Status::Done, 1000, 1000), "Approved"),
            (payment(Status::Done, 900, 900), "Unfit"),
            (payment(Status::Done, 1000, 400), "Unfit"),
            (Payment { currency: "USD".to_owned(), ..payment(Status::Done, 1000, 1000) }, "Unfit"),
            (payment(Status::PartialCanceled, 1000, 400), "Unfit"),
            (payment(Status::PartialCanceled, 1000, 0), "Refused"),
            (payment(Status::Canceled, 1000, 0), "Refused"),
            (payment(Status::WaitingForDeposit, 1000, 1000), "DepositAwaited"),
            (payment(Status::Aborted, 1000, 1000), "Refused"),
            (payment(Status::Expired, 1000, 1000), "Refused"),
            (payment(Status::InProgress, 1000, 1000), "Unasked"),
            (payment(Status::Ready, 1000, 1000), "Unasked"),
            (payment(Status::Unknown("NEW".to_owned()), 1000, 1000), "Open"),
            (
                Payment { order_id: "order-2".to_owned(), ..payment(Status::Done, 1000, 1000) },
                "Refused",
            ),
        ];
        for (payment, expected) in cases {
            let verdict = format!("{:?}", on_payment(&payment, "order-1", 1000, None));
            assert!(verdict.starts_with(expected), "{:?}: {verdict}", payment.status);
        }
    }

    #[test]
    fn a_refusal_is_proved_by_a_payment_that_was_not_confirmed() {
        let payment = Payment {
            order_id: "order-1".to_owned(),
            status: Status::InProgress,
            ..Payment::default()
        };
        let told = Reason::new("REJECT_CARD_COMPANY", "결제 승인이 거절되었습니다.");
        let verdict = on_payment(&payment, "order-1", 1000, Some(told.clone()));
        assert!(matches!(verdict, Verdict::Refused(reason) if reason == told));
    }
}
