//! Refunds, in English.

use std::borrow::Cow;

use crate::words::Refund;
use crate::words::en::money;

pub(in crate::words) fn say(it: Refund<'_>) -> Cow<'static, str> {
    match it {
        Refund::Title => "Refunds".into(),
        Refund::AccountNeeded => "Waiting for an account".into(),
        Refund::Asked => "Requested".into(),
        Refund::Running => "In progress".into(),
        Refund::Done => "Refunded".into(),
        Refund::Refused => "The refund failed. Please contact the shop".into(),
        Refund::Line { name, pieces } => format!("{name} × {pieces}").into(),
        Refund::OfAmount => "Refund of an amount".into(),
        Refund::Account { account } => format!("to {account}").into(),
        Refund::Why { reason } => format!("Reason: {reason}").into(),
        Refund::FormTitle => "Account for your refund".into(),
        Refund::FormAsks { amount } => format!("Please enter the account to which {} should be returned.", money(amount)).into(),
        Refund::WasRefused => "The refund to the account you entered was not possible. Please check the bank, account number and account holder.".into(),
        Refund::Bank => "Bank".into(),
        Refund::ChooseBank => "Please choose a bank".into(),
        Refund::Number => "Account number".into(),
        Refund::DigitsOnly => "Digits only".into(),
        Refund::Holder => "Account holder".into(),
        Refund::Send => "Refund to this account".into(),
        Refund::KeptShort => "The account number is used for the refund only. After that, all but its last four digits are erased.".into(),
    }
}
