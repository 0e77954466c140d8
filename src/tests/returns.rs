//! The return from Toss: paid, refused, mismatched, lost, late, twice, at once.

use serde_json::{Value, json};

use crate::tests::shop::{Shop, postgres, run};

const PAID: [&str; 3] =
    ["Placed PENDING→PENDING", "Sent PENDING→CONFIRMING", "Approved CONFIRMING→COMPLETED"];

#[test]
fn a_card_payment_is_confirmed_once_and_stays_so() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        assert_eq!((order.name.as_str(), order.amount), ("토스 티셔츠 외 2건", 74_500));
        let key = shop.authenticate(&order).await;
        let paid = json!({
            "orderId": order.id, "paymentKey": key, "status": "COMPLETED", "amount": 74_500,
        });
        for amount in [json!(74_500), json!("74500"), json!(74_500)] {
            shop.confirm(&key, &order, amount).await.is_json(200, paid.clone());
        }
        assert_eq!(shop.calls(&order).await, ["confirm 200"]);
        assert_eq!(shop.events(&order).await, PAID);
        assert_eq!(shop.stock("tee").await, "118");
        assert_eq!(shop.payment(&key).await["status"], "DONE");
    });
}

#[test]
fn easy_pay_is_told_as_easy_pay() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let key = shop.authenticate_as(&order.id, order.amount, "TOSSPAY").await;
        shop.confirm(&key, &order, json!(order.amount)).await.is(200);
        let view = shop.browser.get_json(&format!("/api/order?orderId={}", order.id)).await.json();
        assert_eq!(view["paid"]["method"], "간편결제 · 토스페이");
    });
}

#[test]
fn another_amount_is_never_confirmed() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let key = shop.authenticate(&order).await;
        let mismatch =
            json!({ "orderId": order.id, "status": "FAILED", "message": "결제 금액 불일치" });
        shop.confirm(&key, &order, json!(1_000)).await.is_json(400, mismatch.clone());
        // Too late to be honest: the order has failed.
        shop.confirm(&key, &order, json!(order.amount)).await.is_json(400, mismatch);
        assert_eq!(shop.calls(&order).await, ["read 200"]);
        assert_eq!(
            shop.events(&order).await,
            ["Placed PENDING→PENDING", "Mismatched PENDING→FAILED"]
        );
        assert_eq!(shop.stock("tee").await, "120");
        assert_eq!(shop.payment(&key).await["status"], "IN_PROGRESS");
        assert_eq!(shop.one("select due_at from payments").await, "null");
    });
}

#[test]
fn another_amount_is_cancelled_if_the_money_was_taken_all_the_same() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let key = shop.authenticate(&order).await;
        // Somebody else with the shop's key confirms it.
        let secret = "test_gsk_docs_OaPz8L5KdmQXkzRz3y47BMw6";
        let taken = reqwest::Client::new()
            .post(format!("{}/v1/payments/confirm", shop.running.sandbox_url.clone().unwrap()))
            .basic_auth(secret, Some(""))
            .json(&json!({ "paymentKey": key, "orderId": order.id, "amount": order.amount }));
        assert_eq!(taken.send().await.unwrap().status(), 200);
        let answer = shop.confirm(&key, &order, json!(500)).await;
        answer.is(400);
        assert_eq!(answer.json()["message"], "결제 금액 불일치");
        assert_eq!(shop.payment(&key).await["balanceAmount"], 0);
        assert_eq!(
            shop.events(&order).await,
            [
                "Placed PENDING→PENDING",
                "Mismatched PENDING→FAILED",
                "Unfit FAILED→CANCELING",
                "Returned CANCELING→FAILED",
            ]
        );
        assert_eq!(shop.stock("tee").await, "120");
    });
}

#[test]
fn a_false_amount_cannot_harm_an_order_that_is_paid() {
    run(async {
        let shop = Shop::start().await;
        let (order, key) = shop.paid().await;
        let told =
            json!({ "orderId": order.id, "status": "COMPLETED", "message": "결제 금액 불일치" });
        shop.confirm(&key, &order, json!(1)).await.is_json(400, told);
        assert_eq!(shop.status(&order).await, "COMPLETED");
        assert_eq!(shop.payment(&key).await["status"], "DONE");
        assert_eq!(shop.events(&order).await, PAID);
    });
}

