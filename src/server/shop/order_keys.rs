//! When two orders are the same: of one form, of one failure, of one cart.

use sha2::{Digest, Sha256};

use crate::domain::cart::Cart;
use crate::domain::contact::Contact;
use crate::domain::id::{CouponId, OrderId, RequestId};
use crate::server::shop::wish::Wish;

/// The same customer, form and content: the same key. Going back, changing a quantity and
/// sending the old form is another content, and another order.
pub(crate) fn form_key(customer_id: &str, wish: &Wish, form: &RequestId) -> String {
    let Contact { name, email, mobile_phone } = &wish.customer;
    let coupon = wish.coupon_id.as_ref().map(CouponId::as_str).unwrap_or_default();
    hash(&[
        customer_id,
        form.as_str(),
        &wish.cart.to_text(),
        name.as_str(),
        email.as_str(),
        mobile_phone.as_str(),
        coupon,
    ])
}

pub(crate) fn again_key(order_id: &OrderId) -> String {
    format!("again:{order_id}")
}

/// Same customer and same lines, in whichever order: the same key.
pub(crate) fn cart_key(customer_id: &str, cart: &Cart) -> String {
    let text = cart.to_text();
    let mut lines: Vec<_> = text.split('~').collect();
    lines.sort_unstable();
    hash(&[customer_id, &lines.join("~")])
}

fn hash(parts: &[&str]) -> String {
    let content = parts.join("\u{1f}");
    hex::encode(Sha256::digest(content.as_bytes()))
}
