//! How an order was paid and what of it went back, as its page says it.

use serde::{Deserialize, Serialize};

use crate::domain::won::Won;

/// What a payment was made with: no more of it than the result page shows, and kept as this.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MeansView {
    pub card: Option<CardView>,
    pub easy_pay: Option<EasyPayView>,
    /// Of a transfer or a deposit.
    pub bank: Option<String>,
    /// `010-****-5678`: whose bill it is on.
    pub mobile_phone: Option<String>,
    /// Paid with a gift certificate: the number of its approval.
    pub gift_approval: Option<String>,
    pub cash_receipt: Option<CashReceiptView>,
    /// What an instant promotion took off, in won.
    pub promotion: Won,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CardView {
    /// `신한카드`
    pub company: String,
    /// Masked by Toss.
    pub number: String,
    /// 0 is a single payment.
    pub months: u32,
    pub is_interest_free: bool,
    pub uses_points: bool,
    pub amount: Won,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EasyPayView {
    /// `네이버페이`
    pub provider: String,
    /// From an account or a balance.
    pub amount: Won,
    /// With points and coupons of the provider's.
    pub points: Won,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CashReceiptView {
    /// `소득공제` or `지출증빙`.
    pub kind: String,
    /// Masked.
    pub issue_number: String,
    pub url: String,
}

/// One refund of an order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RefundView {
    pub amount: Won,
    /// Empty for a refund of an amount.
    pub lines: Vec<RefundLineView>,
    /// Korean time.
    pub asked_at: String,
    pub state: RefundState,
    pub reason: String,
    /// Masked: where it is paid to.
    pub account: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RefundLineView {
    pub name: String,
    pub quantity: u32,
    pub amount: Won,
}

/// How far a refund is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RefundState {
    AccountNeeded,
    Asked,
    /// Taken up, and not yet done.
    Running,
    Done,
    Refused,
}

/// The buyer is to name an account to which money goes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountAskedView {
    pub amount: Won,
    /// Toss could not pay to the account that was named last.
    pub was_refused: bool,
}
