//! The money proof: each way in which orders and Toss can differ, found without a webhook, told with
//! its cause, and repaired where that is safe.

use std::time::Duration;

use serde_json::json;

use crate::server::proof::{self, Asked, Cause, PAGE_ROWS, Repair, Report, Step};
use crate::tests::shop::{Order, Shop, run};

impl Shop {
    /// Time passes, here and at Toss.
    pub(super) async fn time_passes(&self, seconds: i64) {
        self.toss("/__sandbox/clock", &json!({ "advanceSeconds": seconds })).await;
        self.running.app.clock.advance(seconds * 1_000);
    }

    /// Steps of the proof until nothing is left to do now.
    pub(super) async fn proves(&self) -> Step {
        self.proves_by(PAGE_ROWS).await
    }

    pub(super) async fn proves_by(&self, page_rows: u32) -> Step {
        let mut sum = Step::default();
        for _ in 0..1_000 {
            let step = proof::step_by(&self.running.app, page_rows).await.unwrap();
            if step.is_idle() {
                return sum;
            }
            sum.listed += step.listed;
            sum.gone_through += step.gone_through;
            sum.compared += step.compared;
            sum.repaired += step.repaired;
        }
        panic!("the proof never rests: {sum:?}");
    }

    /// `gyesan prove`
    pub(super) async fn prove(&self, repair: Repair) -> Report {
        self.prove_by(Asked { repair, ..Asked::default() }).await
    }

    pub(super) async fn prove_by(&self, asked: Asked) -> Report {
        let never = async |wait: Duration| panic!("nothing to wait {wait:?} for");
        proof::whole(&self.running.app, asked, never).await.unwrap()
    }

    /// A cancel in Toss's console, of which no webhook tells.
    async fn cancelled_in_console(&self, key: &str, amount: Option<i64>) {
        let body = match amount {
            Some(amount) => json!({ "cancelReason": "콘솔에서 취소", "cancelAmount": amount }),
            None => json!({ "cancelReason": "콘솔에서 취소" }),
        };
        self.as_merchant(&format!("/v1/payments/{key}/cancel"), &body).await;
    }

    /// What `/metrics` says of it.
    pub(super) async fn figure(&self, name: &str) -> String {
        let metrics = self.browser.get_json("/metrics").await.text;
        let line = metrics.lines().find(|line| line.starts_with(&format!("{name} ")));
        line.unwrap_or_else(|| panic!("{name} is not in {metrics}"))
            .replace(&format!("{name} "), "")
    }

    /// That the proof finds nothing more, in steps and at once.
    pub(super) async fn is_proved(&self) {
        self.time_passes(3_700).await;
        self.proves().await;
        assert_eq!(self.figure("gyesan_drift_won").await, "0");
        let report = self.prove(Repair::Nothing).await;
        assert!(report.is_proved(), "{report:#?}");
        assert_eq!(report.drift(), 0);
    }

    async fn transferred(&self) -> (Order, String) {
        let order = self.order().await;
        let key = self.authenticate_as(&order.id, order.amount, "VIRTUAL_ACCOUNT").await;
        self.confirm(&key, &order, json!(order.amount)).await.is(202);
        self.deposits(&key).await;
        self.settles(&order, "COMPLETED").await;
        (order, key)
    }

    async fn deposits(&self, key: &str) {
        self.toss(&format!("/__sandbox/payments/{key}/deposit"), &json!({})).await;
    }

    async fn takes_back(&self, key: &str) {
        self.toss(&format!("/__sandbox/payments/{key}/reverse-deposit"), &json!({})).await;
    }
}

fn causes(report: &Report) -> Vec<(Cause, i64, bool)> {
    report.differing.iter().map(|it| (it.cause, it.drift, it.mends)).collect()
}

#[test]
fn what_adds_up_costs_a_list_and_no_other_question() {
    run(async {
        let shop = Shop::start().await;
        let (order, _) = shop.paid().await;
        let asked = shop.calls(&order).await.len();
        shop.time_passes(300).await;
        let sum = shop.proves().await;
        assert_eq!((sum.listed, sum.compared, sum.repaired), (1, 1, 0));
        assert_eq!(shop.calls(&order).await.len(), asked);
        assert_eq!(shop.one("select count(*) from proofs").await, "0");
        // Nor is it looked at again.
        shop.time_passes(60).await;
        assert_eq!(shop.proves().await.compared, 0);
        for (name, value) in [("gyesan_drift_won", "0"), ("gyesan_proof_offences", "0")] {
            assert_eq!(shop.figure(name).await, value, "{name}");
        }
        let age: i64 = shop.figure("gyesan_proof_age_seconds").await.parse().unwrap();
        assert!((60..180).contains(&age), "{age}");
        shop.is_proved().await;
    });
}

