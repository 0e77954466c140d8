//! What a call is for, and what follows from that alone.

use crate::sandbox::faults::Target;
use crate::sandbox::merchants::KeyKind;

/// What a call is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Errand {
    Confirm,
    ReadByKey(String),
    ReadByOrder(String),
    Cancel(String),
    KeyIn,
    VirtualAccount,
    BillingIssue,
    BillingCard,
    BillingCharge(String),
    BillingDelete(String),
    CashReceipt,
    CashReceiptCancel(String),
    CashReceipts,
    Transactions,
    Settlements,
    Settle,
    Promotions,
    CardPromotions,
    BrandPayToken,
    BrandPayConfirm,
}

impl Errand {
    pub(crate) fn method(&self) -> &'static str {
        match self {
            Errand::Confirm
            | Errand::Cancel(_)
            | Errand::KeyIn
            | Errand::VirtualAccount
            | Errand::BillingIssue
            | Errand::BillingCard
            | Errand::BillingCharge(_)
            | Errand::CashReceipt
            | Errand::CashReceiptCancel(_)
            | Errand::Settle
            | Errand::BrandPayToken
            | Errand::BrandPayConfirm => "POST",
            Errand::BillingDelete(_) => "DELETE",
            Errand::ReadByKey(_)
            | Errand::ReadByOrder(_)
            | Errand::CashReceipts
            | Errand::Transactions
            | Errand::Settlements
            | Errand::Promotions
            | Errand::CardPromotions => "GET",
        }
    }

    /// Which faults are meant for it.
    pub(crate) fn target(&self) -> Target {
        match self {
            Errand::Confirm | Errand::BrandPayConfirm => Target::Confirm,
            Errand::Cancel(_) => Target::Cancel,
            Errand::ReadByKey(_) | Errand::ReadByOrder(_) => Target::Read,
            Errand::KeyIn => Target::KeyIn,
            Errand::VirtualAccount => Target::VirtualAccount,
            Errand::BillingIssue | Errand::BillingCard => Target::BillingIssue,
            Errand::BillingCharge(_) => Target::BillingCharge,
            Errand::BillingDelete(_) => Target::BillingDelete,
            Errand::CashReceipt | Errand::CashReceiptCancel(_) | Errand::CashReceipts => {
                Target::CashReceipt
            }
            Errand::Transactions => Target::Transactions,
            Errand::Settlements | Errand::Settle => Target::Settlements,
            Errand::Promotions | Errand::CardPromotions => Target::Promotions,
            Errand::BrandPayToken => Target::BrandPay,
        }
    }

    /// The word of its endpoint in the table of codes, where a test code may ask for one of
    /// them (Toss: api.md §8).
    pub(crate) fn test_codes(&self) -> Option<&'static str> {
        match self {
            Errand::Confirm => Some("confirm"),
            Errand::KeyIn => Some("key-in"),
            Errand::BillingCharge(_) => Some("billing-charge"),
            Errand::ReadByKey(_)
            | Errand::ReadByOrder(_)
            | Errand::Cancel(_)
            | Errand::VirtualAccount
            | Errand::BillingIssue
            | Errand::BillingCard
            | Errand::BillingDelete(_)
            | Errand::CashReceipt
            | Errand::CashReceiptCancel(_)
            | Errand::CashReceipts
            | Errand::Transactions
            | Errand::Settlements
            | Errand::Settle
            | Errand::Promotions
            | Errand::CardPromotions
            | Errand::BrandPayToken
            | Errand::BrandPayConfirm => None,
        }
    }

    /// The only kind of key that may call it; none for what both kinds may (Toss: api.md §1.2).
    pub(crate) fn key_kind(&self) -> Option<KeyKind> {
        match self {
            Errand::KeyIn
            | Errand::VirtualAccount
            | Errand::BillingIssue
            | Errand::BillingCard
            | Errand::BillingCharge(_)
            | Errand::BillingDelete(_) => Some(KeyKind::Individual),
            Errand::Confirm
            | Errand::BrandPayToken
            | Errand::BrandPayConfirm
            | Errand::ReadByKey(_)
            | Errand::ReadByOrder(_)
            | Errand::Cancel(_)
            | Errand::CashReceipt
            | Errand::CashReceiptCancel(_)
            | Errand::CashReceipts
            | Errand::Transactions
            | Errand::Settlements
            | Errand::Settle
            | Errand::Promotions
            | Errand::CardPromotions => None,
        }
    }

    /// What the path names: a payment, an order, a billing key or a receipt.
    pub(crate) fn subject(&self) -> Option<&str> {
        match self {
            Errand::ReadByKey(it)
            | Errand::ReadByOrder(it)
            | Errand::Cancel(it)
            | Errand::BillingCharge(it)
            | Errand::BillingDelete(it)
            | Errand::CashReceiptCancel(it) => Some(it),
            Errand::Confirm
            | Errand::KeyIn
            | Errand::VirtualAccount
            | Errand::BillingIssue
            | Errand::BillingCard
            | Errand::CashReceipt
            | Errand::CashReceipts
            | Errand::Transactions
            | Errand::Settlements
            | Errand::Settle
            | Errand::Promotions
            | Errand::CardPromotions
            | Errand::BrandPayToken
            | Errand::BrandPayConfirm => None,
        }
    }

    /// Whether doing it changes something. Reading does not.
    pub(crate) fn has_effect(&self) -> bool {
        self.method() != "GET"
    }
}
