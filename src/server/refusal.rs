//! A refund that is not taken as it is wanted: what staff are told, who type commands, in English and by the
//! name of the option; and as what callers of the shop are told it.

use std::fmt;

use crate::contract::{ApiError, Code};
use crate::domain::language::Language;
use crate::domain::refund::REASON_LENGTH_MAX;
pub use crate::words::Refusal;

/// What a caller of the shop is told.
pub(super) fn told(refusal: &Refusal, language: Language) -> ApiError {
    let sentence = refusal.say(language);
    match refusal {
        Refusal::NoOrder | Refusal::NotYours => ApiError::new(Code::NotFound, sentence),
        Refusal::NotPaid
        | Refusal::Underway
        | Refusal::AccountAwaited
        | Refusal::AllBack
        | Refusal::JustChanged
        | Refusal::NothingWaits
        | Refusal::Inevitable => ApiError::new(Code::Conflict, sentence),
        Refusal::NoReason | Refusal::ReasonTooLong { .. } => {
            ApiError::in_field(Code::InvalidRequest, "reason", sentence)
        }
        Refusal::NotADeposit => ApiError::in_field(Code::InvalidRequest, "account", sentence),
        Refusal::Amount { .. } => ApiError::in_field(Code::InvalidRequest, "amount", sentence),
        Refusal::NoSuchProduct { .. } | Refusal::Pieces { .. } | Refusal::Worthless => {
            ApiError::in_field(Code::InvalidRequest, "line", sentence)
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
                "--reason is missing: what Toss and the buyer are told, in a few words",
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
    use super::{Refusal, told as told_to_callers};
    use crate::contract::Code;
    use crate::domain::language::Language;

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
            let told = refusal.to_string();
            assert!(!is_korean(&told), "{told}");
            let korean = told_to_callers(&refusal, Language::Ko);
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
