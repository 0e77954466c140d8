//! A rush: far more claims than coupons, and as many are issued as there are.

use std::io::Write;
use std::time::Instant;

use futures::stream::{self, StreamExt};
use serde_json::json;

use crate::domain::offer::Offer;
use crate::server::identity::visitor::VISITOR;
use crate::tests::claims::{add, summer};
use crate::tests::shop::{Shop, postgres, run};

/// How many claim at the same moment.
const AT_ONCE: usize = 64;

/// `make rush` runs it at full size: 1,000 coupons, 50,000 claims.
#[expect(clippy::disallowed_methods, reason = "a setting of the tests, not of the shop")]
fn size() -> (i64, usize) {
    let is_full = std::env::var("GYESAN_RUSH").is_ok_and(|value| value == "full");
    if is_full { (1_000, 50_000) } else { (100, 2_000) }
}

#[test]
fn a_rush_issues_exactly_as_many_as_there_are() {
    run(async {
        let (coupons, claims) = size();
        let shop = Shop::start().await;
        // Many instances are PostgreSQL's; an SQLite file has one that is busy.
        let other = if postgres().is_some() { Some(shop.beside().await) } else { None };
        let addresses: Vec<String> = [Some(&shop), other.as_ref()]
            .into_iter()
            .flatten()
            .map(|shop| format!("http://{}/api/claim-coupon", shop.running.addr))
            .collect();
        add(&shop, &Offer { issue_max: Some(coupons), ..summer() }).await;
        let http = reqwest::Client::new();
        let began = Instant::now();
        let answers: Vec<u16> = stream::iter(0..claims)
            .map(|at| {
                // One in five is somebody's second claim.
                let token = format!("{:026}", at % (claims * 4 / 5));
                let signed = shop.running.app.signer.signed(VISITOR, &token);
                let visitor = format!("{VISITOR}={signed}");
                let request = http.post(&addresses[at % addresses.len()]);
                let request =
                    request.header("cookie", visitor).json(&json!({ "code": "summer26" }));
                async move { request.send().await.unwrap().status().as_u16() }
            })
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
        let took = began.elapsed();
        let count = |status| answers.iter().filter(|answer| **answer == status).count();
        let issued = shop.one("select count(*) from coupons where offer_id = 'summer'").await;
        let counted = shop.one("select issued from coupon_offers where id = 'summer'").await;
        let figures = format!(
            "{claims} claims of {coupons} coupons: {issued} issued, {} refused, in {:.1} s",
            count(409),
            took.as_secs_f64()
        );
        writeln!(std::io::stderr(), "{figures}").unwrap();
        assert_eq!(count(201).to_string(), coupons.to_string());
        assert_eq!(count(201) + count(409), claims);
        assert_eq!((issued, counted), (coupons.to_string(), coupons.to_string()));
        shop.holds().await;
    });
}
