//! How a card is charged, in Korean.

use std::borrow::Cow;

use crate::words::Plan;

pub(in crate::words) fn say(it: Plan) -> Cow<'static, str> {
    match it {
        Plan::AtOnce => "일시불".into(),
        Plan::WithoutInterest { months } => format!("{months}개월 무이자").into(),
        Plan::Months { months } => format!("{months}개월").into(),
    }
}
