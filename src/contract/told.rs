//! What a page says after a plain form: a code in its address, and the sentence that goes with it.
//!
//! Why: an address is anybody's to write, and a sentence in it would be read as the shop's own.

use crate::contract::{ApiError, Code};
use crate::domain::cart::{CartRefused, LINES_MAX, QUANTITY_MAX};
use crate::domain::language::Language;
use crate::domain::offer::OfferRefused;
use crate::words::{Reason, spoken};

/// What came of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// Of the buyer's fields, each of which the page checks again as it was typed.
    Buyer,
    Unsold,
    Quantity,
    TooManyLines,
    NoLines,
    /// There are fewer pieces than were asked for.
    Short,
    /// A product that is sold no more, or a sum that nobody can pay.
    Lines,
    /// Something costs more than the page said.
    Risen,
    CodeForm,
    CodeTries,
    CodeUnknown,
    CodeNotYet,
    CodeOver,
    CodeAllGone,
    CodeHasIt,
    /// The same person has used it by another browser.
    CodeUsed,
    /// There is a coupon, but not for this order.
    CouponUnusable,
    /// An order is another browser's, or nobody's.
    NotHere,
    PaymentBegun,
    /// Anything else that cannot be.
    Refused,
    Unavailable,
    Failed,
}

impl Told {
    const ALL: [Told; 22] = [
        Told::Buyer,
        Told::Unsold,
        Told::Quantity,
        Told::TooManyLines,
        Told::NoLines,
        Told::Short,
        Told::Lines,
        Told::Risen,
        Told::CodeForm,
        Told::CodeTries,
        Told::CodeUnknown,
        Told::CodeNotYet,
        Told::CodeOver,
        Told::CodeAllGone,
        Told::CodeHasIt,
        Told::CodeUsed,
        Told::CouponUnusable,
        Told::NotHere,
        Told::PaymentBegun,
        Told::Refused,
        Told::Unavailable,
        Told::Failed,
    ];

