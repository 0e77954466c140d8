//! A shop and its Toss recognise each other: the proof compares nothing with a Toss that is another's.

use clap::Parser;
use tokio::runtime::Builder;

use crate::commands;
use crate::server::config::Cli;
use crate::server::proof::{Recognised, recognise};
use crate::tests::shop::{Database, Shop, folder, run, toss_at};
use crate::tests::telemetry::is_alone;

#[test]
fn the_merchant_of_the_answers_is_kept_and_compared() {
    run(async {
        let shop = Shop::start().await;
        let known = async || recognise(&shop.running.app).await.unwrap();
        assert_eq!(known().await, Recognised::Unsure, "nothing has been paid");
        let (_, key) = shop.paid().await;
        let merchant = shop.payment(&key).await["mId"].as_str().unwrap().to_owned();
        assert_eq!(shop.one("select m_id from payments").await, merchant);
        assert_eq!(known().await, Recognised::Yes);
        shop.alter("update payments set m_id = 'another'").await;
        let other = Recognised::OtherMerchant { ours: "another".to_owned(), theirs: merchant };
        assert_eq!(known().await, other);
        // Taken by a version that kept none.
        shop.alter("update payments set m_id = null").await;
        assert_eq!(known().await, Recognised::Yes);
        // One that Toss does not know beside one that it knows is for the proof to tell.
        shop.paid().await;
        shop.alter(
            "update payments set payment_key = 'gone'
             where order_id = (select max(id) from orders)",
        )
        .await;
        assert_eq!(known().await, Recognised::Yes);
    });
}

#[test]
fn a_proof_against_another_sandbox_is_refused_and_writes_nothing() {
    // A command of its own starts the log of its process.
    if !is_alone("tests::recognised::a_proof_against_another_sandbox_is_refused_and_writes_nothing")
    {
        return;
    }
    Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {
        let (shop, other) = (Shop::start().await, Shop::start().await);
        shop.paid().await;
        shop.paid().await;
        other.paid().await;
        let prove = async |toss: &str, more: &[&str]| {
            let script = format!("{toss}/v2/standard");
            let mut line = vec!["gyesan", "prove", "--database-url", shop.database_url()];
            line.extend(toss_at(toss, &script));
            line.extend(more);
            commands::run(Cli::try_parse_from(line).unwrap()).await
        };
        for more in [&[][..], &["--repair"]] {
            let told = prove(other.sandbox(), more).await.unwrap_err();
            assert!(told.contains("knows none of this shop's payments"), "{told}");
            assert!(told.contains(other.sandbox()), "{told}");
        }
        assert_eq!(shop.one("select count(*) from toss_transactions").await, "0");
        assert_eq!(shop.one("select count(*) from proofs").await, "0");
        prove(shop.sandbox(), &[]).await.unwrap();
        // A shop that has no payment yet has nothing that could differ.
        let own = folder();
        let empty = Database::of_one_s_own(&own).await;
        let empty = shop.at(empty, own, other.sandbox()).await;
        assert_eq!(recognise(&empty.running.app).await.unwrap(), Recognised::Unsure);
    });
}
