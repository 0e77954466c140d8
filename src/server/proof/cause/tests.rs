//! Each difference and its cause.

use crate::server::db::proofs::Refunds;
use crate::server::db::transactions::Beside;
use crate::server::proof::cause::{Cause, is_plain, judge};
use crate::toss::{Cancel, Payment, Status};

fn order(status: &str, paid: i64, refunded: i64) -> Beside {
    Beside {
        order_id: "o".to_owned(),
        status: crate::domain::order::Status::parse(status),
        amount: 1_000,
        paid,
        refunded,
        updated_at: 0,
        payment_key: Some("k".to_owned()),
        due_at: None,
        by_transfer: 0,
        rows_seen: 1,
        approvals: 1,
        approved: 1_000,
        cancelled: 0,
        awaited: 0,
        strange: 0,
        known_rows: None,
        known_paid: None,
        known_refunded: None,
    }
}

fn payment(status: Status, balance: i64, cancels: &[(i64, &str)]) -> Payment {
    let cancel = |(amount, status): &(i64, &str)| Cancel {
        cancel_amount: (*amount).into(),
        cancel_status: (*status).to_owned(),
        ..Cancel::default()
    };
    Payment {
        payment_key: "k".to_owned(),
        currency: "KRW".to_owned(),
        status,
        total_amount: 1_000.into(),
        balance_amount: balance.into(),
        cancels: Some(cancels.iter().map(cancel).collect()),
        ..Payment::default()
    }
}

#[test]
fn each_difference_has_its_cause_and_is_mended_where_that_is_safe() {
    use Status::{Canceled, Done, PartialCanceled, WaitingForDeposit};
    let none = Refunds::default();
    let own = |known, refused| Refunds { known, refused };
    let part = || payment(PartialCanceled, 600, &[(400, "DONE")]);
    for (case, order, payments, own, drift, expected) in [
        (
            "all is well",
            order("COMPLETED", 1_000, 0),
            vec![payment(Done, 1_000, &[])],
            none,
            0,
            None,
        ),
        ("refunded", order("PARTIALLY_REFUNDED", 1_000, 400), vec![part()], none, 0, None),
        (
            "an answer lost",
            order("CONFIRMING", 0, 0),
            vec![payment(Done, 1_000, &[])],
            none,
            1_000,
            Some((Cause::AnswerLost, true)),
        ),
        (
            "in the console",
            order("COMPLETED", 1_000, 0),
            vec![part()],
            none,
            -400,
            Some((Cause::Console, true)),
        ),
        (
            "all of it in the console",
            order("COMPLETED", 1_000, 0),
            vec![payment(Canceled, 0, &[(1_000, "DONE")])],
            none,
            -1_000,
            Some((Cause::Console, true)),
        ),
        (
            "a refund that was said to be refused",
            order("COMPLETED", 1_000, 0),
            vec![part()],
            own(0, 400),
            -400,
            Some((Cause::AnswerLost, true)),
        ),
        (
            "a refund of ours that the ledger has forgotten",
            order("COMPLETED", 1_000, 0),
            vec![part()],
            own(400, 0),
            -400,
            Some((Cause::Ours, true)),
        ),
        (
            "gone without a cancel",
            order("COMPLETED", 1_000, 0),
            vec![payment(PartialCanceled, 600, &[])],
            none,
            -400,
            Some((Cause::Bank, true)),
        ),
        (
            "a deposit taken back",
            order("COMPLETED", 1_000, 0),
            vec![payment(WaitingForDeposit, 1_000, &[])],
            none,
            -1_000,
            Some((Cause::Bank, true)),
        ),
        (
            "a deposit taken back after a refund",
            order("PARTIALLY_REFUNDED", 1_000, 400),
            vec![payment(WaitingForDeposit, 1_000, &[])],
            none,
            -600,
            Some((Cause::Bank, false)),
        ),
        (
            "a refund that was undone",
            order("REFUNDED", 1_000, 1_000),
            vec![payment(Done, 1_000, &[(1_000, "ABORTED")])],
            none,
            1_000,
            Some((Cause::Bank, true)),
        ),
        (
            "a refund that never was",
            order("PARTIALLY_REFUNDED", 1_000, 400),
            vec![payment(Done, 1_000, &[])],
            none,
            400,
            Some((Cause::Ours, false)),
        ),
        (
            "more paid than Toss took",
            order("COMPLETED", 1_500, 0),
            vec![payment(Done, 1_000, &[])],
            none,
            -500,
            Some((Cause::Ours, false)),
        ),
        (
            "no such payment",
            order("COMPLETED", 1_000, 0),
            vec![],
            none,
            -1_000,
            Some((Cause::NotAtToss, false)),
        ),
        (
            "two payments",
            order("COMPLETED", 1_000, 0),
            vec![
                payment(Done, 1_000, &[]),
                Payment { payment_key: "other".to_owned(), ..payment(Done, 1_000, &[]) },
            ],
            none,
            1_000,
            Some((Cause::PaidTwice, false)),
        ),
    ] {
        let judged = judge(&order, &payments, own).unwrap();
        assert_eq!(judged.drift, drift, "{case}");
        let found = judged.cause.map(|cause| (cause, judged.mends));
        assert_eq!(found, expected, "{case}: {}", judged.detail);
    }
    let new = payment(Status::Unknown("BRAND_NEW".to_owned()), 1_000, &[]);
    assert_eq!(judge(&order("COMPLETED", 1_000, 0), &[new], none), None);
}

#[test]
fn the_list_alone_is_believed_only_where_it_cannot_mislead() {
    let paid = order("COMPLETED", 1_000, 0);
    assert!(is_plain(&paid));
    assert!(is_plain(&Beside { cancelled: 400, ..order("PARTIALLY_REFUNDED", 1_000, 400) }));
    assert!(is_plain(&Beside { cancelled: 1_000, ..order("FAILED", 0, 0) }));
    assert!(is_plain(&Beside { approvals: 0, approved: 0, ..order("EXPIRED", 0, 0) }));
    assert!(is_plain(&Beside { awaited: 1, ..paid.clone() }));
    for (case, misleading) in [
        ("not listed", Beside { approvals: 0, approved: 0, rows_seen: 0, ..paid.clone() }),
        ("paid twice", Beside { approvals: 2, approved: 2_000, ..paid.clone() }),
        ("issued, paid, reversed", Beside { awaited: 2, ..paid.clone() }),
        ("a cancel", Beside { cancelled: 400, ..paid.clone() }),
        ("a row of another kind", Beside { strange: 1, ..paid.clone() }),
        ("money for nothing", order("FAILED", 0, 0)),
    ] {
        assert!(!is_plain(&misleading), "{case}");
    }
}

#[test]
fn causes_are_read_as_they_are_written() {
    for cause in Cause::ALL {
        assert_eq!(Cause::parse(cause.as_str()), Some(cause));
    }
}
