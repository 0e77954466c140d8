//! Toss Payments' words as plain data: what its HTTP API sends and accepts, in its own names.
//!
//! Why: the shop's client and the sandbox both speak these words, and neither may know the
//! other. Nothing here decides anything.

mod amount;
mod billing;
mod cash_receipt;
mod payment;
mod report;
mod request;

pub use amount::{Amount, NotAnAmount};
pub use billing::{Billing, BillingCard, BillingTransfer, BrandPayToken};
pub use cash_receipt::{CashReceiptPage, CashReceiptRecord};
pub use payment::{
    Cancel, Card, CashReceipt, Discount, EasyPay, Failure, GiftCertificate, Link, MobilePhone,
    Payment, RefundReceiveAccount, Status, Transfer, VirtualAccount,
};
pub use report::{
    CardPromotions, DiscountCard, InterestFreeCard, Promotion, SettlementAsked, TransactionRow,
};
pub use request::{CancelPayment, ConfirmPayment, ErrorBody, RefundAccount};