#[test]
fn cancels_in_the_console_reach_the_order_without_any_webhook() {
    run(async {
        let shop = Shop::start().await;
        let (order, key) = shop.paid().await;
        shop.cancelled_in_console(&key, Some(10_000)).await;
        shop.time_passes(300).await;
        assert_eq!(shop.proves().await.repaired, 1);
        assert_eq!(shop.status(&order).await, "PARTIALLY_REFUNDED");
        assert_eq!(shop.one("select refunded from orders").await, "10000");
        shop.cancelled_in_console(&key, None).await;
        shop.time_passes(300).await;
        assert_eq!(shop.proves().await.repaired, 1);
        assert_eq!(shop.status(&order).await, "REFUNDED");
        let found = shop.figure("gyesan_proof_findings_total{cause=\"CONSOLE\"}").await;
        assert_eq!(found, "2");
        shop.holds().await;
        shop.is_proved().await;
    });
}

#[test]
fn the_command_tells_and_repairs_only_when_it_is_told_to() {
    run(async {
        let shop = Shop::start().await;
        let (order, key) = shop.paid().await;
        let (whole, whole_key) = shop.paid().await;
        shop.cancelled_in_console(&key, Some(10_000)).await;
        shop.cancelled_in_console(&whole_key, None).await;
        let report = shop.prove(Repair::Nothing).await;
        let mut found = causes(&report);
        found.sort();
        let expected = [(Cause::Console, -whole.amount, true), (Cause::Console, -10_000, true)];
        assert_eq!(found, expected);
        assert_eq!(report.drift(), 10_000 + whole.amount);
        assert!(report.differing.iter().all(|it| it.detail.contains("콘솔에서 취소")));
        assert_eq!(shop.status(&order).await, "COMPLETED");
        assert_eq!(shop.figure("gyesan_drift_won").await, report.drift().to_string());
        let report = shop.prove(Repair::WhereSafe).await;
        assert_eq!((report.repaired.len(), report.drift()), (2, 0));
        assert_eq!(shop.status(&order).await, "PARTIALLY_REFUNDED");
        assert_eq!(shop.status(&whole).await, "REFUNDED");
        shop.holds().await;
        shop.is_proved().await;
    });
}

#[test]
fn money_whose_answer_was_lost_completes_its_order() {
    run(async {
        let shop = Shop::start().await;
        // Taken for an order that never asked, for one that had failed, and for one in doubt that
        // nobody asks about any more.
        let orders = [shop.order().await, shop.order().await, shop.order().await];
        for order in &orders {
            let key = shop.authenticate(order).await;
            shop.takes_elsewhere(&key, order).await;
            if order.id == orders[2].id {
                shop.fault(json!({ "call": "any", "kind": "lose", "when": "before", "times": 50 }))
                    .await;
                shop.confirm(&key, order, json!(order.amount)).await.is(202);
                shop.alter("update payments set due_at = null, leased_until = null").await;
                shop.lift_faults().await;
            }
        }
        let gave_up =
            json!({ "orderId": orders[1].id, "code": "PAY_PROCESS_ABORTED", "message": "중단" });
        shop.browser.post_json("/api/fail-payment", &gave_up).await.is(200);
        let report = shop.prove(Repair::Nothing).await;
        assert_eq!(causes(&report), [(Cause::AnswerLost, orders[0].amount, true); 3]);
        assert_eq!(report.offences.len(), 1, "{:?}", report.offences);
        let report = shop.prove(Repair::WhereSafe).await;
        assert_eq!((report.repaired.len(), report.drift()), (3, 0));
        for order in &orders {
            assert_eq!(shop.status(order).await, "COMPLETED");
        }
        shop.holds().await;
        shop.is_proved().await;
    });
}

#[test]
fn money_that_no_order_can_keep_goes_back() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let key = shop.authenticate(&order).await;
        shop.takes_elsewhere(&key, &order).await;
        shop.alter("update products set stock = 1, received = 1 where id = 'tee'").await;
        shop.time_passes(300).await;
        assert_eq!(shop.proves().await.repaired, 1);
        shop.works_through().await;
        assert_eq!(shop.status(&order).await, "FAILED");
        assert_eq!(shop.payment(&key).await["balanceAmount"], 0);
        shop.is_proved().await;
    });
}

