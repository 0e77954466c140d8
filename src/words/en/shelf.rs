//! The shelf, in English.

use std::borrow::Cow;

use crate::words::Shelf;
use crate::words::en::money;

pub(in crate::words) fn say(it: Shelf<'_>) -> Cow<'static, str> {
    match it {
        Shelf::Title => "Products".into(),
        Shelf::About { name } => {
            format!("Choose products at {name} and pay safely with Toss Payments.").into()
        }
        Shelf::Nothing => "There are no products yet.".into(),
        Shelf::InCart { pieces, subtotal } => {
            format!("{pieces} in cart · {}", money(subtotal)).into()
        }
        Shelf::ToOrder => "Order".into(),
        Shelf::SoldOut => "Sold out".into(),
        Shelf::FewLeft { pieces } => format!("Only {pieces} left").into(),
        Shelf::InStock { pieces } => format!("{pieces} in stock").into(),
        Shelf::PutIn => "Add to cart".into(),
        Shelf::HasMost { pieces } => format!("{pieces} in cart (maximum)").into(),
        Shelf::OneMore { pieces } => format!("{pieces} in cart · add one more").into(),
    }
}
