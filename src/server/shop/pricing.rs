//! What an order costs: priced when it is placed, and again when its coupon changes.

use sqlx::AnyConnection;

use crate::contract::{Code, PriceView, Reason, Told};
use crate::domain::actor::Actor;
use crate::domain::claimant::Claimant;
use crate::domain::coupon::{Coupon, CouponRefused};
use crate::domain::id::{CouponId, OrderId};
use crate::domain::order::Status;
use crate::domain::price::Price;
use crate::domain::share;
use crate::domain::won::Won;
use crate::server::db::customers::CustomerRow;
use crate::server::db::orders::{self, LineRow, OrderRow, Repriced, load};
use crate::server::db::{catalogue, coupons, events, refund_lines, repeated_briefly};
use crate::server::identity::visitor::Visitor;
use crate::server::shop::coupon;
use crate::server::shop::repeat::in_the_way;
use crate::server::{App, Damage, Error};
use crate::words::Issued;

/// Prices lines with a coupon, and gives each line its share of the discount.
pub(crate) fn price(
    lines: &mut [LineRow],
    coupon: Option<&Coupon>,
    now: i64,
) -> Result<Price, Error> {
    // The same order, priced again, is split in the same way.
    lines.sort_by_key(|line| line.line);
    let price = Price::of(lines.iter().map(counted), coupon, now).map_err(|refused| {
        match (coupon, coupon::reason(refused)) {
            (Some(_), Reason::TooLittle { least }) => {
                Error::invalid("couponId", Reason::CouponTooLittle { least })
            }
            (Some(_), reason) => Error::invalid("couponId", reason),
            (None, reason) => Error::invalid("lines", reason),
        }
    })?;
    // A price means that no line is above the largest sum.
    let amounts: Option<Vec<Won>> =
        lines.iter().map(counted).map(|(unit, count)| unit.times(count)).collect();
    let shares = amounts.and_then(|amounts| share::split(price.discount, &amounts));
    let shares = shares.ok_or(Error::Impossible("a discount larger than its order"))?;
    for (line, share) in lines.iter_mut().zip(shares) {
        line.discount = share;
    }
    Ok(price)
}

fn counted(line: &LineRow) -> (Won, u32) {
    (line.unit_price, line.quantity)
}

/// Puts a coupon on a PENDING order in place of the one it had, or takes it off.
pub async fn apply_coupon(
    app: &App,
    visitor: &Visitor,
    order_id: &OrderId,
    coupon_id: Option<&CouponId>,
) -> Result<PriceView, Error> {
    repeated_briefly(async || apply_once(app, visitor, order_id, coupon_id).await).await
}

async fn apply_once(
    app: &App,
    visitor: &Visitor,
    order_id: &OrderId,
    coupon_id: Option<&CouponId>,
) -> Result<PriceView, Error> {
    let now = app.clock.now();
    let order = load(&app.db, order_id).await?;
    let Some(customer) = visitor.buyer_of(app, &order).await? else {
        return Err(Error::Told(Told::NotHere));
    };
    let mut tx = app.db.write().await?;
    // By itself and first, so that what follows sees what was done by whoever held it before.
    orders::hold(&app.db, &mut tx, order_id.as_str()).await?;
    let mut lines = orders::lines_in(&mut tx, order_id.as_str()).await?;
    let chosen = chosen_coupon(&mut tx, &customer, &order.claimant(), coupon_id, now).await?;
    let price = price(&mut lines, chosen.as_ref(), now)?;
    let (discount, amount) = (price.discount, price.total);
    let repriced = Repriced { coupon_id, discount, amount, lines: &lines, now };
    if !orders::reprice(&mut tx, order_id.as_str(), repriced).await? {
        return Err(Error::Told(Told::PaymentBegun));
    }
    let id = coupon_id.map_or("none", CouponId::as_str);
    let (amount, discount) = (amount.get(), discount.get());
    let detail = format!("coupon={id} amount={amount} discount={discount}");
    let pending = (Status::Pending, Status::Pending);
    events::adding(order_id.as_str(), "Repriced", pending, &Actor::Buyer, &detail, now)
        .run(&mut tx)
        .await?;
    tx.commit().await?;
    price_of(app, order_id).await
}

