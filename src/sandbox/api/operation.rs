//! What a call is for, and what follows from that alone.

use crate::sandbox::faults::Target;
use crate::sandbox::merchants::KeyKind;

/// What a call is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    Confirm,
    /// Confirm at its older address, which has the key in it.
    ConfirmByKey(String),
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

/// What a call names, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About<'a> {
    /// A payment, by its key in the path.
    Payment(&'a str),
    /// The same, with its order in the body.
    PaymentWithOrder(&'a str),
    /// An order, by its id in the path.
    Order(&'a str),
    /// A billing key in the path, which is a credential.
    BillingKey(&'a str),
    /// A cash receipt, by its key in the path.
    Receipt(&'a str),
    /// Nothing in the path; an order or a payment perhaps in the body.
    Body,
}

/// All that is fixed about an operation.
struct Row<'a> {
    method: &'static str,
    target: Target,
    key_kind: Option<KeyKind>,
    test_codes: Option<&'static str>,
    about: About<'a>,
}

impl Operation {
    fn row(&self) -> Row<'_> {
        use About::{BillingKey, Body, Order, Payment, PaymentWithOrder, Receipt};
        let own = Some(KeyKind::Individual);
        let (method, target, key_kind, test_codes, about) = match self {
            Operation::Confirm => ("POST", Target::Confirm, None, Some("confirm"), Body),
            Operation::ConfirmByKey(key) => {
                ("POST", Target::Confirm, None, Some("confirm"), PaymentWithOrder(key))
            }
            Operation::ReadByKey(key) => ("GET", Target::Read, None, None, Payment(key)),
            Operation::ReadByOrder(id) => ("GET", Target::Read, None, None, Order(id)),
            Operation::Cancel(key) => ("POST", Target::Cancel, None, None, Payment(key)),
            Operation::KeyIn => ("POST", Target::KeyIn, own, Some("key-in"), Body),
            Operation::VirtualAccount => ("POST", Target::VirtualAccount, own, None, Body),
            Operation::BillingIssue | Operation::BillingCard => {
                ("POST", Target::BillingIssue, own, None, Body)
            }
            Operation::BillingCharge(key) => {
                ("POST", Target::BillingCharge, own, Some("billing-charge"), BillingKey(key))
            }
            Operation::BillingDelete(key) => {
                ("DELETE", Target::BillingDelete, own, None, BillingKey(key))
            }
            Operation::CashReceipt => ("POST", Target::CashReceipt, None, None, Body),
            Operation::CashReceiptCancel(key) => {
                ("POST", Target::CashReceipt, None, None, Receipt(key))
            }
            Operation::CashReceipts => ("GET", Target::CashReceipt, None, None, Body),
            Operation::Transactions => ("GET", Target::Transactions, None, None, Body),
            Operation::Settlements => ("GET", Target::Settlements, None, None, Body),
            Operation::Settle => ("POST", Target::Settlements, None, None, Body),
            Operation::Promotions | Operation::CardPromotions => {
                ("GET", Target::Promotions, None, None, Body)
            }
            Operation::BrandPayToken => ("POST", Target::BrandPay, None, None, Body),
            Operation::BrandPayConfirm => ("POST", Target::Confirm, None, None, Body),
        };
        Row { method, target, key_kind, test_codes, about }
    }

    pub(crate) fn method(&self) -> &'static str {
        self.row().method
    }

    /// Which faults are meant for it.
    pub(crate) fn target(&self) -> Target {
        self.row().target
    }

    /// The word of its endpoint in the table of codes, where a test code may ask for one of
    /// them (Toss: api.md §8).
    pub(crate) fn test_codes(&self) -> Option<&'static str> {
        self.row().test_codes
    }

    /// The only kind of key that may call it; none for what both kinds may (Toss: api.md §1.2).
    pub(crate) fn key_kind(&self) -> Option<KeyKind> {
        self.row().key_kind
    }

    pub(crate) fn about(&self) -> About<'_> {
        self.row().about
    }

    /// What the path names: a payment, an order, a billing key or a receipt.
    pub(crate) fn subject(&self) -> Option<&str> {
        match self.about() {
            About::Payment(it)
            | About::PaymentWithOrder(it)
            | About::Order(it)
            | About::BillingKey(it)
            | About::Receipt(it) => Some(it),
            About::Body => None,
        }
    }

    /// Whether doing it changes something. Reading does not.
    pub(crate) fn has_effect(&self) -> bool {
        self.method() != "GET"
    }
}