#[test]
fn a_second_payment_of_a_paid_order_is_not_confirmed() {
    run(async {
        let shop = Shop::start().await;
        let (order, key) = shop.paid().await;
        let second = shop.authenticate(&order).await;
        assert_ne!(second, key);
        let answer = shop.confirm(&second, &order, json!(order.amount)).await;
        assert_eq!(answer.is(409).json()["code"], "CONFLICT");
        assert_eq!(shop.payment(&second).await["status"], "IN_PROGRESS");
        assert_eq!(
            shop.calls(&order).await.iter().filter(|call| call.starts_with("confirm")).count(),
            1
        );
    });
}

#[test]
fn somebody_elses_payment_does_not_pay_an_order() {
    run(async {
        let shop = Shop::start().await;
        let (paid, key) = shop.paid().await;
        let order = shop.order().await;
        let answer = shop.confirm(&key, &order, json!(order.amount)).await;
        assert_eq!(answer.is(400).json()["status"], "FAILED");
        assert_eq!(shop.status(&order).await, "FAILED");
        assert_eq!(shop.status(&paid).await, "COMPLETED");
        assert_eq!(shop.payment(&key).await["balanceAmount"], paid.amount);
        // With a wrong amount the look-up finds money, but not this order's: it stays.
        let order = shop.order().await;
        shop.confirm(&key, &order, json!(7)).await.is(400);
        assert_eq!(shop.payment(&key).await["balanceAmount"], paid.amount);
    });
}

#[test]
fn a_refusal_gives_stock_and_coupon_back() {
    run(async {
        let shop = Shop::start().await;
        shop.browser.get_json("/api/coupons?subtotal=74500").await.is(200);
        let coupon = shop.one("select id from coupons where offer_id = 'welcome'").await;
        let mut wish = Shop::wish();
        wish["couponId"] = json!(coupon);
        let order = shop.order_of(&wish).await;
        assert_eq!(order.amount, 71_500);
        let key = shop.authenticate(&order).await;
        shop.fault(json!({ "call": "confirm", "kind": "refuse", "code": "REJECT_CARD_COMPANY" }))
            .await;
        let refused = json!({
            "orderId": order.id, "status": "FAILED", "message": "결제 승인이 거절되었습니다.",
        });
        shop.confirm(&key, &order, json!(order.amount)).await.is_json(400, refused.clone());
        shop.confirm(&key, &order, json!(order.amount)).await.is_json(400, refused);
        // Not paid only after reading it back; and never asked again.
        assert_eq!(shop.calls(&order).await, ["confirm 403", "read 200"]);
        assert_eq!(
            shop.events(&order).await,
            ["Placed PENDING→PENDING", "Sent PENDING→CONFIRMING", "Refused CONFIRMING→FAILED"]
        );
        assert_eq!(shop.stock("tee").await, "120");
        assert_eq!(shop.stock("mug").await, "80");
        assert_eq!(
            shop.one("select used_at from coupons where offer_id = 'welcome'").await,
            "null"
        );
        // The coupon can be used after all.
        let again = shop.order_of(&wish).await;
        let key = shop.authenticate(&again).await;
        shop.confirm(&key, &again, json!(again.amount)).await.is(200);
        let used = "select used_order from coupons where offer_id = 'welcome'";
        assert_eq!(shop.one(used).await, again.id);
    });
}

#[test]
fn an_answer_lost_after_the_money_moved_settles_by_itself() {
    run(async {
        for fault in [
            json!({ "call": "confirm", "kind": "lose", "when": "after" }),
            json!({ "call": "confirm", "kind": "fail", "when": "after", "status": 500 }),
            json!({ "call": "confirm", "kind": "fail", "when": "after", "status": 502 }),
            json!({ "call": "confirm", "kind": "cut" }),
        ] {
            let shop = Shop::start().await;
            let order = shop.order().await;
            let key = shop.authenticate(&order).await;
            shop.fault(fault.clone()).await;
            let answer = shop.confirm(&key, &order, json!(order.amount)).await;
            let told = json!({
                "orderId": order.id, "status": "CONFIRMING",
                "message": "확인 중입니다, 다시 결제하지 마세요",
            });
            answer.is_json(202, told);
            assert_eq!(shop.stock("tee").await, "118", "{fault}");
            shop.settles(&order, "COMPLETED").await;
            assert_eq!(shop.events(&order).await, PAID, "{fault}");
            let calls = shop.calls(&order).await;
            assert_eq!(
                calls.iter().filter(|call| call.starts_with("confirm")).count(),
                1,
                "{calls:?}"
            );
            assert_eq!(shop.stock("tee").await, "118");
            shop.confirm(&key, &order, json!(order.amount)).await.is(200);
        }
    });
}

