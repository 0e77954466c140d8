//! Toss's answers in all their forms: each ends in the truth, none takes money twice.

use serde_json::json;

use crate::tests::shop::{Shop, run};

/// What each fault of confirm comes to: the first answer's status, and how it ends.
#[test]
fn every_fault_of_confirm_ends_in_what_toss_has() {
    run(async {
        let refuse = |code: &str| json!({ "kind": "refuse", "code": code });
        for (fault, first, end) in [
            (json!({ "kind": "unknownField" }), 200, "COMPLETED"),
            (json!({ "kind": "unknownStatus" }), 202, "COMPLETED"),
            (json!({ "kind": "delay", "when": "before", "delayMs": 20 }), 200, "COMPLETED"),
            (json!({ "kind": "fail", "when": "after", "status": 504 }), 202, "COMPLETED"),
            (json!({ "kind": "lose", "when": "after" }), 202, "COMPLETED"),
            (json!({ "kind": "lose", "when": "before" }), 202, "COMPLETED"),
            (json!({ "kind": "fail", "when": "before", "status": 500 }), 202, "COMPLETED"),
            (refuse("PROVIDER_ERROR"), 202, "COMPLETED"),
            (refuse("A_CODE_OF_NEXT_YEAR"), 202, "FAILED"),
            (refuse("REJECT_CARD_PAYMENT"), 400, "FAILED"),
            (refuse("FDS_ERROR"), 400, "FAILED"),
            (refuse("NOT_AVAILABLE_BANK"), 400, "FAILED"),
            (refuse("NOT_FOUND_PAYMENT_SESSION"), 400, "FAILED"),
            (refuse("INVALID_API_KEY"), 400, "FAILED"),
            (refuse("UNAUTHORIZED_KEY"), 400, "FAILED"),
        ] {
            let (shop, order, key) = Shop::on_return().await;
            let mut set = fault.clone();
            set["call"] = json!("confirm");
            shop.fault(set).await;
            let answer = shop.confirm(&key, &order, json!(order.amount)).await;
            assert_eq!(answer.status.as_u16(), first, "{fault}: {}", answer.text);
            shop.settles(&order, end).await;
            let has = shop.payment(&key).await;
            assert_eq!(has["status"] == "DONE", end == "COMPLETED", "{fault}: {has}");
            let stock = if end == "COMPLETED" { "118" } else { "120" };
            assert_eq!(shop.stock("tee").await, stock, "{fault}");
            assert_eq!(shop.one("select due_at from payments").await, "null", "{fault}");
            let moves = shop.events(&order).await.len();
            assert_eq!(moves, 3, "{fault}: one event for each change of state");
        }
    });
}

#[test]
fn a_refusal_that_cannot_be_proved_stays_in_doubt_until_it_is() {
    run(async {
        let (shop, order, key) = Shop::on_return().await;
        shop.fault(json!({ "call": "confirm", "kind": "refuse", "code": "REJECT_CARD_COMPANY" }))
            .await;
        shop.fault(json!({ "call": "read", "kind": "lose", "when": "before" })).await;
        shop.confirm(&key, &order, json!(order.amount)).await.is(202);
        shop.settles(&order, "FAILED").await;
        let reason = shop.one("select failure_code from orders").await;
        assert_eq!(reason, "REJECT_CARD_COMPANY");
        assert_eq!(shop.stock("tee").await, "120");
        let confirms = shop.calls(&order).await;
        assert_eq!(confirms.iter().filter(|call| call.starts_with("confirm")).count(), 1);
    });
}

#[test]
fn a_toss_that_is_away_for_long_loses_nothing() {
    run(async {
        let (shop, order, key) = Shop::on_return().await;
        shop.fault(json!({ "call": "any", "kind": "lose", "when": "before", "times": 1000 })).await;
        shop.confirm(&key, &order, json!(order.amount)).await.is(202);
        for _ in 0..9 {
            shop.later(61).await;
        }
        assert_eq!(shop.status(&order).await, "CONFIRMING");
        shop.lift_faults().await;
        shop.settles(&order, "COMPLETED").await;
        let asked = shop.one("select count(*) from questions").await;
        assert!(asked.parse::<i64>().unwrap() < 25, "asked {asked} times in nine minutes");
        shop.holds().await;
    });
}

#[test]
fn a_toss_that_comes_back_after_its_own_limit_ends_the_doubt() {
    run(async {
        let (shop, order, key) = Shop::on_return().await;
        shop.fault(json!({ "call": "any", "kind": "lose", "when": "before", "times": 1000 })).await;
        shop.confirm(&key, &order, json!(order.amount)).await.is(202);
        let page = shop.browser.get(&format!("/orders/{}", order.id)).await;
        assert!(page.text.contains("늦어도 "), "{}", page.text);
        for _ in 0..60 {
            shop.later(61).await;
        }
        // An hour: nothing is lost, nothing is invented, and the page says why.
        assert_eq!(shop.status(&order).await, "CONFIRMING");
        assert_eq!(shop.stock("tee").await, "118");
        let page = shop.browser.get(&format!("/orders/{}", order.id)).await;
        assert!(page.text.contains("연결되지 않았습니다"), "{}", page.text);
        shop.toss("/__sandbox/clock", &json!({ "advanceSeconds": 3600 })).await;
        shop.lift_faults().await;
        shop.settles(&order, "FAILED").await;
        assert_eq!(shop.stock("tee").await, "120");
        assert_eq!(shop.one("select failure_code from orders").await, "EXPIRED_PAYMENT");
        shop.holds().await;
    });
}

#[test]
fn after_the_deadline_nothing_is_asked_for_any_more() {
    run(async {
        let (shop, order, key) = Shop::on_return().await;
        shop.fault(json!({ "call": "any", "kind": "lose", "when": "before", "times": 1000 })).await;
        shop.confirm(&key, &order, json!(order.amount)).await.is(202);
        for _ in 0..14 {
            shop.later(61).await;
        }
        shop.lift_faults().await;
        let before = shop.calls(&order).await.len();
        // Toss would still take it, its clock being behind: it is not asked to.
        shop.settles(&order, "EXPIRED").await;
        let after = shop.calls(&order).await;
        assert!(after[before..].iter().all(|call| call.starts_with("read")), "{after:?}");
        assert_eq!(shop.stock("tee").await, "120");
        shop.holds().await;
    });
}

#[test]
fn the_secret_key_and_personal_data_stay_out_of_debug_output() {
    run(async {
        let shop = Shop::start().await;
        let shown = format!("{:?} {:?}", shop.running.app, shop.running);
        assert!(!shown.contains("_gsk_"), "{shown}");
    });
}
