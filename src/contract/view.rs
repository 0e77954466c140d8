//! The views that cross the wire, camelCase, made from domain values.

use serde::{Deserialize, Serialize};

use crate::contract::{AccountAskedView, Json, MeansView, Readable, RefundView};
use crate::domain::cart::Quantity;
use crate::domain::contact::{Contact, WrongField};
use crate::domain::id::{CartId, CouponId, CustomerKey, OrderId, PaymentKey, ProductId, RequestId};
use crate::domain::order::Status;
use crate::domain::won::Won;
use crate::words::{self, spoken};

/// One product on the shelf.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProductView {
    pub product_id: ProductId,
    pub name: String,
    pub description: String,
    /// A picture among the shop's own files, with its content in its address:
    /// `/products/tee.svg?v=3f9c…`.
    pub picture: String,
    pub price: Won,
    /// What can be sold now.
    pub stock: u32,
}

impl ProductView {
    /// What a buyer reads when there are fewer pieces than were asked for.
    pub fn short(&self) -> String {
        short_of(&self.name, self.stock.into())
    }
}

/// As [`ProductView::short`], of a product by its name.
pub fn short_of(name: &str, stock: i64) -> String {
    match stock {
        0 => words::Cart::ShortOfAll { name },
        pieces => words::Cart::Short { name, pieces },
    }
    .say(spoken())
    .into_owned()
}

/// The cart as it would be ordered now.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CartView {
    pub lines: Vec<CartLineView>,
    /// Pieces, over all lines.
    pub pieces: u32,
    pub subtotal: Won,
    /// Why it cannot be ordered as it is.
    pub problem: Option<String>,
    /// What is in it and sold no more.
    pub gone: Vec<GoneView>,
    /// Its name, sent along with the order that is made of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cart_id: Option<CartId>,
}

/// A product that is sold no more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GoneView {
    pub product_id: ProductId,
    /// As it was called when it was put into the cart, if that is known.
    pub name: Option<String>,
}

/// One line of the cart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CartLineView {
    pub product: ProductView,
    pub quantity: Quantity,
    pub amount: Won,
    /// What a piece cost when it was put into the cart, if that was less.
    pub was: Option<Won>,
}

/// One line of an order, at the price of the moment it was placed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LineView {
    pub product_id: ProductId,
    pub name: String,
    pub unit_price: Won,
    pub quantity: u32,
    pub amount: Won,
}

/// A coupon of this customer, seen from one order or cart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CouponView {
    pub coupon_id: CouponId,
    pub name: String,
    /// Milliseconds since 1970, as all times here.
    pub valid_from: i64,
    pub valid_until: i64,
    pub is_used: bool,
    pub used_at: Option<i64>,
    pub used_order: Option<OrderId>,
    /// What it would take off; 0 when it may not be used.
    pub discount: Won,
    /// Why it may not be used.
    pub refused: Option<String>,
}

/// An order on its way to be paid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckoutView {
    pub order_id: OrderId,
    pub order_name: String,
    pub amount: Won,
    pub status: Status,
    /// Only for the buyer: Toss keeps means of payment under it.
    pub customer_key: Option<CustomerKey>,
    /// Toss's public key for the browser.
    pub client_key: String,
    pub lines: Vec<LineView>,
    pub subtotal: Won,
    pub discount: Won,
    /// Of the amount: what no tax is in.
    pub tax_free: Won,
    /// Only for the buyer.
    pub coupon_id: Option<CouponId>,
    /// Only for the buyer; empty for anyone else who has the address.
    pub coupons: Vec<CouponView>,
    /// Only for the buyer.
    pub customer: Option<Contact>,
    /// Where Toss's script is.
    pub script_url: String,
    /// Another order of the same cart whose payment is in doubt: nobody may pay twice. Only for the
    /// buyer.
    pub in_doubt: Option<OrderId>,
    /// Another order of the same cart that waits for its deposit or was paid within the hour: this one
    /// is not confirmed before its buyer says that it is meant. Only for the buyer.
    pub repeat: Option<RepeatView>,
}

/// An order of a cart that is about to be paid again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RepeatView {
    pub order_id: OrderId,
    pub status: Status,
    /// Since when it stands so, Korean time.
    pub since: String,
}

/// What of an order a coupon or time may change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PriceView {
    pub status: Status,
    pub discount: Won,
    pub amount: Won,
    /// Of the amount: what no tax is in.
    pub tax_free: Won,
    pub coupon_id: Option<CouponId>,
}

