//! Deposits, in English.

use std::borrow::Cow;

use crate::words::Deposit;

pub(in crate::words) fn say(it: Deposit<'_>) -> Cow<'static, str> {
    match it {
        Deposit::Title => "Account for your deposit".into(),
        Deposit::Bank => "Bank".into(),
        Deposit::Number => "Account number".into(),
        Deposit::Amount => "Amount".into(),
        Deposit::Due => "Deadline".into(),
        Deposit::Until { time } => format!("by {time}").into(),
        Deposit::Over => "The deadline has passed. Please do not make a deposit.".into(),
        Deposit::Units => "d |h |m |s |left".into(),
        Deposit::Copy => "Copy account number".into(),
        Deposit::Copied => "The account number was copied.".into(),
        Deposit::NotCopied => {
            "It could not be copied. The number is selected, so please copy it yourself.".into()
        }
        Deposit::EndTitle => "Cancel the order without a deposit".into(),
        Deposit::End => "Cancel the order".into(),
    }
}
