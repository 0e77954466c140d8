//! The buyer who comes back from Toss in another browser than the one that ordered: apps of banks
//! and of chats open the return address in the browser that the telephone likes best.
//!
//! Whoever brings the payment's key is the buyer or was led back in the buyer's place: Toss gives it
//! to nobody else. So the browser that brings it first, soon after Toss was asked, is taken for the
//! buyer's from then on, for this order alone. Once: the address stays in histories, and is
//! passed on by people who take it for the order's page. And it counts only once Toss has told that
//! the order's payment is the one with this key.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

use crate::domain::id::OrderId;
use crate::domain::order::Status;
use crate::domain::return_claim::ReturnClaim;
use crate::server::db::bearers::{self, Comer};
use crate::server::db::repeated;
use crate::server::identity::visitor::{Visitor, is_told_by_toss};
use crate::server::runtime::clock;
use crate::server::token::{TOKEN_LETTERS, hash_of};
use crate::server::{App, Error};

/// How long after Toss was first asked: people come back within seconds, and reload once or twice.
const RETURN_MS_MAX: i64 = 30 * 60 * 1_000;

/// How long the page waits for this to be written down.
const PATIENCE: Duration = Duration::from_secs(1);

/// A browser that comes with a claim, and the token by which it would be taken for the buyer's.
#[derive(Debug)]
pub struct Coming<'a> {
    visitor: &'a Visitor,
    token: SecretString,
}

impl Coming<'_> {
    pub fn of(visitor: &Visitor) -> Coming<'_> {
        let token = visitor.bearer().unwrap_or_else(|| clock::random_text(TOKEN_LETTERS));
        Coming { visitor, token: token.into() }
    }

    /// What is written down of it with the answer, as long as it waits for that: one that has hung up
    /// would never see its token, and is to be known when it comes again.
    pub fn comer(&self) -> Comer {
        let bearer_hash = hash_of(self.token.expose_secret());
        Comer { visitor_hash: self.visitor.hash(), bearer_hash, waits: self.visitor.waits() }
    }

    /// It is the one that was written down as another than the buyer's own.
    pub fn bears(&self, order_id: &OrderId) {
        self.visitor.bears(self.token.expose_secret().to_owned());
        tracing::info!(order.id = order_id.as_str(), "the buyer came back in another browser");
    }
}

/// Takes whoever came with this claim for the order's buyer, if that may be and was not written down
/// with the answer. The payment does not depend on it: a failure is logged, and the page shows what it
/// shows to anybody.
pub async fn welcome(app: &App, coming: &Coming<'_>, claim: &ReturnClaim) {
    if let Err(error) = bind(app, coming, claim).await {
        error.log();
    }
}

async fn bind(app: &App, coming: &Coming<'_>, claim: &ReturnClaim) -> Result<(), Error> {
    let comer = coming.comer();
    let (id, now) = (claim.order_id.as_str(), app.clock.now());
    let Some(row) = bearers::on_return(&app.db, id, &comer.visitor_hash).await? else {
        return Ok(());
    };
    // Written down beside the answer, of which the request has not heard.
    if row.bearer_hash.as_deref() == Some(&comer.bearer_hash) {
        coming.bears(&claim.order_id);
        return Ok(());
    }
    let status = row.status;
    let is_the_key: bool =
        row.payment_key.as_bytes().ct_eq(claim.payment_key.as_str().as_bytes()).into();
    let is_open = is_told_by_toss(status) || status == Status::Confirming;
    if !is_the_key || !is_open || row.bound_at.is_some() || now > row.asked_at + RETURN_MS_MAX {
        return Ok(());
    }
    // Whoever ordered has come back: nobody else is taken for them any more.
    let hash = (row.is_own == 0).then(|| comer.bearer_hash.clone());
    let is_other = hash.is_some();
    if is_other && comer.waits.strong_count() == 0 {
        return Ok(());
    }
    let (own, order_id) = (app.clone(), id.to_owned());
    let work = app.tasks.start(async move {
        repeated(async || {
            let binding = bearers::binding(&order_id, hash.as_deref(), now);
            Ok::<_, Error>(own.db.write_all(vec![binding]).await?)
        })
        .await
    });
    // A database that takes nothing just now keeps nobody waiting: should it not take this either, the
    // cookie opens nothing.
    let is_bound = match work.ended_within(PATIENCE).await? {
        Some(is_bound) => is_bound?,
        None => true,
    };
    // The write beside the answer may have been first.
    if is_other && (is_bound || bearers::is_bound(app.db.read(), id, &comer.bearer_hash).await?) {
        coming.bears(&claim.order_id);
    }
    Ok(())
}
