//! How sure a refusal is, by its code.
//!
//! Why by code and not by HTTP status: `PROVIDER_ERROR` is a 400 that may work in a second, and
//! several 403s are final (Toss: api.md §10 rule 6). A code that is not in the tables below is
//! an unknown outcome, never a refusal.

/// How sure a refusal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The request was turned away before it was looked at.
    NeverProcessed,
    /// Final for this attempt; a look-up proves that nothing was taken.
    Final,
    /// The payment was confirmed before, by whom and for what a look-up tells.
    ProcessedBefore,
    /// Says nothing about the money.
    Unknown,
}

/// To be read back, and no reason to fail the order (Toss: errors.md §3).
const PROCESSED_BEFORE: &[&str] = &["ALREADY_PROCESSED_PAYMENT", "ALREADY_COMPLETED_PAYMENT"];

/// Turned away at the door: wrong or unknown keys.
const NEVER_PROCESSED: &[&str] =
    &["UNAUTHORIZED_KEY", "INCORRECT_BASIC_AUTH_FORMAT", "INVALID_API_KEY"];

/// Refusals of confirm that repeating does not change (Toss: errors.md §3, the classes *no*,
/// *only after the buyer changes something* and *wait*).
const FINAL: &[&str] = &[
    "ACCOUNT_OWNER_CHECK_FAILED",
    "ALREADY_CLOSE_ACCOUNT",
    "BELOW_MINIMUM_AMOUNT",
    "BELOW_ZERO_AMOUNT",
    "DUPLICATED_ORDER_ID",
    "EXCEEDS_TRANSFER_AMOUNT_MAXIMUM",
    "EXCEED_MAX_AMOUNT",
    "EXCEED_MAX_AUTH_COUNT",
    "EXCEED_MAX_CARD_INSTALLMENT_PLAN",
    "EXCEED_MAX_DAILY_PAYMENT_COUNT",
    "EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT",
    "EXCEED_MAX_ONE_DAY_AMOUNT",
    "EXCEED_MAX_ONE_DAY_WITHDRAW_AMOUNT",
    "EXCEED_MAX_ONE_TIME_WITHDRAW_AMOUNT",
    "EXCEED_MAX_PAYMENT_AMOUNT",
    "EXCEED_MIN_CARD_INSTALLMENT_PLAN",
    "EXCEED_UNKNOWN_CASE",
    "FDS_ERROR",
    "FORBIDDEN_REQUEST",
    "INVALID_ACCOUNT_INFO_RE_REGISTER",
    "INVALID_ACCOUNT_NOT_CORRECT_BANK",
    "INVALID_ACCOUNT_NUMBER",
    "INVALID_ACCOUNT_NUMBER_OR_UNAVAILABLE",
    "INVALID_AUTHORIZE_AUTH",
    "INVALID_CARD",
    "INVALID_CARD_COMPANY",
    "INVALID_CARD_EXPIRATION",
    "INVALID_CARD_INSTALLMENT_AMOUNT",
    "INVALID_CARD_INSTALLMENT_PLAN",
    "INVALID_CARD_LOST_OR_STOLEN",
    "INVALID_CARD_NUMBER",
    "INVALID_CURRENCY",
    "INVALID_PASSWORD",
    "INVALID_PAYMENT_KEY",
    "INVALID_REJECT_CARD",
    "INVALID_REQUEST",
    "INVALID_STOPPED_CARD",
    "INVALID_TEST_CODE",
    "INVALID_UNREGISTERED_SUBMALL",
    "MAINTAINED_METHOD",
    "NOT_ALLOWED_INSTALLMENT_BELOW_AMOUNT",
    "NOT_ALLOWED_POINT_USE",
    "NOT_AVAILABLE_BANK",
    "NOT_AVAILABLE_PAYMENT",
    "NOT_ENOUGH_AMOUNT",
    "NOT_FOUND_MERCHANT",
    "NOT_FOUND_PAYMENT",
    "NOT_FOUND_PAYMENT_SESSION",
    "NOT_FOUND_TERMINAL_ID",
    "NOT_REGISTERED_BUSINESS",
    "NOT_SUPPORTED_INSTALLMENT_PLAN_CARD_OR_MERCHANT",
    "NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN",
    "PAY_PROCESS_ABORTED",
    "PAY_PROCESS_CANCELED",
    "REJECT_ACCOUNT_PAYMENT",
    "REJECT_CARD_COMPANY",
    "REJECT_CARD_PAYMENT",
    "REJECT_TOSSPAY_INVALID_ACCOUNT",
    "RESTRICTED_TRANSFER_ACCOUNT",
    "UNAPPROVED_ORDER_ID",
    "USER_ACCOUNT_ON_HOLD",
];

