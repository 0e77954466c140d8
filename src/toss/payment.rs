//! The Payment object of Toss's core API (Toss: api.md §3).
//!
//! Fields stand in the order of a real confirm answer, and absent parts are `null`, never
//! left out, so that what the sandbox writes has the shape of what Toss writes. Reading is
//! lenient: unknown fields are ignored and unknown enum values survive (Toss: api.md §1.6).

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::toss::{Amount, CashReceiptRecord};

/// One payment, as Toss tells it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Payment {
    /// Merchant id, at most 14 characters.
    pub m_id: String,
    /// The newest approval or cancel.
    pub last_transaction_key: Option<String>,
    /// Permanent id, at most 200 characters. Opaque.
    pub payment_key: String,
    /// The merchant's order id, 6 to 64 characters.
    pub order_id: String,
    /// What the buyer buys, at most 100 characters.
    pub order_name: String,
    pub tax_exemption_amount: Amount,
    /// Where the payment stands (Toss: api.md §2.1).
    pub status: Status,
    /// When the window was opened, with `+09:00`.
    pub requested_at: String,
    /// When it was approved; `null` before that and while waiting for a deposit.
    pub approved_at: Option<String>,
    pub use_escrow: Option<bool>,
    pub culture_expense: bool,
    pub card: Option<Card>,
    pub virtual_account: Option<VirtualAccount>,
    pub transfer: Option<Transfer>,
    pub mobile_phone: Option<MobilePhone>,
    pub gift_certificate: Option<GiftCertificate>,
    pub cash_receipt: Option<CashReceipt>,
    /// Every issue and cancel of a cash receipt, in no promised order.
    pub cash_receipts: Option<Vec<CashReceiptRecord>>,
    pub discount: Option<Discount>,
    pub cancels: Option<Vec<Cancel>>,
    /// Check value of webhooks. A credential: never logged.
    pub secret: Option<String>,
    /// `NORMAL`, `BILLING` or `BRANDPAY`.
    pub r#type: String,
    pub easy_pay: Option<EasyPay>,
    pub country: String,
    /// Set for `ABORTED` and `EXPIRED`.
    pub failure: Option<Failure>,
    pub is_partial_cancelable: bool,
    pub receipt: Option<Link>,
    pub checkout: Option<Link>,
    pub currency: String,
    pub total_amount: Amount,
    /// What can still be cancelled.
    pub balance_amount: Amount,
    pub supplied_amount: Amount,
    pub vat: Amount,
    pub tax_free_amount: Amount,
    /// Korean name of the method; `null` before the buyer has authenticated.
    pub method: Option<String>,
    /// API version of the merchant, a date.
    pub version: String,
    pub metadata: Option<serde_json::Value>,
}

/// Where a payment stands (Toss: api.md §2.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Status {
    #[default]
    Ready,
    InProgress,
    WaitingForDeposit,
    Done,
    Canceled,
    PartialCanceled,
    Aborted,
    Expired,
    /// A value that Toss added after this was written.
    Unknown(String),
}

impl Status {
    /// Toss's own spelling.
    pub fn as_str(&self) -> &str {
        match self {
            Status::Ready => "READY",
            Status::InProgress => "IN_PROGRESS",
            Status::WaitingForDeposit => "WAITING_FOR_DEPOSIT",
            Status::Done => "DONE",
            Status::Canceled => "CANCELED",
            Status::PartialCanceled => "PARTIAL_CANCELED",
            Status::Aborted => "ABORTED",
            Status::Expired => "EXPIRED",
            Status::Unknown(text) => text,
        }
    }
}

impl Serialize for Status {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Status {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(match text.as_str() {
            "READY" => Status::Ready,
            "IN_PROGRESS" => Status::InProgress,
            "WAITING_FOR_DEPOSIT" => Status::WaitingForDeposit,
            "DONE" => Status::Done,
            "CANCELED" => Status::Canceled,
            "PARTIAL_CANCELED" => Status::PartialCanceled,
            "ABORTED" => Status::Aborted,
            "EXPIRED" => Status::Expired,
            _ => Status::Unknown(text),
        })
    }
}

/// The card part of a payment (Toss: api.md §3.1).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Card {
    /// Two characters (Toss: api.md §9.1).
    pub issuer_code: String,
    pub acquirer_code: Option<String>,
    /// Masked.
    pub number: String,
    /// 0 is a single payment.
    pub installment_plan_months: i64,
    pub is_interest_free: bool,
    pub interest_payer: Option<String>,
    pub approve_no: String,
    pub use_card_point: bool,
    pub card_type: String,
    pub owner_type: String,
    pub acquire_status: String,
    pub amount: Amount,
}

/// The virtual account of a payment (Toss: api.md §3.2).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct VirtualAccount {
    pub account_type: String,
    pub account_number: String,
    /// Two digits (Toss: api.md §9.2).
    pub bank_code: String,
    pub customer_name: Option<String>,
    pub depositor_name: Option<String>,
    pub due_date: String,
    pub refund_status: String,
    pub expired: bool,
    pub settlement_status: String,
    pub refund_receive_account: Option<RefundReceiveAccount>,
}

/// Where a deposited virtual account is refunded to, when the widget collected it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RefundReceiveAccount {
    pub bank_code: String,
    pub account_number: String,
    pub holder_name: String,
}

/// An account transfer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Transfer {
    pub bank_code: String,
    pub settlement_status: String,
}

/// A mobile phone payment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MobilePhone {
    pub customer_mobile_phone: String,
    pub settlement_status: String,
    pub receipt_url: String,
}

/// A gift certificate.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GiftCertificate {
    pub approve_no: String,
    pub settlement_status: String,
}

/// The easy-pay part of a payment (Toss: api.md §3.3).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EasyPay {
    /// Korean name (Toss: api.md §9.3).
    pub provider: String,
    /// Paid from a bank account or a cash-like balance.
    pub amount: Amount,
    /// Paid with points and coupons.
    pub discount_amount: Amount,
}

/// A cash receipt on a payment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CashReceipt {
    pub r#type: String,
    pub receipt_key: String,
    pub issue_number: String,
    pub receipt_url: String,
    pub amount: Amount,
    pub tax_free_amount: Amount,
}

/// An instant promotion.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Discount {
    pub amount: Amount,
}

/// One cancel, full or partial (Toss: api.md §3.5).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Cancel {
    pub transaction_key: String,
    pub cancel_reason: String,
    pub tax_exemption_amount: Amount,
    pub canceled_at: String,
    pub card_discount_amount: Amount,
    pub transfer_discount_amount: Amount,
    pub easy_pay_discount_amount: Amount,
    pub receipt_key: Option<String>,
    pub cancel_amount: Amount,
    pub tax_free_amount: Amount,
    /// What was left after this cancel.
    pub refundable_amount: Amount,
    pub cancel_status: String,
    pub cancel_request_id: Option<String>,
}

/// Why a payment ended without money.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Failure {
    pub code: String,
    pub message: String,
}

/// A page of Toss's: the receipt or the checkout.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Link {
    pub url: String,
}
