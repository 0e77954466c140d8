//! What is sold and how it is ordered: shelf, cart, prices, coupons, orders.

pub mod cart;
pub mod catalogue;
pub mod checkout;
pub mod coupon;
pub mod offer;
pub mod order;
pub mod order_keys;
pub mod pictures;
pub mod pricing;
pub mod repeat;
pub mod seen;
pub mod shelf;
pub mod wish;
