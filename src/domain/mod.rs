//! The rules of the shop: money, carts, coupons, prices and the life of an order.
//!
//! Invariant: nothing here does IO, reads a clock, draws a random number or knows Leptos.

pub mod actor;
pub mod bank;
pub mod cart;
pub mod claimant;
pub mod code;
pub mod contact;
pub mod coupon;
pub mod deposit;
pub mod id;
pub mod issuer;
pub mod language;
pub mod offer;
pub mod order;
pub mod order_name;
pub mod price;
pub mod product;
pub mod refund;
pub mod return_claim;
pub mod rule;
pub mod shade;
pub mod share;
pub mod table;
pub mod typed;
pub mod won;
