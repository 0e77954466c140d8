//! Why an order failed, as it is stored: a reason of the shop's own as a code with its values, or Toss's code
//! and words. The sentence is made when it is shown.

use std::borrow::Cow;

use crate::domain::language::Language;
use crate::toss::ErrorBody;
use crate::words::Failure;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The shop's own.
    Own(Failure),
    /// Toss's, whose words are quoted.
    Toss { code: String, words: String },
    /// In a sentence, as an older version kept it.
    Before { code: String, sentence: String },
}

impl Reason {
    pub fn toss(code: &str, words: &str) -> Reason {
        Reason::Toss { code: code.to_owned(), words: words.to_owned() }
    }

    /// A refusal of Toss's.
    pub fn of_toss(refused: ErrorBody) -> Reason {
        Reason::Toss { code: refused.code, words: refused.message }
    }

    /// For programs.
    pub fn code(&self) -> &str {
        match self {
            Reason::Own(failure) => failure.code(),
            Reason::Toss { code, .. } | Reason::Before { code, .. } => code,
        }
    }

    /// For whoever reads the order.
    pub fn say(&self, language: Language) -> Cow<'_, str> {
        match self {
            Reason::Own(failure) => failure.say(language),
            Reason::Toss { words, .. } => words.into(),
            Reason::Before { sentence, .. } => sentence.into(),
        }
    }

    /// Code and words, where they are Toss's.
    pub fn words_of_toss(&self) -> Option<(&str, &str)> {
        match self {
            Reason::Toss { code, words } => Some((code, words)),
            Reason::Own(_) | Reason::Before { .. } => None,
        }
    }

    pub(super) fn stored(&self) -> Stored {
        let (mut own, mut words, mut sentence) = (None, None, None);
        match self {
            Reason::Own(failure) => own = serde_json::to_string(failure).ok(),
            Reason::Toss { words: told, .. } => words = Some(told.clone()),
            Reason::Before { sentence: told, .. } => sentence = Some(told.clone()),
        }
        Stored { code: Some(self.code().to_owned()), own, words, sentence }
    }
}

/// As columns of an order: `failure_code`, and one of `failure_reason`, `failure_words` and
/// `failure_message`.
#[derive(Clone, Debug, Default)]
pub(super) struct Stored {
    pub code: Option<String>,
    pub own: Option<String>,
    pub words: Option<String>,
    pub sentence: Option<String>,
}

impl Stored {
    pub(super) fn read(self) -> Option<Reason> {
        let code = self.code?;
        // One of a newer version is not known here: its code is.
        let own = self.own.map(|own| serde_json::from_str(&own).unwrap_or(Failure::NotPaid));
        let words = self.words.map(|words| Reason::Toss { code: code.clone(), words });
        let before = self.sentence.map(|sentence| Reason::Before { code, sentence });
        own.map(Reason::Own).or(words).or(before)
    }
}

#[cfg(test)]
mod tests {
    use super::{Reason, Stored};
    use crate::domain::language::Language::{En, Ko};
    use crate::words::{Charge, Failure};

    #[test]
    fn what_is_stored_is_read_back_and_said_in_any_language() {
        let product = || "‘A\\\"B’ 머그컵".to_owned();
        for (reason, korean, english) in [
            (
                Reason::Own(Failure::OutOfStock { product: product(), charge: Charge::Never }),
                "‘‘A\\\"B’ 머그컵’ 상품의 재고가 부족해 결제하지 않았습니다.",
                "Not enough pieces of ‘‘A\\\"B’ 머그컵’ are left. You were not charged.",
            ),
            (
                Reason::Own(Failure::CouponUnavailable { charge: Charge::Never }.undone()),
                "쿠폰을 더 이상 사용할 수 없어 결제를 취소했습니다.",
                "The coupon can no longer be used. The payment was cancelled.",
            ),
            (Reason::toss("A", "한도초과"), "한도초과", "한도초과"),
        ] {
            let stored = reason.stored();
            assert_eq!(stored.clone().read(), Some(reason.clone()), "{stored:?}");
            assert_eq!((&*reason.say(Ko), &*reason.say(En)), (korean, english));
        }
        assert_eq!(Stored::default().read(), None);
        let refused = Reason::Own(Failure::KeysRefused { code: "INVALID_API_KEY".to_owned() });
        assert_eq!(refused.stored().code.as_deref(), Some("INVALID_API_KEY"));
    }
}
