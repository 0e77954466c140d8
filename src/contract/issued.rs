//! What somebody who claimed a coupon is told.

use serde::{Deserialize, Serialize};

use crate::contract::{Json, Readable};
use crate::domain::id::CouponId;

/// A coupon that was issued just now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IssuedView {
    pub coupon_id: CouponId,
    pub name: String,
    /// Milliseconds since 1970.
    pub valid_from: i64,
    pub valid_until: i64,
    /// Why it was not put on the order that it was claimed for, in Korean.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub told: Option<String>,
}

impl Readable for IssuedView {
    fn read(json: &Json) -> Option<IssuedView> {
        Some(IssuedView {
            coupon_id: CouponId::parse(&json.text("couponId")?).ok()?,
            name: json.text("name")?,
            valid_from: json.whole("validFrom")?,
            valid_until: json.whole("validUntil")?,
            told: json.text("told"),
        })
    }
}
