//! Refunds by line, by amount and of everything; made at Toss; refused, and refused late.

use serde_json::{Value, json};

use crate::domain::id::OrderId;
use crate::server::db::invariants;
use crate::server::payment::refund::{self, Asked, Request, What};
use crate::tests::shop::{Order, Shop, run, staff};

impl Shop {
    /// What staff do at the command line.
    pub(super) async fn staff_refund(
        &self,
        order: &Order,
        request: &Request,
    ) -> Result<Asked, String> {
        let id = OrderId::parse(&order.id).unwrap();
        let app = &self.running.app;
        refund::write_down(&app.ledger, &id, request, &staff(), app.clock.now())
            .await
            .map_err(|error| error.to_string())
    }

    /// As [`Shop::staff_refund`], and waits until Toss has done it.
    async fn refunded(&self, order: &Order, what: What, status: &str) -> i64 {
        let asked = self.staff_refund(order, &request(what)).await.unwrap();
        self.settles(order, status).await;
        asked.plan.amount
    }

    /// An order with a coupon that is paid: 74,500 less 3,000.
    async fn paid_with_coupon(&self) -> (Order, String) {
        let order = self.order().await;
        let coupons = self.browser.get_json("/api/coupons?subtotal=74500").await.json();
        let coupon = coupons.as_array().unwrap().iter().find(|it| it["discount"] == 3_000).unwrap();
        let body = json!({ "orderId": order.id, "couponId": coupon["couponId"] });
        let priced = self.browser.post_json("/api/apply-coupon", &body).await.is(200).json();
        let amount = priced["amount"].as_i64().unwrap();
        let order = Order { amount, ..order };
        let key = self.authenticate(&order).await;
        self.confirm(&key, &order, json!(amount)).await.is(200);
        (order, key)
    }

    /// Rows of refunds and rows of Toss's cancels, which match one to one.
    async fn matches_toss(&self, order: &Order, key: &str) {
        let payment = self.payment(key).await;
        let told = payment["cancels"].as_array().cloned().unwrap_or_default();
        let mut told: Vec<String> = told
            .iter()
            .filter(|cancel| cancel["cancelStatus"] != "ABORTED")
            .map(|it| {
                format!("{} {} {}", it["transactionKey"], it["cancelAmount"], it["taxFreeAmount"])
            })
            .collect();
        told.sort();
        let sql = format!(
            "select coalesce(cast(count(*) as text), '') from cancels
             where order_id = '{}' and state in ('DONE', 'RUNNING')",
            order.id
        );
        assert_eq!(self.one(&sql).await, told.len().to_string());
        for row in told {
            let mut parts = row.split(' ');
            let key = parts.next().unwrap().trim_matches('"');
            let sql = format!("select amount from cancels where transaction_key = '{key}'");
            assert_eq!(self.one(&sql).await, parts.next().unwrap());
            let sql = format!("select tax_free from cancels where transaction_key = '{key}'");
            assert_eq!(self.one(&sql).await, parts.next().unwrap());
        }
    }
}

pub(super) fn request(what: What) -> Request {
    let reason = "고객 요청".to_owned();
    Request { what, reason, restocks: false, restores_coupon: false, account: None }
}

fn pieces(product: &str, count: i64) -> What {
    What::Pieces(vec![(product.to_owned(), count)])
}

