//! The table of error codes.

use std::collections::HashMap;

use crate::sandbox::Assumptions;
use crate::sandbox::codes::{find, rows_of_table};

#[test]
fn every_line_of_the_table_can_be_read() {
    let lines = include_str!("../codes.tsv").lines().count();
    assert_eq!(rows_of_table().count(), lines);
    for row in rows_of_table() {
        assert!(!row.code.is_empty() && !row.endpoint.is_empty());
        assert!(row.message.chars().count() <= 510, "{}", row.code);
        assert!(row.status.is_client_error() || row.status.is_server_error(), "{}", row.code);
    }
}

#[test]
fn every_code_has_its_sentence_in_both_languages() {
    let silent: Vec<&str> = rows_of_table()
        .filter(|row| row.message.is_empty() || row.english.is_empty())
        .map(|row| row.code)
        .collect();
    assert!(silent.is_empty(), "{silent:?}");
}

#[test]
fn a_code_means_the_same_wherever_it_is_documented() {
    let mut seen = HashMap::new();
    for row in rows_of_table() {
        let first = *seen.entry(row.code).or_insert((row.status, row.message));
        assert_eq!(first, (row.status, row.message), "{}", row.code);
    }
}

#[test]
fn confirm_and_cancel_have_all_their_documented_codes() {
    let count = |endpoint: &str| rows_of_table().filter(|row| row.endpoint == endpoint).count();
    assert_eq!((count("confirm"), count("cancel")), (47, 30));
}

#[test]
fn every_code_that_an_assumption_names_is_documented() {
    let assumed = Assumptions::default();
    for code in [
        assumed.confirm_wrong_amount,
        assumed.confirm_wrong_order,
        assumed.confirm_unknown_payment,
        assumed.confirm_before_authentication,
        assumed.confirm_after_refusal,
        assumed.cancel_unpaid,
        assumed.cancel_other_currency,
        assumed.no_authorization,
    ] {
        assert!(find(code).is_some(), "{code}");
    }
}

#[test]
fn every_code_the_sandbox_speaks_is_documented() {
    for code in [
        "ALREADY_CANCELED_PAYMENT",
        "ALREADY_PROCESSED_PAYMENT",
        "BELOW_MINIMUM_AMOUNT",
        "FAILED_INTERNAL_SYSTEM_PROCESSING",
        "IDEMPOTENT_REQUEST_PROCESSING",
        "INCORRECT_BASIC_AUTH_FORMAT",
        "INVALID_API_KEY",
        "INVALID_IDEMPOTENCY_KEY",
        "INVALID_REQUEST",
        "INVALID_TEST_CODE",
        "NOT_ALLOWED_PARTIAL_REFUND",
        "NOT_CANCELABLE_AMOUNT",
        "NOT_FOUND_HTTP_METHOD",
        "NOT_FOUND_PAYMENT",
        "NOT_FOUND_PAYMENT_SESSION",
        "NOT_MATCHES_REFUNDABLE_AMOUNT",
        "UNAUTHORIZED_KEY",
    ] {
        assert!(find(code).is_some(), "{code}");
    }
}
