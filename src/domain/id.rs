//! Identifiers that can only be built well formed.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::rule::Rule;

/// Why a text is not the identifier it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed {
    pub rule: Rule,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rule.fmt(f)
    }
}

impl std::error::Error for Malformed {}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $from:literal..=$to:literal, $allowed:expr, $id:literal, $marks:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(into = "String", try_from = "String")]
        pub struct $name(String);

        impl $name {
            pub const RULE: Rule =
                Rule::Id { name: $id, marks: $marks, least: $from, most: $to };

            pub fn parse(text: &str) -> Result<Self, Malformed> {
                let allowed: fn(u8) -> bool = $allowed;
                let fits = ($from..=$to).contains(&text.len()) && text.bytes().all(allowed);
                fits.then(|| $name(text.to_owned())).ok_or(Malformed { rule: $name::RULE })
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = Malformed;

            fn try_from(text: String) -> Result<Self, Malformed> {
                $name::parse(&text)
            }
        }
    };
}

fn plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

id!(
    /// An order's id, ours and Toss's. Toss's typings also allow `=`, its HTTP reference does
    /// not, so it is not ours (Toss: sdk.md §3.5).
    OrderId, 6..=64, plain,
    "orderId", "-, _"
);
id!(
    /// Toss's id of one payment. Opaque, of the letters that Toss gives out (Toss: api.md §3): it
    /// becomes part of an address.
    PaymentKey, 1..=200, plain,
    "paymentKey", "-, _"
);
id!(
    /// Who buys, as Toss knows it: unguessable, never an e-mail address (Toss: sdk.md §2).
    CustomerKey, 2..=50, |byte| plain(byte) || matches!(byte, b'=' | b'.' | b'@'),
    "customerKey", "-, _, =, ., @"
);
id!(
    /// A product of the catalogue.
    ProductId, 1..=40, plain,
    "productId", "-, _"
);
id!(
    /// Names one filling-in of the order form, so that sending it twice makes one order.
    RequestId, 1..=64, plain,
    "requestId", "-, _"
);
id!(
    /// One filling of a browser's cart.
    CartId, 1..=40, plain,
    "cart", "-, _"
);
id!(
    /// A coupon issued to one customer.
    CouponId, 1..=64, plain,
    "couponId", "-, _"
);
id!(
    /// A definition of coupons.
    OfferId, 1..=40, plain,
    "offerId", "-, _"
);

#[cfg(test)]
mod tests {
    use super::{OrderId, PaymentKey};

    #[test]
    fn an_order_id_is_what_toss_accepts() {
        for good in ["abcdef", "A-_9zz", &"x".repeat(64)] {
            assert!(OrderId::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "abcde", &"x".repeat(65), "abc def", "주문번호입니다", "abcdef=", "../../x"]
        {
            assert!(OrderId::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_payment_key_is_bounded_and_visible() {
        assert!(PaymentKey::parse("tgen_20260301101530Ab3Xz").is_ok());
        for bad in
            ["", "a b", "키", "a\nb", ".", "..", "a/b", "%2e%2e", "a?b", "a#b", &"x".repeat(201)]
        {
            assert!(PaymentKey::parse(bad).is_err(), "{bad}");
        }
    }
}
