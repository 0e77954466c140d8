//! The walk through Toss's list, and the rounds through the shop's own tables: pages, rows that are
//! late, silence, deaths, and instances side by side.

use std::cell::RefCell;
use std::time::Duration;

use clap::Parser;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::commands;
use crate::sandbox::{Assumptions, Config, Sandbox};
use crate::server::config::Cli;
use crate::server::db::invariants::{self, Source};
use crate::server::db::ranges;
use crate::server::proof::{self, Asked, Repair, Stopped};
use crate::tests::shop::{Shop, run, toss_at};

impl Shop {
    /// On a Toss that stands elsewhere, and in which these guesses are true.
    async fn with_toss(assumptions: Assumptions) -> Shop {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let sandbox = Sandbox::new(Config::default().with_assumptions(assumptions));
        tokio::spawn(sandbox.serve(listener, std::future::pending()));
        let script = format!("{url}/v2/standard");
        let settings = [&toss_at(&url, &script)[..], &["--seed", "always"]].concat();
        Shop::start_with(&settings).await
    }

    /// How often Toss was asked for its list.
    async fn lists(&self) -> usize {
        let calls = self.seen("/__sandbox/calls").await;
        let calls = calls["calls"].as_array().unwrap();
        let is_list = |call: &&Value| {
            call["path"].as_str().is_some_and(|path| path.starts_with("/v1/transactions"))
        };
        calls.iter().filter(is_list).count()
    }

    async fn mirrored(&self) -> String {
        self.one("select count(*) from toss_transactions").await
    }

    /// The whole proof, and how long it was made to wait.
    async fn proves_patiently(&self) -> (Result<proof::Report, Stopped>, Vec<Duration>) {
        let waits = RefCell::new(Vec::new());
        let wait = async |wait| waits.borrow_mut().push(wait);
        let proved = proof::whole(&self.running.app, Asked::default(), wait).await;
        (proved, waits.into_inner())
    }
}

#[test]
fn every_page_is_walked_through_once() {
    run(async {
        let shop = Shop::start().await;
        for _ in 0..7 {
            shop.paid().await;
        }
        shop.time_passes(300).await;
        assert_eq!(shop.proves_by(3).await.listed, 7);
        assert_eq!((shop.mirrored().await.as_str(), shop.lists().await), ("7", 3));
        // What is known is not listed again, but for the overlap.
        shop.time_passes(300).await;
        assert_eq!(shop.proves_by(3).await.listed, 0);
        let all = Asked { page_rows: 2, ..Asked::default() };
        let report = shop.prove_by(all).await;
        assert_eq!((report.listed, report.orders, report.is_proved()), (7, 7, true));
        let today = Asked { from: Some(report.to), ..all };
        assert_eq!(shop.prove_by(today).await.listed, 0);
    });
}

#[test]
fn a_clock_that_was_a_day_ahead_leaves_nothing_out() {
    run(async {
        let shop = Shop::start().await;
        shop.paid().await;
        shop.time_passes(300).await;
        shop.running.app.clock.set(86_400_000);
        shop.proves().await;
        assert_eq!(shop.mirrored().await, "1");
        shop.paid().await;
        shop.time_passes(600).await;
        shop.running.app.clock.set(-86_400_000);
        shop.later(1).await;
        shop.proves().await;
        assert_eq!(shop.mirrored().await, "2");
    });
}

#[test]
fn instances_share_the_walk() {
    run(async {
        let shop = Shop::start().await;
        for _ in 0..7 {
            shop.paid().await;
        }
        let beside = shop.beside().await;
        beside.running.app.clock.advance(300_000);
        shop.time_passes(300).await;
        let (one, two) = tokio::join!(shop.proves_by(3), beside.proves_by(3));
        // One that rests may have left the other at it.
        shop.proves_by(3).await;
        assert_eq!((shop.mirrored().await.as_str(), shop.lists().await), ("7", 3));
        assert!(one.repaired + two.repaired == 0);
        assert_eq!(shop.one("select count(*) from proofs").await, "0");
    });
}

