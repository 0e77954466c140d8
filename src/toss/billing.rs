//! The Billing object and what BrandPay answers (Toss: api.md §6.3, §6.8).

use serde::{Deserialize, Serialize};

/// A billing key and what it charges.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Billing {
    pub m_id: String,
    pub customer_key: String,
    pub authenticated_at: String,
    /// `카드` or `계좌이체`.
    pub method: String,
    /// A credential: never logged.
    pub billing_key: String,
    pub card: Option<BillingCard>,
    pub transfers: Option<Vec<BillingTransfer>>,
    pub easy_pay: Option<serde_json::Value>,
    /// Until API version 2024-06-01.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_company: Option<String>,
    /// Until API version 2024-06-01.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_number: Option<String>,
}

/// The card behind a billing key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BillingCard {
    pub issuer_code: String,
    pub acquirer_code: Option<String>,
    /// Masked.
    pub number: String,
    pub card_type: String,
    pub owner_type: String,
}

/// The account behind a billing key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BillingTransfer {
    pub bank_name: String,
    /// Masked.
    pub bank_account_number: String,
}

/// What `POST /v1/brandpay/authorizations/access-token` answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BrandPayToken {
    pub access_token: String,
    pub refresh_token: String,
    pub token_type: String,
    /// Seconds.
    pub expires_in: i64,
}