#[test]
fn line_by_line_an_order_with_a_coupon_goes_back_to_the_won() {
    run(async {
        let shop = Shop::start().await;
        let (order, key) = shop.paid_with_coupon().await;
        let mut back = 0;
        back += shop.refunded(&order, pieces("tee", 1), "PARTIALLY_REFUNDED").await;
        back += shop.refunded(&order, pieces("tee", 1), "PARTIALLY_REFUNDED").await;
        back += shop.refunded(&order, What::Amount(1), "PARTIALLY_REFUNDED").await;
        shop.matches_toss(&order, &key).await;
        shop.holds().await;
        let none = shop.staff_refund(&order, &request(pieces("tee", 1))).await.unwrap_err();
        assert!(none.contains("have gone back already"), "{none}");
        back += shop.refunded(&order, pieces("mug", 1), "PARTIALLY_REFUNDED").await;
        back += shop.refunded(&order, What::Everything, "REFUNDED").await;
        assert_eq!(back, order.amount);
        assert_eq!(shop.payment(&key).await["balanceAmount"], 0);
        shop.matches_toss(&order, &key).await;
        // What was sent to the buyer is not on the shelf again by itself.
        assert_eq!(shop.stock("tee").await, "118");
        shop.works_through().await;
        shop.holds().await;

        let page = shop.browser.get(&format!("/orders/{}", order.id)).await;
        for text in ["환불 내역", "토스 티셔츠 1개", "금액 환불", "환불 완료", "사유: 고객 요청"]
        {
            assert!(page.text.contains(text), "{text}: {}", page.text);
        }
        let page = shop.stranger().get(&format!("/orders/{}", order.id)).await;
        assert!(!page.text.contains("환불 내역"), "{}", page.text);
    });
}

#[test]
fn staff_put_pieces_and_a_coupon_back_once() {
    run(async {
        let shop = Shop::start().await;
        let (order, _) = shop.paid_with_coupon().await;
        let restocked =
            Request { restocks: true, restores_coupon: true, ..request(pieces("tee", 1)) };
        shop.staff_refund(&order, &restocked).await.unwrap();
        // Only once the money is back.
        assert_eq!(shop.stock("tee").await, "118");
        shop.settles(&order, "PARTIALLY_REFUNDED").await;
        assert_eq!(shop.stock("tee").await, "119");
        let used = "select count(*) from coupons where used_order is not null";
        assert_eq!(shop.one(used).await, "1");
        let rest = Request { restocks: true, ..request(What::Everything) };
        shop.staff_refund(&order, &rest).await.unwrap();
        shop.settles(&order, "REFUNDED").await;
        for product in [("tee", "120"), ("mug", "80"), ("socks", "300")] {
            assert_eq!(shop.stock(product.0).await, product.1);
        }
        assert_eq!(shop.one(used).await, "0");
        shop.works_through().await;
        assert_eq!(shop.stock("tee").await, "120");
        shop.holds().await;
    });
}

#[test]
fn a_coupon_that_came_back_may_pay_again() {
    run(async {
        let shop = Shop::start().await;
        let (first, _) = shop.paid_with_coupon().await;
        let back = Request { restores_coupon: true, ..request(What::Everything) };
        shop.staff_refund(&first, &back).await.unwrap();
        shop.settles(&first, "REFUNDED").await;
        let (second, _) = shop.paid_with_coupon().await;
        let coupon = |id: &str| format!("select coupon_id from orders where id = '{id}'");
        assert_eq!(shop.one(&coupon(&first.id)).await, shop.one(&coupon(&second.id)).await);
        shop.holds().await;
        // A coupon that did not come back is in one order, also while a refund waits for an account.
        for status in ["COMPLETED", "REFUND_WAITING"] {
            let id = &first.id;
            shop.alter(&format!(
                "update orders set status = '{status}', coupon_back_at = null where id = '{id}'"
            ))
            .await;
            let told = invariants::offences(shop.running.app.db.read()).await.unwrap();
            let law = "a coupon is in at most one live order";
            assert!(told.iter().any(|offence| offence.starts_with(law)), "{status}: {told:?}");
        }
    });
}