/// How sure a refusal of confirm with this code is.
pub fn refusal(code: &str) -> Refusal {
    if NEVER_PROCESSED.contains(&code) {
        Refusal::NeverProcessed
    } else if FINAL.contains(&code) {
        Refusal::Final
    } else if PROCESSED_BEFORE.contains(&code) {
        Refusal::ProcessedBefore
    } else {
        Refusal::Unknown
    }
}

/// Whether Toss keeps this refusal under its idempotency key: every 4xx but that another call
/// with the key is running (Toss: api.md §7).
pub fn is_kept(code: &str) -> bool {
    code != "IDEMPOTENT_REQUEST_PROCESSING"
}

/// A refusal that may pass has been brought by the same key this often: the key is used up.
pub const PASSING_REFUSALS_MAX: i64 = 2;

/// How sure a refusal of a cancel is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CancelRefusal {
    /// Repeating it does not change it; a look-up tells whether it was done already.
    Final,
    /// Says nothing about the money: the same request is right.
    Unknown,
}

/// Refusals of cancel that repeating does not change (Toss: errors.md §4, the classes *no* and
/// *only after the buyer changes something*).
const CANCEL_FINAL: &[&str] = &[
    "ALREADY_CANCELED_PAYMENT",
    "ALREADY_REFUND_PAYMENT",
    "EXCEED_CANCEL_AMOUNT_DISCOUNT_AMOUNT",
    "EXCEED_CANCEL_LIMIT",
    "EXCEED_MAX_REFUND_DUE",
    "FORBIDDEN_BANK_REFUND_REQUEST",
    "FORBIDDEN_REQUEST",
    "INVALID_ACCOUNT_NOT_CORRECT_BANK",
    "INVALID_BANK",
    "INVALID_REFUND_ACCOUNT_INFO",
    "INVALID_REFUND_ACCOUNT_NUMBER",
    "INVALID_REQUEST",
    "NOT_ALLOWED_PARTIAL_REFUND",
    "NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT",
    "NOT_ALLOWED_REFUND_BANK",
    "NOT_CANCELABLE_AMOUNT",
    "NOT_CANCELABLE_PAYMENT",
    "NOT_CANCELABLE_PAYMENT_FOR_DORMANT_USER",
    "NOT_FOUND_PAYMENT",
    "NOT_MATCHES_REFUNDABLE_AMOUNT",
    "REFUND_REJECTED",
];

/// How sure a refusal of cancel with this code is.
pub fn cancel_refusal(code: &str) -> CancelRefusal {
    if CANCEL_FINAL.contains(&code) { CancelRefusal::Final } else { CancelRefusal::Unknown }
}

/// Refusals that another account of the buyer's may change (Toss: errors.md §5).
const OF_ACCOUNT: &[&str] = &[
    "FORBIDDEN_BANK_REFUND_REQUEST",
    "INVALID_ACCOUNT_NOT_CORRECT_BANK",
    "INVALID_BANK",
    "INVALID_REFUND_ACCOUNT_INFO",
    "INVALID_REFUND_ACCOUNT_NUMBER",
    "NOT_ALLOWED_REFUND_BANK",
];

/// Whether a refund was refused for the account that it was to be paid to.
pub fn is_of_account(code: &str) -> bool {
    OF_ACCOUNT.contains(&code)
}
