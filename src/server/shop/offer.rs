//! Issuing coupons: to every new customer, to whoever knows the code, to whom staff choose.
//!
//! Invariant: no more coupons of an offer than there are, and no customer has more of them than
//! one may have, whoever asks at the same moment. The number of a customer's coupon is part of a
//! unique key; the offer's counter is one guarded UPDATE, and the last statement before the
//! commit, because everybody waits for that row.
//!
//! A coupon of an offer that has a code and a number is held for whoever claims it, and counts for good
//! once an order is placed with it; what is held and not used so comes back. Else whoever drops
//! cookies would have all of them in a second.

use std::collections::BTreeMap;

use crate::contract::{Code, IssuedView, Reason, Told};
use crate::domain::code::CouponCode;
use crate::domain::id::{CustomerKey, OfferId, OrderId};
use crate::domain::offer::{Offer, OfferRefused};
use crate::server::db::customers::{self, CustomerRow};
use crate::server::db::issuing::{Issue, Term, issue, offer, row};
use crate::server::db::offers::{self, Tally};
use crate::server::db::{self, Db, coupons, repeated};
use crate::server::identity::visitor::Visitor;
use crate::server::limits::guesses::{Trier, Wait};
use crate::server::shop::{coupon, pricing};
use crate::server::{App, Error};
use crate::words::spoken;

/// Stores a new offer; `false` if its id or its code is another's.
pub async fn add(db: &Db, offer: &Offer) -> Result<bool, Error> {
    let row = row(offer);
    repeated(async || {
        let mut tx = db.write().await?;
        match offers::insert(&mut tx, &row).await {
            Ok(()) => {
                tx.commit().await?;
                Ok(true)
            }
            Err(error) if db::is_taken(&error) => Ok(false),
            Err(error) => Err(error.into()),
        }
    })
    .await
}

/// Every offer, with how many coupons of it were issued and how many are used.
pub async fn list(db: &Db) -> Result<Vec<(Offer, Tally)>, Error> {
    let tallies = offers::tallies(db.read()).await?;
    let mut list = Vec::new();
    for row in offers::all(db.read()).await? {
        let tally = tallies.iter().find(|tally| tally.offer_id == row.id).cloned();
        let none = || Tally { offer_id: row.id.clone(), issued: 0, used: 0 };
        list.push((offer(&row)?, tally.unwrap_or_else(none)));
    }
    Ok(list)
}

/// How long a claimed coupon of which there are only so many is held: an order is placed in less.
pub const HELD_MS: i64 = 30 * 60 * 1_000;

/// How many that are held no longer one round takes back.
const LAPSED_MAX: i64 = 200;

/// What staff who issue a coupon are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    Yes,
    NoSuchOffer,
    NoSuchCustomer,
    Refused(OfferRefused),
}

/// Gives one coupon of an offer to one customer, whatever its channel.
pub async fn give(
    db: &Db,
    offer_id: &OfferId,
    key: &CustomerKey,
    now: i64,
) -> Result<Given, Error> {
    let Some(row) = offers::by_id(db.read(), offer_id.as_str()).await? else {
        return Ok(Given::NoSuchOffer);
    };
    let Some(customer_id) = customers::id_of_key(db.read(), key.as_str()).await? else {
        return Ok(Given::NoSuchCustomer);
    };
    let window = match offer(&row)?.window(now) {
        Ok(window) => window,
        Err(refused) => return Ok(Given::Refused(refused)),
    };
    let issued = repeated(async || {
        let mut tx = db.write().await?;
        let issued = issue(&mut tx, &row, &customer_id, Term::of(window), now).await?;
        tx.commit().await?;
        Ok(issued)
    });
    Ok(match issued.await? {
        Issue::Done(_) => Given::Yes,
        Issue::Refused(refused) => Given::Refused(refused),
    })
}

