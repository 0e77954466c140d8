//! Virtual accounts: waited for, paid into, reversed, over, and refunded to an account.

use serde_json::json;

use crate::domain::actor::Actor;
use crate::domain::bank::Account;
use crate::domain::id::OrderId;
use crate::server::payment::deposit_end::{self, Refused, Who};
use crate::server::payment::refund::{self, Given, Request, What};
use crate::server::payment::settle::{Why, settle};
use crate::tests::refunds::request;
use crate::tests::shop::{Answer, Browser, Order, Shop, run, staff};

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
        refund::withdraw(&app.ledger, &id, &staff(), now()).await.unwrap();
        assert_eq!(shop.status(&order).await, "COMPLETED");
        assert!(refund::withdraw(&app.ledger, &id, &staff(), now()).await.is_err());
        shop.holds().await;
        shop.staff_refund(&order, &request(What::Everything)).await.unwrap();
        refund::give_account(&app.ledger, Given::Staff(&staff()), &id, &account, now())
            .await
            .unwrap();
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

impl Shop {
    /// What staff do at the command line.
    async fn staff_cancel(&self, order: &Order) -> Result<(), Refused> {
        let app = &self.running.app;
        let id = OrderId::parse(&order.id).unwrap();
        let who = Who::Staff { by: &staff(), reason: "고객 문의" };
        deposit_end::ask(&app.db, &id, who, app.clock.now()).await
    }

    /// An order of one more browser, whose buyer has another phone and e-mail, and waits.
    async fn awaited_by(&self, buyer: &Browser, phone: &str, email: &str) -> (Order, u16) {
        let wish = json!({
            "lines": [{ "productId": "socks", "quantity": 1 }],
            "customer": { "name": "홍길동", "email": email, "mobilePhone": phone },
        });
        let placed = buyer.post_json("/api/place-order", &wish).await.is(201).json();
        let text = |name: &str| placed[name].as_str().unwrap().to_owned();
        let amount = placed["amount"].as_i64().unwrap();
        let order = Order { id: text("orderId"), name: text("orderName"), amount };
        let key = self.authenticate_as(&order.id, amount, "VIRTUAL_ACCOUNT").await;
        let claim = json!({ "paymentKey": key, "orderId": order.id, "amount": amount });
        let answer = buyer.post_json("/api/confirm-payment", &claim).await;
        (order, answer.status.as_u16())
    }
}

#[test]
fn a_waiting_account_is_ended_by_staff_and_its_page_says_that_nothing_was_paid() {
    run(async {
        let shop = Shop::start().await;
        let (order, key) = shop.awaited().await;
        assert_eq!(shop.stock("tee").await, "118");
        // Neither a coupon nor stock is given back before Toss has ended it.
        let silence = json!({ "call": "cancel", "kind": "lose", "when": "before", "times": 3 });
        shop.fault(silence).await;
        shop.staff_cancel(&order).await.unwrap();
        shop.staff_cancel(&order).await.unwrap();
        shop.later(1).await;
        assert_eq!(shop.status(&order).await, "WAITING_FOR_DEPOSIT");
        assert_eq!(shop.stock("tee").await, "118");
        // Meanwhile nobody is asked to pay into it.
        let number = shop.payment(&key).await["virtualAccount"]["accountNumber"].clone();
        let page = shop.page(&order).await;
        assert!(
            page.contains("주문을 취소하고 있습니다") && page.contains("입금하지 마세요"),
            "{page}"
        );
        for text in [number.as_str().unwrap(), "아래 계좌로", "action=\"/form/end-deposit\""] {
            assert!(!page.contains(text), "{text}: {page}");
        }
        shop.lift_faults().await;
        shop.settles(&order, "FAILED").await;
        assert_eq!(shop.stock("tee").await, "120");
        let told = shop.payment(&key).await;
        assert_eq!((&told["status"], &told["balanceAmount"]), (&json!("CANCELED"), &json!(0)));
        assert_eq!(told["cancels"][0]["cancelReason"], "고객 문의");
        let page = shop.page(&order).await;
        for text in ["상점에서 입금 전에 주문을 취소했습니다", "입금된 금액은 없습니다"]
        {
            assert!(page.contains(text), "{text}: {page}");
        }
        for text in ["환불", "돌려드", "결제된 금액은 모두 취소"] {
            assert!(!page.contains(text), "{text}: {page}");
        }
        assert_eq!(shop.one("select count(*) from cancels").await, "0", "no money went back");
        shop.holds().await;
        // There is nothing to end any more, and nothing of an order that is paid.
        let told = shop.staff_cancel(&order).await.unwrap_err();
        assert!(matches!(told, Refused::NotWaiting(_)), "{told}");
        let (paid, _) = shop.paid().await;
        let told = shop.staff_cancel(&paid).await.unwrap_err();
        assert!(matches!(told, Refused::NotWaiting(_)), "{told}");
        shop.works_through().await;
        assert_eq!(shop.status(&paid).await, "COMPLETED");
        shop.holds().await;
    });
}

