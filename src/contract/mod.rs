//! What browser and server tell each other.

mod error;
mod strict_json;
mod view;

pub use error::{ApiError, Code};
pub use strict_json::StrictJson;
pub use view::{
    AccountView, CartLineView, CartView, CheckoutView, ContactView, CouponView, FailureView,
    LineView, OrderView, Outcome, PaidView, Placed, ProductView,
};
