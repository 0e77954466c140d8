//! Whatever moves an order, it is written down who did it, and it is counted.

use serde_json::json;

use crate::domain::id::OrderId;
use crate::server::payment::refund::{self, What};
use crate::tests::refunds::request;
use crate::tests::shop::{Order, Shop, run, staff};

impl Shop {
    /// Who did it, newest first.
    async fn who(&self, order: &Order, event: &str) -> String {
        let sql = "select actor from order_events where order_id = '{id}' and event = '{event}' \
                   order by id desc limit 1";
        self.one(&sql.replace("{id}", &order.id).replace("{event}", event)).await
    }

    /// How often orders have come to this.
    async fn moved_to(&self, status: &str) -> String {
        let metrics = self.browser.get_json("/metrics").await.is(200).text.clone();
        let line = format!("gyesan_orders_moved_total{{status=\"{status}\"}} ");
        let count = metrics.lines().find_map(|it| it.strip_prefix(&line));
        count.unwrap_or("0").to_owned()
    }
}

#[test]
fn every_move_says_who_did_it() {
    run(async {
        let shop = Shop::start_with(&["--sandbox-webhooks"]).await;
        let order = shop.order().await;
        let key = shop.authenticate_as(&order.id, order.amount, "VIRTUAL_ACCOUNT").await;
        shop.confirm(&key, &order, json!(order.amount)).await.is(202);
        for event in ["Placed", "Sent", "DepositAwaited"] {
            assert_eq!(shop.who(&order, event).await, "buyer", "{event}");
        }
        shop.toss(&format!("/__sandbox/payments/{key}/deposit"), &json!({})).await;
        let status = format!("select status from orders where id = '{}'", order.id);
        shop.until(&status, "COMPLETED").await;
        assert_eq!(shop.who(&order, "Approved").await, "webhook");
        shop.staff_refund(&order, &request(What::Everything)).await.unwrap();
        assert_eq!(shop.who(&order, "AccountAsked").await, "staff:김직원");
        // The buyer names the account; what Toss then does is the background's to hear.
        let fields = [
            ("orderId", order.id.as_str()),
            ("bank", "20"),
            ("accountNumber", "1002123456789"),
            ("holderName", "홍길동"),
        ];
        shop.browser.post_form("/form/refund-account", &fields).await;
        assert_eq!(shop.who(&order, "RefundAsked").await, "buyer");
        let given_up = shop.order().await;
        let page = format!("/fail?code=PAY_PROCESS_CANCELED&orderId={}", given_up.id);
        shop.browser.get(&page).await.is(200);
        assert_eq!(shop.who(&given_up, "Abandoned").await, "buyer");
        let nameless = "select count(*) from order_events where actor is null";
        assert_eq!(shop.one(nameless).await, "0");
    });
}

#[test]
fn every_move_is_counted() {
    run(async {
        let shop = Shop::start().await;
        let unpaid = shop.order().await;
        let day = 25 * 3_600;
        shop.toss("/__sandbox/clock", &json!({ "advanceSeconds": day })).await;
        shop.running.app.clock.advance(day * 1_000);
        // Toss's time is heard with another payment.
        let (order, _) = shop.paid().await;
        shop.later(1).await;
        assert_eq!(shop.status(&unpaid).await, "EXPIRED");
        assert_eq!(shop.who(&unpaid, "Lapsed").await, "background");
        assert_eq!(shop.moved_to("EXPIRED").await, "1");
        shop.staff_refund(&order, &request(What::Amount(1_000))).await.unwrap();
        assert_eq!(shop.moved_to("REFUNDING").await, "1");
        shop.settles(&order, "PARTIALLY_REFUNDED").await;
        assert_eq!(shop.moved_to("PARTIALLY_REFUNDED").await, "1");

        let waits = shop.order().await;
        let key = shop.authenticate_as(&waits.id, waits.amount, "VIRTUAL_ACCOUNT").await;
        shop.confirm(&key, &waits, json!(waits.amount)).await.is(202);
        shop.toss(&format!("/__sandbox/payments/{key}/deposit"), &json!({})).await;
        shop.settles(&waits, "COMPLETED").await;
        assert_eq!(shop.moved_to("COMPLETED").await, "2");
        shop.staff_refund(&waits, &request(What::Everything)).await.unwrap();
        assert_eq!(shop.moved_to("REFUND_WAITING").await, "1");
        let (id, app) = (OrderId::parse(&waits.id).unwrap(), &shop.running.app);
        refund::withdraw(&app.ledger, &id, &staff(), app.clock.now()).await.unwrap();
        assert_eq!(shop.moved_to("COMPLETED").await, "3");
        shop.holds().await;
    });
}
