//! The payments themselves: what Toss remembers of each, and what may happen to them.

mod book;
mod cancel;
mod deposit;
mod institutions;
mod links;
mod means;
mod order;
mod outbox;
mod payment;
mod payment_object;
mod pending;
mod receipt_issue;
mod receipts;
mod snapshot;
mod transactions;
mod virtual_account;
pub(crate) mod words;

pub(crate) use book::Book;
pub(crate) use cancel::{CancelEnd, CancelRequest};
pub(crate) use deposit::DepositRefused;
pub(crate) use institutions::{
    BANKS, Bank, CARD_COMPANIES, CARRIERS, Company, EASY_PAYS, FOREIGN_EASY_PAYS, Provider, bank,
    bank_by_code, card_company, easy_pay, foreign_easy_pay,
};
pub(crate) use links::Links;
pub(crate) use means::{
    CardChoice, CardPart, Choice, Gift, INSTALLMENT_AMOUNT_MIN, Means, Mix, TRANSFER_AMOUNT_MAX,
    Transfer,
};
pub(crate) use order::{AMOUNT_MAX, Customer, Order, State, Transaction, is_order_id};
pub(crate) use outbox::{Event, OutboxEntry};
pub(crate) use payment::{ConfirmRequest, Kind, Payment};
#[cfg(test)]
pub(crate) use payment_object::vat;
pub(crate) use payment_object::{masked_number, owner_word, payment_object, receipt_of, type_word};
pub(crate) use receipts::{Direction, Receipt, ReceiptKind, ReceiptWish, fresh_numbers};
pub(crate) use snapshot::BookSnapshot;
pub(crate) use virtual_account::{
    Deadline, Refund, RefundAccount, VALID_HOURS_DEFAULT, VALID_HOURS_MAX, VirtualAccount,
};
