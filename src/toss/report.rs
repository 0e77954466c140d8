//! What Toss's core API lists: transactions, settlements and promotions (Toss: api.md §6.5–6.7).

use serde::{Deserialize, Serialize};

use crate::toss::Amount;

/// A row of `GET /v1/transactions`: one approval or one cancel.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TransactionRow {
    pub m_id: String,
    pub transaction_key: String,
    pub payment_key: String,
    pub order_id: String,
    pub method: String,
    pub customer_key: Option<String>,
    pub use_escrow: bool,
    pub receipt_url: Option<String>,
    pub status: String,
    pub transaction_at: String,
    pub currency: String,
    pub amount: Amount,
}

/// What `POST /v1/settlements` answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettlementAsked {
    pub result: bool,
}

/// What `GET /v1/promotions/card` answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CardPromotions {
    pub discount_cards: Vec<DiscountCard>,
    pub interest_free_cards: Vec<InterestFreeCard>,
}

/// An instant discount of one card company.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DiscountCard {
    pub issuer_code: String,
    pub discount_amount: i64,
    /// What is left of the promotion.
    pub balance: i64,
    pub discount_code: String,
    pub due_date: String,
    pub minimum_payment_amount: i64,
    pub maximum_payment_amount: i64,
    pub currency: String,
}

/// Interest-free instalments of one card company.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct InterestFreeCard {
    pub issuer_code: String,
    pub minimum_payment_amount: i64,
    pub due_date: String,
    pub installment_free_months: Vec<i64>,
}

/// A row of `GET /v1/promotions`. Of the three objects the one that `type` names is there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Promotion {
    pub pay_type: String,
    pub r#type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_discount: Option<DiscountCard>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_interest_free: Option<InterestFreeCard>,
}
