//! The payments themselves: what Toss remembers of each, and what may happen to them.

mod book;
mod cancel;
mod face;
mod institutions;
mod means;
mod payment;

pub(crate) use book::Book;
pub(crate) use cancel::CancelOrder;
#[cfg(test)]
pub(crate) use face::vat;
pub(crate) use face::{Links, face};
pub(crate) use institutions::{
    CARD_COMPANIES, Company, EASY_PAYS, Provider, card_company, easy_pay,
};
pub(crate) use means::{CardChoice, Choice, INSTALLMENT_AMOUNT_MIN, Means, Mix};
pub(crate) use payment::{Claim, Keys, Order, Payment, State};