#[test]
fn rows_that_are_late_and_amounts_below_nothing() {
    run(async {
        let assumed = Assumptions {
            transactions_lag_ms: 20 * 60 * 1_000,
            cancel_rows_are_negative: true,
            ..Assumptions::default()
        };
        let shop = Shop::with_toss(assumed).await;
        let (order, key) = shop.paid().await;
        let (cancelled, cancelled_key) = shop.paid().await;
        shop.time_passes(600).await;
        // Not listed yet, so it is read: paid, and all is well.
        let sum = shop.proves().await;
        assert_eq!((sum.listed, sum.compared), (0, 2));
        assert_eq!(shop.figure("gyesan_drift_won").await, "0");
        let body = json!({ "cancelReason": "콘솔에서 취소", "cancelAmount": 10_000 });
        shop.as_merchant(&format!("/v1/payments/{cancelled_key}/cancel"), &body).await;
        // The walk just behind now has passed them; the one a day later has not.
        shop.time_passes(26 * 3_600).await;
        let sum = shop.proves().await;
        assert_eq!((shop.mirrored().await.as_str(), sum.repaired), ("3", 1));
        assert_eq!(shop.status(&cancelled).await, "PARTIALLY_REFUNDED");
        assert_eq!(shop.status(&order).await, "COMPLETED");
        assert_eq!(shop.payment(&key).await["balanceAmount"], order.amount);
        let least = shop.one("select min(amount) from toss_transactions").await;
        assert_eq!(least, "10000");
        let report = shop.prove(Repair::Nothing).await;
        assert!(report.is_proved(), "{report:#?}");
    });
}

#[test]
fn a_toss_that_says_nothing_is_asked_ever_less_often() {
    run(async {
        let shop = Shop::start().await;
        shop.paid().await;
        shop.time_passes(300).await;
        let tries = "select tries from proof_marks where name = 'soon'";
        for (count, fault) in [
            (1, json!({ "call": "transactions", "kind": "rateLimit" })),
            (2, json!({ "call": "transactions", "kind": "lose", "when": "after" })),
            (3, json!({ "call": "transactions", "kind": "fail", "when": "before", "status": 502 })),
            (4, json!({ "call": "transactions", "kind": "cut" })),
        ] {
            shop.fault(fault).await;
            shop.time_passes(600).await;
            shop.proves().await;
            assert_eq!(shop.one(tries).await, count.to_string());
        }
        assert_eq!(shop.mirrored().await, "0");
        let age: i64 = shop.figure("gyesan_proof_age_seconds").await.parse().unwrap();
        assert!(age > 2_400, "{age}");
        shop.time_passes(600).await;
        shop.proves().await;
        assert_eq!((shop.one(tries).await.as_str(), shop.mirrored().await.as_str()), ("0", "1"));
    });
}

#[test]
fn the_command_waits_where_toss_is_asked_too_often_and_says_so_where_it_is_silent() {
    run(async {
        let shop = Shop::start().await;
        shop.paid().await;
        shop.fault(json!({ "call": "transactions", "kind": "rateLimit", "times": 2 })).await;
        let (proved, waits) = shop.proves_patiently().await;
        assert!(proved.unwrap().is_proved());
        assert_eq!(waits, [Duration::from_secs(2), Duration::from_secs(4)]);
        shop.fault(json!({ "call": "transactions", "kind": "rateLimit", "times": 1_000 })).await;
        let (proved, waits) = shop.proves_patiently().await;
        assert!(matches!(proved, Err(Stopped::NoList(heard)) if heard == "TOO_MANY_REQUESTS"));
        assert_eq!(waits.len(), 4);
        shop.lift_faults().await;
        shop.fault(json!({ "call": "transactions", "kind": "lose", "when": "before" })).await;
        let (proved, waits) = shop.proves_patiently().await;
        assert!(matches!(proved, Err(Stopped::NoList(heard)) if heard == "connection broke"));
        assert!(waits.is_empty());
    });
}

