//! How an order stands, in English.

use std::borrow::Cow;

use crate::words::Standing;
use crate::words::en::money;

pub(in crate::words) fn say(it: Standing<'_>) -> Cow<'static, str> {
    match it {
        Standing::Pending => "This order has not been paid yet".into(),
        Standing::InDoubt => "We are checking your payment. Please do not pay again".into(),
        Standing::Ending => "The order is being cancelled".into(),
        Standing::Waiting => "Waiting for your deposit".into(),
        Standing::Completed => "Your payment is complete".into(),
        Standing::Canceling => "The payment is being cancelled".into(),
        Standing::Refunding => "A refund is being made".into(),
        Standing::AccountWanted => "Please tell us the account for your refund".into(),
        Standing::AccountAwaited => "Waiting for an account for the refund".into(),
        Standing::PartlyRefunded => "Part of the amount has been refunded".into(),
        Standing::Refunded => "The full amount has been refunded".into(),
        Standing::Expired => "The time to pay is over".into(),
        Standing::Failed => "Not paid".into(),
        Standing::PendingMeans => "Your order is confirmed once you have paid.".into(),
        Standing::InDoubtMeans => "We are waiting for the answer of the card company. This page changes when it is there. The check goes on even if you close it.".into(),
        Standing::Checking => "Checking the payment".into(),
        Standing::EndingMeans => "This order is being cancelled before a deposit. Please do not pay into the account. This page changes when it is done.".into(),
        Standing::WaitingElsewhere => "The account is shown only in the browser you ordered with. Please open this order there. This page changes when the deposit is confirmed.".into(),
        Standing::WaitingAgain => "The bank has reversed your deposit, so we are waiting for it again. Your products are still reserved. Please deposit again to the account below before the deadline.".into(),
        Standing::WaitingMeans => "Please deposit the exact amount in one transfer to the account below before the deadline. This page changes when the deposit is confirmed.".into(),
        Standing::TooLateToEnd => "A cancellation was requested, but the deposit came first and the payment is complete. If you do not want the order, please ask the shop for a refund.".into(),
        Standing::Approved { amount } => format!("Your payment of {} has been approved.", money(amount)).into(),
        Standing::CancelingMeans => "Your money is being returned. This page changes when it is done. Please do not pay again.".into(),
        Standing::CancelingLabel => "Cancelling the payment".into(),
        Standing::RefundingMeans => "The refund has been requested. This page changes when it is done.".into(),
        Standing::RefundingLabel => "Making the refund".into(),
        Standing::AccountElsewhere => "What you deposited to a virtual account is returned to another account. You can enter that account by opening this order in the browser you ordered with.".into(),
        Standing::AccountWantedMeans => "What you deposited to a virtual account is returned to the account you name. We begin as soon as you enter it.".into(),
        Standing::RefundedOf { amount, refunded } => format!("{} of {} has been refunded.", money(refunded), money(amount)).into(),
        Standing::RefundedPart { refunded } => format!("{} has been refunded", money(refunded)).into(),
        Standing::EndingBeforeDeposit => "The order is being cancelled before a deposit".into(),
        Standing::DecidedBy { time } => format!("It will be decided by {time} at the latest.").into(),
        Standing::Undecided { time } => format!("We tried to check by {time}, but could not reach the payment company. We will decide as soon as we reach it. If the order is not completed, you are not charged or your money is returned.").into(),
    }
}
