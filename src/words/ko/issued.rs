//! A coupon that was given just now, in Korean.

use std::borrow::Cow;

use crate::words::Issued;
use crate::words::ko::{money, reason};

pub(in crate::words) fn say(it: &Issued) -> Cow<'static, str> {
    match it {
        Issued::NoBetter { brings, had } => format!(
            "쿠폰을 받았습니다. 이 쿠폰은 {}, 선택한 쿠폰은 {} 할인이라 바꾸지 않았습니다.",
            money(*brings),
            money(*had)
        ),
        Issued::Unusable { why } => format!("쿠폰을 받았습니다. {}", reason::say(why)),
    }
    .into()
}
