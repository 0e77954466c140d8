//! Random sequences of calls: what must hold whatever is called in whatever order.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::sandbox::tests::Twin;
use crate::toss::Amount;

/// One step of a sequence.
#[derive(Clone, Debug)]
enum Step {
    Confirm { amount: i64 },
    Cancel { amount: Option<i64> },
    Deposit,
    Reverse,
    Refuse,
    EndCancels { aborted: bool },
    Wait { minutes: i64 },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => prop_oneof![9 => Just(1_000_i64), 1 => Just(999)].prop_map(|amount| Step::Confirm { amount }),
        4 => proptest::option::of(1_i64..1_200).prop_map(|amount| Step::Cancel { amount }),
        2 => Just(Step::Deposit),
        1 => Just(Step::Reverse),
        1 => Just(Step::Refuse),
        1 => any::<bool>().prop_map(|aborted| Step::EndCancels { aborted }),
        2 => prop_oneof![Just(1_i64), Just(9), Just(31), Just(200 * 60)]
            .prop_map(|minutes| Step::Wait { minutes }),
    ]
}

fn choice() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!({})),
        Just(json!({ "method": "NAVERPAY", "mix": "CARD_POINTS" })),
        Just(json!({ "method": "VIRTUAL_ACCOUNT", "cashReceipt": { "type": "소득공제" } })),
        Just(json!({ "method": "TRANSFER", "useEscrow": true })),
        Just(json!({ "method": "MOBILE_PHONE" })),
        Just(json!({ "method": "ALIPAY", "currency": "USD" })),
        Just(json!({ "authenticated": false })),
    ]
}

/// Toss: api.md §2.2; api.md §3.5 has the way back of an aborted cancel.
const ARROWS: [(&str, &[&str]); 8] = [
    ("READY", &["EXPIRED"]),
    ("IN_PROGRESS", &["DONE", "WAITING_FOR_DEPOSIT", "ABORTED", "EXPIRED"]),
    ("WAITING_FOR_DEPOSIT", &["DONE", "CANCELED"]),
    ("DONE", &["WAITING_FOR_DEPOSIT", "CANCELED", "PARTIAL_CANCELED"]),
    ("CANCELED", &["DONE"]),
    ("PARTIAL_CANCELED", &["DONE"]),
    ("ABORTED", &[]),
    ("EXPIRED", &[]),
];

async fn take(twin: &Twin, key: &str, step: &Step, at: usize) {
    match step {
        Step::Confirm { amount } => {
            let idempotency = format!("confirm-{at}");
            let headers = [("idempotency-key", idempotency.as_str())];
            let first = twin.confirm_with(key, "order-0001", *amount, &headers).await;
            let again = twin.confirm_with(key, "order-0001", *amount, &headers).await;
            assert_eq!((first.status, first.text), (again.status, again.text));
        }
        Step::Cancel { amount } => {
            let body = json!({
                "cancelReason": "고객 변심", "cancelAmount": amount,
                "refundReceiveAccount": { "bank": "88", "accountNumber": "1", "holderName": "박" },
            });
            let idempotency = format!("cancel-{at}");
            let headers = [("idempotency-key", idempotency.as_str())];
            let path = format!("/v1/payments/{key}/cancel");
            let first = twin.api("POST", &path, &headers, body.clone()).await;
            let again = twin.api("POST", &path, &headers, body).await;
            assert_eq!((first.status, first.text), (again.status, again.text));
        }
        Step::Deposit => drop(twin.deposit(key, json!({})).await),
        Step::Reverse => drop(twin.reverse_deposit(key).await),
        Step::Refuse => {
            twin.fault(
                json!({ "call": "confirm", "kind": "refuse", "code": "REJECT_CARD_PAYMENT" }),
            )
            .await;
        }
        Step::EndCancels { aborted } => {
            let outcome = if *aborted { "ABORTED" } else { "DONE" };
            let body = json!({ "outcome": outcome });
            twin.control("POST", &format!("payments/{key}/cancels"), body).await;
        }
        Step::Wait { minutes } => twin.advance_minutes(*minutes).await,
    }
}

/// What holds of every payment at every time.
fn check(body: &Value) {
    let hundredths =
        |it: &Value| -> i64 { serde_json::from_value::<Amount>(it.clone()).unwrap().hundredths() };
    let number = |name: &str| hundredths(&body[name]);
    let (total, balance) = (number("totalAmount"), number("balanceAmount"));
    assert!((0..=total).contains(&balance), "{body}");
    assert_eq!(number("suppliedAmount") + number("vat") + number("taxFreeAmount"), balance);
    let none = Vec::new();
    let cancels = body["cancels"].as_array().unwrap_or(&none);
    let sum: i64 = cancels
        .iter()
        .filter(|it| it["cancelStatus"] != "ABORTED")
        .map(|it| hundredths(&it["cancelAmount"]))
        .sum();
    assert_eq!(sum, total - balance, "{body}");
    let given = |kind: &str| -> i64 {
        let receipts = body["cashReceipts"].as_array().unwrap_or(&none).iter();
        receipts
            .filter(|it| it["transactionType"] == kind)
            .map(|it| hundredths(&it["amount"]))
            .sum()
    };
    assert!(given("CANCEL") <= given("CONFIRM"), "{body}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn api_2_2_whatever_is_called_states_and_sums_stay_lawful(
        choice in choice(),
        steps in proptest::collection::vec(step(), 1..14),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let twin = Twin::new();
            let key = twin.authenticated_with("order-0001", 1_000, choice.clone()).await;
            let mut before = twin.read(&key).await.json();
            for (at, one) in steps.iter().enumerate() {
                take(&twin, &key, one, at).await;
                let after = twin.read(&key).await.json();
                check(&after);
                let (from, to) = (before["status"].as_str().unwrap(), after["status"].as_str().unwrap());
                let (_, arrows) = ARROWS.iter().find(|(state, _)| *state == from).unwrap();
                assert!(from == to || arrows.contains(&to), "{from} to {to} by {one:?}");
                before = after;
            }
        });
    }
}
