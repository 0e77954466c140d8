//! A customer's coupons, as rules and as a list to choose from.

use crate::contract::{CouponView, Reason};
use crate::domain::claimant::Claimant;
use crate::domain::coupon::CouponRefused;
use crate::domain::id::OfferId;
use crate::domain::price::{Price, PriceRefused, TOTAL_MAX, TOTAL_MIN};
use crate::domain::won::Won;
use crate::server::db::coupons;
use crate::server::db::customers::CustomerRow;
use crate::server::db::repeated_briefly;
use crate::server::identity::visitor::Visitor;
use crate::server::{App, Error};
use crate::words::spoken;

/// The coupons of whoever is asking. A browser with something in its cart becomes a customer
/// here, because new customers are given coupons, and those belong on the order form.
pub async fn of_visitor(
    app: &App,
    visitor: &Visitor,
    subtotal: Won,
) -> Result<Vec<CouponView>, Error> {
    if let Some(customer) = visitor.customer(app).await? {
        return list(app, &customer, subtotal).await;
    }
    if subtotal.is_zero() {
        return Ok(Vec::new());
    }
    // By a token that has been renewed nothing is shown.
    if visitor.acts_for(app, app.clock.now()).await?.is_some() {
        return Ok(Vec::new());
    }
    let customer = repeated_briefly(async || {
        let mut tx = app.db.write().await?;
        let customer = visitor.become_customer(&mut tx, app.clock.now()).await?;
        tx.commit().await?;
        Ok(customer)
    })
    .await?;
    list(app, &customer, subtotal).await
}

/// All coupons of a customer and what each would take off `subtotal` now, the best first.
pub async fn list(
    app: &App,
    customer: &CustomerRow,
    subtotal: Won,
) -> Result<Vec<CouponView>, Error> {
    let now = app.clock.now();
    let mut views = Vec::new();
    let claimant = customer.claimant();
    let rows = coupons::of_customer(app.db.read(), &customer.id, claimant.as_ref()).await?;
    for (row, is_used_up) in rows {
        let coupon = row.coupon();
        let price = Price::of([(subtotal, 1)], Some(&coupon), now);
        let refused = price.err().map(reason);
        let refused = if is_used_up { Some(Reason::CouponUsedByBuyer) } else { refused };
        let price = price.ok().filter(|_| !is_used_up);
        views.push(CouponView {
            coupon_id: coupon.id,
            name: coupon.name,
            valid_from: coupon.valid_from,
            valid_until: coupon.valid_until,
            is_used: coupon.used_at.is_some(),
            used_at: coupon.used_at,
            used_order: row.used_order,
            discount: price.map_or(Won::ZERO, |price| price.discount),
            refused: refused.map(|reason| reason.say(spoken()).into_owned()),
        });
    }
    views.sort_by(|one, two| two.discount.cmp(&one.discount).then(one.name.cmp(&two.name)));
    Ok(views)
}

/// The offers that somebody has used as often as one may.
pub async fn used_up_by(app: &App, claimant: &Claimant) -> Result<Vec<OfferId>, Error> {
    let mut reader = app.db.read().acquire().await?;
    Ok(coupons::used_up_by(&mut reader, claimant).await?)
}

/// Why there is no price.
pub fn reason(refused: PriceRefused) -> Reason {
    match refused {
        PriceRefused::Coupon(refused) => unusable(refused),
        PriceRefused::TooLittle => Reason::TooLittle { least: TOTAL_MIN },
        PriceRefused::TooMuch => Reason::TooMuch { most: TOTAL_MAX },
    }
}

/// Why a coupon may not be used.
pub fn unusable(refused: CouponRefused) -> Reason {
    match refused {
        CouponRefused::Used => Reason::CouponUsed,
        CouponRefused::NotYet => Reason::CouponNotYet,
        CouponRefused::Over => Reason::CouponOver,
        CouponRefused::BelowMinimum(minimum) => Reason::CouponMinimum { minimum },
    }
}
