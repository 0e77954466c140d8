//! What may happen in a history, how often, and with what.

/// Something that may happen next.
#[derive(Clone, Copy, Debug)]
pub(super) enum Deed {
    Place,
    ChangeCoupon,
    Open,
    Return,
    Mean,
    FalseReturn,
    Fail,
    Again,
    Look,
    Deposit,
    Reversal,
    Refund,
    Account,
    Claim,
    ConsoleCancel,
    ConfirmElsewhere,
    Webhook,
    Forgery,
    Wait,
    Tick,
    Prove,
    Fault,
    Death,
    ClockSet,
}

/// All that may happen, and how often it does.
pub(super) const DEEDS: [(u64, Deed); 24] = [
    (14, Deed::Place),
    (2, Deed::ChangeCoupon),
    (12, Deed::Open),
    (18, Deed::Return),
    (4, Deed::Mean),
    (2, Deed::FalseReturn),
    (2, Deed::Fail),
    (3, Deed::Again),
    (4, Deed::Look),
    (4, Deed::Deposit),
    (2, Deed::Reversal),
    (5, Deed::Refund),
    (2, Deed::Account),
    (2, Deed::Claim),
    (2, Deed::ConsoleCancel),
    (2, Deed::ConfirmElsewhere),
    (10, Deed::Webhook),
    (2, Deed::Forgery),
    (8, Deed::Wait),
    (8, Deed::Tick),
    (2, Deed::Prove),
    (4, Deed::Fault),
    (1, Deed::Death),
    (2, Deed::ClockSet),
];

/// Steps of time: within a call, between two looks, past a lease, past the deadline to confirm,
/// past a due date.
pub(super) const WAITS_MS: [i64; 9] =
    [50, 1_000, 3_000, 20_000, 66_000, 300_000, 780_000, 7_200_000, 90_000_000];

/// How far a machine's clock is set: past a lease, past the deadline to confirm, past a day, past a
/// due date.
pub(super) const SET_MS: [i64; 8] =
    [-90_000_000, -1_200_000, -90_000, 90_000, 1_200_000, 1_200_000, 90_000_000, 864_000_000];

/// Faults of Toss's own; each strikes one call.
pub(super) const FAULTS: [&str; 9] = [
    r#"{"kind":"refuse","code":"REJECT_CARD_PAYMENT"}"#,
    r#"{"kind":"refuse","code":"PROVIDER_ERROR"}"#,
    r#"{"kind":"refuse","code":"FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING"}"#,
    r#"{"kind":"fail","when":"before"}"#,
    r#"{"kind":"fail","when":"after"}"#,
    r#"{"kind":"unknownStatus"}"#,
    r#"{"kind":"unknownCode"}"#,
    r#"{"kind":"wrongAmount"}"#,
    r#"{"kind":"rateLimit"}"#,
];
