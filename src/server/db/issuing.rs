//! Coupons are issued: by the rules of their offer, and counted against it.

use sqlx::AnyConnection;

use crate::domain::code::CouponCode;
use crate::domain::id::CouponId;
use crate::domain::offer::{Channel, Offer, OfferRefused};
use crate::server::db::coupons::{self, NewCoupon};
use crate::server::db::offers::{self, OfferRow};
use crate::server::runtime::clock;
use crate::server::{Damage, Error};

/// A stored offer as the rules know it.
pub fn offer(row: &OfferRow) -> Result<Offer, Error> {
    let damaged = |column| Damage::new("coupon_offers", column, row.id.as_str());
    let code = row.code.as_deref().map(CouponCode::parse).transpose();
    let code = code.map_err(|_| damaged("code"))?;
    let channel = match (row.channel.as_str(), code) {
        ("NEW_CUSTOMER", None) => Channel::NewCustomer,
        ("CODE", Some(code)) => Channel::Code(code),
        ("STAFF", None) => Channel::Staff,
        _ => return Err(damaged("channel").into()),
    };
    Ok(Offer {
        id: row.id.clone(),
        name: row.name.clone(),
        worth: row.worth,
        minimum: row.minimum,
        channel,
        valid_from: row.valid_from,
        valid_until: row.valid_until,
        valid_days: row.valid_days,
        issue_max: row.issue_max,
        per_customer: row.per_customer,
    })
}

/// As it is stored.
pub fn row(offer: &Offer) -> OfferRow {
    let (channel, code) = match &offer.channel {
        Channel::NewCustomer => ("NEW_CUSTOMER", None),
        Channel::Code(code) => ("CODE", Some(code.as_str().to_owned())),
        Channel::Staff => ("STAFF", None),
    };
    OfferRow {
        id: offer.id.clone(),
        name: offer.name.trim().to_owned(),
        worth: offer.worth,
        minimum: offer.minimum,
        valid_days: offer.valid_days,
        channel: channel.to_owned(),
        code,
        valid_from: offer.valid_from,
        valid_until: offer.valid_until,
        issue_max: offer.issue_max,
        issued: 0,
        per_customer: offer.per_customer,
    }
}

/// When a coupon is valid.
#[derive(Clone, Copy, Debug)]
pub struct Term {
    pub valid_from: i64,
    pub valid_until: i64,
    /// See [`NewCoupon::kept_until`].
    pub kept_until: Option<i64>,
}

impl Term {
    pub fn of((valid_from, valid_until): (i64, i64)) -> Term {
        Term { valid_from, valid_until, kept_until: None }
    }
}

/// What issuing came to.
#[derive(Debug)]
pub enum Issue {
    /// The id of the coupon.
    Done(CouponId),
    Refused(OfferRefused),
}

/// Gives a customer who was made just now what every new customer is given, while there is any.
pub async fn welcome(tx: &mut AnyConnection, customer_id: &str, now: i64) -> Result<(), Error> {
    for row in offers::for_new_customers(tx).await? {
        match offer(&row) {
            Ok(offer) => {
                if let Ok(window) = offer.window(now) {
                    issue(tx, &row, customer_id, Term::of(window), now).await?;
                }
            }
            // Nobody is to be kept from ordering by it.
            Err(error) => error.log(),
        }
    }
    Ok(())
}

/// Leaves nothing behind when it refuses, so that the caller commits in any case.
pub async fn issue(
    tx: &mut AnyConnection,
    offer: &OfferRow,
    customer_id: &str,
    Term { valid_from, valid_until, kept_until }: Term,
    now: i64,
) -> Result<Issue, Error> {
    let id = clock::row_id();
    if coupons::count_of(tx, customer_id, &offer.id).await? >= offer.per_customer {
        return Ok(Issue::Refused(OfferRefused::HasIt));
    }
    let mut number = 1;
    // A number may be taken, also at this moment by the same customer; then the next may be free.
    loop {
        if number > offer.per_customer {
            return Ok(Issue::Refused(OfferRefused::HasIt));
        }
        let new =
            NewCoupon { id: &id, customer_id, number, valid_from, valid_until, kept_until, now };
        if coupons::insert(tx, offer, new).await? {
            break;
        }
        number += 1;
    }
    if offer.issue_max.is_some() && !offers::count_one(tx, offer.id.as_str()).await? {
        coupons::withdraw(tx, &id).await?;
        return Ok(Issue::Refused(OfferRefused::AllGone));
    }
    Ok(Issue::Done(CouponId::parse(&id).map_err(|_| Damage::new("coupons", "id", &id))?))
}
