//! A fault: what is to happen to a call instead of a plain answer, and to which calls.

use crate::sandbox::codes::Refusal;
use crate::sandbox::dice::Probability;
use crate::sandbox::gate::Gate;

/// Calls that one fault may strike.
pub(crate) const TIMES_MAX: i64 = 1_000_000;
/// Longer than any client waits.
pub(crate) const DELAY_MS_MAX: i64 = 120_000;

/// Which calls a fault is meant for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Any,
    Confirm,
    Read,
    Cancel,
    KeyIn,
    VirtualAccount,
    BillingIssue,
    BillingCharge,
    BillingDelete,
    CashReceipt,
    Transactions,
    Settlements,
    Promotions,
    BrandPay,
}

impl Target {
    pub(crate) const ALL: [(&str, Target); 14] = [
        ("any", Target::Any),
        ("confirm", Target::Confirm),
        ("read", Target::Read),
        ("cancel", Target::Cancel),
        ("keyIn", Target::KeyIn),
        ("virtualAccount", Target::VirtualAccount),
        ("billingIssue", Target::BillingIssue),
        ("billingCharge", Target::BillingCharge),
        ("billingDelete", Target::BillingDelete),
        ("cashReceipt", Target::CashReceipt),
        ("transactions", Target::Transactions),
        ("settlements", Target::Settlements),
        ("promotions", Target::Promotions),
        ("brandPay", Target::BrandPay),
    ];
}

/// On which side of the effect a fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    Before,
    After,
}

impl When {
    pub(crate) const ALL: [(&str, When); 2] = [("before", When::Before), ("after", When::After)];
}

/// What happens to the call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The institution objects.
    Refuse(Refusal),
    /// A 5xx: 500 in Toss's format, other statuses as a gateway in front of Toss would say it.
    Fail { when: When, status: u16 },
    /// The connection closes without an answer.
    Lose { when: When },
    /// The answer is late by real time, because clients' time-outs are real.
    Delay { when: When, ms: u64 },
    /// The call stands still until the fault is removed.
    Hold { when: When },
    /// The connection closes in the middle of the body.
    Cut,
    /// The answer says another total than was paid.
    WrongAmount { amount: Option<i64> },
    /// The answer has a field that no document knows.
    UnknownField,
    /// The answer has a status that no document knows.
    UnknownStatus,
    /// The caller has called too often.
    RateLimit,
}

impl Kind {
    /// Every word that a call may have been struck under.
    pub(crate) const WORDS: [&str; 10] = [
        "refuse",
        "fail",
        "lose",
        "delay",
        "hold",
        "cut",
        "wrongAmount",
        "unknownField",
        "unknownStatus",
        "rateLimit",
    ];

    /// The word of the control API.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Kind::Refuse(_) => "refuse",
            Kind::Fail { .. } => "fail",
            Kind::Lose { .. } => "lose",
            Kind::Delay { .. } => "delay",
            Kind::Hold { .. } => "hold",
            Kind::Cut => "cut",
            Kind::WrongAmount { .. } => "wrongAmount",
            Kind::UnknownField => "unknownField",
            Kind::UnknownStatus => "unknownStatus",
            Kind::RateLimit => "rateLimit",
        }
    }

    pub(crate) fn when(&self) -> Option<When> {
        match self {
            Kind::Fail { when, .. }
            | Kind::Lose { when }
            | Kind::Delay { when, .. }
            | Kind::Hold { when } => Some(*when),
            Kind::Refuse(_)
            | Kind::Cut
            | Kind::WrongAmount { .. }
            | Kind::UnknownField
            | Kind::UnknownStatus
            | Kind::RateLimit => None,
        }
    }
}

/// A fault, and which calls it waits for.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    /// Given when it is set.
    pub(crate) id: u64,
    pub(crate) target: Target,
    pub(crate) order_id: Option<String>,
    pub(crate) payment_key: Option<String>,
    /// Calls it will still strike.
    pub(crate) times: i64,
    /// How likely each call that it waits for is struck.
    pub(crate) probability: Probability,
    pub(crate) kind: Kind,
    /// Opened when the fault is removed.
    pub(super) gate: Gate,
}

impl Fault {
    pub(crate) fn new(target: Target, kind: Kind) -> Fault {
        Fault {
            id: 0,
            target,
            order_id: None,
            payment_key: None,
            times: 1,
            probability: Probability::CERTAIN,
            kind,
            gate: Gate::shut(),
        }
    }

    /// Waits until this fault is removed.
    pub(crate) async fn removed(&self) {
        self.gate.passed().await;
    }

    pub(super) fn strikes(&self, target: Target, subject: Subject<'_>) -> bool {
        (self.target == Target::Any || self.target == target)
            && self.order_id.as_deref().is_none_or(|id| subject.order_id == Some(id))
            && self.payment_key.as_deref().is_none_or(|key| subject.payment_key == Some(key))
    }
}

/// What a call is about, as far as can be told.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Subject<'a> {
    pub(crate) order_id: Option<&'a str>,
    pub(crate) payment_key: Option<&'a str>,
}