#[test]
fn an_answer_that_was_lost_ends_the_order_all_the_same() {
    run(async {
        for when in ["before", "after"] {
            let shop = Shop::start().await;
            let (order, _) = shop.awaited().await;
            shop.fault(json!({ "call": "cancel", "kind": "lose", "when": when })).await;
            shop.fault(json!({ "call": "cancel", "kind": "refuse", "code": "PROVIDER_ERROR" }))
                .await;
            shop.staff_cancel(&order).await.unwrap();
            shop.settles(&order, "FAILED").await;
            let code = format!("select failure_code from orders where id = '{}'", order.id);
            assert_eq!(shop.one(&code).await, "ACCOUNT_CANCELED_BY_SHOP", "{when}");
            shop.holds().await;
        }
    });
}

#[test]
fn a_deposit_that_comes_first_is_kept_and_the_wish_forgotten() {
    run(async {
        let shop = Shop::start().await;
        let (order, key) = shop.awaited().await;
        // The deposit is there when Toss is asked to end the account.
        shop.fault(json!({ "call": "cancel", "kind": "hold", "when": "before" })).await;
        shop.staff_cancel(&order).await.unwrap();
        let id = OrderId::parse(&order.id).unwrap();
        let app = shop.running.app.clone();
        let settled =
            tokio::spawn(async move { settle(&app, &id, Why::Due, &Actor::Background).await });
        shop.until_asked(&key).await;
        shop.deposit(&key).await;
        shop.lift_faults().await;
        drop(settled.await.unwrap());
        shop.settles(&order, "COMPLETED").await;
        assert_eq!(shop.payment(&key).await["status"], "DONE");
        assert_eq!(shop.stock("tee").await, "118");
        // The bank takes it back: the buyer may pay again, because the wish was for the first time.
        shop.reverse(&key).await;
        let body = json!({
            "eventType": "PAYMENT_STATUS_CHANGED", "createdAt": "2026-11-22T12:00:00.000000",
            "data": { "orderId": order.id, "paymentKey": key, "status": "WAITING_FOR_DEPOSIT" },
        });
        shop.browser.post_json("/webhooks/toss", &body).await.is(200);
        shop.settles(&order, "WAITING_FOR_DEPOSIT").await;
        shop.later(70).await;
        assert_eq!(shop.status(&order).await, "WAITING_FOR_DEPOSIT");
        shop.holds().await;
    });
}

#[test]
fn the_buyer_ends_it_on_the_page_and_nobody_else_can() {
    run(async {
        let shop = Shop::start().await;
        let (order, key) = shop.awaited().await;
        assert!(shop.page(&order).await.contains("action=\"/form/end-deposit\""));
        let stranger = shop.stranger();
        let page = stranger.get(&format!("/orders/{}", order.id)).await;
        assert!(!page.text.contains("end-deposit"), "{}", page.text);
        let fields = [("orderId", order.id.as_str())];
        stranger.post_form("/form/end-deposit", &fields).await;
        shop.later(70).await;
        assert_eq!(shop.status(&order).await, "WAITING_FOR_DEPOSIT");
        let answer = shop.browser.post_form("/form/end-deposit", &fields).await;
        assert_eq!(answer.location, Some(format!("/orders/{}", order.id)));
        shop.settles(&order, "FAILED").await;
        assert_eq!(shop.payment(&key).await["status"], "CANCELED");
        assert!(shop.page(&order).await.contains("요청하신 대로 입금 전에 주문을 취소했습니다"));
        shop.holds().await;
    });
}

#[test]
fn money_that_was_paid_and_given_back_is_told_as_given_back() {
    run(async {
        let shop = Shop::start().await;
        let (order, key) = shop.awaited().await;
        shop.deposit(&key).await;
        // At Toss, before the shop has heard of the deposit.
        let account = json!({ "bank": "20", "accountNumber": NUMBER, "holderName": "홍길동" });
        let body = json!({ "cancelReason": "콘솔에서 취소", "refundReceiveAccount": account });
        shop.as_merchant(&format!("/v1/payments/{key}/cancel"), &body).await;
        shop.settles(&order, "FAILED").await;
        let page = shop.page(&order).await;
        assert!(page.contains("결제된 금액은 모두 취소되었습니다"), "{page}");
        shop.holds().await;
        // Ended at Toss before any deposit: nothing was paid.
        let (order, key) = shop.awaited().await;
        let body = json!({ "cancelReason": "콘솔에서 취소" });
        shop.as_merchant(&format!("/v1/payments/{key}/cancel"), &body).await;
        shop.settles(&order, "FAILED").await;
        let page = shop.page(&order).await;
        assert!(page.contains("입금된 금액은 없습니다") && !page.contains("환불"), "{page}");
        shop.holds().await;
    });
}