#[test]
fn the_command_ends_with_what_is_to_be_done() {
    run(async {
        let shop = Shop::start().await;
        let (_, key) = shop.paid().await;
        let sandbox = shop.running.sandbox_url.clone().unwrap();
        let at = sandbox.strip_prefix("http://").unwrap();
        let command = async |more: &[&str]| {
            let line = ["gyesan", "prove", "--database-url", shop.database_url()];
            commands::run(Cli::parse_from(line.iter().chain(more))).await
        };
        assert_eq!(command(&["--sandbox-addr", at]).await, Ok(()));
        let told = command(&["--sandbox-addr", "127.0.0.1:1"]).await.unwrap_err();
        assert!(told.contains("cannot be reached at http://127.0.0.1:1"), "{told}");
        assert!(told.contains("gyesan serve"), "{told}");
        let days = ["--sandbox-addr", at, "--from", "2026-11-23", "--to", "2026-11-21"];
        assert!(command(&days).await.unwrap_err().contains("--from"));
        let body = json!({ "cancelReason": "콘솔에서 취소" });
        shop.as_merchant(&format!("/v1/payments/{key}/cancel"), &body).await;
        let told = command(&["--sandbox-addr", at]).await.unwrap_err();
        assert_eq!(told, "1 orders differ from Toss");
        assert_eq!(command(&["--sandbox-addr", at, "--repair"]).await, Ok(()));
        assert_eq!(command(&["--sandbox-addr", at]).await, Ok(()));
        assert!(Cli::try_parse_from(["gyesan", "prove", "--from", "soon"]).is_err());
    });
}

#[test]
fn a_death_between_a_page_and_its_mark_leads_to_the_same_page() {
    run(async {
        let shop = Shop::start().await;
        shop.paid().await;
        shop.time_passes(300).await;
        shop.fault(json!({ "call": "transactions", "kind": "hold", "when": "after" })).await;
        let app = shop.running.app.clone();
        let step = tokio::spawn(async move { proof::step(&app).await.map(|step| step.listed) });
        let leased = "select count(*) from proof_marks where name = 'soon' and leased_until > 0";
        while shop.one(leased).await != "1" || shop.faults_left().await != 0 {
            tokio::task::yield_now().await;
        }
        step.abort();
        assert!(step.await.unwrap_err().is_cancelled());
        shop.lift_faults().await;
        // Somebody may still be at it.
        assert_eq!(shop.proves().await.listed, 0);
        shop.time_passes(66).await;
        assert_eq!(shop.proves().await.listed, 1);
        assert_eq!(shop.mirrored().await, "1");
    });
}

#[test]
fn the_rounds_find_range_by_range_what_all_the_laws_find_at_once() {
    run(async {
        let shop = Shop::start().await;
        for _ in 0..4 {
            shop.paid().await;
        }
        let pool = shop.running.app.db.read();
        shop.proves().await;
        assert_eq!(shop.figure("gyesan_proof_offences").await, "0");
        for damage in [
            "update products set stock = stock - 1 where id = 'tee'",
            "update orders set refunded = paid + 1",
            "update orders set discount = 1, amount = subtotal - 1",
            "delete from order_events where event = 'Approved'",
            "update orders set status = 'REFUNDING'",
        ] {
            shop.alter(damage).await;
        }
        let at_once = invariants::offences(pool).await.unwrap();
        assert!(at_once.len() > 15, "{at_once:#?}");
        let mut in_ranges = Vec::new();
        for source in Source::ALL {
            let mut after = String::new();
            loop {
                let keys = ranges::keys_after(pool, source, &after, 2).await.unwrap();
                let (Some(first), Some(last)) = (keys.first(), keys.last()) else { break };
                let found = ranges::offences_between(pool, source, first, last).await.unwrap();
                in_ranges.extend(found.into_iter().map(|it| {
                    let (law, one, other) = (it.law, it.one, it.other);
                    format!("{law}: {one} ({other})")
                }));
                after.clone_from(last);
            }
        }
        in_ranges.sort();
        let mut expected = at_once.clone();
        expected.sort();
        assert_eq!(in_ranges, expected);
        shop.time_passes(700).await;
        shop.proves().await;
        assert_eq!(shop.figure("gyesan_proof_offences").await, expected.len().to_string());
        // What is put right is struck out by the next round.
        shop.alter("update products set stock = stock + 1 where id = 'tee'").await;
        shop.time_passes(700).await;
        shop.proves().await;
        let left = (expected.len() - 1).to_string();
        assert_eq!(shop.figure("gyesan_proof_offences").await, left);
    });
}