/// Puts a coupon on an order that it makes cheaper than the one it has; says why it was left off.
/// Nobody's price rises by a code.
pub async fn offer_coupon(
    app: &App,
    visitor: &Visitor,
    order_id: &OrderId,
    coupon_id: &CouponId,
) -> Result<Option<Issued>, Error> {
    let (order, now) = (load(&app.db, order_id).await?, app.clock.now());
    let brings = takes_off(app, &order, coupon_id, now).await?;
    if let Some(had) = &order.coupon_id {
        // One that cannot be used any more takes nothing off.
        let had = takes_off(app, &order, had, now).await?.unwrap_or(Won::ZERO);
        match brings {
            Ok(brings) if brings <= had => {
                return Ok(Some(Issued::NoBetter { brings, had }));
            }
            Ok(_) => {}
            Err(refused) => {
                return Ok(Some(Issued::Unusable { why: coupon::unusable(refused) }));
            }
        }
    }
    apply_coupon(app, visitor, order_id, Some(coupon_id)).await?;
    Ok(None)
}

/// What a coupon of the order's customer takes off it.
async fn takes_off(
    app: &App,
    order: &OrderRow,
    coupon_id: &CouponId,
    now: i64,
) -> Result<Result<Won, CouponRefused>, Error> {
    let mut reader = app.db.read().acquire().await?;
    let row = coupons::by_id(&mut reader, coupon_id, &order.customer_id).await?;
    let row = row.ok_or_else(|| Error::Told(Told::NotHere))?;
    Ok(row.coupon().discount(order.subtotal, now))
}

/// What of an order may have changed since it was shown.
pub async fn price_of(app: &App, order_id: &OrderId) -> Result<PriceView, Error> {
    let order = load(&app.db, order_id).await?;
    Ok(PriceView {
        status: order.status,
        discount: order.discount,
        amount: order.amount,
        tax_free: refund_lines::tax_free(app.db.read(), &order.id).await?,
        coupon_id: order.coupon_id,
    })
}

/// As [`price_of`], for someone who is about to pay. Asked before the window opens, so this is where a
/// second payment of one cart ends before it begins; and the pieces and the coupon must still be there,
/// before the buyer has been to the bank for nothing. Said rather than done, because nobody's price
/// rises without a word.
pub async fn price_to_pay(app: &App, order_id: &OrderId) -> Result<PriceView, Error> {
    let order = load(&app.db, order_id).await?;
    if let Some(other) = in_the_way(app, &order).await? {
        return Err(other.refusal());
    }
    let price = price_of(app, order_id).await?;
    if price.status == Status::Pending
        && let Some((name, stock)) = catalogue::short_line(app.db.read(), order_id.as_str()).await?
    {
        let short = Reason::ShortNow { product: name, pieces: stock };
        return Err(Error::refused_for(Code::Conflict, "lines", short));
    }
    let Some(coupon_id) = price.coupon_id.as_ref().filter(|_| price.status == Status::Pending)
    else {
        return Ok(price);
    };
    let mut reader = app.db.read().acquire().await?;
    let row = coupons::by_id(&mut reader, coupon_id, &order.customer_id).await?;
    let row = row.ok_or_else(|| Damage::new("orders", "coupon_id", order_id.as_str()))?;
    let used_up = coupons::used_up_by(&mut reader, &order.claimant()).await?;
    let why = match row.coupon().discount(order.subtotal, app.clock.now()) {
        Ok(_) if used_up.contains(&row.offer_id) => Reason::CouponUsedByBuyer,
        Ok(_) => return Ok(price),
        Err(CouponRefused::Used) => Reason::CouponUsedElsewhere,
        Err(
            refused
            @ (CouponRefused::NotYet | CouponRefused::Over | CouponRefused::BelowMinimum(_)),
        ) => coupon::unusable(refused),
    };
    let lost = Reason::CouponLost { why: Box::new(why) };
    Err(Error::refused_for(Code::Conflict, "couponId", lost))
}

/// The coupon that was chosen, if it is this customer's, and the buyer has not used up its offer by
/// another browser; for good, where it was held.
pub(crate) async fn chosen_coupon(
    tx: &mut AnyConnection,
    customer: &CustomerRow,
    buyer: &Claimant,
    coupon_id: Option<&CouponId>,
    now: i64,
) -> Result<Option<Coupon>, Error> {
    let Some(id) = coupon_id else { return Ok(None) };
    coupons::keep(tx, id.as_str(), &customer.id, now).await?;
    let row = coupons::by_id(tx, id, &customer.id).await?;
    let row = row.ok_or_else(|| Error::invalid("couponId", Reason::CouponUnknown))?;
    let coupon = row.coupon();
    if coupon.used_at.is_none() && coupons::used_up_by(tx, buyer).await?.contains(&row.offer_id) {
        return Err(Error::invalid("couponId", Reason::CouponUsedByBuyer));
    }
    Ok(Some(coupon))
}
