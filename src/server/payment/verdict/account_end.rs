//! Why a virtual account that waits for its deposit is to be ended, and what the buyer reads of it then.

use crate::server::db::orders::Reason;
use crate::server::db::payments::PaymentRow;

/// Toss ended the account, and nobody had wished for it here.
pub const AT_TOSS: &str = "ACCOUNT_CANCELED";
/// The due date is over.
pub const OVERDUE: &str = "NOT_DEPOSITED_IN_TIME";
pub const BY_SHOP: &str = "ACCOUNT_CANCELED_BY_SHOP";
pub const BY_BUYER: &str = "ACCOUNT_CANCELED_BY_BUYER";
pub const TOO_MANY: &str = "TOO_MANY_ACCOUNTS";

/// Why an account that still waits is to be ended, if it is. Its due date is by Toss's clock, which
/// nobody sets here.
pub fn wanted(payment: &PaymentRow, toss_at: Option<i64>) -> Option<Reason> {
    match (&payment.end_code, payment.deposit_by.zip(toss_at)) {
        (Some(code), _) => Some(reason(code)),
        (None, Some((by, toss_at))) if toss_at >= by => Some(reason(OVERDUE)),
        (None, Some(_) | None) => None,
    }
}

/// What the buyer reads of an order whose account was ended. Nothing had been paid into it, and
/// nothing is said to be on its way back.
pub fn reason(code: &str) -> Reason {
    let message = match code {
        OVERDUE => "입금 기한이 지나 주문이 만료되었습니다.",
        BY_SHOP => "상점에서 입금 전에 주문을 취소했습니다. 이 계좌로 입금하지 마세요.",
        BY_BUYER => "요청하신 대로 입금 전에 주문을 취소했습니다. 이 계좌로 입금하지 마세요.",
        TOO_MANY => {
            "입금을 기다리는 주문이 이미 있어 새 가상계좌를 취소했습니다. 앞선 주문에 먼저 입금하거나 그 주문을 취소해 주세요."
        }
        _ => "입금 전에 가상계좌가 취소되었습니다. 이 계좌로 입금하지 마세요.",
    };
    Reason::new(code, message)
}
