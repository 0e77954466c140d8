//! A coupon that was given just now, in English.

use std::borrow::Cow;

use crate::words::Issued;
use crate::words::en::{money, reason};

pub(in crate::words) fn say(it: &Issued) -> Cow<'static, str> {
    match it {
        Issued::NoBetter { brings, had } => format!(
            "You have the coupon. It takes {} off, and the one you chose takes {} off, so nothing was \
             changed.",
            money(*brings),
            money(*had)
        ),
        Issued::Unusable { why } => format!("You have the coupon. {}", reason::say(why)),
    }
    .into()
}
