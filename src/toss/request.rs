//! What Toss's HTTP API accepts, and how it refuses.

use serde::{Deserialize, Serialize};

/// Body of `POST /v1/payments/confirm` (Toss: api.md §4.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConfirmPayment {
    pub payment_key: String,
    pub order_id: String,
    pub amount: i64,
}

/// Body of `POST /v1/payments/{paymentKey}/cancel` (Toss: api.md §5.1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CancelPayment {
    /// At most 200 characters.
    pub cancel_reason: String,
    /// Absent: everything that is left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancel_amount: Option<i64>,
    /// Only for a virtual account that was deposited to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refund_receive_account: Option<RefundAccount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_free_amount: Option<i64>,
    /// An optimistic lock on the current balance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refundable_amount: Option<i64>,
}

/// Where to refund to. Unlike the answer's account it says `bank`, not `bankCode`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RefundAccount {
    pub bank: String,
    pub account_number: String,
    pub holder_name: String,
}

/// How the v1 API refuses: a code to decide by and a sentence to show (Toss: api.md §1.7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorBody {
    pub code: String,
    pub message: String,
}