/// Gives a coupon to whoever typed its code: once, or as often as the offer says.
pub async fn claim(app: &App, visitor: &Visitor, typed: &str) -> Result<IssuedView, Error> {
    let now = app.clock.now();
    let code = CouponCode::parse(typed).map_err(|_| Error::Told(Told::CodeForm))?;
    let found = offers::by_code(app.db.read(), code.as_str()).await?;
    let customer = visitor.customer(app).await?;
    let hash = visitor.hash();
    let trier = Trier {
        visitor_hash: &hash,
        address: visitor.address(),
        customer_since: customer.as_ref().map(|customer| customer.created_at),
    };
    app.guesses.tried(&trier, found.is_some(), now).map_err(too_many)?;
    let row = found.ok_or(Error::Told(Told::CodeUnknown))?;
    let (valid_from, valid_until) = offer(&row)?.open_window(now).map_err(told)?;
    // In a rush most come too late: they are told without waiting for the one writer, and
    // without becoming customers.
    if let Some(customer) = &customer {
        let mut reader = app.db.read().acquire().await?;
        if coupons::count_of(&mut reader, &customer.id, &row.id).await? >= row.per_customer {
            return Err(told(OfferRefused::HasIt));
        }
    }
    if let Some(claimant) = customer.as_ref().and_then(CustomerRow::claimant)
        && coupon::used_up_by(app, &claimant).await?.contains(&row.id)
    {
        return Err(Error::Told(Told::CodeUsed));
    }
    if row.issue_max.is_some_and(|most| row.issued >= most) {
        return Err(told(OfferRefused::AllGone));
    }
    let mut term = Term { valid_from, valid_until, kept_until: None };
    if row.issue_max.is_some() {
        app.guesses.claims(&trier, now).map_err(too_many)?;
        term.valid_until = valid_until.min(now.saturating_add(HELD_MS));
        term.kept_until = Some(valid_until);
    }
    let issued = repeated(async || {
        let mut tx = app.db.write().await?;
        let (customer, token) = match &customer {
            Some(_) => (visitor.become_customer(&mut tx, now).await?, None),
            None => visitor.become_renewed(app, &mut tx, now).await?,
        };
        let issued = issue(&mut tx, &row, &customer.id, term, now).await?;
        // A refusal too: what it was refused for may be part of the same batch.
        tx.commit().await?;
        visitor.renew(token);
        Ok(issued)
    });
    match issued.await? {
        Issue::Done(coupon_id) => {
            tracing::info!(
                offer.id = row.id.as_str(),
                coupon.id = coupon_id.as_str(),
                "coupon issued"
            );
            let Term { valid_from, valid_until, .. } = term;
            Ok(IssuedView { coupon_id, name: row.name, valid_from, valid_until, told: None })
        }
        Issue::Refused(refused) => Err(told(refused)),
    }
}

/// As [`claim`], for an order: the coupon is put on it if that makes it cheaper.
pub async fn claim_for(
    app: &App,
    visitor: &Visitor,
    typed: &str,
    order_id: Option<&OrderId>,
) -> Result<IssuedView, Error> {
    let issued = claim(app, visitor, typed).await?;
    let Some(order_id) = order_id else { return Ok(issued) };
    match pricing::offer_coupon(app, visitor, order_id, &issued.coupon_id).await {
        Ok(told) => {
            let told = told.map(|why| why.say(spoken()).into_owned());
            Ok(IssuedView { told, ..issued })
        }
        // The coupon is this customer's all the same.
        Err(Error::Refused(refused)) => {
            let told = refused.reason.say(spoken()).into_owned();
            Ok(IssuedView { told: Some(told), ..issued })
        }
        Err(Error::Told(told)) => Ok(IssuedView { told: Some(told.sentence()), ..issued }),
        Err(error) => Err(error),
    }
}

/// Takes back coupons that were held long enough, so that others may have them; says how many.
pub async fn take_back(app: &App) -> Result<usize, Error> {
    let now = app.clock.now();
    let held = coupons::held_until(app.db.read(), now, LAPSED_MAX).await?;
    if held.is_empty() {
        return Ok(0);
    }
    repeated(async || {
        let mut tx = app.db.write().await?;
        let mut back: BTreeMap<&str, i64> = BTreeMap::new();
        for (id, offer_id) in &held {
            if coupons::lapse(&mut tx, id, now).await? {
                *back.entry(offer_id).or_default() += 1;
            }
        }
        for (offer_id, count) in &back {
            offers::count_back(&mut tx, offer_id, *count).await?;
        }
        tx.commit().await?;
        Ok(())
    })
    .await?;
    Ok(held.len())
}

fn too_many(why: Wait) -> Error {
    let seconds = |ms: i64| ms.max(1).saturating_add(999) / 1_000;
    let reason = match why {
        Wait::OwnGuesses { ms } => Reason::CodeWait { seconds: seconds(ms) },
        Wait::GuessesOfAddress { ms } => Reason::CodeWaitAddress { seconds: seconds(ms) },
        Wait::ClaimsOfAddress { ms } => Reason::CodeWaitClaims { seconds: seconds(ms) },
    };
    Error::refused_for(Code::TooManyRequests, "code", reason)
}

fn told(why: OfferRefused) -> Error {
    Error::Told(why.into())
}
