//! The payments themselves: what Toss remembers of each, and what may happen to them.

mod book;
mod cancel;
mod face;
mod institutions;
mod ledger;
mod means;
mod news;
mod order;
mod payment;
mod receipts;
mod snapshot;
mod virtual_account;
pub(crate) mod words;

pub(crate) use book::Book;
pub(crate) use cancel::{CancelEnd, CancelOrder};
#[cfg(test)]
pub(crate) use face::vat;
pub(crate) use face::{Links, face, masked_number, owner_word, receipt_of, type_word};
pub(crate) use institutions::{
    BANKS, Bank, CARD_COMPANIES, CARRIERS, Company, EASY_PAYS, FOREIGN_EASY_PAYS, Provider, bank,
    bank_by_code, card_company, easy_pay, foreign_easy_pay,
};
pub(crate) use means::{
    CardChoice, CardPart, Choice, Gift, INSTALLMENT_AMOUNT_MIN, Means, Mix, TRANSFER_AMOUNT_MAX,
    Transfer,
};
pub(crate) use news::{Event, News};
pub(crate) use order::{Customer, Order, State, Transaction};
pub(crate) use payment::{Claim, Kind, Payment};
pub(crate) use receipts::{Direction, Receipt, ReceiptKind, ReceiptWish, fresh_numbers};
pub(crate) use snapshot::BookSnapshot;
pub(crate) use virtual_account::{
    Deadline, DepositRefused, Refund, RefundAccount, VALID_HOURS_DEFAULT, VALID_HOURS_MAX,
    VirtualAccount,
};
pub(crate) use words::Language;
