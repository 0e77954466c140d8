//! Virtual accounts: waited for, paid into, reversed, over, and refunded to an account.

use serde_json::json;

use crate::domain::bank::Account;
use crate::domain::id::OrderId;
use crate::server::refund::{self, Given, Request, What};
use crate::tests::refunds::request;
use crate::tests::shop::{Answer, Order, Shop, run};

const DAY: i64 = 24 * 3_600;

/// Nobody's.
const NUMBER: &str = "1002123456789";

impl Shop {
    /// An order that waits for its deposit.
    async fn awaited(&self) -> (Order, String) {
        let order = self.order().await;
        let key = self.authenticate_as(&order.id, order.amount, "VIRTUAL_ACCOUNT").await;
        self.confirm(&key, &order, json!(order.amount)).await.is(202);
        (order, key)
    }

    async fn deposit(&self, key: &str) {
        self.toss(&format!("/__sandbox/payments/{key}/deposit"), &json!({})).await;
    }

    async fn reverse(&self, key: &str) {
        self.toss(&format!("/__sandbox/payments/{key}/reverse-deposit"), &json!({})).await;
    }

    /// An order whose deposit came.
    pub(super) async fn deposited(&self) -> (Order, String) {
        let (order, key) = self.awaited().await;
        self.deposit(&key).await;
        self.settles(&order, "COMPLETED").await;
        (order, key)
    }

    async fn name_account(&self, order: &Order, bank: &str, number: &str, holder: &str) -> Answer {
        let fields = [
            ("orderId", order.id.as_str()),
            ("bank", bank),
            ("accountNumber", number),
            ("holderName", holder),
        ];
        self.browser.post_form("/form/refund-account", &fields).await
    }

    async fn page(&self, order: &Order) -> String {
        self.browser.get(&format!("/orders/{}", order.id)).await.text
    }
}

#[test]
fn the_page_says_where_and_until_when_to_deposit() {
    run(async {
        let shop = Shop::start().await;
        let (order, key) = shop.awaited().await;
        let number = shop.payment(&key).await["virtualAccount"]["accountNumber"].clone();
        let number = number.as_str().unwrap();
        let page = shop.page(&order).await;
        for text in ["입금할 계좌", number, "74,500원", "까지", "data-due=\"", "role=\"timer\""]
        {
            assert!(page.contains(text), "{text}: {page}");
        }
        let page = shop.stranger().get(&format!("/orders/{}", order.id)).await;
        for text in [number, "계좌번호", "아래 계좌"] {
            assert!(!page.text.contains(text), "{text}: {}", page.text);
        }
        assert!(
            page.text.contains("입금할 계좌는 주문한 브라우저에서만 보입니다"),
            "{}",
            page.text
        );
    });
}

#[test]
fn toss_s_word_ends_the_wait_and_our_clock_does_not() {
    run(async {
        let shop = Shop::start().await;
        let (order, key) = shop.awaited().await;
        // Toss's clock stands still: it says that it waits, and our clock may be wrong.
        shop.running.app.clock.set(9 * DAY * 1_000);
        shop.later(7 * DAY + 20 * 60).await;
        shop.later(70).await;
        assert_eq!(shop.status(&order).await, "WAITING_FOR_DEPOSIT");
        // By Toss's clock the account is over, and Toss does not say so yet: a deposit is on its way.
        let over = "update payments set account_due_ms = account_due_ms - 8 * 24 * 3600 * 1000";
        shop.alter(over).await;
        // A silent Toss may have the deposit: nothing is decided without it.
        let silence = json!({ "call": "any", "kind": "lose", "when": "before", "times": 1000 });
        shop.fault(silence).await;
        shop.later(3_600).await;
        shop.later(3_600).await;
        assert_eq!(shop.status(&order).await, "WAITING_FOR_DEPOSIT");
        assert_eq!(shop.stock("tee").await, "118");
        shop.lift_faults().await;
        shop.settles(&order, "EXPIRED").await;
        assert_eq!(shop.stock("tee").await, "120");
        shop.holds().await;
        // A deposit that comes all the same is late money.
        shop.deposit(&key).await;
        let body = json!({
            "eventType": "PAYMENT_STATUS_CHANGED", "createdAt": "2026-11-22T12:00:00.000000",
            "data": { "orderId": order.id, "paymentKey": key, "status": "DONE" },
        });
        shop.browser.post_json("/webhooks/toss", &body).await.is(200);
        shop.settles(&order, "COMPLETED").await;
        assert_eq!(shop.stock("tee").await, "118");
        shop.holds().await;
    });
}

