//! A customer's coupons, as rules and as a list to choose from.

use crate::contract::CouponView;
use crate::domain::claimant::Claimant;
use crate::domain::coupon::{Coupon, CouponRefused};
use crate::domain::id::{CouponId, OrderId};
use crate::domain::price::{Price, PriceRefused, TOTAL_MAX, TOTAL_MIN};
use crate::domain::won::Won;
use crate::server::db::coupons::{self, CouponRow};
use crate::server::db::customers::CustomerRow;
use crate::server::db::repeated_briefly;
use crate::server::identity::visitor::Visitor;
use crate::server::{App, Error};
use crate::words::{self, spoken};

/// A stored coupon as the rules know it.
pub fn coupon(row: &CouponRow) -> Result<Coupon, Error> {
    let damaged = || Error::Damaged("coupons");
    Ok(Coupon {
        id: CouponId::parse(&row.id).map_err(|_| damaged())?,
        name: row.name.clone(),
        worth: coupons::worth(&row.kind, row.value, row.cap).ok_or_else(damaged)?,
        minimum: Won::new(row.minimum).ok_or_else(damaged)?,
        valid_from: row.valid_from,
        valid_until: row.valid_until,
        used_at: row.used_at,
    })
}

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
    let used_up = match customer.claimant() {
        Some(claimant) => used_up_by(app, &claimant).await?,
        None => Vec::new(),
    };
    for row in coupons::of_customer(app.db.read(), &customer.id).await? {
        let coupon = coupon(&row)?;
        let price = Price::of([(subtotal, 1)], Some(&coupon), now);
        let is_used_up = coupon.used_at.is_none() && used_up.contains(&row.offer_id);
        let refused = price.err().map(sentence);
        let refused = if is_used_up { Some(USED_BY_BUYER.to_owned()) } else { refused };
        let price = price.ok().filter(|_| !is_used_up);
        let used_order = row.used_order.as_deref().map(OrderId::parse).transpose();
        views.push(CouponView {
            coupon_id: coupon.id,
            name: coupon.name,
            valid_from: coupon.valid_from,
            valid_until: coupon.valid_until,
            is_used: coupon.used_at.is_some(),
            used_at: coupon.used_at,
            used_order: used_order.map_err(|_| Error::Damaged("coupons.used_order"))?,
            discount: price.map_or(Won::ZERO, |price| price.discount),
            refused,
        });
    }
    views.sort_by(|one, two| two.discount.cmp(&one.discount).then(one.name.cmp(&two.name)));
    Ok(views)
}

/// What a buyer reads of a coupon that the same person has used by another browser.
pub const USED_BY_BUYER: &str = "같은 휴대폰 번호나 이메일로 이미 사용한 쿠폰입니다.";

/// The offers that somebody has used as often as one may.
pub async fn used_up_by(app: &App, claimant: &Claimant) -> Result<Vec<String>, Error> {
    let mut reader = app.db.read().acquire().await?;
    Ok(coupons::used_up_by(&mut reader, claimant).await?)
}

/// What a buyer reads when there is no price.
pub fn sentence(refused: PriceRefused) -> String {
    match refused {
        PriceRefused::Coupon(refused) => words_for(refused),
        PriceRefused::TooLittle => words::Coupon::TooLittle { least: TOTAL_MIN },
        PriceRefused::TooMuch => words::Coupon::TooMuch { most: TOTAL_MAX },
    }
    .say(spoken())
    .into_owned()
}

fn words_for(refused: CouponRefused) -> words::Coupon {
    match refused {
        CouponRefused::Used => words::Coupon::Used,
        CouponRefused::NotYet => words::Coupon::NotYet,
        CouponRefused::Over => words::Coupon::Over,
        CouponRefused::BelowMinimum(minimum) => words::Coupon::BelowMinimum { minimum },
    }
}
