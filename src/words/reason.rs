//! Why something cannot be: what a buyer, or a program that calls the API, is told.
//!
//! In JSON it is `"reason": "TOO_MANY_LINES", "values": {"most": 20}`, beside the sentence.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::domain::language::Language;
use crate::domain::won::Won;
use crate::words::{en, ko};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", content = "values")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum Reason {
    /// Of the buyer's fields, each of which has a rule of its own.
    Buyer,
    Unsold,
    Quantity {
        most: u32,
    },
    TooManyLines {
        most: usize,
    },
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
    /// Not the HTTP method that is taken there.
    Method,
    /// No order has this number, or none could have it.
    NoOrder,
    /// One product of several.
    UnsoldProduct {
        product: String,
    },
    /// Of one product there are fewer pieces than were asked for.
    ShortOf {
        product: String,
        pieces: i64,
    },
    /// The same, of an order that is about to be paid.
    ShortNow {
        product: String,
        pieces: i64,
    },
    /// Less than can be paid.
    TooLittle {
        least: Won,
    },
    TooMuch {
        most: Won,
    },
    CouponUnknown,
    CouponUsed,
    CouponUsedElsewhere,
    /// The same person has used it by another browser.
    CouponUsedByBuyer,
    CouponNotYet,
    CouponOver,
    CouponMinimum {
        minimum: Won,
    },
    /// With the coupon less is left than can be paid.
    CouponTooLittle {
        least: Won,
    },
    /// It was on an order that is about to be paid.
    CouponLost {
        why: Box<Reason>,
    },
    CodeWait {
        seconds: i64,
    },
    /// Others with the same address have tried.
    CodeWaitAddress {
        seconds: i64,
    },
    /// Others with the same address have been given coupons.
    CodeWaitClaims {
        seconds: i64,
    },
    /// Others with the same address ask at the same time.
    Crowd,
    /// The payment is not taken in yet: the database is busy.
    Unrecorded,
    OtherPayment,
    /// Another order of the cart was paid, so that this payment was not taken.
    RepeatedPayment,
    /// Another order of the cart is in doubt, so that this payment was not taken.
    DoubtedPayment,
    /// The same of an order that is about to be paid.
    RepeatedCart,
    DoubtedCart,
    /// Only the browser that ordered may leave the payment.
    NotYoursToLeave,
    OtherSite,
    NoOrigin,
    ContentType {
        expected: String,
    },
    BodyTooLarge {
        most: usize,
    },
    Missing,
    Unreadable {
        text: String,
    },
    NoSuchApi,
    NoStream,
    /// Anything else that cannot be.
    Refused,
    /// The database takes nothing just now.
    Unavailable,
    /// A fault of the shop's own.
    Failed,
}

impl Reason {
    pub fn say(&self, language: Language) -> Cow<'static, str> {
        match language {
            Language::Ko => ko::reason::say(self),
            Language::En => en::reason::say(self),
        }
    }

    /// Whether another coupon, or none, would make it possible.
    pub fn is_about_coupon(&self) -> bool {
        matches!(
            self,
            Reason::CouponUnusable
                | Reason::CouponUnknown
                | Reason::CouponUsed
                | Reason::CouponUsedElsewhere
                | Reason::CouponUsedByBuyer
                | Reason::CouponNotYet
                | Reason::CouponOver
                | Reason::CouponMinimum { .. }
                | Reason::CouponTooLittle { .. }
                | Reason::CouponLost { .. }
        )
    }

    /// Whether another choice of products would.
    pub fn is_about_lines(&self) -> bool {
        matches!(
            self,
            Reason::Lines
                | Reason::UnsoldProduct { .. }
                | Reason::TooLittle { .. }
                | Reason::TooMuch { .. }
        )
    }

    /// Whether fewer pieces would.
    pub fn is_about_stock(&self) -> bool {
        matches!(self, Reason::Short | Reason::ShortOf { .. } | Reason::ShortNow { .. })
    }

    /// Whether a wait would, after many codes of coupons.
    pub fn is_about_tries(&self) -> bool {
        matches!(
            self,
            Reason::CodeTries
                | Reason::CodeWait { .. }
                | Reason::CodeWaitAddress { .. }
                | Reason::CodeWaitClaims { .. }
        )
    }
}