#[test]
fn a_reversed_deposit_is_told_and_what_was_promised_is_held() {
    run(async {
        let shop = Shop::start_with(&["--sandbox-webhooks"]).await;
        let (order, key) = shop.deposited().await;
        shop.reverse(&key).await;
        shop.settles(&order, "WAITING_FOR_DEPOSIT").await;
        assert_eq!(shop.stock("tee").await, "118");
        let page = shop.page(&order).await;
        assert!(page.contains("은행이 입금을 되돌려"), "{page}");
        shop.holds().await;
        shop.deposit(&key).await;
        shop.settles(&order, "COMPLETED").await;
        assert!(!shop.page(&order).await.contains("되돌려"));
        shop.holds().await;
    });
}

#[test]
fn a_refund_waits_for_the_buyers_account_and_forgets_it() {
    run(async {
        let shop = Shop::start().await;
        let (order, key) = shop.deposited().await;
        let asked = shop.staff_refund(&order, &request(What::Amount(4_500))).await.unwrap();
        assert!(asked.waits_for_account);
        shop.works_through().await;
        assert_eq!(shop.status(&order).await, "REFUND_WAITING");
        assert!(!shop.calls(&order).await.iter().any(|call| call.starts_with("cancel")));
        shop.holds().await;
        let page = shop.page(&order).await;
        for text in ["환불받을 계좌", "4,500원", "우리은행", "action=\"/form/refund-account\""]
        {
            assert!(page.contains(text), "{text}: {page}");
        }
        let stranger = shop.stranger();
        let page = stranger.get(&format!("/orders/{}", order.id)).await;
        assert!(!page.text.contains("refund-account"), "{}", page.text);

        // Nobody else may name it, and what is wrong is told at its field, without what was typed.
        let fields = [
            ("orderId", order.id.as_str()),
            ("bank", "20"),
            ("accountNumber", NUMBER),
            ("holderName", "홍길동"),
        ];
        let told = stranger.post_form("/form/refund-account", &fields).await;
        assert!(told.location.unwrap().starts_with("/cart?problem="));
        assert_eq!(shop.status(&order).await, "REFUND_WAITING");
        for (bank, number, holder, field) in [
            ("", NUMBER, "홍길동", "bank"),
            ("20", "12-34", "홍길동", "accountNumber"),
            ("20", NUMBER, " ", "holderName"),
            ("", NUMBER, "\u{3164}", "bank.holderName"),
            ("20", "x", "", "accountNumber.holderName"),
            ("", "", "", "bank.accountNumber.holderName"),
        ] {
            let answer = shop.name_account(&order, bank, number, holder).await;
            let to = answer.location.clone().unwrap();
            assert_eq!(to, format!("/orders/{}?wrong={field}", order.id));
            let page = shop.browser.get(&to).await;
            // All that is wrong, each at its field, and the keyboard is at the first.
            let fields: Vec<_> = field.split('.').collect();
            assert_eq!(page.text.matches("-wrong\" role=").count(), fields.len());
            for field in &fields {
                assert!(page.text.contains(&format!("id=\"{field}-wrong\"")), "{}", page.text);
            }
            let focused: Vec<_> =
                page.text.split('<').filter(|tag| tag.contains(" autofocus")).collect();
            assert_eq!(focused.len(), 1, "{}", page.text);
            assert!(focused[0].contains(&format!("id=\"{}\"", fields[0])), "{focused:?}");
        }
        assert_eq!(shop.status(&order).await, "REFUND_WAITING");

        let answer = shop.name_account(&order, "20", "1002-123-456789", "홍길동").await;
        assert_eq!(answer.location, Some(format!("/orders/{}", order.id)));
        shop.settles(&order, "PARTIALLY_REFUNDED").await;
        assert_eq!(shop.payment(&key).await["balanceAmount"], order.amount - 4_500);
        let page = shop.page(&order).await;
        assert!(page.contains("우리은행 ****6789") && !page.contains(NUMBER), "{page}");
        let kept = format!("select count(*) from cancels where sealed like '%{NUMBER}%'");
        assert_eq!(shop.one(&kept).await, "0");
        // Again is harmless: nothing waits any more.
        shop.name_account(&order, "20", NUMBER, "홍길동").await;
        shop.works_through().await;
        assert_eq!(shop.payment(&key).await["cancels"].as_array().unwrap().len(), 1);
        shop.holds().await;
    });
}

