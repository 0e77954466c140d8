//! How a card is charged, in English.

use std::borrow::Cow;

use crate::words::Plan;

pub(in crate::words) fn say(it: Plan) -> Cow<'static, str> {
    match it {
        Plan::AtOnce => "paid at once".into(),
        Plan::WithoutInterest { months } => format!("{months} months without interest").into(),
        Plan::Months { months } => format!("{months} months").into(),
    }
}