#[test]
fn an_answer_lost_before_the_money_moved_is_asked_for_again_with_the_same_key() {
    run(async {
        for fault in [
            json!({ "call": "confirm", "kind": "lose", "when": "before" }),
            json!({ "call": "confirm", "kind": "fail", "when": "before", "status": 503 }),
            json!({ "call": "confirm", "kind": "refuse", "code": "PROVIDER_ERROR" }),
            json!({ "call": "confirm", "kind": "unknownCode" }),
        ] {
            let shop = Shop::start().await;
            let order = shop.order().await;
            let key = shop.authenticate(&order).await;
            shop.fault(fault.clone()).await;
            let answer = shop.confirm(&key, &order, json!(order.amount)).await;
            assert_eq!(answer.is(202).json()["status"], "CONFIRMING", "{fault}");
            // A refusal stored under the key is replayed; what is told by then is still the truth.
            for _ in 0..5 {
                shop.later(70).await;
            }
            let keys = "select count(distinct idempotency_key) from payments";
            assert_eq!(shop.one(keys).await, "1");
            let status = shop.status(&order).await;
            let done = shop.payment(&key).await["status"] == "DONE";
            assert_eq!(status == "COMPLETED", done, "{fault}: {status}");
        }
    });
}

#[test]
fn a_buyer_who_reloads_asks_again() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let key = shop.authenticate(&order).await;
        shop.fault(json!({ "call": "confirm", "kind": "lose", "when": "after" })).await;
        shop.fault(json!({ "call": "read", "kind": "lose", "when": "before", "times": 2 })).await;
        shop.confirm(&key, &order, json!(order.amount)).await.is(202);
        let mut told = Value::Null;
        for _ in 0..10 {
            shop.running.app.clock.advance(70_000);
            told = shop
                .browser
                .get_json(&format!("/api/order-status?orderId={}", order.id))
                .await
                .json();
            if told["status"] == "COMPLETED" {
                break;
            }
        }
        assert_eq!(told["paymentKey"], key);
        assert_eq!(shop.events(&order).await, PAID);
    });
}

#[test]
fn many_returns_at_once_confirm_once_and_tell_the_same() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let key = shop.authenticate(&order).await;
        let returns = (0..20).map(|_| shop.confirm(&key, &order, json!(order.amount)));
        for answer in futures::future::join_all(returns).await {
            assert_eq!(answer.is(200).json()["paymentKey"], key);
        }
        assert_eq!(shop.calls(&order).await, ["confirm 200"]);
        assert_eq!(shop.events(&order).await, PAID);
        assert_eq!(shop.stock("tee").await, "118");
    });
}

#[test]
fn a_second_tab_waits_for_the_first_ones_answer() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let key = shop.authenticate(&order).await;
        shop.fault(json!({ "call": "confirm", "kind": "hold", "when": "after" })).await;
        let first = shop.confirm(&key, &order, json!(order.amount));
        let second = async {
            while shop.status(&order).await != "CONFIRMING" {
                tokio::task::yield_now().await;
            }
            let second = shop.confirm(&key, &order, json!(order.amount));
            let lift = async {
                while shop.calls(&order).await.is_empty()
                    && shop.payment(&key).await["status"] != "DONE"
                {
                    tokio::task::yield_now().await;
                }
                shop.lift_faults().await;
            };
            tokio::join!(second, lift).0
        };
        let (first, second) = tokio::join!(first, second);
        assert_eq!(first.is(200).json(), second.is(200).json());
        let calls = shop.calls(&order).await;
        assert_eq!(calls.iter().filter(|call| call.starts_with("confirm")).count(), 1, "{calls:?}");
    });
}

