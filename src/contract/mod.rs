//! What browser and server tell each other.

mod answer;
mod claimed;
mod error;
mod issued;
mod means;
mod strict_json;
mod told;
mod view;

pub use crate::words::Reason;
pub use answer::{Answer, Json, Readable};
pub use claimed::Claimed;
pub use error::{ApiError, Code, FieldError};
pub use issued::IssuedView;
pub use means::{
    AccountAskedView, CardView, CashReceiptView, EasyPayView, MeansView, RefundLineView,
    RefundState, RefundView,
};
pub use strict_json::StrictJson;
pub use told::Told;
pub use view::{
    AccountView, BuyerView, CartLineView, CartView, CheckoutView, ContactView, CouponView,
    DoubtView, FailureView, GoneView, LineView, OrderView, Outcome, PaidView, Placed, PriceView,
    ProductView, RepeatView, short_of,
};
