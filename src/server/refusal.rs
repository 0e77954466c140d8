//! Why a refund is not taken as it is wanted: to staff, who type commands, in English and by the name
//! of the option; to callers of the shop in Korean.

use std::fmt;

use crate::contract::{ApiError, Code};
use crate::domain::refund::REASON_LENGTH_MAX;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    NoOrder,
    NotYours,
    NotPaid,
    Underway,
    AccountAwaited,
    AllBack,
    JustChanged,
    NothingWaits,
    /// The money of an order that cannot be completed goes back whatever anybody wants.
    Inevitable,
    NoReason,
    ReasonTooLong {
        length: usize,
    },
    NotADeposit,
    Amount {
        left: i64,
    },
    NoSuchProduct {
        product: String,
        have: Vec<String>,
    },
    Pieces {
        name: String,
        left: i64,
    },
    Worthless,
}

impl Refusal {
    /// What a caller of the shop is told.
    pub fn in_korean(&self) -> ApiError {
        let field =
            |field: &str, message: String| ApiError::in_field(Code::InvalidRequest, field, message);
        let conflict = |message: &str| ApiError::new(Code::Conflict, message);
        match self {
            Refusal::NoOrder => ApiError::new(Code::NotFound, "주문을 찾을 수 없습니다."),
            Refusal::NotYours => {
                ApiError::new(Code::NotFound, "이 브라우저에서 한 주문이 아닙니다.")
            }
            Refusal::NotPaid => conflict("환불할 수 있는 주문이 아닙니다."),
            Refusal::Underway => conflict("이 주문은 이미 환불하고 있습니다."),
            Refusal::AccountAwaited => conflict(
                "이 주문의 환불이 환불 계좌를 기다리고 있습니다. 계좌를 적거나 환불을 거두어 주세요.",
            ),
            Refusal::AllBack => conflict("이 주문은 전액 환불되었습니다."),
            Refusal::JustChanged => conflict("이 주문은 방금 바뀌었습니다. 다시 확인해 주세요."),
            Refusal::NothingWaits => conflict("환불 계좌를 기다리는 환불이 없습니다."),
            Refusal::Inevitable => conflict("완료할 수 없는 주문의 취소는 거둘 수 없습니다."),
            Refusal::NoReason => field("reason", "환불 사유를 적어 주세요".to_owned()),
            Refusal::ReasonTooLong { length } => {
                let message = format!(
                    "환불 사유는 {REASON_LENGTH_MAX}자까지 적을 수 있습니다 (지금 {length}자)"
                );
                field("reason", message)
            }
            Refusal::NotADeposit => {
                let message = "가상계좌로 입금된 주문에만 환불 계좌를 적을 수 있습니다";
                field("account", message.to_owned())
            }
            Refusal::Amount { left } => {
                field("amount", format!("1원부터 {left}원까지 환불할 수 있습니다"))
            }
            Refusal::NoSuchProduct { product, have } => {
                let have = have.join(", ");
                field("line", format!("‘{product}’ 상품은 이 주문에 없습니다 ({have})"))
            }
            Refusal::Pieces { name, left: 0 } => {
                field("line", format!("‘{name}’ 상품은 이미 모두 환불되었습니다"))
            }
            Refusal::Pieces { name, left } => {
                field("line", format!("‘{name}’ 상품은 1개부터 {left}개까지 환불할 수 있습니다"))
            }
            Refusal::Worthless => {
                field("line", "고른 상품에는 돌려줄 금액이 없습니다 (0원)".to_owned())
            }
        }
    }
}

impl std::error::Error for Refusal {}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::NoOrder => f.write_str("there is no such order"),
            Refusal::NotYours => f.write_str("the order is of another browser"),
            Refusal::NotPaid => f.write_str("the order is not paid: there is nothing to give back"),
            Refusal::Underway => f.write_str("a refund of the order is on its way already"),
            Refusal::AccountAwaited => f.write_str(
                "a refund of the order waits for an account: name it (--bank, --account, --holder) \
                 or take it back (--withdraw)",
            ),
            Refusal::AllBack => f.write_str("everything of the order has gone back already"),
            Refusal::JustChanged => f.write_str("the order has changed at this moment: look again"),
            Refusal::NothingWaits => f.write_str("no refund of the order waits for an account"),
            Refusal::Inevitable => f.write_str(
                "--withdraw: the order cannot be completed, and its money must go back",
            ),
            Refusal::NoReason => f.write_str(
                "--reason is missing: what Toss and the buyer are told, such as --reason \"고객 요청\"",
            ),
            Refusal::ReasonTooLong { length } => write!(
                f,
                "--reason has {length} characters, and Toss takes at most {REASON_LENGTH_MAX}"
            ),
            Refusal::NotADeposit => f.write_str(
                "--account is for orders that were paid by a deposit; this one goes back the way it \
                 was paid",
            ),
            Refusal::Amount { left } => write!(f, "--amount must be from 1 to {left} won"),
            Refusal::NoSuchProduct { product, have } => {
                write!(f, "--line: {product} is not in the order, which has {}", have.join(", "))
            }
            Refusal::Pieces { name, left: 0 } => {
                write!(f, "--line: all pieces of “{name}” have gone back already")
            }
            Refusal::Pieces { name, left } => {
                write!(f, "--line: of “{name}” 1 to {left} pieces can go back")
            }
            Refusal::Worthless => {
                f.write_str("--line: nothing was paid for these pieces, or it has gone back")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Refusal;
    use crate::contract::Code;

    fn is_korean(text: &str) -> bool {
        text.chars().any(|c| ('가'..='힣').contains(&c))
    }

    #[test]
    fn staff_are_told_in_english_with_the_option_once_and_callers_in_korean() {
        let (name, have) = (|| "tee".to_owned(), vec!["mug".to_owned()]);
        for (refusal, field) in [
            (Refusal::NoOrder, ""),
            (Refusal::NotYours, ""),
            (Refusal::NotPaid, ""),
            (Refusal::Underway, ""),
            (Refusal::AccountAwaited, ""),
            (Refusal::AllBack, ""),
            (Refusal::JustChanged, ""),
            (Refusal::NothingWaits, ""),
            (Refusal::Inevitable, ""),
            (Refusal::NoReason, "reason"),
            (Refusal::ReasonTooLong { length: 201 }, "reason"),
            (Refusal::NotADeposit, "account"),
            (Refusal::Amount { left: 5 }, "amount"),
            (Refusal::NoSuchProduct { product: name(), have }, "line"),
            (Refusal::Pieces { name: name(), left: 0 }, "line"),
            (Refusal::Pieces { name: name(), left: 2 }, "line"),
            (Refusal::Worthless, "line"),
        ] {
            let told = refusal.to_string().replace("\"고객 요청\"", "");
            assert!(!is_korean(&told), "{told}");
            let korean = refusal.in_korean();
            assert!(is_korean(&korean.message), "{}", korean.message);
            assert_eq!(korean.field.as_deref().unwrap_or_default(), field);
            if !field.is_empty() {
                assert!(told.starts_with(&format!("--{field}")), "{told}");
                assert!(!told.contains(&format!("{field}: {field}")), "{told}");
                assert_eq!(korean.code, Code::InvalidRequest);
            }
        }
    }
}