    /// As it stands in an address.
    pub fn as_str(self) -> &'static str {
        match self {
            Told::Buyer => "BUYER",
            Told::Unsold => "UNSOLD",
            Told::Quantity => "QUANTITY",
            Told::TooManyLines => "TOO_MANY_LINES",
            Told::NoLines => "NO_LINES",
            Told::Short => "SHORT",
            Told::Lines => "LINES",
            Told::Risen => "RISEN",
            Told::CodeForm => "CODE_FORM",
            Told::CodeTries => "CODE_TRIES",
            Told::CodeUnknown => "CODE_UNKNOWN",
            Told::CodeNotYet => "CODE_NOT_YET",
            Told::CodeOver => "CODE_OVER",
            Told::CodeAllGone => "CODE_ALL_GONE",
            Told::CodeHasIt => "CODE_HAS_IT",
            Told::CodeUsed => "CODE_USED",
            Told::CouponUnusable => "COUPON_UNUSABLE",
            Told::NotHere => "NOT_HERE",
            Told::PaymentBegun => "PAYMENT_BEGUN",
            Told::Refused => "REFUSED",
            Told::Unavailable => "UNAVAILABLE",
            Told::Failed => "FAILED",
        }
    }

    /// Reads [`Told::as_str`]; what is none is nobody's word.
    pub fn parse(text: &str) -> Option<Told> {
        Told::ALL.into_iter().find(|told| told.as_str() == text)
    }

    /// What a buyer reads.
    pub fn sentence(self) -> String {
        self.reason().say(spoken()).into_owned()
    }

    /// As an answer of the API.
    pub fn said(self, language: Language) -> ApiError {
        ApiError::said(self.code(), self.field(), self.reason(), language)
    }

    fn reason(self) -> Reason {
        match self {
            Told::Buyer => Reason::Buyer,
            Told::Unsold => Reason::Unsold,
            Told::Quantity => Reason::Quantity { most: QUANTITY_MAX },
            Told::TooManyLines => Reason::TooManyLines { most: LINES_MAX },
            Told::NoLines => Reason::NoLines,
            Told::Short => Reason::Short,
            Told::Lines => Reason::Lines,
            Told::Risen => Reason::Risen,
            Told::CodeForm => Reason::CodeForm,
            Told::CodeTries => Reason::CodeTries,
            Told::CodeUnknown => Reason::CodeUnknown,
            Told::CodeNotYet => Reason::CodeNotYet,
            Told::CodeOver => Reason::CodeOver,
            Told::CodeAllGone => Reason::CodeAllGone,
            Told::CodeHasIt => Reason::CodeHasIt,
            Told::CodeUsed => Reason::CodeUsed,
            Told::CouponUnusable => Reason::CouponUnusable,
            Told::NotHere => Reason::NotHere,
            Told::PaymentBegun => Reason::PaymentBegun,
            Told::Refused => Reason::Refused,
            Told::Unavailable => Reason::Unavailable,
            Told::Failed => Reason::Failed,
        }
    }

    /// What an error of the API is to a page.
    pub fn of(error: &ApiError) -> Told {
        let by_reason = error.reason.as_ref().and_then(Told::of_reason);
        by_reason.unwrap_or(match error.code {
            Code::NotFound => Told::NotHere,
            Code::InvalidRequest
            | Code::Forbidden
            | Code::Conflict
            | Code::TooLarge
            | Code::UnsupportedMediaType
            | Code::TooManyRequests => Told::Refused,
            Code::Unavailable => Told::Unavailable,
            Code::Internal | Code::Unreachable => Told::Failed,
        })
    }

    fn of_reason(reason: &Reason) -> Option<Told> {
        if reason.is_about_coupon() {
            Some(Told::CouponUnusable)
        } else if reason.is_about_lines() {
            Some(Told::Lines)
        } else if reason.is_about_stock() {
            Some(Told::Short)
        } else if reason.is_about_tries() {
            Some(Told::CodeTries)
        } else {
            Told::ALL.into_iter().find(|told| told.reason() == *reason)
        }
    }

    /// Whether it is said beside the field for a code.
    pub fn is_about_code(self) -> bool {
        self.field() == Some("code")
    }

    fn field(self) -> Option<&'static str> {
        match self {
            Told::CodeForm
            | Told::CodeTries
            | Told::CodeUnknown
            | Told::CodeNotYet
            | Told::CodeOver
            | Told::CodeAllGone
            | Told::CodeHasIt
            | Told::CodeUsed => Some("code"),
            Told::Quantity | Told::TooManyLines => Some("quantity"),
            Told::NoLines => Some("lines"),
            Told::CouponUnusable => Some("couponId"),
            Told::Buyer
            | Told::Unsold
            | Told::Short
            | Told::Lines
            | Told::Risen
            | Told::NotHere
            | Told::PaymentBegun
            | Told::Refused
            | Told::Unavailable
            | Told::Failed => None,
        }
    }

    fn code(self) -> Code {
        match self {
            Told::Unsold | Told::CodeUnknown | Told::NotHere => Code::NotFound,
            Told::Buyer
            | Told::Quantity
            | Told::TooManyLines
            | Told::NoLines
            | Told::Lines
            | Told::CodeForm
            | Told::CouponUnusable => Code::InvalidRequest,
            Told::CodeTries => Code::TooManyRequests,
            Told::Short
            | Told::Risen
            | Told::CodeNotYet
            | Told::CodeOver
            | Told::CodeAllGone
            | Told::CodeHasIt
            | Told::CodeUsed
            | Told::PaymentBegun
            | Told::Refused => Code::Conflict,
            Told::Unavailable => Code::Unavailable,
            Told::Failed => Code::Internal,
        }
    }
}

impl From<OfferRefused> for Told {
    fn from(refused: OfferRefused) -> Told {
        match refused {
            OfferRefused::NotYet => Told::CodeNotYet,
            OfferRefused::Over => Told::CodeOver,
            OfferRefused::AllGone => Told::CodeAllGone,
            OfferRefused::HasIt => Told::CodeHasIt,
        }
    }
}

impl From<CartRefused> for Told {
    fn from(refused: CartRefused) -> Told {
        match refused {
            CartRefused::Empty => Told::NoLines,
            CartRefused::TooManyLines => Told::TooManyLines,
            CartRefused::Quantity => Told::Quantity,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Told;

    #[test]
    fn codes_are_read_as_they_are_written_and_each_has_a_sentence() {
        for told in Told::ALL {
            assert_eq!(Told::parse(told.as_str()), Some(told));
            assert!(told.as_str().bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_'));
            assert!(told.sentence().ends_with('.'), "{told:?}");
        }
        for text in ["", "unsold", "UNSOLD ", "농협 302-1234", "<b>"] {
            assert_eq!(Told::parse(text), None, "{text}");
        }
    }
}
