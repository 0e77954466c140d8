//! The cart, in English.

use std::borrow::Cow;

use crate::words::Cart;
use crate::words::en::money;

pub(in crate::words) fn say(it: Cart<'_>) -> Cow<'static, str> {
    match it {
        Cart::Title => "Cart".into(),
        Cart::About => "Check the products in your cart and enter your details.".into(),
        Cart::Dearer { name, was, now } => format!(
            "The price of ‘{name}’ has gone up from {} to {} since you added it.",
            money(was),
            money(now)
        )
        .into(),
        Cart::Gone { name } => {
            format!("‘{name}’ is no longer sold and has been left out of the order.").into()
        }
        Cart::GoneNameless => {
            "A product that is no longer sold has been left out of the order.".into()
        }
        Cart::TakeOutGone => "Remove from cart".into(),
        Cart::Short { name, pieces } => {
            format!("Up to {pieces} of ‘{name}’ can be ordered.").into()
        }
        Cart::ShortOfAll { name } => format!("‘{name}’ is sold out.").into(),
        Cart::Empty => "Your cart is empty.".into(),
        Cart::ToShelf => "See the products".into(),
        Cart::Lines => "Products in your cart".into(),
        Cart::Removed => "The product was removed from your cart.".into(),
        Cart::Less { name } => format!("One less of {name}").into(),
        Cart::LessNow { name, pieces } => format!("One less of {name}, now {pieces}").into(),
        Cart::More { name } => format!("One more of {name}").into(),
        Cart::MoreNow { name, pieces } => format!("One more of {name}, now {pieces}").into(),
        Cart::Quantity { name } => format!("Quantity of {name}").into(),
        Cart::Remove => "Remove".into(),
        Cart::RemoveLine { name } => format!("Remove {name}").into(),
        Cart::Buyer => "Your details".into(),
        Cart::Name => "Name".into(),
        Cart::NameHint => "Gildong Hong".into(),
        Cart::Email => "E-mail".into(),
        Cart::Mobile => "Korean mobile number".into(),
        Cart::CouponsLater => "You can choose a coupon on the next page.".into(),
        Cart::Order { subtotal } => format!("Order for {}", money(subtotal)).into(),
    }
}
