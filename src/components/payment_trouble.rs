//! What it means that Toss's script or payment window says no, or that a payment failed: by code.

use crate::words::{Advice, Trouble};

/// By the codes of Toss's browser script (Toss: sdk.md §3 and §7, errors.md §7) and of loading it: what a
/// buyer reads. A blank between two of them.
pub const TROUBLES: &[(&str, Trouble)] = &[
    ("SCRIPT_NOT_LOADED", Trouble::Script),
    ("USER_CANCEL PAY_PROCESS_CANCELED", Trouble::Canceled),
    ("NOT_SELECTED_PAYMENT_METHOD", Trouble::NoMethod),
    ("NEED_AGREEMENT_WITH_REQUIRED_TERMS", Trouble::NoAgreement),
    ("NEED_CARD_PAYMENT_DETAIL", Trouble::NoCard),
    ("NEED_REFUND_ACCOUNT_DETAIL", Trouble::NoRefundAccount),
    ("EXCEED_DEPOSIT_AMOUNT_LIMIT", Trouble::DepositLimit),
    ("EXCEED_MAX_DUE_DATE", Trouble::DueDate),
    ("PROVIDER_STATUS_UNHEALTHY", Trouble::Unhealthy),
    ("UNSUPPORTED_TEST_PHASE_PAYMENT_METHOD", Trouble::NotInTest),
    ("CUSTOM_PAYMENT_METHOD_UNABLE_TO_PAY NOT_SUPPORTED_METHOD", Trouble::Unable),
    ("INVALID_METHOD_TRANSACTION", Trouble::Busy),
    ("PAY_PROCESS_ABORTED", Trouble::Aborted),
    ("REJECT_CARD_COMPANY", Trouble::Declined),
    ("NOT_SUPPORTED_PROMISE", Trouble::NoWindow),
    (
        "NOT_SETUP_AMOUNT INVALID_AMOUNT_VALUE INVALID_AMOUNT_CURRENCY \
         BELOW_ZERO_AMOUNT",
        Trouble::NoAmount,
    ),
    (
        "PAYMENT_METHODS_WIDGET_ALREADY_RENDERED AGREEMENT_WIDGET_ALREADY_RENDERED \
         INVALID_SELECTOR",
        Trouble::NotDrawn,
    ),
    (
        "INVALID_CLIENT_KEY INVALID_CUSTOMER_KEY INSECURE_KEY_USAGE \
         NOT_SUPPORTED_API_INDIVIDUAL_KEY NOT_SUPPORTED_WIDGET_KEY \
         INVALID_VARIANT_KEY INVALID_PARAMETER INVALID_PARAMETERS INVALID_METADATA \
         INCORRECT_SUCCESS_URL_FORMAT INCORRECT_FAIL_URL_FORMAT \
         V1_METHOD_NOT_SUPPORTED NAMESPACE_NOT_AVAILABLE",
        Trouble::Settings,
    ),
];

/// For one such code; one of next year's is as any other.
pub fn trouble_of(code: &str) -> Trouble {
    let found = TROUBLES.iter().find(|(codes, _)| codes.split(' ').any(|known| known == code));
    found.map_or(Trouble::Other, |(_, trouble)| *trouble)
}

/// What to do after a failure that was recorded on an order.
pub fn advice_on_failure(code: &str) -> Advice {
    match code {
        "OUT_OF_STOCK" => Advice::OutOfStock,
        "COUPON_UNAVAILABLE" => Advice::CouponGone,
        "AMOUNT_MISMATCH" => Advice::OtherAmount,
        "COMPLETION_FAILED" | "CANCELED_PAYMENT" => Advice::MoneyBack,
        "ACCOUNT_CANCELED"
        | "ACCOUNT_CANCELED_BY_SHOP"
        | "ACCOUNT_CANCELED_BY_BUYER"
        | "TOO_MANY_ACCOUNTS"
        | "NOT_DEPOSITED_IN_TIME" => Advice::NotDeposited,
        "EXPIRED_PAYMENT" | "NOT_FOUND_PAYMENT_SESSION" => Advice::TooLate,
        "REJECT_CARD_COMPANY"
        | "REJECT_CARD_PAYMENT"
        | "REJECT_ACCOUNT_PAYMENT"
        | "INVALID_REJECT_CARD"
        | "NOT_ENOUGH_AMOUNT" => Advice::Limit,
        "PAY_PROCESS_CANCELED" | "USER_CANCEL" => Advice::AsYouLike,
        "NOT_AVAILABLE_PAYMENT" | "NOT_AVAILABLE_BANK" | "MAINTAINED_METHOD" => Advice::OutOfHours,
        _ => Advice::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::trouble_of;
    use crate::words::Trouble;

    #[test]
    fn every_code_of_the_widget_has_a_sentence_of_its_own() {
        assert_eq!(trouble_of("A_CODE_OF_NEXT_YEAR"), Trouble::Other);
        // Toss: sdk.md §3.1 to §3.5; errors.md §7, of `widgets()`.
        for code in [
            "INVALID_AMOUNT_VALUE",
            "INVALID_AMOUNT_CURRENCY",
            "INVALID_PARAMETERS",
            "NOT_SETUP_AMOUNT",
            "PAYMENT_METHODS_WIDGET_ALREADY_RENDERED",
            "INVALID_VARIANT_KEY",
            "INVALID_SELECTOR",
            "INVALID_METHOD_TRANSACTION",
            "USER_CANCEL",
            "INVALID_PARAMETER",
            "AGREEMENT_WIDGET_ALREADY_RENDERED",
            "PROVIDER_STATUS_UNHEALTHY",
            "NOT_SELECTED_PAYMENT_METHOD",
            "NEED_AGREEMENT_WITH_REQUIRED_TERMS",
            "NEED_CARD_PAYMENT_DETAIL",
            "NEED_REFUND_ACCOUNT_DETAIL",
            "EXCEED_DEPOSIT_AMOUNT_LIMIT",
            "EXCEED_MAX_DUE_DATE",
            "UNSUPPORTED_TEST_PHASE_PAYMENT_METHOD",
            "INCORRECT_SUCCESS_URL_FORMAT",
            "INCORRECT_FAIL_URL_FORMAT",
            "NOT_SUPPORTED_PROMISE",
            "CUSTOM_PAYMENT_METHOD_UNABLE_TO_PAY",
            "INVALID_METADATA",
            "BELOW_ZERO_AMOUNT",
            "INVALID_CLIENT_KEY",
            "INVALID_CUSTOMER_KEY",
            "INSECURE_KEY_USAGE",
            "NOT_SUPPORTED_API_INDIVIDUAL_KEY",
            "V1_METHOD_NOT_SUPPORTED",
        ] {
            assert_ne!(trouble_of(code), Trouble::Other, "{code}");
        }
    }
}