#[test]
fn a_deposit_that_the_bank_takes_back_waits_again_and_may_come_again() {
    run(async {
        let shop = Shop::start().await;
        let (order, key) = shop.transferred().await;
        shop.takes_back(&key).await;
        shop.time_passes(8_000).await;
        assert_eq!(shop.proves().await.repaired, 1);
        assert_eq!(shop.status(&order).await, "WAITING_FOR_DEPOSIT");
        assert_eq!(shop.figure("gyesan_proof_findings_total{cause=\"BANK\"}").await, "1");
        shop.deposits(&key).await;
        shop.settles(&order, "COMPLETED").await;
        // Two approvals in the list, and the money once.
        shop.time_passes(8_000).await;
        assert_eq!(shop.proves().await.repaired, 0);
        shop.is_proved().await;
        shop.holds().await;
    });
}

#[test]
fn a_deposit_is_read_again_in_the_days_after_it() {
    run(async {
        let shop = Shop::start().await;
        let (order, _) = shop.transferred().await;
        shop.time_passes(8_000).await;
        shop.proves().await;
        for (hours, asked) in [(1, 1), (2, 1), (25, 1), (73, 1), (200, 0)] {
            let before = shop.calls(&order).await.len();
            shop.time_passes(hours * 3_600).await;
            shop.proves().await;
            let after = shop.calls(&order).await.len();
            assert_eq!(after - before, asked, "{hours} hours later");
        }
        let (order, key) = shop.transferred().await;
        shop.time_passes(300).await;
        shop.proves().await;
        // The list shows nothing of it.
        shop.fault(json!({ "call": "transactions", "kind": "rateLimit", "times": 1_000 })).await;
        shop.takes_back(&key).await;
        shop.time_passes(2 * 3_600).await;
        assert_eq!(shop.proves().await.repaired, 1);
        assert_eq!(shop.status(&order).await, "WAITING_FOR_DEPOSIT");
    });
}

#[test]
fn money_for_an_order_that_is_not_here_is_told_and_left() {
    run(async {
        let shop = Shop::start().await;
        let mut keys = Vec::new();
        // One of this shop's form, as after a backup, and one of another shop with the same keys.
        for id in ["20260101-00000000000000000a", "ord-20260301-0001"] {
            let key = shop.authenticate_as(id, 4_500, "CARD").await;
            let claim = json!({ "paymentKey": key, "orderId": id, "amount": 4_500 });
            shop.as_merchant("/v1/payments/confirm", &claim).await;
            keys.push(key);
        }
        shop.time_passes(300).await;
        shop.proves().await;
        assert_eq!(shop.figure("gyesan_drift_won").await, "4500");
        let report = shop.prove(Repair::WhereSafe).await;
        assert_eq!(causes(&report), [(Cause::UnknownHere, 4_500, false)]);
        assert!(report.repaired.is_empty());
        shop.cancelled_in_console(&keys[0], None).await;
        shop.is_proved().await;
    });
}

#[test]
fn a_second_payment_for_one_order_is_told_and_left() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let (key, other) = (shop.authenticate(&order).await, shop.authenticate(&order).await);
        shop.confirm(&key, &order, json!(order.amount)).await.is(200);
        shop.takes_elsewhere(&other, &order).await;
        let report = shop.prove(Repair::WhereSafe).await;
        assert_eq!(causes(&report), [(Cause::PaidTwice, order.amount, false)]);
        shop.cancelled_in_console(&other, None).await;
        shop.is_proved().await;
        assert_eq!(shop.status(&order).await, "COMPLETED");
    });
}

#[test]
fn a_ledger_changed_by_hand_is_told_and_never_settled() {
    run(async {
        let shop = Shop::start().await;
        let (order, _) = shop.paid().await;
        let (lost, _) = shop.paid().await;
        shop.alter(&format!("update orders set refunded = 5000 where id = '{}'", order.id)).await;
        shop.alter(&format!(
            "update payments set payment_key = 'gone' where order_id = '{}'",
            lost.id
        ))
        .await;
        shop.alter(&format!("delete from toss_transactions where order_id = '{}'", lost.id)).await;
        shop.time_passes(300).await;
        shop.proves().await;
        assert_eq!(shop.figure("gyesan_drift_won").await, "5000");
        let report = shop.prove(Repair::WhereSafe).await;
        assert!(causes(&report).contains(&(Cause::Ours, 5_000, false)), "{report:#?}");
        assert_eq!(shop.one("select count(*) from payments where due_at is not null").await, "0");
        shop.alter(&format!("update orders set refunded = 0 where id = '{}'", order.id)).await;
        shop.is_proved().await;
    });
}
