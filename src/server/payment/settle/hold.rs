//! Stock and coupon: taken when the money is asked for, given back once when it will not come.

use sqlx::AnyConnection;

use crate::server::Error;
use crate::server::db::orders::{self, OrderRow};
use crate::server::db::pieces::Pieces;
use crate::server::db::{Statement, catalogue, coupons};
use crate::words::{Charge, Failure};

/// Takes both for an order; the reason when something is gone, and then the caller undoes the
/// rest. Stock is last: every buyer of a product waits for its row.
pub async fn take(
    tx: &mut AnyConnection,
    order: &OrderRow,
    now: i64,
) -> Result<Option<Failure>, Error> {
    let charge = Charge::Never;
    if let Some(coupon) = &order.coupon_id {
        if !coupons::claiming(coupon, order, now).run(tx).await? {
            return Ok(Some(Failure::CouponUnavailable { charge }));
        }
        for counting in coupons::counting(coupon, order) {
            if !counting.run(tx).await? {
                return Ok(Some(Failure::CouponUsedByBuyer { charge }));
            }
        }
    }
    for line in orders::lines_in(tx, order.id.as_str()).await? {
        if !catalogue::take(tx, &line.product_id, line.quantity).await? {
            return Ok(Some(Failure::OutOfStock { product: line.name, charge }));
        }
    }
    Ok(None)
}

/// What takes both; each changes its row, or something is gone.
pub fn taking<'a>(
    order: &'a OrderRow,
    pieces: &'a [Pieces],
    now: i64,
) -> impl Iterator<Item = Statement> + 'a {
    let coupon = order.coupon_id.as_ref().into_iter().flat_map(move |coupon| {
        [coupons::claiming(coupon, order, now)].into_iter().chain(coupons::counting(coupon, order))
    });
    let stock = pieces.iter().map(|of| catalogue::taking(&of.product_id, of.quantity));
    coupon.chain(stock)
}

/// Puts both back. Only the writer of the state that ends the hold calls this, so it is once.
pub(super) async fn give_back(tx: &mut AnyConnection, order: &OrderRow) -> Result<(), Error> {
    if let Some(coupon) = &order.coupon_id {
        coupons::restore(tx, coupon, order.id.as_str()).await?;
    }
    for line in orders::lines_in(tx, order.id.as_str()).await? {
        catalogue::give_back(tx, &line.product_id, line.quantity).await?;
    }
    Ok(())
}