#[test]
fn stock_that_is_gone_at_the_return_is_told_and_nothing_is_taken() {
    run(async {
        let shop = Shop::start().await;
        let wish = |quantity: u32| {
            let mut wish = Shop::wish();
            wish["lines"] = json!([
                { "productId": "mug", "quantity": 1 }, { "productId": "bag", "quantity": quantity },
            ]);
            wish
        };
        let (first, second) = (shop.order_of(&wish(2)).await, shop.order_of(&wish(2)).await);
        let (one, two) = (shop.authenticate(&first).await, shop.authenticate(&second).await);
        shop.confirm(&one, &first, json!(first.amount)).await.is(200);
        let answer = shop.confirm(&two, &second, json!(second.amount)).await;
        let message = "‘캔버스 장바구니’ 상품의 재고가 부족해 결제하지 않았습니다.";
        answer
            .is_json(400, json!({ "orderId": second.id, "status": "FAILED", "message": message }));
        assert!(shop.calls(&second).await.is_empty());
        assert_eq!(shop.stock("bag").await, "1");
        assert_eq!(shop.stock("mug").await, "79");
        assert_eq!(
            shop.events(&second).await,
            ["Placed PENDING→PENDING", "Repeated PENDING→PENDING", "Unavailable PENDING→FAILED"]
        );
    });
}

#[test]
fn a_payment_of_another_total_is_cancelled() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let key = shop.authenticate(&order).await;
        shop.fault(json!({ "call": "confirm", "kind": "wrongAmount", "amount": 10 })).await;
        let answer = shop.confirm(&key, &order, json!(order.amount)).await;
        assert_eq!(answer.is(400).json()["status"], "FAILED");
        assert_eq!(shop.calls(&order).await, ["confirm 200", "cancel 200"]);
        assert_eq!(shop.payment(&key).await["balanceAmount"], 0);
        assert_eq!(shop.stock("tee").await, "120");
        assert_eq!(
            shop.events(&order).await.split_off(2),
            ["Unfit CONFIRMING→CANCELING", "Returned CANCELING→FAILED"]
        );
    });
}

#[test]
fn a_completion_that_fails_gives_the_money_back() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let key = shop.authenticate(&order).await;
        let no_completion = if postgres().is_some() {
            "alter table orders add constraint no_completion check (status <> 'COMPLETED')"
        } else {
            "create trigger no_completion before update on orders when new.status = 'COMPLETED'
             begin select raise(abort, 'the warehouse says no'); end"
        };
        shop.alter(no_completion).await;
        // And the first cancel is lost on its way.
        shop.fault(json!({ "call": "cancel", "kind": "lose", "when": "after" })).await;
        let answer = shop.confirm(&key, &order, json!(order.amount)).await;
        let told = json!({
            "orderId": order.id, "status": "CANCELING", "message": "결제를 취소하고 있습니다",
        });
        answer.is_json(202, told);
        shop.settles(&order, "FAILED").await;
        assert_eq!(shop.payment(&key).await["balanceAmount"], 0);
        assert_eq!(shop.payment(&key).await["cancels"].as_array().unwrap().len(), 1);
        assert_eq!(shop.stock("tee").await, "120");
        let answer = shop.confirm(&key, &order, json!(order.amount)).await;
        let message = "주문을 완료하지 못해 결제를 취소했습니다.";
        answer.is_json(400, json!({ "orderId": order.id, "status": "FAILED", "message": message }));
    });
}

#[test]
fn a_payment_that_expired_before_the_return_fails_truthfully() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let key = shop.authenticate(&order).await;
        shop.toss("/__sandbox/clock", &json!({ "advanceSeconds": 11 * 60 })).await;
        let answer = shop.confirm(&key, &order, json!(order.amount)).await;
        assert_eq!(answer.is(400).json()["status"], "FAILED");
        assert_eq!(shop.stock("tee").await, "120");
        assert_eq!(shop.calls(&order).await, ["confirm 404", "read 200"]);
    });
}

#[test]
fn a_payment_that_never_was_fails() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let answer = shop.confirm("tgen_0000000000000000000", &order, json!(order.amount)).await;
        assert_eq!(answer.is(400).json()["status"], "FAILED");
        assert_eq!(shop.stock("tee").await, "120");
    });
}