#[test]
fn the_shops_own_due_date_ends_the_account_at_toss() {
    run(async {
        let shop = Shop::start_with(&["--deposit-hours", "3"]).await;
        let (order, key) = shop.awaited().await;
        let due = shop.one("select deposit_by from payments").await;
        let page = shop.page(&order).await;
        assert!(page.contains(&format!("data-due=\"{due}\"")), "{page}");
        shop.time_passes(3 * 3_600 - 120).await;
        shop.later(70).await;
        assert_eq!(shop.status(&order).await, "WAITING_FOR_DEPOSIT");
        // The shop's clock alone ends nothing.
        shop.later(3_600).await;
        assert_eq!(shop.status(&order).await, "WAITING_FOR_DEPOSIT");
        shop.time_passes(180).await;
        shop.settles(&order, "EXPIRED").await;
        assert_eq!(shop.payment(&key).await["status"], "CANCELED", "the bank takes no deposit");
        assert_eq!(shop.stock("tee").await, "120");
        assert!(shop.page(&order).await.contains("입금 기한이 지나"));
        shop.holds().await;
        // A deposit of the last minute that nobody has told of yet is kept.
        let (order, key) = shop.awaited().await;
        shop.deposit(&key).await;
        shop.time_passes(4 * 3_600).await;
        shop.settles(&order, "COMPLETED").await;
        shop.holds().await;
    });
}

#[test]
fn of_one_phone_e_mail_or_address_few_accounts_wait() {
    run(async {
        let limits = ["--deposits-per-phone", "2", "--deposits-per-address", "4", "--proxies", "0"];
        let shop = Shop::start_with(&limits).await;
        let mut stock = 300;
        for (phone, email, status) in [
            ("010-1111-1111", "a@example.com", 202),
            ("010-1111-1111", "b@example.com", 202),
            // A third of the phone, whatever the browser and the e-mail.
            ("010-1111-1111", "c@example.com", 400),
            ("010-2222-2222", "D@example.com", 202),
            ("010-3333-3333", "d@example.com", 202),
            // And of the address, by another person.
            ("010-4444-4444", "e@example.com", 400),
        ] {
            let (order, answer) = shop.awaited_by(&shop.stranger(), phone, email).await;
            assert_eq!(answer, status, "{phone} {email}");
            stock -= i64::from(status == 202);
            assert_eq!(shop.stock("socks").await, stock.to_string());
            let stands = if status == 202 { "WAITING_FOR_DEPOSIT" } else { "FAILED" };
            assert_eq!(shop.status(&order).await, stands);
        }
        // Who pays by card is not asked, and an account that is over does not count.
        shop.paid().await;
        shop.holds().await;
        let first = shop.one("select min(id) from orders where status = 'WAITING_FOR_DEPOSIT'");
        let first = Order { id: first.await, name: String::new(), amount: 0 };
        shop.staff_cancel(&first).await.unwrap();
        shop.settles(&first, "FAILED").await;
        let (_, answer) = shop.awaited_by(&shop.stranger(), "010-5555-5555", "f@example.com").await;
        assert_eq!(answer, 202);
        shop.holds().await;
        // From where is not known for ever.
        let known = "select count(*) from orders where placed_from = '127.0.0.1'";
        assert_ne!(shop.one(known).await, "0");
        shop.time_passes(40 * DAY).await;
        shop.until(known, "0").await;
    });
}

#[test]
fn a_deposit_that_was_faster_than_the_end_is_told() {
    run(async {
        let shop = Shop::start().await;
        let (order, key) = shop.awaited().await;
        shop.deposit(&key).await;
        shop.staff_cancel(&order).await.unwrap();
        shop.settles(&order, "COMPLETED").await;
        let page = shop.page(&order).await;
        assert!(page.contains("그 전에 입금되어 결제가 완료되었습니다"), "{page}");
        let (paid, _) = shop.paid().await;
        assert!(!shop.page(&paid).await.contains("그 전에 입금되어"));
        shop.holds().await;
    });
}