/// What was last typed into the order form; as it was typed, perhaps wrong.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BuyerView {
    pub name: String,
    pub email: String,
    pub mobile_phone: String,
}

impl BuyerView {
    /// What of it is wrong.
    pub fn wrongs(&self) -> Vec<WrongField> {
        let contact = Contact::parse(&self.name, &self.email, &self.mobile_phone);
        contact.err().unwrap_or_default()
    }
}

// Personal data: shown to its owner, never to a log.
impl std::fmt::Debug for BuyerView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BuyerView")
    }
}

/// An order was stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Placed {
    pub order_id: OrderId,
    pub order_name: String,
    pub amount: Won,
    pub checkout_url: String,
}

/// How a payment stands after it was claimed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    pub order_id: OrderId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_key: Option<PaymentKey>,
    pub status: Status,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Won>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// An order as its page shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderView {
    pub order_id: OrderId,
    pub order_name: String,
    pub status: Status,
    /// Whether it may change while its page is open, without the buyer doing anything.
    pub is_followed: bool,
    pub lines: Vec<LineView>,
    pub subtotal: Won,
    pub discount: Won,
    pub amount: Won,
    /// `2026. 11. 22. 16:25`, Korean time.
    pub ordered_at: String,
    pub paid: Option<PaidView>,
    /// What of the amount went back.
    pub refunded: Won,
    /// Only for the buyer; the newest first.
    pub refunds: Vec<RefundView>,
    /// Money goes back as soon as the buyer has named an account.
    pub account_asked: Option<AccountAskedView>,
    /// The bank has taken a deposit back.
    pub was_reversed: bool,
    /// Only while the payment is in doubt.
    pub doubt: Option<DoubtView>,
    pub account: Option<AccountView>,
    /// The account is to be ended, or was to be and the deposit came first.
    pub end_asked: bool,
    pub failure: Option<FailureView>,
    /// Masked unless `is_mine`.
    pub customer: ContactView,
    pub is_mine: bool,
}

/// How an order was paid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaidView {
    /// `카드`, `간편결제 · 토스페이`
    pub method: String,
    /// Card company and masked number, instalments; only for the buyer.
    pub detail: Option<String>,
    /// Only for the buyer.
    pub means: Option<MeansView>,
    /// Korean time.
    pub approved_at: String,
    /// Toss's receipt; only for the buyer.
    pub receipt_url: Option<String>,
}

/// A payment of which nobody knows yet whether it was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DoubtView {
    /// When it is decided at the latest, Korean time.
    pub decided_by: String,
    /// That time has passed: Toss has not answered since.
    pub is_overdue: bool,
}

/// Where to pay in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountView {
    pub bank: String,
    pub account_number: String,
    pub due_date: String,
    /// Milliseconds since 1970.
    pub due_at: Option<i64>,
}

/// Why an order failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FailureView {
    /// Toss's code or ours.
    pub code: String,
    pub message: String,
}

/// Who bought, perhaps masked.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContactView {
    pub name: String,
    pub email: String,
    pub mobile_phone: String,
}

// Personal data: shown to its owner, never to a log.
impl std::fmt::Debug for ContactView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ContactView")
    }
}

impl ContactView {
    /// In full for the buyer, masked for anyone else.
    pub fn of(contact: &Contact, is_mine: bool) -> ContactView {
        let Contact { name, email, mobile_phone } = contact;
        if is_mine {
            ContactView {
                name: name.as_str().to_owned(),
                email: email.as_str().to_owned(),
                mobile_phone: mobile_phone.as_str().to_owned(),
            }
        } else {
            ContactView {
                name: name.masked(),
                email: email.masked(),
                mobile_phone: mobile_phone.masked(),
            }
        }
    }
}

impl Readable for PriceView {
    fn read(json: &Json) -> Option<PriceView> {
        Some(PriceView {
            status: Status::parse(&json.text("status")?)?,
            discount: Won::new(json.whole("discount")?)?,
            amount: Won::new(json.whole("amount")?)?,
            tax_free: Won::new(json.whole("taxFree")?)?,
            coupon_id: json.text("couponId").and_then(|id| CouponId::parse(&id).ok()),
        })
    }
}

// Only the server writes these, and only programs and pages rendered by it read them.
impl Readable for ProductView {}
impl Readable for CartView {}
impl Readable for CouponView {}
impl Readable for CheckoutView {}
impl Readable for BuyerView {}
impl Readable for Placed {}
impl Readable for Outcome {}
impl Readable for OrderView {}
impl Readable for RequestId {}
impl Readable for Option<OrderId> {}