#[test]
fn a_refund_that_toss_refuses_puts_nothing_back() {
    run(async {
        let shop = Shop::start().await;
        let (order, key) = shop.paid_with_coupon().await;
        shop.fault(json!({ "call": "cancel", "kind": "refuse", "code": "REFUND_REJECTED" })).await;
        let all = Request { restocks: true, restores_coupon: true, ..request(What::Everything) };
        shop.staff_refund(&order, &all).await.unwrap();
        shop.settles(&order, "COMPLETED").await;
        assert_eq!(shop.stock("tee").await, "118");
        assert_eq!(shop.one("select state from cancels").await, "REFUSED");
        let page = shop.browser.get(&format!("/orders/{}", order.id)).await;
        assert!(page.text.contains("환불하지 못했습니다"), "{}", page.text);
        shop.holds().await;
        // And then it may be asked for again, in full.
        shop.staff_refund(&order, &all).await.unwrap();
        shop.settles(&order, "REFUNDED").await;
        assert_eq!(shop.stock("tee").await, "120");
        shop.matches_toss(&order, &key).await;
        shop.holds().await;
    });
}

#[test]
fn refunds_in_tosss_console_have_their_rows_beside_ours() {
    run(async {
        let shop = Shop::start().await;
        let (order, key) = shop.paid().await;
        let cancel = async |amount: Option<i64>| {
            let mut body = json!({ "cancelReason": "고객 요청" });
            if let Some(amount) = amount {
                body["cancelAmount"] = json!(amount);
            }
            shop.as_merchant(&format!("/v1/payments/{key}/cancel"), &body).await;
        };
        let webhook = async |n: u32| {
            let body = json!({
                "eventType": "PAYMENT_STATUS_CHANGED", "createdAt": "2026-11-22T12:00:00.000000",
                "data": { "orderId": order.id, "paymentKey": key, "lastTransactionKey": n.to_string() },
            });
            shop.browser.post_json("/webhooks/toss", &body).await.is(200);
        };
        cancel(Some(4_500)).await;
        cancel(Some(4_500)).await;
        webhook(1).await;
        let refunded = format!("select refunded from orders where id = '{}'", order.id);
        shop.until(&refunded, "9000").await;
        shop.matches_toss(&order, &key).await;
        // A third, of the same amount and reason, while ours is on its way with a lost answer.
        shop.fault(json!({ "call": "cancel", "kind": "lose", "when": "after" })).await;
        shop.refunded(&order, What::Amount(4_500), "PARTIALLY_REFUNDED").await;
        cancel(Some(4_500)).await;
        webhook(2).await;
        shop.until(&refunded, "18000").await;
        shop.matches_toss(&order, &key).await;
        shop.holds().await;
        let kinds = "select count(*) from cancels where kind = 'CONSOLE'";
        assert_eq!(shop.one(kinds).await, "3");
        // Ours is behind the times: refused by the balance that it counts on, and nothing is lost.
        shop.staff_refund(&order, &request(What::Amount(1_000))).await.unwrap();
        cancel(None).await;
        shop.settles(&order, "REFUNDED").await;
        shop.matches_toss(&order, &key).await;
        shop.works_through().await;
        shop.holds().await;
    });
}

/// Toss takes 200 characters of a reason: staff's words are sent whole, or not at all.
#[test]
fn a_reason_that_toss_does_not_take_whole_is_refused() {
    run(async {
        let shop = Shop::start().await;
        let (order, key) = shop.paid().await;
        let id = OrderId::parse(&order.id).unwrap();
        let app = &shop.running.app;
        let of = |letters: usize| Request {
            reason: "가".repeat(letters),
            ..request(What::Amount(1_000))
        };
        let refused = shop.staff_refund(&order, &of(201)).await.unwrap_err();
        assert!(refused.contains("--reason has 201 characters"), "{refused}");
        assert!(refund::preview(&app.db, &id, &of(201)).await.is_err());
        // It is needed for the refund, not for the look.
        refund::preview(&app.db, &id, &of(0)).await.unwrap();
        assert!(shop.staff_refund(&order, &of(0)).await.is_err());
        assert_eq!(shop.one("select count(*) from cancels").await, "0");
        shop.staff_refund(&order, &of(200)).await.unwrap();
        shop.settles(&order, "PARTIALLY_REFUNDED").await;
        let told = shop.payment(&key).await["cancels"][0]["cancelReason"].clone();
        assert_eq!(told, "가".repeat(200));
        shop.holds().await;
    });
}