#[test]
fn a_crash_between_sending_and_recording_is_settled_at_the_next_start() {
    run(async {
        let shop = Shop::start().await;
        let order = shop.order().await;
        let key = shop.authenticate(&order).await;
        shop.fault(json!({ "call": "confirm", "kind": "hold", "when": "after" })).await;
        // The program is at the point where Toss has taken the money and nobody has been told.
        let lost = shop.confirm(&key, &order, json!(order.amount));
        let meanwhile = async {
            while shop.payment(&key).await["status"] != "DONE" {
                tokio::task::yield_now().await;
            }
            // Someone else takes over after the lease, as a new start would.
            shop.settles(&order, "COMPLETED").await;
            shop.lift_faults().await;
        };
        let (told, ()) = tokio::join!(lost, meanwhile);
        told.is(200);
        assert_eq!(shop.events(&order).await, PAID);
        assert_eq!(shop.stock("tee").await, "118");
    });
}

#[test]
fn a_key_that_toss_does_not_know_holds_no_stock() {
    run(async {
        let shop = Shop::start().await;
        let stock = shop.stock("tee").await;
        let long = "k".repeat(200);
        // The last two lead a look-up to addresses of other calls.
        for key in ["nope-nope", long.as_str(), "tgen_20260301101530Ab3Xz", "orders", "confirm"] {
            let order = shop.order().await;
            let told = shop.confirm(key, &order, json!(order.amount)).await;
            assert_eq!(told.is(400).json()["status"], "FAILED", "{key}");
            assert_eq!(shop.stock("tee").await, stock, "{key}");
        }
        // What cannot be a key is refused at the door, and the order can still be paid.
        let order = shop.order().await;
        for key in [".", "..", "a/b", "%2e%2e"] {
            shop.confirm(key, &order, json!(order.amount)).await.is(400);
            assert_eq!(shop.status(&order).await, "PENDING", "{key}");
        }
        assert_eq!(shop.stock("tee").await, stock);
        let key = shop.authenticate(&order).await;
        shop.confirm(&key, &order, json!(order.amount)).await.is(200);
        shop.holds().await;
    });
}

/// Rows of before keys were parsed at the door.
#[test]
fn an_order_in_doubt_under_a_key_that_names_no_address_is_decided() {
    run(async {
        let (shop, order, key) = Shop::on_return().await;
        let stock = shop.stock("tee").await;
        shop.fault(
            json!({ "orderId": order.id, "call": "confirm", "kind": "lose", "when": "before" }),
        )
        .await;
        shop.confirm(&key, &order, json!(order.amount)).await.is(202);
        shop.alter(&format!(
            "update payments set payment_key = '..', sealed = replace(sealed, '{key}', '..')"
        ))
        .await;
        shop.lift_faults().await;
        shop.settles(&order, "FAILED").await;
        assert_eq!(shop.stock("tee").await, stock);
    });
}

#[test]
fn another_payment_of_the_order_answers_no_question_about_this_one() {
    run(async {
        for fault in [
            json!({ "call": "read", "kind": "refuse", "code": "PROVIDER_ERROR", "times": 4 }),
            json!({ "call": "read", "kind": "unknownCode", "times": 4 }),
            json!({ "call": "read", "kind": "fail", "when": "before", "times": 4 }),
        ] {
            let (shop, order, key) = Shop::on_return().await;
            shop.fault(json!({ "call": "confirm", "kind": "lose", "when": "after" })).await;
            shop.confirm(&key, &order, json!(order.amount)).await.is(202);
            // A second tab has opened the window again, long after this one was approved.
            shop.toss("/__sandbox/clock", &json!({ "advanceSeconds": 900 })).await;
            shop.running.app.clock.advance(900_000);
            shop.authenticate(&order).await;
            shop.fault(fault).await;
            shop.later(70).await;
            assert_ne!(shop.status(&order).await, "FAILED");
            shop.lift_faults().await;
            shop.settles(&order, "COMPLETED").await;
            assert!(!shop.events(&order).await.iter().any(|event| event.contains("FAILED")));
            shop.holds().await;
        }
    });
}