#[test]
fn an_account_that_toss_refuses_is_asked_for_again() {
    run(async {
        let shop = Shop::start().await;
        let (order, key) = shop.deposited().await;
        let account = Account::parse("20", NUMBER, "홍길동").unwrap();
        let given = Request { account: Some(account.clone()), ..request(What::Everything) };
        for code in ["INVALID_REFUND_ACCOUNT_INFO", "INVALID_REFUND_ACCOUNT_NUMBER", "INVALID_BANK"]
        {
            shop.fault(json!({ "call": "cancel", "kind": "refuse", "code": code })).await;
            if shop.status(&order).await == "COMPLETED" {
                shop.staff_refund(&order, &given).await.unwrap();
            } else {
                shop.name_account(&order, "20", NUMBER, "홍길동").await;
            }
            shop.settles(&order, "REFUND_WAITING").await;
            let page = shop.page(&order).await;
            assert!(page.contains("계좌로 환불할 수 없었습니다"), "{page}");
            let kept = format!("select count(*) from cancels where sealed like '%{NUMBER}%'");
            assert_eq!(shop.one(&kept).await, "0");
            shop.holds().await;
        }
        // Staff may name it too, or take the refund back.
        let id = OrderId::parse(&order.id).unwrap();
        let app = &shop.running.app;
        let now = || app.clock.now();
        refund::withdraw(&app.db, &id, now()).await.unwrap();
        assert_eq!(shop.status(&order).await, "COMPLETED");
        assert!(refund::withdraw(&app.db, &id, now()).await.is_err());
        shop.holds().await;
        shop.staff_refund(&order, &request(What::Everything)).await.unwrap();
        refund::give_account(&app.db, Given::Staff, &id, &account, now()).await.unwrap();
        shop.settles(&order, "REFUNDED").await;
        assert_eq!(shop.payment(&key).await["balanceAmount"], 0);
        shop.holds().await;
        // Nowhere else is an account asked for.
        let (card, _) = shop.paid().await;
        let refused = shop.staff_refund(&card, &given).await.unwrap_err();
        assert!(refused.contains("paid by a deposit"), "{refused}");
    });
}

#[test]
fn late_money_that_cannot_be_kept_waits_for_an_account_too() {
    run(async {
        let shop = Shop::start().await;
        let (order, key) = shop.awaited().await;
        shop.alter("update payments set account_due_ms = 1").await;
        shop.settles(&order, "EXPIRED").await;
        shop.alter("update products set stock = 1, received = 1 where id = 'tee'").await;
        shop.deposit(&key).await;
        let body = json!({
            "eventType": "PAYMENT_STATUS_CHANGED", "createdAt": "2026-11-22T12:00:00.000000",
            "data": { "orderId": order.id, "paymentKey": key, "status": "DONE" },
        });
        shop.browser.post_json("/webhooks/toss", &body).await.is(200);
        shop.settles(&order, "CANCELING").await;
        let page = shop.page(&order).await;
        assert!(page.contains("refund-account") && page.contains("74,500원"), "{page}");
        assert!(!shop.calls(&order).await.iter().any(|call| call.starts_with("cancel")));
        shop.name_account(&order, "20", NUMBER, "홍길동").await;
        shop.settles(&order, "FAILED").await;
        assert_eq!(shop.payment(&key).await["balanceAmount"], 0);
        shop.works_through().await;
        shop.holds().await;
    });
}

#[test]
fn a_deposit_that_is_reversed_is_not_refunded() {
    run(async {
        // By amount, in full, and while the buyer is asked for an account.
        for (what, named) in [(What::Amount(4_500), true), (What::Everything, false)] {
            let shop = Shop::start().await;
            let (order, key) = shop.deposited().await;
            let account = Account::parse("20", NUMBER, "홍길동").unwrap();
            let request = Request { account: named.then_some(account), ..request(what) };
            shop.reverse(&key).await;
            shop.staff_refund(&order, &request).await.unwrap();
            let body = json!({
                "eventType": "PAYMENT_STATUS_CHANGED", "createdAt": "2026-11-22T12:00:00.000000",
                "data": { "orderId": order.id, "paymentKey": key, "status": "WAITING_FOR_DEPOSIT" },
            });
            shop.browser.post_json("/webhooks/toss", &body).await.is(200);
            shop.settles(&order, "WAITING_FOR_DEPOSIT").await;
            let row = shop.one("select state from cancels").await;
            assert_eq!(row, "NEEDLESS");
            assert_eq!(shop.payment(&key).await["balanceAmount"], order.amount);
            assert_eq!(shop.stock("tee").await, "118");
            shop.holds().await;
        }
    });
}
