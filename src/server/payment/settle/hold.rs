//! Stock and coupon: taken when the money is asked for, given back once when it will not come.

use sqlx::AnyConnection;

use crate::server::Error;
use crate::server::db::orders::{self, OrderRow, Reason};
use crate::server::db::pieces::Pieces;
use crate::server::db::{Statement, catalogue, coupons};

/// Takes both for an order; the reason when something is gone, and then the caller undoes the
/// rest. Stock is last: every buyer of a product waits for its row.
pub async fn take(
    tx: &mut AnyConnection,
    order: &OrderRow,
    now: i64,
) -> Result<Option<Reason>, Error> {
    if let Some(coupon) = &order.coupon_id {
        if !coupons::claiming(coupon, order, now).run(tx).await? {
            let message = "쿠폰을 더 이상 사용할 수 없어 결제하지 않았습니다.";
            return Ok(Some(Reason::new("COUPON_UNAVAILABLE", message)));
        }
        for counting in coupons::counting(coupon, order) {
            if !counting.run(tx).await? {
                let message =
                    "같은 휴대폰 번호나 이메일로 이미 사용한 쿠폰이어서 결제하지 않았습니다.";
                return Ok(Some(Reason::new("COUPON_USED_BY_BUYER", message)));
            }
        }
    }
    for line in orders::lines_in(tx, order.id.as_str()).await? {
        if !catalogue::take(tx, &line.product_id, line.quantity).await? {
            let message = format!("‘{}’ 상품의 재고가 부족해 결제하지 않았습니다.", line.name);
            return Ok(Some(Reason::new("OUT_OF_STOCK", &message)));
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
    let coupon = order.coupon_id.as_deref().into_iter().flat_map(move |coupon| {
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
