//! Toss Payments' words as plain data: what its HTTP API sends and accepts, in its own names.
//!
//! Why: the shop's client and the sandbox both speak these words, and neither may know the
//! other. Nothing here decides anything.

mod payment;
mod request;

pub use payment::{
    Cancel, Card, CashReceipt, Discount, EasyPay, Failure, GiftCertificate, Link, MobilePhone,
    Payment, RefundReceiveAccount, Status, Transfer, VirtualAccount,
};
pub use request::{CancelPayment, ConfirmPayment, ErrorBody, RefundAccount};
