//! The end that is not a death: SIGTERM while Toss is slow about a confirm.

use std::sync::Arc;
use std::time::Instant;

use crate::startup::console::complain;
use crate::startup::running::STOP_MAX;
use crate::trials::child::Program;
use crate::trials::drill::case::{Case, Journey, client, post};
use crate::trials::drill::ground::Ground;
use crate::trials::temporary::Temporary;

/// Longer than anything a stop itself does.
const SLOW: &str = r#"{"kind":"delay","when":"before","delayMs":3000}"#;

/// The buyer is told of the payment, and the program ends by itself within its time.
pub(super) async fn play(postgres: Option<Arc<Temporary>>) -> Result<(), String> {
    let explain = |error: String| format!("SIGTERM with a confirm in flight: {error}");
    let ground = Ground::prepare(postgres).await.map_err(explain)?;
    let case = Case { ground: &ground, fault: Some(("confirm", SLOW)), point: 0 };
    stopped(&ground, &case).await.map_err(explain)
}

async fn stopped(ground: &Ground, case: &Case<'_>) -> Result<(), String> {
    let http = client()?;
    let database = ground.database().await?;
    let mut journey = Journey::default();
    let mut shop = ground.shop(&database, None).await?;
    let claim = case.come_back(&http, &shop, &mut journey).await?;
    let confirm = format!("{}/api/confirm-payment", shop.url);
    let (answer, ended) = tokio::join!(post(&http, &confirm, &claim), async {
        case.shows(&http, &mut shop, &["gyesan_payments_open 1"]).await?;
        end(shop).await
    });
    ended?;
    let answer = answer?;
    if answer.get("status").is_none_or(|status| status != "COMPLETED") {
        return Err(format!("the buyer was told {answer}"));
    }
    let left = case.check(&http, &database, None, &journey).await?;
    match left.offences.as_slice() {
        [] => Ok(()),
        offences => Err(offences.join("; ")),
    }
}

async fn end(shop: Program) -> Result<(), String> {
    let begun = Instant::now();
    let ended = shop.stop(STOP_MAX).await?;
    complain(&format!("stopped after {} ms", begun.elapsed().as_millis()));
    if ended.success() { Ok(()) } else { Err(format!("the program ended with {ended}")) }
}
