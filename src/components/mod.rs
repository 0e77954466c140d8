//! What pages are made of: data in, callbacks out. Nothing here asks the server.

pub mod buyer_fields;
pub mod cart_lines;
pub mod coupon_choice;
pub mod means;
pub mod order_lines;
pub mod order_status;
pub mod payment_trouble;
pub mod refunds;
pub mod totals;

pub use buyer_fields::BuyerFields;
pub use cart_lines::{CartLines, Pressed};
pub use coupon_choice::{CODE_INPUT, CODE_TOLD, COUPON_INPUT, CouponChoice, CouponCode};
pub use means::PaidBy;
pub use order_lines::OrderLines;
pub use order_status::{OrderDetails, StatusBanner};
pub use payment_trouble::{TROUBLES, advice_on_failure, trouble_of};
pub use refunds::{AccountForm, Refunds};
pub use totals::Totals;
