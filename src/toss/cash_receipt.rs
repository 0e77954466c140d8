//! The CashReceipt object of Toss's core API (Toss: api.md §6.4).

use serde::{Deserialize, Serialize};

use crate::toss::{Amount, Failure};

/// One record: a receipt given, or taken back.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CashReceiptRecord {
    /// That of a cancel is `c_` and the key of what it takes back.
    pub receipt_key: String,
    pub order_id: String,
    pub order_name: String,
    /// `소득공제` or `지출증빙`.
    pub r#type: String,
    pub issue_number: String,
    pub receipt_url: String,
    pub business_number: String,
    /// `CONFIRM` or `CANCEL`.
    pub transaction_type: String,
    pub amount: Amount,
    pub tax_free_amount: Amount,
    /// `IN_PROGRESS`, after a day or two `COMPLETED` or `FAILED`.
    pub issue_status: String,
    pub failure: Option<Failure>,
    pub customer_identity_number: String,
    pub requested_at: String,
}

/// A page of `GET /v1/cash-receipts`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CashReceiptPage {
    pub has_next: bool,
    /// Where the next page begins.
    pub last_cursor: i64,
    pub data: Vec<CashReceiptRecord>,
}
