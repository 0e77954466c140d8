//! The page of an order, in English.

use std::borrow::Cow;

use crate::words::OrderPage;
use crate::words::en::money;

pub(in crate::words) fn say(it: OrderPage<'_>) -> Cow<'static, str> {
    match it {
        OrderPage::Lines => "Products ordered".into(),
        OrderPage::Title => "Order details".into(),
        OrderPage::Number => "Order number".into(),
        OrderPage::Time => "Ordered at".into(),
        OrderPage::Buyer => "Ordered by".into(),
        OrderPage::Email => "E-mail".into(),
        OrderPage::Mobile => "Mobile number".into(),
        OrderPage::Masked => "Some details are hidden because this is not the browser you ordered with.".into(),
        OrderPage::NotFound => "The order could not be found. Please check the order number.".into(),
        OrderPage::PayNow => "Continue to payment".into(),
        OrderPage::PayAgain => "Pay again".into(),
        OrderPage::PayAgainFor { name, amount } => format!("Pay again for {name}, {}", money(amount)).into(),
        OrderPage::ToCart => "Back to the cart".into(),
        OrderPage::LookAgain => "Check again now".into(),
        OrderPage::LookByHand => "JavaScript is off, so this page does not change by itself. Please press the button above to check again.".into(),
        OrderPage::ResultTitle => "Payment result".into(),
        OrderPage::FailTitle => "Payment not made".into(),
        OrderPage::TossSaid { words } => format!("Message from Toss: “{words}”").into(),
        OrderPage::OtherAmount => "The amount in this address is not that of the order. Below is how the order really stands.".into(),
        OrderPage::BadReturn { rule } => format!("The address you came back with from the payment window cannot be read ({rule}).").into(),
        OrderPage::DigitsWanted { field } => format!("{field} must be a number").into(),
        OrderPage::RepeatTitle => "Pay once more?".into(),
        OrderPage::RepeatWaits => "An account for the same cart is waiting for a deposit".into(),
        OrderPage::RepeatPaid => "You have already paid for the same cart".into(),
        OrderPage::Repeat { since, order_id } => format!("There is an order {order_id} of {since}. If you pay once more, you buy the products twice.").into(),
        OrderPage::NothingTaken => "The payment you just approved has not been made, and no money has been taken.".into(),
        OrderPage::SeeFirst => "See the order you placed".into(),
        OrderPage::RepeatNow => "Pay once more".into(),
    }
}