#[test]
fn a_dry_run_says_all_and_writes_nothing() {
    run(async {
        let shop = Shop::start().await;
        let (order, _) = shop.paid_with_coupon().await;
        let id = OrderId::parse(&order.id).unwrap();
        let app = &shop.running.app;
        let asked = refund::preview(&app.db, &id, &request(pieces("tee", 2))).await.unwrap();
        // 58,000 of 74,500, less its share of 3,000.
        assert_eq!((asked.plan.amount, asked.left_after), (55_664, 15_836));
        assert_eq!(asked.names, ["토스 티셔츠"]);
        assert!(!asked.waits_for_account);
        for (what, told) in [
            (pieces("blanket", 1), "not in the order, which has tee, mug, socks"),
            (pieces("tee", 3), "1 to 2 pieces"),
            (pieces("tee", -1), "1 to 2 pieces"),
            (What::Amount(71_501), "to 71500 won"),
            (What::Pieces(vec![]), "nothing was paid"),
        ] {
            let refused = refund::preview(&app.db, &id, &request(what)).await.unwrap_err();
            assert!(refused.to_string().contains(told), "{refused}");
        }
        assert_eq!(shop.one("select count(*) from cancels").await, "0");
        assert_eq!(shop.events(&order).await.len(), 4);
        shop.holds().await;
    });
}

#[test]
fn the_tax_free_part_goes_back_with_its_lines() {
    run(async {
        let shop = Shop::start().await;
        shop.alter("update products set tax_free = 1 where id = 'mug'").await;
        let order = shop.order().await;
        let checkout = shop.browser.get_json(&format!("/api/checkout?orderId={}", order.id)).await;
        assert_eq!(checkout.json()["taxFree"], 12_000);
        let body = json!({
            "clientKey": shop.running.app.shop.client_key, "orderId": order.id,
            "orderName": "주문", "amount": order.amount, "method": "CARD", "taxFreeAmount": 12_000,
        });
        let told = shop.toss("/__sandbox/authenticate", &body).await;
        let key = told["paymentKey"].as_str().unwrap_or_else(|| panic!("{told}")).to_owned();
        shop.confirm(&key, &order, json!(order.amount)).await.is(200);
        shop.refunded(&order, pieces("tee", 1), "PARTIALLY_REFUNDED").await;
        assert_eq!(shop.payment(&key).await["taxFreeAmount"], 12_000);
        shop.refunded(&order, What::Amount(10_000), "PARTIALLY_REFUNDED").await;
        shop.refunded(&order, pieces("mug", 1), "PARTIALLY_REFUNDED").await;
        shop.matches_toss(&order, &key).await;
        shop.holds().await;
        shop.refunded(&order, What::Everything, "REFUNDED").await;
        shop.matches_toss(&order, &key).await;
        shop.holds().await;
    });
}

#[test]
fn won_by_won_until_nothing_is_left() {
    run(async {
        let shop = Shop::start().await;
        let (order, key) = shop.paid_with_coupon().await;
        for _ in 0..20 {
            shop.refunded(&order, What::Amount(1), "PARTIALLY_REFUNDED").await;
        }
        shop.refunded(&order, pieces("tee", 1), "PARTIALLY_REFUNDED").await;
        shop.refunded(&order, What::Everything, "REFUNDED").await;
        let told: Value = shop.payment(&key).await;
        // Emptied by parts, which Toss never calls cancelled.
        assert_eq!(
            (&told["status"], &told["balanceAmount"]),
            (&json!("PARTIAL_CANCELED"), &json!(0))
        );
        shop.matches_toss(&order, &key).await;
        let none = shop.staff_refund(&order, &request(What::Everything)).await.unwrap_err();
        assert!(none.contains("has gone back already"), "{none}");
        shop.holds().await;
    });
}
