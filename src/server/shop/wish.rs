//! What a buyer wants to order.

use crate::contract::{BuyerView, Reason};
use crate::domain::cart::{Cart, CartLine};
use crate::domain::contact::Contact;
use crate::domain::id::{CartId, CouponId, OrderId, RequestId};
use crate::domain::rule::Rule;
use crate::server::{Error, Wrong};

/// What a buyer wants to order. Never a price: the catalogue has those.
#[derive(Clone, Debug)]
pub struct Wish {
    pub cart: Cart,
    pub customer: Contact,
    pub coupon_id: Option<CouponId>,
    /// The cart of the browser that it is made from, where that is known.
    pub cart_id: Option<CartId>,
    pub source: Source,
}

/// What a wish came from; the same source makes one order, however often it is sent.
#[derive(Clone, Debug)]
pub enum Source {
    /// A program that does not say: each wish is an order.
    Unnamed,
    Form(RequestId),
    /// A failed order that is tried again.
    Failed(OrderId),
}

/// A wish of a program or an island.
pub fn wish(
    lines: Vec<CartLine>,
    customer: Contact,
    coupon_id: Option<CouponId>,
    request_id: Option<RequestId>,
) -> Result<Wish, Error> {
    let cart = Cart::to_order(lines).map_err(|refused| {
        let fields = vec![("lines".to_owned(), refused.rule())];
        Error::Malformed(Wrong { reason: Some(Reason::Lines), fields })
    })?;
    let source = request_id.map_or(Source::Unnamed, Source::Form);
    Ok(Wish { cart, customer, coupon_id, cart_id: None, source })
}

/// The same of what was typed; all that is wrong with it is told at once.
pub fn typed_wish(
    lines: Vec<CartLine>,
    typed: &BuyerView,
    coupon_id: Option<CouponId>,
    request_id: Option<RequestId>,
) -> Result<Wish, Error> {
    let refused = Cart::to_order(lines.clone()).err();
    let mut fields: Vec<(String, Rule)> =
        refused.iter().map(|refused| ("lines".to_owned(), refused.rule())).collect();
    let customer = Contact::parse(&typed.name, &typed.email, &typed.mobile_phone);
    for it in customer.as_ref().err().into_iter().flatten() {
        fields.push((format!("customer.{}", it.field.as_str()), it.rule));
    }
    match customer {
        Ok(customer) if fields.is_empty() => wish(lines, customer, coupon_id, request_id),
        Ok(_) | Err(_) => {
            let reason = if refused.is_some() { Reason::Lines } else { Reason::Buyer };
            Err(Error::Malformed(Wrong { reason: Some(reason), fields }))
        }
    }
}
