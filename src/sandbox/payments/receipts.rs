//! Cash receipts: those of payments and those asked for alone (Toss: api.md §6.4).

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::sandbox::clock::Moment;
use crate::sandbox::dice::Dice;
use crate::sandbox::language::{Language, Word};
use crate::sandbox::payments::links::Links;
use crate::sandbox::payments::words;
use crate::toss;

/// Receipts remembered; the oldest go first.
const RECEIPTS_KEPT: usize = 10_000;
/// The tax office answers on the next day.
const ISSUED_AFTER_MINUTES: i64 = 24 * 60;
/// No document gives a test merchant's, and every record has one.
const BUSINESS_NUMBER: &str = "1234567890";

/// What a receipt is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ReceiptKind {
    IncomeDeduction,
    ExpenseProof,
}

impl ReceiptKind {
    pub(crate) fn word(self) -> Word {
        match self {
            ReceiptKind::IncomeDeduction => words::INCOME_DEDUCTION,
            ReceiptKind::ExpenseProof => words::EXPENSE_PROOF,
        }
    }

    /// By its Korean or English name.
    pub(crate) fn named(text: &str) -> Option<ReceiptKind> {
        [ReceiptKind::IncomeDeduction, ReceiptKind::ExpenseProof]
            .into_iter()
            .find(|kind| kind.word().is(text))
    }
}

/// What a buyer asked for in the window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ReceiptWish {
    pub(crate) kind: ReceiptKind,
    pub(crate) registration_number: Option<String>,
}

/// Whether a record gives a receipt or takes one back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Direction {
    Confirm,
    Cancel,
}

/// One record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Receipt {
    pub(crate) key: String,
    pub(crate) m_id: String,
    pub(crate) order_id: String,
    pub(crate) order_name: String,
    pub(crate) kind: ReceiptKind,
    pub(crate) issue_number: String,
    pub(crate) direction: Direction,
    pub(crate) amount: i64,
    pub(crate) tax_free: i64,
    /// Whom it is for: a phone, card or business number.
    pub(crate) identity: String,
    pub(crate) requested_at: Moment,
    /// Belongs to a payment and is taken back with it.
    pub(crate) of_payment: bool,
}

impl Receipt {
    /// The record that takes `amount` of this one back.
    pub(crate) fn taken_back(&self, amount: i64, now: Moment) -> Receipt {
        Receipt {
            key: format!("c_{}", self.key),
            direction: Direction::Cancel,
            amount,
            tax_free: self.tax_free.min(amount),
            requested_at: now,
            ..self.clone()
        }
    }

    fn url(&self, links: &Links) -> String {
        format!("{}/receipt/cash-receipt?receiptKey={}", links.receipts, self.key)
    }

    /// As the list and the answers of its own calls show it.
    pub(crate) fn record(
        &self,
        links: &Links,
        language: Language,
        now: Moment,
    ) -> toss::CashReceiptRecord {
        let issued = now >= self.requested_at.plus_minutes(ISSUED_AFTER_MINUTES);
        toss::CashReceiptRecord {
            receipt_key: self.key.clone(),
            order_id: self.order_id.clone(),
            order_name: self.order_name.clone(),
            r#type: self.kind.word().text(language),
            issue_number: self.issue_number.clone(),
            receipt_url: self.url(links),
            business_number: BUSINESS_NUMBER.to_owned(),
            transaction_type: match self.direction {
                Direction::Confirm => "CONFIRM",
                Direction::Cancel => "CANCEL",
            }
            .to_owned(),
            amount: self.amount.into(),
            tax_free_amount: self.tax_free.into(),
            issue_status: if issued { "COMPLETED" } else { "IN_PROGRESS" }.to_owned(),
            failure: None,
            customer_identity_number: self.identity.clone(),
            requested_at: self.requested_at.iso(),
        }
    }

    /// As a payment's `cashReceipt` shows it.
    pub(crate) fn shown(&self, links: &Links, language: Language) -> toss::CashReceipt {
        toss::CashReceipt {
            r#type: self.kind.word().text(language),
            receipt_key: self.key.clone(),
            issue_number: self.issue_number.clone(),
            receipt_url: self.url(links),
            amount: self.amount.into(),
            tax_free_amount: self.tax_free.into(),
        }
    }
}

/// A key and a number for a new receipt.
pub(crate) fn fresh_numbers(dice: &Dice) -> (String, String) {
    (dice.alphanumeric(44), dice.digits(9))
}

/// Every receipt of one sandbox, in the order they were asked for.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Receipts {
    kept: VecDeque<(i64, Receipt)>,
    last_id: i64,
}

impl Receipts {
    pub(crate) fn note(&mut self, receipt: Receipt) {
        if self.kept.len() >= RECEIPTS_KEPT {
            self.kept.pop_front();
        }
        self.last_id += 1;
        self.kept.push_back((self.last_id, receipt));
    }

    /// A merchant's receipt with this key, and how much of it is not taken back yet.
    pub(crate) fn given(&self, m_id: &str, key: &str) -> Option<(&Receipt, i64)> {
        let of_merchant = || self.kept.iter().map(|(_, it)| it).filter(|it| it.m_id == m_id);
        let given = of_merchant().find(|it| it.key == key && it.direction == Direction::Confirm)?;
        let record = format!("c_{key}");
        let taken: i64 = of_merchant().filter(|it| it.key == record).map(|it| it.amount).sum();
        Some((given, given.amount - taken))
    }

    /// Whoever's it is: the page of a receipt is open to who has its address.
    pub(crate) fn by_key(&self, key: &str) -> Option<&Receipt> {
        self.kept.iter().map(|(_, it)| it).find(|it| it.key == key)
    }

    /// A merchant's receipts after `cursor`, each with its place.
    pub(crate) fn after(&self, m_id: &str, cursor: i64) -> impl Iterator<Item = (i64, &Receipt)> {
        self.kept
            .iter()
            .filter(move |(id, it)| *id > cursor && it.m_id == m_id)
            .map(|(id, it)| (*id, it))
    }
}
